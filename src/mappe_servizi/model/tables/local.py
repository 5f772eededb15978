"""Rows that an instance adds to tables of knowledge: data/local/, under the names of the tables.

Whoever reads knowledge is given one directory. Where an instance has rows of its own, that is a directory of
links: to each of the program's files, and in ``local/`` to each of the instance's. Its name is a hash of what
they hold, so what is remembered by path is never out of date; the reader puts the rows of both together.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterator, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any, Generic, NamedTuple

from mappe_servizi.errors import InputError
from mappe_servizi.model.tables.rows import Found
from mappe_servizi.model.tables.table import Row, Table

LOCAL = "local"
"""The folder of an instance's data, and of a directory of knowledge, that has the added rows."""
VIEWS = "build/knowledge"
"""Where in an instance the directories of links are; they may be deleted between two commands."""
WHY = ("reason", "evidence", "note")
"""Fields that say why a row is as it is, and nothing that is used."""


def with_local(knowledge: Path, data: Path) -> Path:
    """The knowledge of an instance: the program's, or a directory that has its own rows too.

    Args:
        knowledge: the program's directory.
        data: of the instance.

    Raises:
        OSError: a directory of links is needed, and cannot be written.
    """
    own = _files(data / LOCAL)
    if not own or not knowledge.is_dir():
        return knowledge
    links = {path.name: path for path in _files(knowledge)} | {f"{LOCAL}/{path.name}": path for path in own}
    views = data.absolute().parent / VIEWS
    view = views / _hash(links)
    if not view.is_dir():
        views.mkdir(parents=True, exist_ok=True)
        _link(links, view)
    return view


def _files(directory: Path) -> list[Path]:
    """The files of a directory; hidden ones and notes of people are none."""
    if not directory.is_dir():
        return []
    visible = (path for path in sorted(directory.iterdir()) if not path.name.startswith("."))
    return [path for path in visible if path.is_file() and path.suffix != ".md"]


def _hash(links: dict[str, Path]) -> str:
    said = hashlib.sha256()
    for name, path in sorted(links.items()):
        said.update(f"{name}\0{path.resolve()}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return said.hexdigest()[:16]


def _link(links: dict[str, Path], view: Path) -> None:
    """Make the directory in one step: commands of one instance may run side by side."""
    with tempfile.TemporaryDirectory(prefix=".new-", dir=view.parent) as beside:
        place = Path(beside) / view.name
        (place / LOCAL).mkdir(parents=True)
        for name, path in links.items():
            (place / name).symlink_to(path.resolve())
        try:
            place.rename(view)
        except OSError:
            if not view.is_dir():
                raise


def local_file(path: Path) -> Path | None:
    """The file with an instance's rows of a table of knowledge; None where there is none."""
    found = path.parent / LOCAL / path.name
    return found.resolve() if found.is_file() else None


def local_files(knowledge: Path) -> list[Path]:
    """The files with an instance's rows that a directory of knowledge has."""
    return [path.resolve() for path in _files(knowledge / LOCAL)]


class Layer(NamedTuple, Generic[Row]):
    """What one of the two, program and instance, has of a table: the file and its rows."""

    path: Path
    rows: Sequence[Found[Row]]


def joined(
    table: Table[Row], known: Layer[Row], local: Layer[Row], errors: list[InputError]
) -> list[Found[Row]]:
    """The program's rows, then an instance's.

    A local row with the key of one of the program's takes its place where it says the same, and more: it
    may fill what that leaves empty. It must not say anything else.

    Args:
        errors: takes what is wrong with a local row that contradicts the program's.
    """
    found = list(known.rows)
    places: dict[tuple[Any, ...], int] = {}
    for at, item in enumerate(known.rows):
        places.update(dict.fromkeys(_keys(table, item.row), at))
    for item in local.rows:
        same = sorted({places[key] for key in _keys(table, item.row) if key in places})
        differing = [name for at in same for name in _differing(table, known.rows[at].row, item.row)]
        if differing:
            first = f"line {known.rows[same[0]].line} of the program's {known.path.name}"
            its = " and ".join(dict.fromkeys(differing))
            said = f"{first} is about the same, and its {its}: a local row adds, and replaces nothing"
            errors.append(InputError(said, file=local.path, line=item.line))
        elif same:
            found[same[0]] = item
        else:
            found.append(item)
    return found


def _keys(table: Table[Row], row: Row) -> Iterator[tuple[Any, ...]]:
    whole = tuple(column.field for column in table.own)
    for fields in table.unique or (whole,):
        yield (fields, attrgetter(*fields)(row))


def _differing(table: Table[Row], known: Row, local: Row) -> Iterator[str]:
    """In words, the columns of the program's row of which a local row says something else."""
    for column in table.own:
        said = getattr(known, column.field)
        free = column.field in WHY or (not column.required and said == column.default)
        if not free and said != getattr(local, column.field):
            shown = said.pattern if isinstance(said, re.Pattern) else said
            yield f"{column.name} is {str(shown)!r}"
