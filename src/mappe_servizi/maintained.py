"""Reading the tables that people maintain: CSV with a header row, errors that name file and line."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from mappe_servizi.errors import InputError

Row = dict[str, str]


def read_rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, Row]]:
    """The rows of a maintained table, each with the line on which it ends.

    Raises:
        InputError: the file cannot be read, its columns are others, or a row is too long or short.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            if tuple(reader.fieldnames or ()) != columns:
                raise InputError(f"the columns must be {', '.join(columns)}", file=path, line=1)
            for row in reader:
                if None in row or None in row.values():
                    raise InputError("the row has too many or too few cells", file=path, line=reader.line_num)
                yield reader.line_num, row
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(str(error), file=path) from error
