"""Content codings: zstd and gzip, for whole bodies and for streams."""

from __future__ import annotations

import gzip
import zlib
from typing import Protocol

import zstandard

from mappe_servizi.formats import BY_SUFFIX
from mappe_servizi.web.http.negotiation import choose_encoding

OFFERS = ("zstd", "gzip")
MIN_BYTES = 1024
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
