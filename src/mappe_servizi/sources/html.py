"""Web pages, and the HTML that word processors and converters write."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Final

from mappe_servizi.sources.block import Cell, Content, DocumentKind, Pages, Unfit, column_name, plain
from mappe_servizi.sources.grid import Grid
from mappe_servizi.sources.markup import raised_digits
from mappe_servizi.sources.text import decode, printable

MAX_SPAN: Final = 100
BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "li", "main", "nav", "ol", "option", "p", "pre", "section", "ul",
))  # fmt: skip
UNSEEN = frozenset({"script", "style", "head", "template", "svg", "noscript", "title", "textarea"})
_BEGINS = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html)\b",
    re.I | re.S,
)
_FRAGMENT = re.compile(rb"\s*<(?:body|table|h[1-6]|p|div)\b[^<>]{0,500}>", re.I)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{1,40})", re.I)


@dataclass(slots=True)
class _Table:
    """A table that is open."""

    number: int
    grid: Grid = field(default_factory=Grid)
    rows: int = 0
    cells: list[Cell] | None = None
    open: bool = False


@dataclass(slots=True)
class _List:
    """A list that is open, and the number of its next item; None where it has none."""

    next: int | None


class _HtmlReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pages = Pages()
        self._texts = [""]  # the paragraphs of the cell, or of the block outside of tables
        self._spans = (1, 1)
        self._table: _Table | None = None
        self._tables = self._paragraphs = self._unseen = 0
        self._lists: list[_List] = []
        self._raised = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSEEN:
            self._unseen += 1
        elif tag == "table":
            self._begin_table()
        elif tag in {"tr", "td", "th"} and self._table:
            self._begin_part(tag, self._table, attrs)
        elif tag in BLOCKS:
            self._begin_block(tag, dict(attrs))
        elif tag in {"sup", "sub"}:
            self._raised = tag
        elif tag == "input":
            self._mark(dict(attrs))

    def _begin_part(self, tag: str, table: _Table, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._end_row()
            table.cells = []
            return
        self._end_cell()
        table.cells = table.cells if table.cells is not None else []
        self._spans = (self._span(attrs, "colspan"), self._span(attrs, "rowspan"))
        self._texts, table.open = [""], True

    def _begin_block(self, tag: str, attrs: dict[str, str | None]) -> None:
        if tag == "body":
            self._unseen = 0  # a head that is not closed ends here
        self._break()
        if tag in {"ol", "ul"}:
            start = attrs.get("start") or ""
            first = int(start) if re.fullmatch(r"[0-9]{1,4}", start) else 1
            self._lists.append(_List(first if tag == "ol" else None))
        elif tag == "li" and self._lists and not self._table:
            self._number()

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in {"td", "th"} and self._table:
            self._end_cell()
        elif tag == "tr" and self._table:
            self._end_row()
        elif tag == "table" and self._table:
            self._end_row()
            self._table = None
            self._texts = [""]
        elif tag in BLOCKS:
            self._break()
            if tag in {"ol", "ul"} and self._lists:
                self._lists.pop()
        elif tag in {"sup", "sub"}:
            self._raised = ""

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        if self._table and not self._table.open:
            if data.strip():
                raise Unfit(
                    f"table={self._table.number}: {data.strip()[:60]!r} stands in no cell of the table"
                )
            return
        self._texts[-1] += raised_digits(data, self._raised) if self._raised else data

    def close(self) -> None:
        super().close()
        self._end_row()
        self._break()

    def _mark(self, attrs: dict[str, str | None]) -> None:
        """A box to tick, as it stands."""
        if (attrs.get("type") or "").casefold() in {"checkbox", "radio"}:
            self._texts[-1] += "☒" if "checked" in attrs else "☐"

    def _number(self) -> None:
        top = self._lists[-1]
        if top.next is not None:
            self._texts[-1] += f"{top.next}. "
            top.next += 1

    def _break(self) -> None:
        """A paragraph ends: of the cell, or of the page."""
        if self._table and self._table.open:
            self._texts.append("")
        elif not self._table:
            cell = plain([" ".join(self._texts)])
            self._texts = [""]
            if cell:
                self._paragraphs += 1
                self.pages.add([cell], f"paragraph={self._paragraphs}", 1)

    def _begin_table(self) -> None:
        if self._table:
            raise Unfit(f"table={self._table.number}: a table inside a table, which nobody can lay out")
        self._break()
        self._tables += 1
        self._table = _Table(self._tables)

    def _span(self, attrs: list[tuple[str, str | None]], name: str) -> int:
        text = (dict(attrs).get(name) or "1").strip()
        if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= MAX_SPAN:
            raise Unfit(f"table={self._tables}: {name}={text[:20]!r}: a number from 1 to {MAX_SPAN} expected")
        return int(text)

    def _end_cell(self) -> None:
        table = self._table
        if table and table.open and table.cells is not None:
            table.cells.append(plain(self._texts, "", *self._spans))
        if table:
            table.open, self._texts = False, [""]

    def _end_row(self) -> None:
        self._end_cell()
        table = self._table
        if table is None or table.cells is None:
            return
        table.rows += 1
        where = f"table={table.number}&cell="
        laid, width = table.grid.lay(table.cells)
        laid = [replace(c, anchor=f"{where}{column_name(i)}{table.rows}") for i, c in enumerate(laid)]
        self.pages.add(laid, f"{where}A{table.rows}", width)
        table.cells = None


def read(data: bytes) -> Content:
    """A page's paragraphs and tables, in their order.

    Raises:
        Unfit: a table cannot be laid out.
    """
    reader = _HtmlReader()
    reader.feed(decoded(data))
    reader.close()
    return reader.pages.content()


def decoded(data: bytes) -> str:
    """A page's text, by what it says of its encoding, else as any text.

    Raises:
        Unplaced: it is no text.
    """
    told = _CHARSET.search(data[:4096])
    if told and not data.startswith(b"\xef\xbb\xbf"):
        try:
            return printable(data.decode(told[1].decode()))
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data)


def recognises(data: bytes) -> bool:
    """Whether bytes begin as a page does."""
    return bool(_BEGINS.match(data[:8192]) or (_FRAGMENT.match(data[:1024]) and b"</tr" in data.lower()))


KIND = DocumentKind("HTML", (".html", ".htm", ".xhtml"), recognises, read, passes=1)
