"""The document's index of services."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from mappe_servizi.model.records import Area, IndexEntry
from mappe_servizi.model.service_map import Text
from mappe_servizi.model.text import fold, normal
from mappe_servizi.model.wording import Wording
from mappe_servizi.reading.defects import NumberTwice
from mappe_servizi.reading.heading import Heading
from mappe_servizi.sources.block import Row, Unplaced

_ENTRY = re.compile(r"^(?:[-•*]\s*)?(?P<number>\d{1,3})\s*[.)]\s*(?P<title>.+)$")


def read_index(rows: Sequence[Row], wording: Wording) -> tuple[list[Area], list[IndexEntry], list[Row]]:
    """The areas, the entries, and the rows of the front matter before the first area.

    An area's title is the line above its first entry. Where there is no entry, all of it is front matter.

    Raises:
        Unplaced: a number stands twice, or a line is neither entry nor area.
    """
    areas: list[Area] = []
    entries: list[IndexEntry] = []
    pending: list[Row] = []
    front: list[Row] = []
    for row in (row for row in rows if row.kind == "cells"):
        match = _ENTRY.match(fold(row.texts[row.first]))
        if not match:
            pending.append(row)
            continue
        if pending:
            front += pending[:-1]
            if areas and len(pending) > 1:
                raise Unplaced(pending[0].line, "neither an entry nor an area: {!r}", pending[0].printed)
            title = pending[-1]
            areas.append(Area(len(areas) + 1, _text(without_page(title.texts[title.first], wording), title)))
            pending = []
        entries.append(_entry(match, row, areas, wording))
    if not entries:
        return [], [], pending
    if pending:
        raise Unplaced(pending[0].line, "an area without services: {!r}", pending[0].printed)
    numbers = [entry.number for entry in entries]
    for entry in entries:
        if numbers.count(entry.number) > 1:
            raise NumberTwice(entry.title.lines[0], entry.number)
    return areas, entries, front


def _entry(match: re.Match[str], row: Row, areas: list[Area], wording: Wording) -> IndexEntry:
    if not areas:
        raise Unplaced(row.line, "an entry without an area above it")
    title = without_page(row.texts[row.first][match.start("title") :], wording)
    unpublished = re.search(rf"\s*{wording['unpublished']}\s*$", fold(title))
    text = _text(title[: unpublished.start()] if unpublished else title, row)
    return IndexEntry(int(match["number"]), text, areas[-1], not unpublished)


@cache
def _page_numbers(wording: Wording) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The number of a page behind dots that lead to it, or behind the word for it."""
    page = wording["page"]
    return (
        re.compile(rf"\s*(?:[.·_…]\s?){{3,}}\s*(?:{page})?\s*\d{{1,4}}\s*$", re.IGNORECASE),
        re.compile(rf"[\s,-]*\(?\b{page}\s*(?:n\.?\s*)?\d{{1,4}}\)?\s*$", re.IGNORECASE),
    )


def without_page(text: str, wording: Wording) -> str:
    """A title without the number of its page.

    >>> wording = Wording({"page": [r"pag(?:ina)?\\b\\.?"]})
    >>> titles = ("ASILI NIDO ...... 12", "Nidi, pag. 3", "Legge 104", "Pagina 1")
    >>> [without_page(text, wording) for text in titles]
    ['ASILI NIDO', 'Nidi', 'Legge 104', '']
    """
    for pattern in _page_numbers(wording):
        if found := pattern.search(fold(text)):
            return text[: found.start()]
    return text


def is_entry(row: Row) -> bool:
    """Whether a row is an entry of an index."""
    return row.kind == "cells" and bool(_ENTRY.match(fold(row.texts[row.first])))


def _text(printed: str, row: Row) -> Text:
    return Text(printed, (row.line,), (printed,))


def derive_index(headings: Sequence[Heading], unnamed: str) -> tuple[list[Area], list[IndexEntry]]:
    """The index of a document that prints none: its sheets in their order, by the areas that they name.

    Args:
        unnamed: the area of those that name none.
    """
    areas: dict[str, Area] = {}
    entries = []
    for number, heading in enumerate(headings, start=1):
        title = heading.area or Text(unnamed, heading.service.lines, (unnamed,))
        area = areas.setdefault(normal(title.printed), Area(len(areas) + 1, title))
        entries.append(IndexEntry(number, heading.service, area, published=True))
    return list(areas.values()), entries
