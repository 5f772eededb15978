"""Excel's workbooks (Office Open XML), their sheets laid out as the form.

Read from their XML: what a cell shows is its value as Italians print it, a cell that covers others is told
from one that does not, and a formula without its value is told instead of being lost.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote
from xml.etree.ElementTree import Element

from mappe_servizi.sources.block import (
    EMPTY,
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    Content,
    DocumentKind,
    Pages,
    Unfit,
    plain,
)
from mappe_servizi.sources.container import Container, attribute, holds, local
from mappe_servizi.sources.margins import without_margin
from mappe_servizi.sources.markup import raised_digits
from mappe_servizi.sources.values import printed_day, printed_number

_WORKBOOK: Final = "xl/workbook.xml"
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_DATES = frozenset({14, 15, 16, 17, 22})
"""The built-in formats that are dates (ECMA-376, 18.8.30)."""
_PERCENT = frozenset({9, 10})
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')


def read(data: bytes) -> Content:
    """A workbook's rows, sheet by sheet, in its order.

    Raises:
        Unfit: it cannot be opened, has a formula without a value, or more than any workbook of service maps.
    """
    container, pages = Container(data), Pages()
    workbook = _Workbook.of(container)
    for name, part in workbook.sheets:
        where = f"sheet={quote(name)}&cell="
        for index, cells, width in without_margin(_rows(container.xml(part), where, workbook)):
            pages.add(cells, f"{where}A{index}", width)
    return pages.content()


@dataclass(frozen=True, slots=True)
class _Workbook:
    """What the sheets of a workbook share.

    Attributes:
        sheets: their names and parts.
        strings: the shared texts, each by its paragraphs.
        formats: by style, "date", "percent" or "".
        since_1904: whether days count from 1904.
    """

    sheets: list[tuple[str, str]]
    strings: list[list[str]]
    formats: list[str]
    since_1904: bool

    @classmethod
    def of(cls, container: Container) -> _Workbook:
        root = container.xml(_WORKBOOK)
        relations = {
            attribute(e, "Id"): attribute(e, "Target")
            for e in container.xml("xl/_rels/workbook.xml.rels")
            if "worksheet" in attribute(e, "Type")
        }
        sheets = [
            (attribute(e, "name"), posixpath.normpath(posixpath.join("/xl", relations[of])).lstrip("/"))
            for e in root.iter()
            if local(e) == "sheet" and (of := e.attrib.get(_relation(e), "")) in relations
        ]
        shared = "xl/sharedStrings.xml"
        strings = [_words(e) for e in container.xml(shared)] if shared in container else []
        styles = "xl/styles.xml"
        formats = list(_formats(container.xml(styles))) if styles in container else []
        since = any(
            attribute(e, "date1904") in {"1", "true"} for e in root.iter() if local(e) == "workbookPr"
        )
        return cls(sheets, strings, formats, since)


def _relation(sheet: Element) -> str:
    return next((key for key in sheet.attrib if key.endswith("relationships}id")), "")


def _words(item: Element) -> list[str]:
    """A text with its line breaks; raised digits stay apart, phonetic help is none of it."""
    text = ""
    for part in item:
        if local(part) == "t":
            text += part.text or ""
        elif local(part) == "r":
            words = "".join(t.text or "" for t in part if local(t) == "t")
            kinds = [attribute(e, "val") for e in part.iter() if local(e) == "vertAlign"]
            kind = {"superscript": "sup", "subscript": "sub"}.get(kinds[0] if kinds else "")
            text += raised_digits(words, kind) if kind else words
    return re.sub(r"_x000D_|\r", "", text).split("\n")


def _formats(styles: Element) -> Iterator[str]:
    codes = {
        attribute(e, "numFmtId"): attribute(e, "formatCode") for e in styles.iter() if local(e) == "numFmt"
    }
    for cell in (e for group in styles if local(group) == "cellXfs" for e in group):
        told = attribute(cell, "numFmtId", "0")
        code = _LITERAL.sub("", codes.get(told, "")).casefold()
        number = int(told) if told.isdecimal() and len(told) < 6 else 0
        if number in _DATES or (
            "y" in code or "d" in code or "a" in code.split(";")[0].replace("general", "")
        ):
            yield "date"
        else:
            yield "percent" if number in _PERCENT or "%" in code else ""


def _rows(sheet: Element, where: str, workbook: _Workbook) -> Iterator[tuple[int, list[Cell], int]]:
    covering = _merged(sheet, where)
    for row in (e for data in sheet if local(data) == "sheetData" for e in data if local(e) == "row"):
        found: dict[int, Cell] = {}
        index = 0
        for item in (e for e in row if local(e) == "c"):
            place = attribute(item, "r")
            column, index = _place(place, where)
            columns, deep = covering.get((column, index), (1, 1))
            cell = plain(_shown(item, f"{where}{place}", workbook), f"{where}{place}", columns, deep)
            if cell:
                found[column] = cell
        if found:
            cells = [found.get(i, EMPTY) for i in range(max(found) + 1)]
            only = found.get(0) if len(found) == 1 else None
            yield index, cells, 1 if only and only.columns > 1 else max(len(cells), 2)


def _place(place: str, where: str) -> tuple[int, int]:
    """Column from 0 and row from 1."""
    match = _CELL.fullmatch(place)
    if not match:
        raise Unfit(f"{where}{place[:20]}: no cell of a workbook")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    if column > MAX_COLUMNS or int(match[2]) > MAX_ROWS:
        raise Unfit(f"{where}{place}: beyond the {MAX_COLUMNS} columns and {MAX_ROWS} rows that are read")
    return column - 1, int(match[2])


def _merged(sheet: Element, where: str) -> dict[tuple[int, int], tuple[int, int]]:
    """How many columns and rows the cells cover that cover others."""
    found = {}
    for merge in (e for e in sheet.iter() if local(e) == "mergeCell"):
        first, _, last = attribute(merge, "ref").partition(":")
        (left, top), (right, bottom) = _place(first, where), _place(last or first, where)
        found[left, top] = (right - left + 1, bottom - top + 1)
    return found


def _shown(cell: Element, anchor: str, workbook: _Workbook) -> list[str]:
    """What a cell shows, by paragraphs."""
    kind = attribute(cell, "t", "n")
    value = next((e.text or "" for e in cell if local(e) == "v"), None)
    if kind == "inlineStr":
        return [line for e in cell if local(e) == "is" for line in _words(e)]
    if not value:
        if any(local(e) == "f" for e in cell):
            raise Unfit(
                f"{anchor}: a formula without its value: open the workbook, let it calculate, save it"
            )
        return []
    if kind == "s":
        if not value.isdecimal() or len(value) > 9 or int(value) >= len(workbook.strings):
            raise Unfit(f"{anchor}: its text is not among the workbook's texts: a damaged file")
        return workbook.strings[int(value)]
    if kind == "e":
        raise Unfit(f"{anchor}: its formula has the error {value[:20]!r}")
    if kind != "n":
        return [{"1": "sì", "0": "no"}.get(value, value)] if kind == "b" else value.split("\n")
    style = attribute(cell, "s", "0")
    return [_number(value, style, workbook)]


def _number(value: str, style: str, workbook: _Workbook) -> str:
    format_ = workbook.formats[int(style)] if style.isdecimal() and int(style) < len(workbook.formats) else ""
    if format_ == "date":
        return printed_day(value, since_1904=workbook.since_1904)
    return printed_number(value, percent=format_ == "percent") + ("%" if format_ == "percent" else "")


KIND = DocumentKind("XLSX", (".xlsx", ".xlsm"), lambda data: holds(data, _WORKBOOK), read)
