"""Content codings: zstd and gzip, for whole bodies and for streams."""

from __future__ import annotations

import gzip
import zlib
from typing import Protocol

import zstandard

OFFERS = ("zstd", "gzip")
MIN_BYTES = 1024
ZSTD_LEVEL, GZIP_LEVEL = 3, 5
COMPRESSIBLE = (b"text/", b"application/", b"image/svg")


class Compressor(Protocol):
    """A stream's compressor."""

    def compress(self, data: bytes, /) -> bytes:
        """Some bytes; the result may be empty."""

    def flush(self) -> bytes:
        """The end of the stream."""


def compress(body: bytes, encoding: str) -> bytes:
    """A whole body in a content coding."""
    if encoding == "zstd":
        return zstandard.ZstdCompressor(level=ZSTD_LEVEL).compress(body)
    return gzip.compress(body, GZIP_LEVEL, mtime=0)


def compressor(encoding: str) -> Compressor:
    """A compressor for a stream in a content coding."""
    if encoding == "zstd":
        return zstandard.ZstdCompressor(level=ZSTD_LEVEL).compressobj()
    return zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
