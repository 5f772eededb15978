"""OpenDocument's texts: LibreOffice, Collabora, Google Documents."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from mappe_servizi.sources.block import Content, DocumentKind, Pages, plain
from mappe_servizi.sources.container import Container, attribute, holds, local
from mappe_servizi.sources.opendocument import CONTENT, body, raised_styles, rows, text

_GONE = frozenset({"tracked-changes", "sequence-decls", "variable-decls", "forms", "user-field-decls"})


def read(data: bytes) -> Content:
    """A document's paragraphs and tables, in their order.

    Raises:
        Unfit: it cannot be opened, or a table cannot be laid out.
    """
    container = Container(data)
    reader = _OdtReader(raised_styles(container), _numbered(container))
    reader.blocks(body(container, "text"))
    return reader.pages.content()


def _numbered(container: Container) -> dict[str, tuple[str, str]]:
    """The list styles that print numbers: what stands before and after them, by name."""
    found = {}
    parts = [container.xml(name) for name in (CONTENT, "styles.xml") if name in container]
    for style in (e for root in parts for e in root.iter() if local(e) == "list-style"):
        for level in style:
            of_number = local(level) == "list-level-style-number" and attribute(level, "num-format") == "1"
            if of_number and attribute(level, "level") == "1":
                found[attribute(style, "name")] = (
                    attribute(level, "num-prefix"),
                    attribute(level, "num-suffix"),
                )
    return found


class _OdtReader:
    def __init__(self, raised: dict[str, str], numbered: dict[str, tuple[str, str]]) -> None:
        self.pages, self._raised, self._numbered = Pages(), raised, numbered
        self._paragraphs = self._tables = 0
        self._last: dict[str, int] = {}

    def blocks(self, parent: Element, before: str = "") -> None:
        for child in parent:
            name = local(child)
            if name in {"p", "h"}:
                self._paragraph(child, before)
                before = ""
            elif name == "table":
                self._table(child)
            elif name == "list":
                self._list(child)
            elif name and name not in _GONE:
                self.blocks(child, before)

    def _paragraph(self, paragraph: Element, before: str) -> None:
        self._paragraphs += 1
        words = text(paragraph, self._raised)
        if words.strip():
            self.pages.add([plain([before + words.replace("\n", " ")])], f"paragraph={self._paragraphs}", 1)

    def _list(self, items: Element) -> None:
        """A list, its numbers printed as the reader of the document sees them."""
        style = attribute(items, "style-name")
        goes_on = attribute(items, "continue-numbering") == "true"
        count = self._last.get(style, 0) if goes_on else 0
        for item in items:
            if local(item) not in {"list-item", "list-header"}:
                continue
            start = attribute(item, "start-value")
            count = int(start) if start.isdecimal() and len(start) < 5 else count + 1
            prefix, suffix = self._numbered.get(style, ("", ""))
            self.blocks(item, f"{prefix}{count}{suffix} " if style in self._numbered else "")
        self._last[style] = count

    def _table(self, table: Element) -> None:
        self._tables += 1
        where = f"table={self._tables}&cell="
        for index, cells, width in rows(table, where, self._raised):
            self.pages.add(cells, f"{where}A{index + 1}", width)


KIND = DocumentKind(
    "ODT", (".odt",), lambda data: holds(data, CONTENT) and b"opendocument.text" in data[:200], read
)
