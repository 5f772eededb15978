"""Reading the maintained tables (CSV with a header row), with errors that name file and line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mappe_servizi.errors import InputError
from mappe_servizi.model.maintained import Row, read_rows

__all__ = ["Row", "read_table"]


def read_table(path: Path, columns: Sequence[str], *, required: Sequence[str] = ()) -> list[Row]:
    """The rows of a maintained table; a table that does not exist has none.

    Args:
        columns: what the header row must be, in this order.
        required: columns in which every row must have a value.

    Raises:
        InputError: the header differs, a row has too few or too many cells, or a value is missing.
    """
    if not path.exists():
        return []
    rows = []
    for line, row in read_rows(path, tuple(columns)):
        if empty := [column for column in required if not row[column]]:
            raise InputError(f"{', '.join(empty)} must not be empty", file=path, line=line)
        rows.append(row)
    return rows
