"""A line to rows of cells, whatever the layout: tabs, Markdown pipes, HTML table rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import Literal

from mappe_servizi.document.markup import EMPTY, Cell, clean

RowKind = Literal["cells", "blank", "separator", "markup", "duplicate", "header"]
_DASHES = re.compile(r"^:?[-–—_=]{2,}:?$")
_TABLE_TAG = re.compile(r"</?(?:table|thead|tbody|tfoot|tr|td|th|colgroup|col)\b[^<>]*>", re.IGNORECASE)
_PIPE = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Row:
    """One row as printed on a line.

    Attributes:
        line: the line of the document, 1-based.
        cells: the cells, trailing empty ones left out.
        kind: "cells" for content; the others carry nothing to read.
        stripped: all the mark-up taken away.
        shared: several rows stand on this line.
        corrections: identifiers of the corrections that made the row what it is.
    """

    line: int
    cells: tuple[Cell, ...] = ()
    kind: RowKind = "cells"
    stripped: tuple[str, ...] = ()
    shared: bool = False
    corrections: tuple[str, ...] = ()

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


def make_row(line: int, cells: Iterable[Cell], shared: bool = False) -> Row:
    """A row of cleaned cells, with its kind.

    >>> make_row(1, [clean("---"), clean("--")]).kind
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
    return Row(line, tuple(row), kind, stripped, shared)


class _TableReader(HTMLParser):
    """Rows of the HTML table pieces on one line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            if not self.rows:
                self.rows.append([])
            self.rows[-1].append("")
            self._open = True
        elif self._open:
            self.rows[-1][-1] += self.get_starttag_text() or ""

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._open = False
        elif self._open:
            self.rows[-1][-1] += f"</{tag}>"

    def handle_data(self, data: str) -> None:
        if self._open:
            self.rows[-1][-1] += data


def _html_rows(line: int, text: str, rest: list[Cell]) -> Iterator[Row]:
    """The rows of a line with HTML table tags; ``rest`` are the tabbed cells after it.

    Some converters print the cells of such a table again behind it: where they are the
    same words they are a duplicate, else they are a row that must be read.
    """
    reader = _TableReader()
    reader.feed(text)
    reader.close()
    tags = tuple(_TABLE_TAG.findall(text))
    rows = [make_row(line, map(clean, cells), shared=len(reader.rows) > 1) for cells in reader.rows]
    rows = [row for row in rows if row.kind != "blank"]
    words = [cell.text for row in rows for cell in row.cells if cell]
    again = [cell.text for cell in rest if cell]
    if not rows:
        yield Row(line, (), "markup", tags)
        return
    yield replace(rows[0], stripped=tags + rows[0].stripped)
    yield from rows[1:]
    if again and again == words:
        yield Row(line, tuple(rest), "duplicate", tuple(again), shared=True)
    elif again:
        yield make_row(line, rest, shared=True)


def read_rows(line: int, text: str) -> list[Row]:
    """The rows that stand on a line (mostly one).

    >>> [r.texts for r in read_rows(1, "| a | b |")]
    [('a', 'b')]
    >>> [r.texts for r in read_rows(1, "<tr><td>a</td><td>b <i>c</i></td></tr>")]
    [('a', 'b c')]
    >>> read_rows(1, chr(9) + "x")[0].texts
    ('', 'x')
    """
    raw = text.split("\t")
    if _TABLE_TAG.search(raw[0]):
        return list(_html_rows(line, raw[0], [clean(cell) for cell in raw[1:]]))
    bare = text.strip()
    if len(raw) == 1 and len(bare) > 1 and bare.startswith("|") and bare.endswith("|"):
        raw = [cell.replace("\\|", "|") for cell in _PIPE.split(bare[1:-1])]
    return [make_row(line, map(clean, raw))]
