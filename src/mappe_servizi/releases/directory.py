"""Directories that are written once, and the link that names the current one.

A build writes a new directory beside the link and repoints the link in one atomic step, so a
build that is killed leaves the previous output as it was. A directory that is read is held by
a *lease*, a shared lock on its file ``.lock`` that the kernel drops with the process; one that
is being written is held by an exclusive lock. Only a directory without any holder, and that
no process has a file of open, is ever removed.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from typing import IO

from mappe_servizi.errors import MappeError
from mappe_servizi.model.outputs import declared

LOCK = declared.LOCK.path
SIZES = declared.SIZES.path
"""The size in bytes of each file of a published directory, by its path."""
LATER = frozenset({declared.VALIDATION.path})
"""What may be written anew after that."""
NAME = 8
"""Characters that a directory's name has beyond its link's."""
WAIT_SECONDS, PAUSE_SECONDS = 10.0, 0.05
MANIFEST = declared.MANIFEST.path
"""Written last: a directory that has it is complete."""


class _NotMadeError(MappeError):
    """There is no new directory; what stands under its name is another's."""


class Lease:
    """A shared lock on a directory, held until it is closed or collected.

    Whoever may read the directory may lock it against all others, for as long as it likes, so
    nothing waits for a lease without an end. While somebody else has the exclusive lock, nobody
    removes the directory either.

    Attributes:
        held: whether the lock has been had.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._file: IO[bytes] = (directory / LOCK).open("rb")
        self.held = False
        self.take()

    def take(self) -> bool:
        """Take the lock if it can be had at once; returns whether it is held."""
        if not self.held and not self._file.closed:
            with suppress(BlockingIOError):
                fcntl.flock(self._file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                self.held = True
        return self.held

    def wait(self) -> None:
        """Wait for the lock, some seconds at most: a build has it until its directory is published.

        Raises:
            MappeError: another process keeps it.
        """
        until = time.monotonic() + WAIT_SECONDS
        while not self.take():
            if time.monotonic() > until:
                raise MappeError(f"{self._directory} is locked by another process")
            time.sleep(PAUSE_SECONDS)

    def close(self) -> None:
        """Let go of the directory."""
        self._file.close()


@contextmanager
def new_directory(link: Path) -> Iterator[Path]:
    """A new, empty directory beside the link; it is removed again if the body fails.

    Once the link names it, it stays, whatever comes after.

    Raises:
        MappeError: the link's place is taken by something that is not a link, or cannot be written.
    """
    if link.exists() and not link.is_symlink():
        raise MappeError(f"{link} must be a symbolic link or nothing; it is a file or directory")
    directory = link.with_name(f"{link.name}.{secrets.token_hex(NAME // 2)}")
    try:  # before it is there: who is asked to stop leaves nothing
        _make(directory, link)
        with (directory / LOCK).open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            directory.chmod(0o755)
            yield directory
    except _NotMadeError:
        raise
    except BaseException:
        if directory.is_dir() and link.resolve() != directory.resolve():
            remove(directory)
        raise


def _make(directory: Path, link: Path) -> None:
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        directory.mkdir(mode=0o700)
    except OSError as error:
        raise _NotMadeError(f"no directory can be made beside {link}: {error.strerror}") from error


def publish(directory: Path, link: Path) -> None:
    """Note all sizes, make everything in the directory read-only and durable, let the link name it."""
    (directory / SIZES).write_text(json.dumps(_sizes(directory), indent=1, sort_keys=True) + "\n")
    for path in [*directory.rglob("*"), directory]:
        if path.is_file():
            path.chmod(0o444)
        _sync(path)
    repoint(link, directory)


def repoint(link: Path, directory: Path) -> None:
    """Let a link name a directory beside it, in one step that outlasts a loss of power."""
    new_link = _new_link(directory)
    new_link.unlink(missing_ok=True)  # of one who was stopped
    new_link.symlink_to(directory.name)
    new_link.replace(link)
    _sync(link.parent)


def _sizes(directory: Path) -> dict[str, int]:
    files = {path.relative_to(directory).as_posix(): path for path in directory.rglob("*") if path.is_file()}
    return {name: path.stat().st_size for name, path in files.items() if name not in LATER | {LOCK, SIZES}}


def _new_link(directory: Path) -> Path:
    return directory.with_name(f".{directory.name}.link")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def prune(link: Path, keep: int) -> list[Path]:
    """Remove old directories of this link that nobody holds; returns those removed.

    Kept are the current one, the ``keep`` newest complete ones beside it, and every one that
    is leased, being written, or has an open file. What a killed build left goes.
    """
    current = link.resolve()
    others = [d for d in _beside(link) if d.is_dir() and not d.is_symlink() and d != current]
    complete = sorted((d for d in others if (d / MANIFEST).exists()), key=_written, reverse=True)
    doomed = [*complete[max(keep, 0) :], *(d for d in others if not (d / MANIFEST).exists())]
    opened = _open_files() if doomed else ""
    return [d for d in doomed if f"{d}/" not in opened and remove_if_free(d)]


def _beside(link: Path) -> Iterator[Path]:
    """The directories of a link: those that are named after it, with eight characters more."""
    found = link.parent.glob(f"{escape(link.name)}.{'?' * NAME}")
    return (path.resolve() for path in found if path.is_dir() and not path.is_symlink())


def _written(directory: Path) -> int:
    return (directory / MANIFEST).stat().st_mtime_ns


def _open_files() -> str:
    """The paths of the files that processes have open, as far as the system shows them."""
    paths = set()
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            paths.add(f"{descriptor.readlink()}")
    return "\n".join(paths)


def is_open(directory: Path) -> bool:
    """Whether a process that the system shows has a file in a directory open."""
    return f"{directory}/" in _open_files()


def remove_if_free(directory: Path) -> bool:
    """Remove a directory unless somebody holds it; returns whether it went."""
    try:
        with (directory / LOCK).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            remove(directory)
    except OSError:  # held, or already gone
        return False
    return True


def remove(directory: Path) -> None:
    """Remove a directory; its manifest goes first, so that it is never taken for complete."""
    (directory / MANIFEST).unlink(missing_ok=True)
    for path in directory.rglob("*"):
        if path.is_dir():
            path.chmod(stat.S_IRWXU)
    _new_link(directory).unlink(missing_ok=True)
    shutil.rmtree(directory)
