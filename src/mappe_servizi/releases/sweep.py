"""After a redaction: what is on the disk that no link names, and what still has what was taken away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from mappe_servizi.model.tables.municipality import REDACTIONS
from mappe_servizi.model.tables.reader import read_file
from mappe_servizi.releases.directory import LOCK, MANIFEST, is_open, remove_if_free
from mappe_servizi.releases.rollback import CURRENT
from mappe_servizi.settings import Settings


def sweep(releases: Path) -> list[Path]:
    """Remove every directory of releases that no link names; returns those that somebody still holds."""
    there = sorted(releases.iterdir()) if releases.is_dir() else []
    named = {path.resolve() for path in there if path.is_symlink()}
    unnamed = [
        path.resolve()
        for path in there
        if (path / LOCK).exists() and not path.is_symlink() and path.resolve() not in named
    ]
    return [path for path in unnamed if is_open(path) or not remove_if_free(path)]


def what_remains(settings: Settings) -> list[str]:
    """A sentence for each place that still holds what the current release's redactions take away.

    Directories of releases that can go are removed on the way.
    """
    told = [
        f"{path}: no link names it, but a process reads it (a server that has not taken up the new release "
        "yet); it goes with `mappe release --sweep`, or with the next release"
        for path in sweep(settings.releases)
    ]
    redactions = _redactions(settings.releases / CURRENT)
    if not redactions:
        return told
    told += [
        f"{path}: a build of before the redaction; remove it, or build {settings.keep + 1} times more"
        for path in _builds(settings.release)
        if not redactions <= _redactions(path)
    ]
    told += [
        f"{path}: prints it, and must, to be read; publish it nowhere" for path in _printing(settings.data)
    ]
    return told


def _redactions(directory: Path) -> set[str]:
    with suppress(OSError, ValueError):
        return {*json.loads((directory / MANIFEST).read_bytes()).get("redactions", ())}
    return set()


def _builds(link: Path) -> Iterator[Path]:
    """The complete directories beside a build's link."""
    if link.is_symlink():
        yield from sorted(p for p in link.parent.glob(f"{link.name}.????????") if (p / MANIFEST).exists())


def _printing(data: Path) -> Iterator[Path]:
    """The maintained files that print a redacted name, in any order of its words within a line.

    The table of redactions has it by its nature.
    """
    for table in sorted((data / "municipalities").glob(f"*/{REDACTIONS.file}")):
        rows = [item.row for item in read_file(REDACTIONS, table) if item.row.kind == "name"]
        names = [row.label.casefold().split() for row in rows]
        for path in sorted(table.parent.rglob("*")):
            if path != table and path.is_file():
                text = path.read_bytes().decode("utf-8", "replace").casefold()
                lines = [line for line in text.splitlines() if any(name[0] in line for name in names)]
                if any(all(word in line for word in name) for name in names for line in lines):
                    yield path
