"""The header fields of a request: joined as RFC 9110 has it, and bounded before anybody parses them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from mappe_servizi.web.http.cache import Headers

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
FIELD_BYTES = 8 << 10


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


def too_large(fields: Mapping[bytes, bytes]) -> str | None:
    """A field that is too large to be parsed; those that nobody parses may be as they are.

    >>> too_large({b"accept": b"a" * 9000, b"cookie": b"a" * 9000}), too_large({b"cookie": b"a" * 9000})
    ('accept', None)
    """
    for name in PARSED & fields.keys():
        if len(fields[name]) > FIELD_BYTES:
            return name.decode()
    return None
