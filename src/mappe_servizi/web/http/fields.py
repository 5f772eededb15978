"""The header fields of a request: joined as RFC 9110 has it, and those that anybody parses."""

from __future__ import annotations

from collections import defaultdict

from mappe_servizi.web.served.cache import Headers

PARSED = frozenset(
    {
        b"accept",
        b"accept-encoding",
        b"accept-language",
        b"content-type",
        b"if-match",
        b"if-modified-since",
        b"if-none-match",
        b"if-range",
        b"if-unmodified-since",
        b"prefer",
        b"range",
    }
)
"""The fields that are parsed; tests/server/test_parsers.py has each of them."""


def joined(headers: Headers) -> dict[bytes, bytes]:
    """The header fields by name, repeated ones joined as RFC 9110, section 5.3, allows.

    >>> joined([(b"accept", b"a/b"), (b"host", b"x"), (b"accept", b"c/d")])
    {b'accept': b'a/b, c/d', b'host': b'x'}
    """
    fields = dict(headers)
    if len(fields) == len(headers):
        return fields
    values = defaultdict(list)
    for name, value in headers:
        values[name].append(value)
    return {name: b", ".join(found) for name, found in values.items()}
