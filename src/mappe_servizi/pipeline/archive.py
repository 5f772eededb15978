"""The files of a directory as one file: a ZIP archive compressed as a whole, by content alone."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import zstandard

LEVEL = 1
"""Of zstd: the fastest."""


def pack(source: Path) -> bytes:
    """All files below a directory; the same files give the same bytes, whenever they were written."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        for path in sorted(path for path in source.rglob("*") if path.is_file()):
            files.writestr(zipfile.ZipInfo(path.relative_to(source).as_posix()), path.read_bytes())
    return zstandard.compress(archive.getbuffer(), LEVEL)


def unpack(packed: bytes, target: Path) -> None:
    """Write the files below a directory."""
    with zipfile.ZipFile(io.BytesIO(zstandard.decompress(packed))) as files:
        files.extractall(target)
