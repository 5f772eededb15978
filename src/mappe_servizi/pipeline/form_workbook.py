"""``mappe template``: the form as a workbook to fill in, a sheet a service, which ``mappe add`` reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import odfdo
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from mappe_servizi.errors import MappeError
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.form import LABELS

WIDTHS: Final = (46, 46, 16, 16, 16, 16)
"""The columns' widths in characters: labels and texts, then a column a year."""
ROOM: Final = {"central": 6, "accessory": 6, "criteria": 4, "segments": 8, "coproduction": 4, "structures": 8}
FIGURES: Final = 12
"""Rows left for what is filled in; more may be inserted."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the form.

    Attributes:
        cells: its words.
        kind: a title of the sheet, a label of a section, a header of a table, or a row to fill in.
        columns: how many cells are to be filled in or are the table's.
    """

    cells: tuple[str, ...]
    kind: str
    columns: int = 2


class _Words:
    """The form's own words: of every role the first that data/knowledge/labels.csv has."""

    def __init__(self, knowledge: Path) -> None:
        self._rows = read_rows(LABELS, knowledge / LABELS.file)

    def __call__(self, use: str, role: str, which: int = 0) -> str:
        return [row.text for row in self._rows if (row.use, row.role) == (use, role)][which]


def form_lines(knowledge: Path, years: Sequence[int]) -> Iterator[Line]:
    """The rows of a sheet of the form.

    Args:
        knowledge: where the words of the form are.
        years: of the columns of figures.
    """
    words = _Words(knowledge)
    yield Line((words("section", "map"),), "title", 2 + len(years))
    for role in ("service", "responsible", "area"):
        yield Line((words("heading", role),), "fill")
    yield Line((words("section", "contents"),), "label")
    element, description = words("header", "elements"), words("header", "elements", 2)
    yield from _table(words("section", "central"), (element, description), ROOM["central"])
    yield from _table(words("section", "accessory"), (element, description), ROOM["accessory"])
    yield Line((words("section", "outputs"),), "label")
    yield from _figures(words("header", "outputs"), years)
    yield Line((words("section", "audience"),), "label")
    yield from _table(words("section", "criteria"), (words("header", "criteria"),), ROOM["criteria"])
    segment = words("header", "segments")
    yield from _table(words("section", "segments"), (segment, description), ROOM["segments"])
    yield from _figures(words("section", "users"), years)
    yield Line((words("section", "delivery"),), "label")
    yield Line((words("section", "management"),), "label")
    for form in ("diretta", "esternalizzata", "mista"):
        yield Line((words("form", form),), "fill")
    yield Line((words("section", "personnel"),), "label")
    yield Line((words("header", "personnel"),), "fill")
    role = words("header", "coproduction", 1)
    yield from _table(words("section", "coproduction"), (segment, role), ROOM["coproduction"])
    structures = (words("header", "structures"), words("header", "structures", 2))
    yield from _table(words("section", "structures"), structures, ROOM["structures"])


def _table(label: str, headers: tuple[str, ...], room: int) -> Iterator[Line]:
    yield Line((label,), "label")
    yield Line(headers, "header", len(headers))
    yield from (Line((), "fill", len(headers)) for _ in range(room))


def _figures(first: str, years: Sequence[int]) -> Iterator[Line]:
    """A table of figures: a column of labels, an empty one, a column a year."""
    yield Line((first, *map(str, years)), "header", 1 + len(years))
    yield from (Line((), "fill", 1 + len(years)) for _ in range(FIGURES))


def write_template(path: Path, knowledge: Path, years: Sequence[int], services: int) -> None:
    """Write the form as a workbook, by the suffix of its name; sheets that stay empty are not read.

    Args:
        path: .xlsx or .ods; what stands there is left.
        knowledge: where the words of the form are.
        years: of the columns of figures.
        services: how many sheets.

    Raises:
        MappeError: there is such a file already, or no such kind of workbook.
    """
    write = _WRITERS.get(path.suffix.casefold())
    if write is None:
        raise MappeError(f"{path}: a template is called {' or '.join(f'NAME{s}' for s in _WRITERS)}")
    if path.exists():
        raise MappeError(f"{path}: this file is there already; it may be filled in")
    sheets = [f"Servizio {number}" for number in range(1, services + 1)]
    write(path, sheets, list(form_lines(knowledge, years)))


def _write_xlsx(path: Path, sheets: Sequence[str], lines: Sequence[Line]) -> None:
    thin = Side(style="thin", color="999999")
    border = Border(left=thin, right=thin, top=thin, bottom=thin)
    shade = PatternFill("solid", fgColor="DCE6F1")
    book: Any = Workbook()
    book.remove(book.active)
    for name in sheets:
        sheet = book.create_sheet(name)
        for column, width in enumerate(WIDTHS, start=1):
            sheet.column_dimensions[get_column_letter(column)].width = width
        for number, line in enumerate(lines, start=1):
            for column in range(1, line.columns + 1):
                cell = sheet.cell(number, column)
                cell.value = line.cells[column - 1] if column <= len(line.cells) else None
                cell.number_format = "@" if line.kind != "fill" or column == 1 else "General"
                cell.font = Font(bold=line.kind != "fill", size=14 if line.kind == "title" else 11)
                cell.alignment = Alignment(wrap_text=line.kind != "title", vertical="top")
                if line.kind in {"header", "fill"}:
                    cell.border = border
                if line.kind == "header":
                    cell.fill = shade
        sheet.freeze_panes = "A2"
    book.save(path)


def _write_ods(path: Path, sheets: Sequence[str], lines: Sequence[Line]) -> None:
    document: Any = odfdo.Document("spreadsheet")
    document.body.clear()
    for name in sheets:
        table: Any = odfdo.Table(name)
        for line in lines:
            row: Any = odfdo.Row()
            for column in range(line.columns):
                text = line.cells[column] if column < len(line.cells) else None
                row.append_cell(odfdo.Cell(text=text, value=text))
            table.append_row(row)
        document.body.append(table)
    document.save(str(path))


_WRITERS: Final[dict[str, Callable[[Path, Sequence[str], Sequence[Line]], None]]] = {
    ".xlsx": _write_xlsx,
    ".ods": _write_ods,
}
