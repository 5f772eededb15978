"""Reading the maintained tables (CSV with a header row), with errors that name file and line."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from mappe_servizi.errors import InputError

Row = dict[str, str]


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
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = next(reader, [])
        if header != list(columns):
            raise InputError(f"the columns must be {', '.join(columns)}", file=path, line=1)
        rows = []
        for cells in reader:
            if len(cells) != len(columns):
                raise InputError(
                    f"{len(cells)} cells for {len(columns)} columns", file=path, line=reader.line_num
                )
            row = dict(zip(columns, cells, strict=True))
            if empty := [column for column in required if not row[column]]:
                raise InputError(f"{', '.join(empty)} must not be empty", file=path, line=reader.line_num)
            rows.append(row)
    return rows
