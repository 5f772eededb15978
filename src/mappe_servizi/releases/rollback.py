"""Which releases there are, and going back to one: the link moves, no directory changes.

A release that follows has the number after the highest one, whichever is current: what was
published under a number stays under it, and the feed goes on from the last page that anybody may
have read.
"""

from __future__ import annotations

from pathlib import Path

from mappe_servizi.errors import MappeError
from mappe_servizi.releases.directory import repoint
from mappe_servizi.releases.opened import Release, open_release
from mappe_servizi.releases.withdrawal import is_withdrawn

CURRENT = "current"


def numbers(releases: Path) -> list[int]:
    """The numbers of all releases, withdrawn ones too, in ascending order."""
    return sorted(int(path.name) for path in releases.glob("[0-9]*") if path.name.isdigit() and path.exists())


def latest(releases: Path) -> Release | None:
    """The release with the highest number, opened; None where there is none."""
    found = numbers(releases)
    return open_release(releases / str(found[-1])) if found else None


def roll_back(releases: Path, number: int) -> Path:
    """Make a release the current one again; returns its directory. Forward again, the same way.

    Raises:
        MappeError: there is no such release, it was withdrawn, or it cannot be opened.
    """
    link = releases / str(number)
    there = [n for n in numbers(releases) if not is_withdrawn(releases / str(n))]
    if number not in there:
        known = f"there are {', '.join(map(str, there))}" if there else "there is none"
        why = "was withdrawn" if link.exists() else "is not there"
        raise MappeError(f"release {number} {why} in {releases}; {known}")
    open_release(link).close()
    repoint(releases / CURRENT, link.resolve())
    return link.resolve()
