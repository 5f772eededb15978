"""Writing maintained tables, a whole file at a time: after a crash it is as before, or as after."""

from __future__ import annotations

import csv
import fcntl
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path
from typing import Any

from mappe_servizi.model.tables import read_file
from mappe_servizi.model.tables.providers import DECISIONS, DecisionRow
from mappe_servizi.model.tables.table import Table


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Keep others from writing the tables of a directory meanwhile."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def append_decision(path: Path, row: DecisionRow) -> None:
    """Add a decision to decisions.csv; what stands there stays, in the columns of today.

    Raises:
        InputError, InputErrors: the file as it is cannot be read.
    """
    with locked(path.parent):
        rows = [found.row for found in read_file(DECISIONS, path)]
        write_table(DECISIONS, path, [*rows, row])


def write_table(table: Table[Any], path: Path, rows: Iterable[Any]) -> None:
    """Write a table of plain cells whole."""
    header = [column.name for column in table.columns]
    replace_file(path, [header, *([_cell(value) for value in astuple(row)] for row in rows)])


def replace_file(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Put a CSV file in the place of another: on the disk before its name is."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    new = path.with_name(f".{path.name}.new")
    with new.open("w", encoding="utf-8", newline="") as file:
        file.write(text.getvalue())
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def append_rows(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Add rows to a CSV file that keeps the ones it has."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        before = list(csv.reader(file))
    replace_file(path, [*before, *rows])


def _cell(value: object) -> str:
    return "" if value is None else str(value)
