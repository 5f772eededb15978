"""Entity tags and conditional requests (RFC 9110, sections 8.8 and 13) on an immutable release."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
ENCODED = ("-zstd", "-gzip")


def entity_tag(*parts: str) -> str:
    """A strong tag from what determines a representation: release, request, format.

    >>> entity_tag("r1", "ASK {}") == entity_tag("r1", "ASK {}") != entity_tag("r1A", "SK {}")
    True
    """
    digest = hashlib.blake2b(digest_size=12)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "little") + data)
    return f'"{digest.hexdigest()}"'


def encoded_tag(tag: str, encoding: str) -> str:
    """The tag of the same representation under a content coding."""
    return tag if encoding == "identity" else f'{tag[:-1]}-{encoding}"'


def matching(field: str | None, tag: str) -> str | None:
    """The tag of an If-None-Match field that stands for this representation in some coding.

    >>> matching('"x", W/"y-gzip"', '"y"'), matching('"y"', '"y-gzip"')
    ('"y-gzip"', None)
    """
    if not field:
        return None
    opaque = tag[1:-1]
    for found in TAG.findall(field):
        stem = found
        for suffix in ENCODED:
            stem = stem.removesuffix(suffix)
        if opaque in {stem, found}:
            return f'"{found}"'
    return tag if field.strip() == "*" else None


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
    since = fields.get(b"if-modified-since")
    if since is None or not modified:
        return None
    try:
        late = parsedate_to_datetime(since.decode("latin-1")) < parsedate_to_datetime(modified)
    except (ValueError, TypeError, IndexError, OverflowError):  # a date may be anything
        return None
    return None if late else sent or tag


def caching(tag: str | None, max_age: int, modified: str = "") -> list[tuple[bytes, bytes]]:
    """The header fields of a representation that may be kept; one without a tag may not."""
    if tag is None:
        return [(b"cache-control", b"no-store")]
    fields = [(b"cache-control", f"public, max-age={max_age}".encode()), (b"etag", tag.encode())]
    return [*fields, (b"last-modified", modified.encode())] if modified else fields
