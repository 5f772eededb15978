"""Content codings: zstd and gzip, for whole bodies and for streams."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Mapping
from typing import Protocol

import zstandard
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mappe_servizi.formats import BY_SUFFIX
from mappe_servizi.web.http.conditions import encoded_tag
from mappe_servizi.web.http.exchange import exchange_of
from mappe_servizi.web.http.fields import joined
from mappe_servizi.web.http.messages import Outgoing
from mappe_servizi.web.http.negotiation import choose_encoding

OFFERS = ("zstd", "gzip")
MIN_BYTES = 1024
LARGE = 1 << 18
"""Bytes of a body that is encoded in a thread, so that nobody waits for it."""
ZSTD_LEVEL, GZIP_LEVEL = 3, 5
COMPRESSIBLE = (b"text/", b"application/", b"image/svg")
COMPRESSED = tuple(f.sent_as.encode() for f in BY_SUFFIX.values() if f.dense)


class Compressor(Protocol):
    """A stream's compressor."""

    def compress(self, data: bytes, /) -> bytes:
        """Some bytes; the result may be empty."""

    def flush(self) -> bytes:
        """The end of the stream."""


def choose(accepted: str | None, media: bytes, size: int | None = None) -> str:
    """The coding for a body of a media type, whose size may not be known yet.

    >>> choose("gzip", b"text/html", 5000), choose("gzip", b"text/html", 10)
    ('gzip', 'identity')
    >>> choose("gzip", b"application/zip")
    'identity'
    """
    small = size is not None and size < MIN_BYTES
    if small or not media.startswith(COMPRESSIBLE) or media.startswith(COMPRESSED):
        return "identity"
    return choose_encoding(accepted, OFFERS)


def compress(body: bytes, encoding: str) -> bytes:
    """A whole body in a content coding."""
    if encoding == "zstd":
        return packed(body)
    return gzip.compress(body, GZIP_LEVEL, mtime=0)


def packed(body: bytes) -> bytes:
    """A body as it is kept in memory.

    >>> unpacked(packed(b"asilo"))
    b'asilo'
    """
    return zstandard.ZstdCompressor(level=ZSTD_LEVEL).compress(body)


def unpacked(body: bytes) -> bytes:
    """A body that was kept."""
    return zstandard.ZstdDecompressor().decompress(body)


def compressor(encoding: str) -> Compressor:
    """A compressor for a stream in a content coding."""
    if encoding == "zstd":
        return zstandard.ZstdCompressor(level=ZSTD_LEVEL).compressobj()
    return zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)


class ContentCodings:
    """Encodes answers as the client takes them; the tag of an encoded one tells its coding."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        await self.app(scope, receive, Encoding(send, exchange_of(scope).get(b"accept-encoding")))


class Encoding(Outgoing):
    """A response that is encoded on its way out."""

    def __init__(self, send: Send, accepted: str | None) -> None:
        super().__init__(send)
        self.accepted = accepted
        self._compressor: Compressor | None = None

    def _coding(self, start: Message, headers: Mapping[bytes, bytes], size: int | None) -> str:
        if start["status"] == 206 or b"content-encoding" in headers:
            return "identity"
        return choose(self.accepted, headers.get(b"content-type", b""), size)

    async def whole(self, start: Message, body: Message) -> None:
        """Encode a whole body; a large one beside other requests."""
        content, headers = body.get("body", b""), joined(start["headers"])
        coding = self._coding(start, headers, len(content)) if content else "identity"
        if coding != "identity":
            big = len(content) > LARGE
            content = await asyncio.to_thread(compress, content, coding) if big else compress(content, coding)
            headers[b"content-length"] = str(len(content)).encode()
            start, body = encoded(start, headers, coding), {**body, "body": content}
        await super().whole(start, body)

    async def begin(self, start: Message, body: Message) -> None:
        """Begin to encode a stream."""
        if body.get("more_body", False):
            headers = joined(start["headers"])
            coding = self._coding(start, headers, None)
            if coding != "identity":
                self._compressor = compressor(coding)
                headers.pop(b"content-length", None)
                start = encoded(start, headers, coding)
        await self.send(start)
        await self.proceed(body)

    async def proceed(self, body: Message) -> None:
        """Encode a piece of a stream."""
        more = body.get("more_body", False)
        if self._compressor is not None:
            content = self._compressor.compress(body.get("body", b""))
            body = {**body, "body": content + (b"" if more else self._compressor.flush())}
        if body.get("body", b"") or not more:
            await self.send(body)


def encoded(start: Message, headers: dict[bytes, bytes], coding: str) -> Message:
    """The start of a response under a coding."""
    headers[b"content-encoding"] = coding.encode()
    if b"etag" in headers:
        headers[b"etag"] = encoded_tag(headers[b"etag"].decode("latin-1"), coding).encode("latin-1")
    return {**start, "headers": list(headers.items())}
