"""The one reader of the maintained tables.

It takes what spreadsheets write as well: a byte order mark, semicolons or tabs between the cells, the
encoding of Windows, columns in another order, empty rows. All that is wrong in a file is told at once,
each with file, line, column, value and what is allowed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic

from mappe_servizi.errors import InputError, gathered
from mappe_servizi.instance import knowledge
from mappe_servizi.model.maintained import meant
from mappe_servizi.model.tables.cells import Codes, Refused
from mappe_servizi.model.tables.codes import load_codes
from mappe_servizi.model.tables.table import Column, Row, Table

DELIMITERS = (",", ";", "\t")
MAX_CELL = 1 << 20


@dataclass(frozen=True, slots=True)
class Found(Generic[Row]):
    """A row with the line on which it begins."""

    line: int
    row: Row


def read_rows(table: Table[Row], path: Path, codes: Codes | None = None) -> list[Row]:
    """The rows of a table; a file that does not exist has none.

    Args:
        table: its declaration.
        path: the file.
        codes: the codes of the vocabularies that cells name; those of the bundled ones where not given.

    Raises:
        InputError, InputErrors: what cannot be used, all of it.
    """
    return [found.row for found in read_file(table, path, codes)]


def read_file(table: Table[Row], path: Path, codes: Codes | None = None) -> list[Found[Row]]:
    """The same, each row with its line.

    Raises:
        InputError, InputErrors: what cannot be used, all of it.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=path) from None
    reading = _Reading(table, path, load_codes(knowledge("ontology")) if codes is None else codes)
    found = reading.rows(_records(_decoded(data, path), table, path))
    gathered(reading.errors)
    return found


def _decoded(data: bytes, path: Path) -> str:
    """UTF-8 with or without a mark, else what spreadsheets on Windows write."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError("this is neither UTF-8 nor Windows-1252", file=path)


def _records(text: str, table: Table[Any], path: Path) -> list[tuple[int, list[str]]]:
    """The rows as cells, each with the line on which it begins."""
    first = text.split("\n", 1)[0]
    names = {column.name for column in table.columns}
    delimiter = max(DELIMITERS, key=lambda d: len(names & {cell.strip(' \r"') for cell in first.split(d)}))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records, line = [], 1
    try:
        for cells in reader:
            records.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"this is not CSV: {error}", file=path, line=line) from None
    if not records:
        raise InputError(f"the file is empty; its columns are {', '.join(sorted(names))}", file=path, line=1)
    return records


class _Reading(Generic[Row]):
    """The reading of one file; its errors are gathered."""

    def __init__(self, table: Table[Row], path: Path, codes: Codes) -> None:
        self.table, self.path, self.codes = table, path, codes
        self.columns = table.columns
        self.errors: list[InputError] = []

    def rows(self, records: Sequence[tuple[int, list[str]]]) -> list[Found[Row]]:
        header = [cell.strip() for cell in records[0][1]]
        while header and not header[-1]:  # a spreadsheet's columns beyond the table
            header.pop()
        if not self._header(header):
            return []
        found = []
        for line, given in records[1:]:
            cells = given[: len(header)]
            if not any(cell.strip() for cell in given):
                continue
            if len(cells) < len(header) or any(cell.strip() for cell in given[len(header) :]):
                self._fail(line, f"the row has {len(given)} cells, the header {len(header)}")
            elif (row := self._row(line, dict(zip(header, cells, strict=True)))) is not None:
                found.append(Found(line, row))
        self._unique(found)
        return found

    def _header(self, header: list[str]) -> bool:
        known = [column.name for column in self.columns]
        for name in header:
            if name not in known:
                self._fail(1, f"there is no column {name!r} in {self.table.file}{meant(name, known)}")
        if missing := [c.name for c in self.columns if c.name not in header and not c.optional]:
            self._fail(1, f"the columns {', '.join(missing)} are missing; the file has {', '.join(header)}")
        for name in sorted({name for name in header if header.count(name) > 1}):
            self._fail(1, f"the column {name!r} stands twice")
        return not self.errors

    def _row(self, line: int, cells: Mapping[str, str]) -> Row | None:
        before = len(self.errors)
        values = {c.field: self._value(line, c, cells[c.name]) for c in self.columns if c.name in cells}
        values |= {c.field: c.default for c in self.columns if c.name not in cells}
        return self.table.row(**values) if len(self.errors) == before else None

    def _value(self, line: int, column: Column, text: str) -> Any:
        text = text if column.kind.as_it_is else text.strip()
        if not text.strip():
            if column.required:
                self._fail(line, f"{column.name} must not be empty: it is {column.kind.en}")
                return None
            return column.default
        if len(text) > MAX_CELL:
            self._fail(line, f"{column.name} is longer than {MAX_CELL} characters")
            return None
        try:
            return column.kind.parse(text, self.codes)
        except Refused as refused:
            more = f" ({refused})" if str(refused) else ""
            self._fail(line, f"{column.name} must be {column.kind.en}, not {_shown(text)}{more}")
            return None

    def _unique(self, found: Sequence[Found[Row]]) -> None:
        for names in self.table.unique:
            seen: dict[tuple[Any, ...], int] = {}
            for item in found:
                key = tuple(getattr(item.row, name) for name in names)
                if (first := seen.setdefault(key, item.line)) != item.line:
                    shown = ", ".join(str(part) for part in key)
                    self._fail(item.line, f"{shown!r} stands in line {first} already ({' and '.join(names)})")

    def _fail(self, line: int, message: str) -> None:
        self.errors.append(InputError(message, file=self.path, line=line))


def _shown(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:77] + "...")
