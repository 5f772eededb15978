"""Results of stages, kept by the keys of what they were made from.

An entry is one file, ``{directory}/{owner}/{privacy}-{key}``: its hash, then its files
packed (``archive.py``).
It is written under another name and renamed, so that whoever reads meanwhile sees all of it or nothing;
one that is damaged is removed and made anew. Everything here may be deleted at any time.

What may be published of a municipality is part of the key, and told apart in the name: when that
changes, all that was kept of the municipality before goes, since it may hold what was redacted.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from mappe_servizi.pipeline.archive import pack, unpack

MEBIBYTE = 1 << 20
TEMPORARY = ".new-"
DIGEST = 64  # characters of a SHA-256


class CacheEntry(Protocol):
    """What an entry is known by."""

    @property
    def owner(self) -> str:
        """Whose it is: what is of one owner goes together."""

    @property
    def privacy(self) -> str:
        """The hash of what may not be published of the owner."""

    @property
    def key(self) -> str:
        """The hash of all that it was made from."""


@dataclass(frozen=True, slots=True)
class Cache:
    """Kept results.

    Attributes:
        directory: None where nothing is to be kept.
        limit: bytes that all may take once a build has ended.
    """

    directory: Path | None
    limit: int

    @classmethod
    def open(cls, directory: Path, mebibytes: int) -> Cache:
        """A cache in a directory; one that cannot be written, or has no room, keeps nothing."""
        if mebibytes <= 0:
            return cls(None, 0)
        with suppress(OSError):
            directory.mkdir(parents=True, exist_ok=True)
        writable = directory.is_dir() and os.access(directory, os.W_OK | os.X_OK)
        return cls(directory if writable else None, mebibytes * MEBIBYTE)

    def fetch(self, of: CacheEntry, target: Path) -> bool:
        """Write an entry's files below a directory; False where there is none that is whole."""
        archive = self.archive(of)
        if archive is None:
            return False
        unpack(archive, target)
        with suppress(OSError):
            os.utime(self._path(of))  # the least recently used go first
        return True

    def archive(self, of: CacheEntry) -> bytes | None:
        """An entry's files as they are kept (``pack``); None where there is none that is whole."""
        if self.directory is None:
            return None
        path = self._path(of)
        try:
            content = path.read_bytes()
        except OSError:
            return None
        digest, archive = content[:DIGEST], content[DIGEST:]
        if hashlib.sha256(archive).hexdigest().encode() != digest:
            with suppress(OSError):
                path.unlink()
            return None
        return archive

    def keep(self, of: CacheEntry, source: Path) -> None:
        """Keep the files below a directory; a disk that takes no more keeps none."""
        if self.directory is None:
            return
        content = pack(source)
        with suppress(OSError):
            self._write(self._path(of), hashlib.sha256(content).hexdigest().encode() + content)

    def _write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=TEMPORARY, dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise

    def purge(self, owner: str, privacy: str) -> int:
        """Remove what an owner has of before something was redacted; returns how many entries went."""
        gone = 0
        for path in self._entries(owner):
            if not path.name.startswith(f"{privacy}-"):
                with suppress(OSError):
                    path.unlink()
                    gone += 1
        return gone

    def trim(self) -> None:
        """Remove what was not used for longest, until what is left fits."""
        found = []
        for path in self._entries("*"):
            with suppress(OSError):
                state = path.stat()
                found.append((state.st_mtime_ns, state.st_size, path))
        size = 0
        for _, bytes_, path in sorted(found, reverse=True):
            size += bytes_
            if size > self.limit:
                with suppress(OSError):
                    path.unlink()

    def _path(self, of: CacheEntry) -> Path:
        assert self.directory is not None
        return self.directory / of.owner / f"{of.privacy}-{of.key}"

    def _entries(self, owner: str) -> Iterator[Path]:
        if self.directory is None:
            return iter(())
        places = self.directory.iterdir() if owner == "*" else iter([self.directory / owner])
        return (path for place in places if place.is_dir() for path in place.iterdir() if path.is_file())
