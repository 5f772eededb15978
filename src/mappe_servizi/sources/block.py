"""The contract between documents and reading: rows of cells, each with the place that it stands in.

A kind of document is one module of this package with a ``KIND``: by its bytes it tells its own, and reads
them to a ``Content``. Reading knows nothing else of documents. A row has a number, which records
keep: of a text its line, of any other document the row's own, for which ``Content.anchors`` has the place:

    line=12,13                      lines of a text (RFC 5147)
    paragraph=7, table=3&cell=B4    of a word processor's document or a web page, as it prints them
    sheet=Nidi&cell=C12             of a workbook
    page=5&viewrect=56,90,480,14    of a PDF (RFC 8118): left, top, width and height in points
    file=nido.html&element=service-cost, file=nido.html&heading=Costi&item=2, file=nido.html&key=serviceType
                                    of a service's page on a municipal site (sources/municipal_site.py)

A cell that covers several columns or rows stands once, where it begins; what it covers is empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from mappe_servizi.model.text import composed

RowKind = Literal["cells", "blank", "separator", "markup", "duplicate", "header", "page"]
_DASHES = re.compile(r"^:?[-–—_=]{2,}:?$")
_SPACE = re.compile(r"\s+")
MAX_ROWS: Final = 200_000
MAX_COLUMNS: Final = 200
"""More rows or columns than any document of service maps has; a hostile one would."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell without its mark-up.

    Attributes:
        text: the parts joined with one space.
        parts: the paragraphs of the cell, in order.
        stripped: the pieces of mark-up taken away, in order.
        columns, rows: how many columns and rows of a table the cell covers.
        anchor: where the cell stands, where that is finer than its row's place: "sheet=Nidi&cell=C12".
    """

    text: str
    parts: tuple[str, ...] = ()
    stripped: tuple[str, ...] = ()
    columns: int = 1
    rows: int = 1
    anchor: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)


EMPTY = Cell("")


@dataclass(frozen=True, slots=True)
class Row:
    """One row as printed on a line.

    Attributes:
        line: the line of the document, 1-based; where it has no lines, which of its rows (Content.anchors).
        cells: the cells, trailing empty ones left out.
        kind: "cells" for content; the others carry nothing to read.
        stripped: all the mark-up taken away.
        shared: several rows stand on this line.
        width: how many cells are printed, empty ones too; 0 where a correction made the row.
        running: it stands at the same place of several pages: a running head or foot, a page's number.
        corrections: identifiers of the corrections that made the row what it is.
    """

    line: int
    cells: tuple[Cell, ...] = ()
    kind: RowKind = "cells"
    stripped: tuple[str, ...] = ()
    shared: bool = False
    corrections: tuple[str, ...] = ()
    width: int = 0
    running: bool = False

    @property
    def single(self) -> bool:
        """Whether it is a line of text, not a row of a table of columns."""
        return self.width == 1

    @property
    def texts(self) -> tuple[str, ...]:
        """The cells' texts."""
        return tuple(cell.text for cell in self.cells)

    @property
    def first(self) -> int:
        """Index of the first cell that is not empty; the row must not be blank."""
        return next(i for i, cell in enumerate(self.cells) if cell)

    @property
    def printed(self) -> str:
        """The row as corrections name it: cells joined with an arrow."""
        return "→".join(self.texts)

    def cell(self, index: int) -> Cell:
        """A cell; one beyond the row's end is empty."""
        return self.cells[index] if 0 <= index < len(self.cells) else EMPTY


def make_row(line: int, cells: Iterable[Cell], shared: bool = False, width: int = 0) -> Row:
    """A row of cleaned cells, with its kind.

    >>> make_row(1, [Cell("---"), Cell("--")]).kind
    'separator'
    """
    row = list(cells)
    while row and not row[-1]:
        row.pop()
    stripped = tuple(piece for cell in row for piece in cell.stripped)
    kind: RowKind = "cells"
    if not row:
        kind = "markup" if stripped else "blank"
    elif all(not cell or _DASHES.match(cell.text) for cell in row):
        kind = "separator"
    return Row(line, tuple(row), kind, stripped, shared, width=width)


class Unplaced(ValueError):
    """A row that does not fit its table, or a line whose table cannot be told.

    Attributes:
        says: what is wrong, with a place for each thing that it names: errors of one kind say the same.
        reason: the sentence.

    >>> error = Unplaced(3, "the cell {!r} stands under no year", "12")
    >>> error.says, error.reason
    ('the cell {!r} stands under no year', "the cell '12' stands under no year")
    """

    def __init__(self, line: int, says: str, *named: object) -> None:
        self.line, self.says = line, says
        self.reason = says.format(*named) if named else says
        super().__init__(self.reason)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (type(self), self.reason), self.__dict__


def _rebuilt(kind: type[Unplaced], reason: str) -> Unplaced:
    """The error as it comes out of another process, whatever its constructor asks for."""
    return kind.__new__(kind, reason)


class Unfit(ValueError):
    """A document that cannot be read at all; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class PagePart:
    """A paragraph of a service's page, and what the page says that it is.

    Attributes:
        line: its row.
        text: as printed.
        element: the innermost ``data-element`` of the national model that it stands in; "" for none.
        headings: those that it stands below, the outermost first.
        key: where it stands in the page's JSON-LD: "audience.audienceType"; "" for what the page shows.
        link: the address that it leads to.
        item: whether it is an item of a list.
    """

    line: int
    text: str
    element: str = ""
    headings: tuple[str, ...] = ()
    key: str = ""
    link: str = ""
    item: bool = False


@dataclass(frozen=True, slots=True)
class SitePage:
    """The page of one service on a municipal site: its file, and its paragraphs in their order."""

    file: str
    parts: tuple[PagePart, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """What a document prints.

    Attributes:
        rows: its rows, in its order; ``Row.line`` counts ``lines`` from 1.
        lines: its lines as decoded; of a document without lines its rows, with tabs between the cells.
        anchors: the place of each of ``lines``; () where a line's number says it.
        proposed: whether its tables were told by how they look, so that somebody has to confirm them.
        pages: of a municipal site its services' pages, in place of rows.
        refused: what of it could not be read, each with the line where it is told.
    """

    rows: tuple[Row, ...]
    lines: tuple[str, ...]
    anchors: tuple[str, ...] = ()
    proposed: bool = False
    pages: tuple[SitePage, ...] = ()
    refused: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A kind of document.

    Attributes:
        name: as people call it.
        suffixes: of its files' names, in small letters.
        recognises: whether bytes are such a document's.
        read: bytes to content; it raises Unfit or Unplaced.
        passes: how much else passes for it; of two kinds that recognise a document it is of the one that less
            passes for.
    """

    name: str
    suffixes: tuple[str, ...]
    recognises: Callable[[bytes], bool]
    read: Callable[[bytes], Content]
    passes: int = 0


def plain(paragraphs: Iterable[str], anchor: str = "", columns: int = 1, rows: int = 1) -> Cell:
    """A cell of a document whose text has no mark-up in it.

    >>> plain(["Servizi  sociali", "", "(dal 2019)"]).parts
    ('Servizi sociali', '(dal 2019)')
    """
    parts = tuple(part for text in paragraphs if (part := _SPACE.sub(" ", composed(text)).strip()))
    return Cell(" ".join(parts), parts, (), columns, rows, anchor)


@dataclass(slots=True)
class Pages:
    """Collects the rows of a document that has no lines, and where each stands."""

    rows: list[Row] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)

    def add(self, cells: Iterable[Cell], anchor: str, width: int, running: bool = False) -> None:
        """A row, if it prints anything.

        Args:
            cells: those of the row, the covered ones empty.
            anchor: its place.
            width: how many cells it has; 1 is a line of text.
            running: whether it stands at the same place of several pages.

        Raises:
            Unfit: the document has too many.
        """
        row = make_row(len(self.lines) + 1, cells, width=width)
        if row.kind == "blank":
            return
        if len(self.rows) >= MAX_ROWS or len(row.cells) > MAX_COLUMNS:
            raise Unfit(f"more than {MAX_ROWS} rows or {MAX_COLUMNS} columns: no document of service maps")
        self.rows.append(replace(row, running=running) if running else row)
        self.lines.append("\t".join(row.texts))
        self.anchors.append(anchor)

    def content(self, proposed: bool = False) -> Content:
        """What was collected."""
        return Content(tuple(self.rows), tuple(self.lines), tuple(self.anchors), proposed)


def column_name(index: int) -> str:
    """A column's letters, from 0.

    >>> column_name(0), column_name(27)
    ('A', 'AB')
    """
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name
