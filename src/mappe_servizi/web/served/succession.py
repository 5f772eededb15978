"""How one release follows another: what is looked at before, and what is noted where it cannot."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from mappe_servizi.errors import InputError, MappeError
from mappe_servizi.outputs.reconcile_index import FILE as NAMES_FILE
from mappe_servizi.outputs.search_index import FILE as SEARCH_FILE
from mappe_servizi.query.reconciliation import Matcher
from mappe_servizi.query.search import SearchIndex
from mappe_servizi.releases.integrity import check_sizes
from mappe_servizi.releases.opened import Release
from mappe_servizi.web.metrics import MULTIPROCESS

PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before a refused release is looked at again; they double each time."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A release that could not be taken up.

    Attributes:
        directory: what the link named, None where it leads nowhere.
        reason: a sentence for the operator.
        pause: seconds until it is tried again, since what was wrong may be mended.
    """

    directory: Path | None
    reason: str
    pause: float = PAUSE
    at: float = field(default_factory=time.monotonic)

    @classmethod
    def of(cls, link: Path, error: Exception, before: Refusal | None) -> Refusal:
        """The refusal of what a link names, perhaps not the first one."""
        directory = None
        with suppress(OSError, RuntimeError):
            directory = link.resolve()
        again = before is not None and before.directory == directory
        pause = min(before.pause * 2, LONGEST_PAUSE) if again and before else PAUSE
        shown = sentence(error).replace(f"{link.parent.resolve()}/", "").replace(f"{link.parent}/", "")
        name = directory.name if directory else link.name
        return cls(directory, f"{name} is not taken up: {shown}", pause)

    def is_over(self, directory: Path) -> bool:
        """Whether a directory may be tried: another one at once."""
        return directory != self.directory or time.monotonic() - self.at >= self.pause


def sentence(error: Exception) -> str:
    """What an error says; its kind too where it is none of ours."""
    return str(error) if isinstance(error, MappeError) else f"{type(error).__name__}: {error}"


def readable(release: Release) -> SearchIndex | None:
    """See that everything that is served of a release is there; its search index, opened.

    Raises:
        InputError: a file is missing, of another size, or cannot be read.
    """
    check_sizes(release)
    names, words = release.path / NAMES_FILE, release.path / SEARCH_FILE
    if names.exists():
        try:
            Matcher.load(names)
        except (LookupError, TypeError, AttributeError) as error:
            raise InputError(f"it is no index of names: {error!r}", file=names) from error
    try:
        return SearchIndex(words) if words.exists() else None
    except sqlite3.Error as error:
        raise InputError(f"it cannot be read: {error}", file=words) from error


def served_by_all() -> Path | None:
    """Where HTTP processes of one server note what they serve; None where there is but one."""
    directory = os.environ.get(MULTIPROCESS)
    return Path(directory) / "served" if directory else None


def note_served(link: Path, directory: Path) -> None:
    """Note the release that was opened last."""
    new = link.with_name(f"{link.name}.{os.getpid()}")
    new.unlink(missing_ok=True)
    new.symlink_to(directory)
    new.replace(link)
