"""The one reader of the maintained tables.

It takes what spreadsheets write as well: a byte order mark, semicolons or tabs between the cells, the
encoding of Windows, columns in another order, empty rows. All that is wrong in a file is told at once,
each with file, line, column, value and what is allowed; a caller that reads several files passes a list
that takes the errors of all. A table of knowledge has an instance's own rows too (``local.py``).
A build checks a file and then reads it, for each municipality again, so what a content says is remembered.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from mappe_servizi.errors import InputError, gathered
from mappe_servizi.instance import knowledge
from mappe_servizi.model.tables.cells import Codes
from mappe_servizi.model.tables.codes import load_codes
from mappe_servizi.model.tables.local import Layer, joined, local_file
from mappe_servizi.model.tables.rows import FileReading, Found
from mappe_servizi.model.tables.sheet import content_of, sheet_of
from mappe_servizi.model.tables.table import Row, Table

Errors = list[InputError]
_Reading = tuple[Sequence[Found[Any]], Sequence[InputError]]
"""The rows of a file that can be used, and what is wrong with the others."""


def read_rows(
    table: Table[Row], path: Path, codes: Codes | None = None, errors: Errors | None = None
) -> list[Row]:
    """The rows of a table; a file that does not exist has none.

    Args:
        table: its declaration.
        path: the file.
        codes: the codes of the vocabularies that cells name; those of the bundled ones where not given.
        errors: takes what is wrong, instead of its being raised; the rows are those that can be used.

    Raises:
        InputError, InputErrors: what cannot be used, all of it.
    """
    return [found.row for found in read_file(table, path, codes, errors)]


def read_file(
    table: Table[Row], path: Path, codes: Codes | None = None, errors: Errors | None = None
) -> list[Found[Row]]:
    """The same, each row with its line.

    A row that is proposed and not sure enough to hold is a question: ``read_all`` has it, too.

    Raises:
        InputError, InputErrors: what cannot be used, all of it.
    """
    return [found for found in read_all(table, path, codes, errors) if found.curation.holds]


def read_all(
    table: Table[Row], path: Path, codes: Codes | None = None, errors: Errors | None = None
) -> list[Found[Row]]:
    """The same, with the rows that are questions.

    Raises:
        InputError, InputErrors: what cannot be used, all of it.
    """
    told: Errors = []
    found = _read(table, path.resolve() if path.is_symlink() else path, codes, told)
    if table.home == "knowledge" and (local := local_file(path)):
        own = _read(table, local, codes, told)
        found = joined(table, Layer(path, found), Layer(local, own), told)
    if errors is None:
        gathered(told)
    else:
        errors += told
    return found


def _read(table: Table[Row], path: Path, codes: Codes | None, errors: Errors) -> list[Found[Row]]:
    """The rows of one file that can be used."""
    try:
        content = content_of(path)
    except InputError as error:
        errors.append(error)
        return []
    if content is None:
        return []
    found, told = _known(table, path, content) if codes is None else _rows(table, path, content, codes)
    errors += told
    return list(found)


@lru_cache(maxsize=256)  # files: all of knowledge, and of the towns that a process builds at a time
def _known(table: Table[Any], path: Path, content: bytes) -> _Reading:
    return _rows(table, path, content, load_codes(knowledge("ontology")) if table.names_codes else {})


def _rows(table: Table[Any], path: Path, content: bytes, codes: Codes) -> _Reading:
    reading = FileReading(table, path, codes)
    found: list[Found[Any]] = []
    try:
        found = reading.rows(sheet_of(content, path, (column.name for column in table.columns)))
    except InputError as error:
        reading.errors.append(error)
    return found, reading.errors
