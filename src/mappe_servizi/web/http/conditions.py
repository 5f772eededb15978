"""Entity tags and conditional requests (RFC 9110, sections 8.8 and 13) on an immutable release."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mappe_servizi.web.http.exchange import exchange_of
from mappe_servizi.web.http.messages import Outgoing
from mappe_servizi.web.served.cache import Headers

TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
RANGES = re.compile(r"bytes=\s*(?:\d{1,18}-\d{0,18}|-\d{1,18})(?:\s*,\s*(?:\d{1,18}-\d{0,18}|-\d{1,18}))*")
ENCODED = ("-zstd", "-gzip")
CONDITIONS = frozenset({b"if-none-match", b"if-modified-since"})
KEPT_BY_304 = frozenset({b"cache-control", b"etag", b"vary", b"link", b"access-control-allow-origin"})


def weak(tag: str) -> str:
    """The tag of what says the same in other bytes each time, such as new names for blank nodes."""
    return f"W/{tag}"


def encoded_tag(tag: str, encoding: str) -> str:
    """The tag of the same representation under a content coding."""
    return tag if encoding == "identity" else f'{tag[:-1]}-{encoding}"'


def matching(field: str | None, tag: str) -> str | None:
    """The tag of an If-None-Match field that stands for this representation in some coding.

    >>> matching('"x", W/"y-gzip"', '"y"'), matching('"y"', '"y-gzip"')
    ('"y-gzip"', None)
    >>> matching('"y"', 'W/"y"')
    'W/"y"'
    """
    if not field:
        return None
    mark = "W/" if tag.startswith("W/") else ""
    opaque = tag[len(mark) + 1 : -1]
    for found in TAG.findall(field):
        stem = found
        for suffix in ENCODED:
            stem = stem.removesuffix(suffix)
        if opaque in {stem, found}:
            return f'{mark}"{found}"'
    return tag if field.strip() == "*" else None


def changed_since(date: bytes | None, modified: str) -> bool | None:
    """Whether something was modified after a client's date, None where one of them is no date.

    >>> changed_since(b"Sun, 22 Nov 2026 10:00:00 GMT", "Sun, 22 Nov 2026 10:00:01 GMT")
    True
    """
    try:
        return parsedate_to_datetime((date or b"").decode("latin-1")) < parsedate_to_datetime(modified)
    except (ValueError, TypeError, IndexError, OverflowError):  # a date may be anything
        return None


def not_modified(fields: Mapping[bytes, bytes], tag: str, modified: str, sent: str = "") -> str | None:
    """The tag for a 304, None where the representation is to be sent.

    ``sent`` is the tag under the content coding that it would be sent in, where that is not in ``tag``.

    If-Modified-Since counts only without If-None-Match, and only where it is a date (section 13.1.3).

    >>> date = "Sun, 22 Nov 2026 10:00:00 GMT"
    >>> since = {b"if-modified-since": date.encode()}
    >>> not_modified(since, '"t"', date), not_modified(since | {b"if-none-match": b'"u"'}, '"t"', date)
    ('"t"', None)
    """
    if (field := fields.get(b"if-none-match")) is not None:
        return matching(field.decode("latin-1"), tag)
    return sent or tag if changed_since(fields.get(b"if-modified-since"), modified) is False else None


def failed_precondition(fields: Mapping[bytes, bytes], tag: str, modified: str) -> bool:
    """Whether a client that reads a file in parts has to be told that it is another one by now (412).

    RFC 9110, section 13.2.2, steps 1 and 2.

    >>> failed_precondition({b"if-match": b'"u"'}, '"t"', ""), failed_precondition({}, '"t"', "")
    (True, False)
    """
    if (field := fields.get(b"if-match")) is not None:
        return matching(field.decode("latin-1"), tag) is None
    return changed_since(fields.get(b"if-unmodified-since"), modified) is True


def is_range(field: str) -> bool:
    """Whether a Range field is one of bytes that can be read; another is left out (section 14.2).

    >>> [is_range(f) for f in ("bytes=0-9", "bytes=-5, 7-", "bytes=5-2", "lines=1-2", "bytes=x")]
    [True, True, False, False, False]
    """
    if not RANGES.fullmatch(field):
        return False
    parts = (part.strip().partition("-") for part in field.partition("=")[2].split(","))
    return all(not first or not last or int(first) <= int(last) for first, _, last in parts)


def caching(tag: str | None, max_age: int, modified: str = "") -> list[tuple[bytes, bytes]]:
    """The header fields of a representation that may be kept; one without a tag may not."""
    if tag is None:
        return [(b"cache-control", b"no-store")]
    fields = [(b"cache-control", f"public, max-age={max_age}".encode()), (b"etag", tag.encode())]
    return [*fields, (b"last-modified", modified.encode())] if modified else fields


def conditional(
    status: int, headers: Headers, body: bytes, fields: Mapping[bytes, bytes], method: str
) -> tuple[int, Headers, bytes]:
    """Status, fields and body of a whole response: as it is, without its body, or not modified."""
    if not CONDITIONS.isdisjoint(fields):
        named = dict(headers)
        tag = named.get(b"etag", b"").decode("latin-1")
        modified = named.get(b"last-modified", b"").decode("latin-1")
        if tag and not_modified(fields, tag, modified):
            return 304, [field for field in headers if field[0] in KEPT_BY_304], b""
    return status, headers, b"" if method == "HEAD" else body


class ConditionalRequests:
    """Answers that nothing has changed where that is so; a whole answer to HEAD has no body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        await self.app(scope, receive, Conditional(send, exchange_of(scope).fields, scope["method"]))


class Conditional(Outgoing):
    """A response that may not be needed."""

    def __init__(self, send: Send, fields: Mapping[bytes, bytes], method: str) -> None:
        super().__init__(send)
        self.fields, self.method = fields, method

    async def whole(self, start: Message, body: Message) -> None:
        """Send what is needed of it."""
        status, headers, content = conditional(
            start["status"], start["headers"], body.get("body", b""), self.fields, self.method
        )
        await super().whole(
            {**start, "status": status, "headers": headers}, {"type": body["type"], "body": content}
        )
