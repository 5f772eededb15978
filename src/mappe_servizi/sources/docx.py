"""Word's documents (Office Open XML), read from their XML.

A library that gives only paragraphs and tables loses what forms are made of: boxes to tick, content
controls, tracked insertions, automatic numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from mappe_servizi.sources.block import (
    EMPTY,
    MAX_COLUMNS,
    Cell,
    Content,
    DocumentKind,
    Pages,
    Unfit,
    column_name,
    plain,
)
from mappe_servizi.sources.container import Container, attribute, holds, local, number
from mappe_servizi.sources.markup import raised_digits

_MAIN = "word/document.xml"
_WITHIN = frozenset(
    {"sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml", "hyperlink", "AlternateContent", "Choice"}
)
_GONE = frozenset(
    {"del", "moveFrom", "Fallback", "instrText", "delText", "rPr", "pPr", "sdtPr", "sdtEndPr", "tcPr"}
)
"""What is deleted, told twice, or no text."""


def read(data: bytes) -> Content:
    """A document's paragraphs and tables, in their order.

    Raises:
        Unfit: it cannot be opened, or a table cannot be laid out.
    """
    container = Container(data)
    root = container.xml(_MAIN)
    body = next((child for child in root if local(child) == "body"), None)
    if body is None:
        raise Unfit(f"a damaged file: {_MAIN} has no body; save it again")
    numbering = container.xml("word/numbering.xml") if "word/numbering.xml" in container else None
    reader = _DocxReader(_Numbers.of(numbering))
    reader.blocks(body)
    return reader.pages.content()


def _children(parent: Element, *names: str) -> Iterator[Element]:
    """The children of these names, also within what says nothing by itself."""
    for child in parent:
        if local(child) in names:
            yield child
        elif local(child) in _WITHIN:
            yield from _children(child, *names)


def _child(parent: Element | None, *path: str) -> Element | None:
    for name in path:
        parent = next((c for c in parent if local(c) == name), None) if parent is not None else None
    return parent


def _is_on(element: Element | None) -> bool:
    return element is not None and attribute(element, "val", "1") not in {"0", "false", "off"}


@dataclass(slots=True)
class _Numbers:
    """Automatic numbers of paragraphs: by list and level the pattern that it prints and its start."""

    levels: dict[tuple[str, int], tuple[str, int]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    counts: Counter[tuple[str, int]] = field(default_factory=Counter)

    @classmethod
    def of(cls, root: Element | None) -> _Numbers:
        """Those that numbering.xml tells; only decimal ones are printed."""
        numbers = cls()
        for item in () if root is None else root:
            if local(item) == "abstractNum":
                for level in (c for c in item if local(c) == "lvl"):
                    told = {local(c): attribute(c, "val") for c in level}
                    key = (attribute(item, "abstractNumId"), int(attribute(level, "ilvl") or 0))
                    if told.get("numFmt", "decimal") == "decimal":
                        numbers.levels[key] = (told.get("lvlText", ""), int(told.get("start") or 1))
            elif local(item) == "num" and (of := _child(item, "abstractNumId")) is not None:
                numbers.lists[attribute(item, "numId")] = attribute(of, "val")
        return numbers

    def before(self, paragraph: Element) -> str:
        """The number that a paragraph prints before its text, with a space; "" where it prints none."""
        told = _child(paragraph, "pPr", "numPr")
        of, depth = _child(told, "numId"), _child(told, "ilvl")
        if of is None:
            return ""
        which, level = (
            self.lists.get(attribute(of, "val"), ""),
            int(attribute(depth, "val") or 0) if depth is not None else 0,
        )
        if (which, level) not in self.levels:
            return ""
        self.counts[which, level] += 1
        for deeper in range(level + 1, 9):
            del self.counts[which, deeper]
        text = self.levels[which, level][0]
        for n in range(level + 1):
            start = self.levels.get((which, n), ("", 1))[1]
            text = text.replace(f"%{n + 1}", str(start + max(self.counts[which, n], 1) - 1))
        return f"{text} " if text else ""


class _DocxReader:
    def __init__(self, numbers: _Numbers) -> None:
        self.pages, self._numbers = Pages(), numbers
        self._paragraphs = self._tables = 0

    def blocks(self, parent: Element) -> None:
        for block in _children(parent, "p", "tbl"):
            if local(block) == "tbl":
                self._table(block)
                continue
            self._paragraphs += 1
            text = _text(block)
            if text.strip():
                cell = plain([self._numbers.before(block) + text.replace("\n", " ")])
                self.pages.add([cell], f"paragraph={self._paragraphs}", 1)

    def _table(self, table: Element) -> None:
        self._tables += 1
        where = f"table={self._tables}&cell="
        laid: list[list[Cell]] = []
        widths: list[int] = []
        above: dict[int, tuple[int, int]] = {}  # by column, where the cell stands that goes on below
        for row in _children(table, "tr"):
            if _child(row, "trPr", "del") is not None:
                continue
            cells, count = self._row(row, len(laid), where, laid, above)
            laid.append(cells)
            widths.append(count)
        for n, (cells, width) in enumerate(zip(laid, widths, strict=True), start=1):
            self.pages.add(cells, f"{where}A{n}", width)

    def _row(
        self, row: Element, index: int, where: str, laid: list[list[Cell]], above: dict[int, tuple[int, int]]
    ) -> tuple[list[Cell], int]:
        before = _child(row, "trPr", "gridBefore")
        cells: list[Cell] = [EMPTY] * (number(before, "val", MAX_COLUMNS) if before is not None else 0)
        count, covered = 0, False
        for cell in _children(row, "tc"):
            count += 1
            at, span = len(cells), _child(cell, "tcPr", "gridSpan")
            columns = number(span, "val", MAX_COLUMNS) if span is not None else 1
            merge = _child(cell, "tcPr", "vMerge")
            if merge is not None and attribute(merge, "val") != "restart" and at in above:
                r, c = above[at]
                laid[r][c] = replace(laid[r][c], rows=index - r + 1)
                cells += [EMPTY] * columns
                covered = True
                continue
            if any(local(part) == "tbl" for part in cell.iter() if part is not cell):
                raise Unfit(
                    f"{where}{column_name(at)}{index + 1}: a table inside a table, which nobody can lay out"
                )
            anchor = f"{where}{column_name(at)}{index + 1}"
            paragraphs = "\n".join(map(_text, _children(cell, "p"))).split("\n")
            cells += [plain(paragraphs, anchor, columns), *[EMPTY] * (columns - 1)]
            above.pop(at, None)
            if merge is not None:
                above[at] = (index, at)
            if len(cells) > MAX_COLUMNS:
                raise Unfit(f"{where}A{index + 1}: a table of more than {MAX_COLUMNS} columns")
        return cells, 1 if count == 1 and not covered and before is None else len(cells)


def _text(element: Element) -> str:
    """What a paragraph prints; a line break is a line end."""
    name = local(element)
    if name in _GONE:
        return ""
    if name == "r":
        return _run(element)
    if name in {"txbxContent"}:
        return "\n" + "\n".join(_text(child) for child in element)
    return _PRINTS[name](element) if name in _PRINTS else "".join(map(_text, element))


def _run(run: Element) -> str:
    style = _child(run, "rPr")
    if _is_on(_child(style, "vanish")):
        return ""
    text = "".join(map(_text, run))
    raised = _child(style, "vertAlign")
    kind = {"superscript": "sup", "subscript": "sub"}.get(
        attribute(raised, "val") if raised is not None else ""
    )
    return raised_digits(text, kind) if kind else text


def _symbol(element: Element) -> str:
    code = attribute(element, "char")
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return "\ufffd"


def _box(element: Element) -> str:
    """A box to tick of an old form field."""
    ticked = _child(element, "checked")
    return "☒" if _is_on(ticked if ticked is not None else _child(element, "default")) else "☐"


_PRINTS: dict[str, Callable[[Element], str]] = {
    "t": lambda element: element.text or "",
    "tab": lambda element: " ",
    "ptab": lambda element: " ",
    "br": lambda element: "\n",
    "cr": lambda element: "\n",
    "noBreakHyphen": lambda element: "‑",
    "softHyphen": lambda element: "",
    "sym": _symbol,
    "checkBox": _box,
    "footnoteReference": lambda element: raised_digits(attribute(element, "id"), "sup"),
    "endnoteReference": lambda element: raised_digits(attribute(element, "id"), "sup"),
}

KIND = DocumentKind("DOCX", (".docx", ".docm"), lambda data: holds(data, _MAIN), read)
