"""The cells of a file to the typed rows of a table; what is wrong is told whole."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any, Generic, NamedTuple

from mappe_servizi.errors import InputError, meant
from mappe_servizi.model.tables.cells import Codes, Refused
from mappe_servizi.model.tables.sheet import Cells
from mappe_servizi.model.tables.table import REVIEWED, Column, Curation, Row, Table, nothing


class Found(NamedTuple, Generic[Row]):
    """A row with the line on which it begins, and who decided it."""

    line: int
    row: Row
    curation: Curation = REVIEWED


class FileReading(Generic[Row]):
    """The reading of one file; its errors are gathered."""

    def __init__(self, table: Table[Row], path: Path, codes: Codes) -> None:
        self.table, self.path, self.codes = table, path, codes
        self.columns = table.columns
        self.errors: list[InputError] = []

    def rows(self, sheet: Sequence[tuple[int, Cells]]) -> list[Found[Row]]:
        """The rows below the header that can be used."""
        header = [cell.strip() for cell in sheet[0][1]] if sheet else []
        while header and not header[-1]:  # a spreadsheet's columns beyond the table
            header.pop()
        if not sheet or not self._header(header):
            return []
        full = [(line, cells) for line, cells in sheet[1:] if "".join(cells).strip()]
        fitting = [item for item in full if self._fits(*item, len(header))]
        try:
            found = self._made(header, fitting)
        except Refused:
            found = [row for item in fitting for row in self._told(header, *item)]
        if self.table.wrong is not nothing:
            found = [item for item in found if not self._is_wrong(item)]
        self._unique(found)
        self.errors.sort(key=lambda error: error.line or 0)
        return found

    def _fits(self, line: int, cells: Cells, width: int) -> bool:
        if len(cells) == width or (len(cells) > width and not "".join(cells[width:]).strip()):
            return True
        self._fail(line, f"the row has {len(cells)} cells, the header {width}")
        return False

    def _is_wrong(self, item: Found[Row]) -> bool:
        if said := self.table.wrong(item.row):
            self._fail(item.line, said)
        return bool(said)

    def _header(self, header: Sequence[str]) -> bool:
        known = [column.name for column in self.columns]
        for name in header:
            if name not in known:
                self._fail(1, f"there is no column {name!r} in {self.path.name}{meant(name, known)}")
        if missing := [c.name for c in self.columns if c.name not in header and not c.optional]:
            self._fail(1, f"the columns {', '.join(missing)} are missing; the file has {', '.join(header)}")
        for name in sorted({name for name in header if header.count(name) > 1}):
            self._fail(1, f"the column {name!r} stands twice")
        return not self.errors

    def _made(self, header: Sequence[str], rows: Sequence[tuple[int, Cells]]) -> list[Found[Row]]:
        """The rows, column by column: tables have thousands of rows, and columns say the same again.

        Raises:
            Refused: a cell of them.
        """
        lines, cells = [line for line, _ in rows], [cells for _, cells in rows]
        columns = [self._values(column, header, cells) for column in self.columns]
        own = len(self.table.own)
        made = map(self.table.row, *columns[:own])
        if not any(column.name in header for column in self.table.curation):
            return list(map(Found, lines, made))
        return list(map(Found, lines, made, map(Curation, *columns[own:])))

    def _values(self, column: Column, header: Sequence[str], cells: Sequence[Cells]) -> list[Any]:
        if column.name not in header:
            return [column.default] * len(cells)
        at = header.index(column.name)
        texts = [row[at] for row in cells]
        values = {text: self._parsed(column, text) for text in set(texts)}
        return [values[text] for text in texts]

    def _parsed(self, column: Column, given: str) -> Any:
        text = given if column.kind.as_it_is else given.strip()
        if text.strip():
            return column.kind.parse(text, self.codes)
        if column.required:
            raise Refused
        return column.default

    def _told(self, header: Sequence[str], line: int, cells: Cells) -> list[Found[Row]]:
        """The row; none, and what is wrong with each of its cells, where it cannot be used."""
        try:
            return self._made(header, [(line, cells)])
        except Refused:
            for name, text in zip(header, cells, strict=False):
                self._tell(line, next(column for column in self.columns if column.name == name), text)
            return []

    def _tell(self, line: int, column: Column, text: str) -> None:
        try:
            self._parsed(column, text)
        except Refused as refused:
            more = f" ({refused})" if str(refused) else ""
            said = f"must be {column.kind.en}, not {_shown(text.strip())}{more}"
            if not text.strip():
                said = f"must not be empty: it is {column.kind.en}"
            self._fail(line, f"{column.name} {said}")

    def _unique(self, found: Sequence[Found[Row]]) -> None:
        names = {column.field: column.name for column in self.table.own}
        for fields in self.table.unique or (tuple(names),):
            keys = list(map(attrgetter(*fields), (item.row for item in found)))
            if len(set(keys)) == len(keys):
                continue
            seen: dict[Any, int] = {}
            for key, item in zip(keys, found, strict=True):
                if (first := seen.setdefault(key, item.line)) != item.line:
                    shown = ", ".join(str(part) for part in (key if len(fields) > 1 else (key,)))
                    what = f"{shown!r} stands" if self.table.unique else "the same row stands"
                    of = " and ".join(names[field] for field in fields)
                    self._fail(item.line, f"{what} in line {first} already ({of})")

    def _fail(self, line: int, message: str) -> None:
        self.errors.append(InputError(message, file=self.path, line=line))


def _shown(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:77] + "...")
