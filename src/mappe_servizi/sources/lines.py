"""A line to rows of cells, whatever the layout: tabs, Markdown pipes, HTML table rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import Final

from mappe_servizi.sources.block import EMPTY, Cell, Row, Unplaced, make_row
from mappe_servizi.sources.markup import clean

MAX_ROW_LINES: Final = 1_000
MAX_SPAN: Final = 100  # columns or rows of one cell; nobody prints more, and a hostile line could
_TABLE_TAG = re.compile(r"</?(?:table|thead|tbody|tfoot|tr|td|th|colgroup|col)\b[^<>]*>", re.IGNORECASE)
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(?P<text>.*?)(?:\s+#+)?\s*$")  # of Markdown
_NOTHING = re.compile(r"NaN|Unnamed: \d{1,4}")  # what pandas prints for an empty cell
_PIPE = re.compile(r"(?<!\\)\|")
_BREAK = re.compile(r"\\n(?!(?:eq?|u|ot|abla|i|parallel|leq|geq)\b)")  # markitdown's, of a workbook's cell
_ROW_TAG = re.compile(r"<(/?)tr\b[^<>]*>", re.IGNORECASE)
_GRID = re.compile(r"\+(?:[-=:]{3,}\+)+")
_WRAPPED_AT = 72  # where pandoc breaks lines, unless it is told --wrap=none
_OWN_LINE = re.compile(r"\s*(?:[-*+#>|]|\\?[-*+]|\d{1,3}\\?[.)]|<)|.*[\t|]")


@dataclass(slots=True)
class Spans:
    """What the HTML tables of the lines above still say of the next lines.

    Attributes:
        left: by column, how many rows below are covered by a cell above them.
        depth: how many tables are open.
    """

    left: dict[int, int] = field(default_factory=dict)
    depth: int = 0


class _TableReader(HTMLParser):
    """Rows of the HTML table pieces on one line, each cell in the column that it stands in."""

    def __init__(self, line: int, spans: Spans) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[Row] = []
        self._line, self._spans = line, spans
        self._cells: list[tuple[str, int, int]] | None = None
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            if self._open or self._spans.depth:
                raise Unplaced(self._line, "a table inside a table, or one above it that is not closed")
            self._spans.left, self._spans.depth = {}, 1
        elif tag == "tr":
            self._end_row()
            self._cells = []
        elif tag in {"td", "th"}:
            if self._cells is None:
                self._cells = []
            self._cells.append(("", self._span(attrs, "colspan"), self._span(attrs, "rowspan")))
            self._open = True
        elif self._open:
            self._add(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._open = False
        elif tag in {"tr", "table"}:
            self._end_row()
            if tag == "table":
                self._spans.left, self._spans.depth = {}, 0
        elif self._open:
            self._add(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._open:
            self._add(data)

    def close(self) -> None:
        super().close()
        self._end_row()

    def _add(self, text: str) -> None:
        assert self._cells
        before, columns, rows = self._cells[-1]
        self._cells[-1] = (before + text, columns, rows)

    def _span(self, attrs: list[tuple[str, str | None]], name: str) -> int:
        text = dict(attrs).get(name) or "1"
        if not text.isdecimal() or not 1 <= len(text) <= 3 or not 1 <= int(text) <= MAX_SPAN:
            raise Unplaced(self._line, f"{name}={text[:20]!r}: a number from 1 to {MAX_SPAN} expected")
        return int(text)

    def _end_row(self) -> None:
        """Put the row's cells into their columns, beside those that are covered from above."""
        self._open = False
        if self._cells is None:
            return
        covered, left = self._spans.left, {c: n - 1 for c, n in self._spans.left.items() if n > 1}
        laid: list[Cell] = []
        for raw, columns, rows in self._cells:
            while covered.get(len(laid)):
                laid.append(EMPTY)
            if rows > 1:
                left |= dict.fromkeys(range(len(laid), len(laid) + columns), rows - 1)
            laid += [replace(clean(raw), columns=columns, rows=rows), *[EMPTY] * (columns - 1)]
        width = len(self._cells) if len(self._cells) == 1 and not covered else len(laid)
        self._spans.left, self._cells = left, None
        self.rows.append(make_row(self._line, laid, width=width))


def _html_rows(line: int, text: str, rest: list[Cell], spans: Spans) -> Iterator[Row]:
    """The rows of a line with HTML table tags; ``rest`` are the tabbed cells after it.

    Some converters print the cells of such a table again behind it: where they are the
    same words they are a duplicate, else they are a row that must be read.
    """
    reader = _TableReader(line, spans)
    reader.feed(text)
    reader.close()
    tags = tuple(_TABLE_TAG.findall(text))
    rows = [replace(row, shared=len(reader.rows) > 1) for row in reader.rows if row.kind != "blank"]
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


def read_rows(line: int, text: str, spans: Spans | None = None) -> list[Row]:
    """The rows that stand on a line (mostly one).

    Args:
        line: its number, 1-based.
        text: the line.
        spans: what the tables of the lines above say of it; it is kept up to date.

    Raises:
        Unplaced: an HTML table that cannot be laid out.

    >>> [r.texts for r in read_rows(1, "| a | b |")]
    [('a', 'b')]
    >>> [r.texts for r in read_rows(1, "<tr><td>a</td><td colspan=2>b <i>c</i></td><td>d</td></tr>")]
    [('a', 'b c', '', 'd')]
    >>> read_rows(1, chr(9) + "x")[0].texts
    ('', 'x')
    """
    raw = text.split("\t")
    if _TABLE_TAG.search(raw[0]):
        return list(_html_rows(line, raw[0], [clean(cell) for cell in raw[1:]], spans or Spans()))
    bare = text.strip()
    if len(raw) == 1 and len(bare) > 1 and bare.startswith("|") and bare.endswith("|"):
        raw = [cell.replace("\\|", "|") for cell in _PIPE.split(bare[1:-1])]
        raw = ["" if _NOTHING.fullmatch(cell.strip()) else _BREAK.sub("<br>", cell) for cell in raw]
    elif len(raw) == 1 and (heading := _HEADING.match(text)):
        raw = [heading["text"]]
    return [make_row(line, map(clean, raw), width=len(raw))]


def read_lines(lines: Iterable[str]) -> list[Row]:
    """The rows of a document.

    Raises:
        Unplaced: an HTML table that cannot be laid out, or a table drawn with signs.
    """
    spans, rows = Spans(), list[Row]()
    for number, text, more in _joined(list(lines)):
        if _GRID.fullmatch(text.strip()):
            raise Unplaced(
                number,
                "a table drawn with signs, whose cells nobody can tell: convert the document to pipe tables "
                "(pandoc --to gfm)",
            )
        rows += read_rows(number, text, spans)
        rows += [Row(other, (), "markup", (words.strip(),)) for other, words in more]
    return sorted(rows, key=lambda row: row.line)


def _joined(lines: list[str]) -> Iterator[tuple[int, str, list[tuple[int, str]]]]:
    """The lines, those that are one joined: a table's row over several lines, a paragraph that is wrapped.

    Yields:
        The number of the line that has the words first, all the words, and the other lines of them.
    """
    wrapped, at = _is_wrapped(lines), 0
    while at < len(lines):
        end = _end_of_row(lines, at) or (_end_of_paragraph(lines, at) if wrapped else at + 1)
        part = list(enumerate(lines[at:end], start=at + 1))
        first = next((i for i, (_, text) in enumerate(part) if _TABLE_TAG.sub("", text).strip()), 0)
        joined = " ".join(text.strip() for _, text in part) if len(part) > 1 else part[0][1]
        yield part[first][0], joined, part[:first] + part[first + 1 :]
        at = end


def _end_of_row(lines: list[str], at: int) -> int | None:
    """Behind the last line of a table's row of HTML that begins on a line and does not end there."""
    tags = _ROW_TAG.findall(lines[at])
    if not tags or tags[-1] or _TABLE_TAG.sub("", lines[at]).strip():
        return None
    for end in range(at + 1, min(len(lines), at + MAX_ROW_LINES)):
        tags = _ROW_TAG.findall(lines[end])
        if tags or "</table" in lines[end].casefold():
            return end + 1 if tags and tags[0] else end
    return None


def _is_wrapped(lines: list[str]) -> bool:
    """Whether a program has broken the lines of paragraphs, and for no other reason than their length."""
    if any("\t" in line for line in lines):
        return False
    pairs = [(line, after) for line, after in pairwise(lines) if line.strip() and _is_plain(after)]
    pairs = [(line, after) for line, after in pairs if not line.lstrip().startswith(("|", "<"))]
    return bool(pairs) and all(_goes_on(line, after) for line, after in pairs)


def _is_plain(line: str) -> bool:
    return bool(line.strip()) and not _OWN_LINE.match(line)


def _end_of_paragraph(lines: list[str], at: int) -> int:
    end = at + 1
    while end < len(lines) and _goes_on(lines[end - 1], lines[end]):
        end += 1
    return end


def _goes_on(line: str, after: str) -> bool:
    """Whether a line was broken because the next word had no room."""
    if not line.strip() or not _is_plain(after) or "|" in line or "<" in line:
        return False
    return len(line) <= _WRAPPED_AT < len(line) + 1 + len(after.split(None, 1)[0])
