"""The sections of a sheet: what each of its rows is, by the form's own labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

from mappe_servizi.model.text import normal
from mappe_servizi.reading.form import Form
from mappe_servizi.sources.block import EMPTY, Cell, Row

PlacedKind = Literal[
    "label", "header", "content", "blank", "separator", "markup", "duplicate", "footnote", "page"
]
COLUMNS = {"criteria": 1, "central": 2, "accessory": 2, "segments": 2, "coproduction": 2, "structures": 2}
FIGURES = frozenset({"outputs", "users"})
# A header of these sections has the words of a label of another one.
_OWN_HEADER = {"segments": "segments", "coproduction": "segments"}


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A row in its section.

    Attributes:
        source: the row as it stands on its line.
        row: what is to be read of it; for content beside a label, without the label's cell.
        section: heading, contents, central, ... (data/knowledge/labels.csv).
        kind: what the row is.
        offset: columns before the section's first one (1 where the label has a column).
        vertical: the cells of a record stand below each other.
        printing: how often the table's header was printed before.
    """

    source: Row
    row: Row
    section: str
    kind: PlacedKind
    offset: int = 0
    vertical: bool = False
    printing: int = 0


@dataclass
class _Layout:
    """The layout of the section's table as its headers announce it."""

    offset: int = 0
    lone_headers: int = 0
    printing: int = 0
    has_content: bool = False
    stars: bool = field(default=False)

    def announce(self, section: str, first: int, headers: int) -> None:
        columns = COLUMNS.get(section, 0)
        if headers >= columns or columns == 1:
            self.offset = first
            if self.has_content:
                self.printing += 1
                self.has_content = False
        else:
            self.lone_headers += 1

    def vertical(self, section: str) -> bool:
        return COLUMNS.get(section) == 2 and self.lone_headers == 2


def place(rows: Iterable[Row], form: Form) -> Iterator[PlacedRow]:
    """Give every row of a sheet its section and kind. Nothing is left out."""
    section, layout = "heading", _Layout()
    printings: dict[str, int] = {}
    for row in rows:
        if row.kind != "cells":
            yield PlacedRow(row, row, section, row.kind)
            continue
        opened = _opened(row, section, form)
        if opened:
            printings[section] = layout.printing + 1
            section, layout = opened, _Layout(printing=printings.get(opened, 0))
            yield _beside_label(row, section, layout, form)
        elif len(_filled(row)) == 1 and _is_of_page(row, section, form):
            yield PlacedRow(row, row, section, "page")
        else:
            yield _placed(row, section, layout, form)


def _is_of_page(row: Row, section: str, form: Form) -> bool:
    """Whether a line is a page's own; a heading's label comes at one height of several pages, too."""
    text = row.cells[row.first].text
    return form.is_page(text) or (row.running and not (section == "heading" and form.heading(text)))


def _beside_label(row: Row, section: str, layout: _Layout, form: Form) -> PlacedRow:
    """The row of a section's label, and what stands beside it."""
    rest = _without(row, row.first)
    headers = _header_cells(rest, section, form)
    if len(headers) < len(_filled(rest)):
        layout.offset, layout.has_content = row.first + 1, True
        return PlacedRow(row, rest, section, "content", layout.offset, printing=layout.printing)
    if headers:
        layout.announce(section, headers[0], len(headers))
    if any(form.year_of(rest.cells[i].text) for i in headers):
        return PlacedRow(row, rest, section, "header", layout.offset, printing=layout.printing)
    return PlacedRow(row, row, section, "label")


def _opened(row: Row, section: str, form: Form) -> str | None:
    """The section that a row opens, None if it opens none."""
    role = form.section(row.cells[row.first].text)
    if role is None or role in {"map", section} or _OWN_HEADER.get(section) == role:
        return None
    if section == "heading" and role != "contents":
        return None
    figures = any(c.isdigit() for text in row.texts for c in text)
    if section in FIGURES and len(_filled(row)) > 2 and figures and role not in FIGURES:
        return None  # a row of figures whose label happens to be a word of the form
    return role


def _placed(row: Row, section: str, layout: _Layout, form: Form) -> PlacedRow:
    source, row = row, _without_header_part(row, form)
    headers = _header_cells(row, section, form)
    filled = _filled(row)
    if section != "heading" and len(headers) == len(filled):
        labelled = form.section(row.cells[headers[0]].text) == section
        if labelled and len(headers) > COLUMNS.get(section, len(headers)):
            headers = headers[1:]
        layout.announce(section, headers[0], len(headers))
        return PlacedRow(source, row, section, "header", layout.offset, printing=layout.printing)
    text = row.cells[row.first].text
    if text.startswith("* ") and layout.stars and len(filled) == 1:
        return PlacedRow(source, row, section, "footnote")
    layout.stars = layout.stars or any(cell.text.endswith("*") for cell in row.cells)
    layout.has_content = True
    vertical = layout.vertical(section)
    return PlacedRow(source, row, section, "content", layout.offset, vertical, layout.printing)


def _filled(row: Row) -> list[int]:
    return [i for i, cell in enumerate(row.cells) if cell]


def _header_cells(row: Row, section: str, form: Form) -> list[int]:
    """The cells with header words; the section's own label printed again is one, too, and years."""

    def is_header(text: str) -> bool:
        years = section in FIGURES and form.year_of(text) is not None
        return years or form.is_header(text) or form.section(text) == section

    return [i for i in _filled(row) if is_header(row.cells[i].text)]


def _without(row: Row, index: int) -> Row:
    cells = tuple(EMPTY if i == index else cell for i, cell in enumerate(row.cells))
    return replace(row, cells=cells)


def _without_header_part(row: Row, form: Form) -> Row:
    """A header printed as the first paragraph of the cell below it is no content."""

    def bare(cell: Cell) -> Cell:
        if len(cell.parts) > 1 and form.is_header(cell.parts[0]):
            return Cell(" ".join(cell.parts[1:]), cell.parts[1:], (*cell.stripped, cell.parts[0]))
        return cell

    cells = tuple(bare(cell) for cell in row.cells)
    if cells == row.cells:
        return row
    return replace(row, cells=cells, stripped=tuple(s for cell in cells for s in cell.stripped))


def is_blank(placed: Iterable[PlacedRow], form: Form) -> bool:
    """Whether a sheet has nothing but the form's own words."""
    content = (item for item in placed if item.kind in {"content", "footnote"})
    return all(_is_of_form(text, form) for item in content for text in item.row.texts if text)


def _is_of_form(text: str, form: Form) -> bool:
    heading = form.heading(text)
    return (
        (heading is not None and not heading[1])
        or form.is_header(text)
        or form.section(text) is not None
        or normal(text) in form.management
    )


def once(placed: list[PlacedRow], form: Form) -> list[PlacedRow]:
    """Mark the rows of a table that is printed twice, so that it counts once.

    A later printing that begins with all the rows of an earlier one is the same table, if its
    years are the same. Where the earlier one stood on a single line of mark-up, the later rows are kept.
    """
    result = list(placed)
    for section in (*COLUMNS, *FIGURES):
        printings: dict[int, list[int]] = {}
        years: dict[int, tuple[str, ...]] = {}
        for i, p in enumerate(placed):
            if p.section == section and p.kind == "content":
                printings.setdefault(p.printing, []).append(i)
                years.setdefault(p.printing, years.get(p.printing - 1, ()))
            elif p.section == section and p.kind == "header" and any(map(form.year_of, p.row.texts)):
                years[p.printing] = p.row.texts
        for earlier, later in pairwise(sorted(printings)):
            pairs = list(zip(printings[earlier], printings[later], strict=False))
            same = all(_texts(placed[a]) == _texts(placed[b]) for a, b in pairs)
            if len(pairs) == len(printings[earlier]) and same and years[earlier] == years[later]:
                for a, b in pairs:
                    index = a if placed[a].row.shared else b
                    result[index] = replace(result[index], kind="duplicate")
    return result


def _texts(placed: PlacedRow) -> list[str]:
    texts = placed.row.texts
    return list(texts) if placed.section in FIGURES else [text for text in texts if text]
