"""What OpenDocument's texts and workbooks share: tables and paragraphs of content.xml."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element

from mappe_servizi.sources.block import EMPTY, MAX_COLUMNS, MAX_ROWS, Cell, Unfit, column_name, plain
from mappe_servizi.sources.container import Container, attribute, local, number
from mappe_servizi.sources.markup import raised_digits

CONTENT: Final = "content.xml"
_LARGEST: Final = 10_000_000
_GONE = frozenset({"annotation", "annotation-end", "tracked-changes", "note-body", "table", "ruby-text"})


def body(container: Container, kind: str) -> Element:
    """The body of a document: ``text`` or ``spreadsheet``.

    Raises:
        Unfit: it has none; a password protects it.
    """
    if "META-INF/manifest.xml" in container and b"encryption-data" in container.read("META-INF/manifest.xml"):
        raise Unfit("a password protects it: save it without one")
    found = next((e for e in container.xml(CONTENT).iter() if local(e) == kind), None)
    if found is None:
        raise Unfit(f"a damaged file: {CONTENT} has no {kind}; save it again")
    return found


def raised_styles(container: Container) -> dict[str, str]:
    """The styles of raised and lowered text: "sup" or "sub" by name."""
    found = {}
    for style in (e for e in container.xml(CONTENT).iter() if local(e) == "style"):
        for part in style:
            position = attribute(part, "text-position")
            if position.startswith(("super", "sub")) or position[:1] == "-":
                found[attribute(style, "name")] = "sup" if position.startswith("super") else "sub"
            elif position[:1].isdigit() and not position.startswith("0"):
                found[attribute(style, "name")] = "sup"
    return found


def text(element: Element, raised: dict[str, str]) -> str:
    """What a paragraph prints; a line break is a line end."""
    return "".join(_pieces(element, raised))


def _pieces(element: Element, raised: dict[str, str]) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        name = local(child)
        if name in {"s", "tab"}:
            yield " "
        elif name == "line-break":
            yield "\n"
        elif name == "note-citation":
            yield raised_digits("".join(_pieces(child, raised)), "sup")
        elif name == "span" and (kind := raised.get(attribute(child, "style-name"))):
            yield raised_digits("".join(_pieces(child, raised)), kind)
        elif name == "p":  # of a text box
            yield "\n" + "".join(_pieces(child, raised)) + "\n"
        elif name and name not in _GONE:
            yield from _pieces(child, raised)
        yield child.tail or ""


def rows(table: Element, where: str, raised: dict[str, str]) -> Iterator[tuple[int, list[Cell], int]]:
    """The rows of a table that print anything: which they are, their cells, how many they have.

    Raises:
        Unfit: it has more than any table, or one inside of another.
    """
    index = 0
    for row in _of(table, "table-row"):
        repeated = number(row, "number-rows-repeated", _LARGEST)
        cells, count = _cells(row, where, index, raised)
        if not any(cells):
            index += repeated
            continue
        if repeated > 1:
            raise Unfit(
                f"{where}A{index + 1}: {repeated} rows that are the same; are they meant to be there?"
            )
        if index > MAX_ROWS:
            raise Unfit(f"{where}A{index + 1}: more rows than the {MAX_ROWS} that are read")
        yield index, cells, count
        index += 1


def _of(table: Element, name: str) -> Iterator[Element]:
    for child in table:
        if local(child) == name:
            yield child
        elif local(child) in {"table-header-rows", "table-rows", "table-row-group"}:
            yield from _of(child, name)


def _cells(row: Element, where: str, index: int, raised: dict[str, str]) -> tuple[list[Cell], int]:
    cells: list[Cell] = []
    count, at = 0, 0
    for child in row:
        name = local(child)
        if name not in {"table-cell", "covered-table-cell"}:
            continue
        repeated = number(child, "number-columns-repeated", _LARGEST)
        cell = EMPTY if name == "covered-table-cell" else _cell(child, where, index, at, raised)
        at += repeated
        count += repeated
        if cell and at > MAX_COLUMNS:
            raise Unfit(f"{where}A{index + 1}: a table of more than {MAX_COLUMNS} columns")
        if cell and repeated > 1:
            raise Unfit(f"{cell.anchor}: {repeated} cells that are the same; are they meant to be there?")
        cells += [cell] * (min(at, MAX_COLUMNS) - len(cells))
    covered = any(local(child) == "covered-table-cell" for child in row)
    wide = len(cells) == 1 or (covered and sum(local(child) == "table-cell" for child in row) == 1)
    return cells, 1 if wide and cells[0] else count


def _cell(cell: Element, where: str, index: int, at: int, raised: dict[str, str]) -> Cell:
    anchor = f"{where}{column_name(at)}{index + 1}"
    if any(local(part) == "table" for part in cell.iter()):
        raise Unfit(f"{anchor}: a table inside a table, which nobody can lay out")
    columns, deep = (
        number(cell, "number-columns-spanned", _LARGEST),
        number(cell, "number-rows-spanned", _LARGEST),
    )
    paragraphs = _value(cell) or [line for p in _paragraphs(cell) for line in text(p, raised).split("\n")]
    return plain(paragraphs, anchor, min(columns, MAX_COLUMNS), deep)


def _paragraphs(cell: Element) -> Iterator[Element]:
    for child in cell:
        if local(child) in {"p", "h"}:
            yield child
        elif local(child) not in _GONE:
            yield from _paragraphs(child)


def _value(cell: Element) -> list[str]:
    """A number, a percentage, an amount or a date of a workbook as Italians print it; [] for a text."""
    from mappe_servizi.sources.values import printed_date, printed_number

    kind = attribute(cell, "value-type")
    if kind in {"float", "percentage", "currency"}:
        sign = {"percentage": "%", "currency": f" {attribute(cell, 'currency') or 'EUR'}"}.get(kind, "")
        return [printed_number(attribute(cell, "value"), percent=kind == "percentage") + sign]
    return [printed_date(attribute(cell, "date-value"))] if kind == "date" else []
