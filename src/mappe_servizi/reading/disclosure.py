"""Small counts about vulnerable people: flagged, and suppressed where a setting says so.

The rule: a figure of "Utenti seguiti" greater than zero and below the threshold, or one that
waits for a decision, that counts people, children or families of a segment whose audience is in
data/knowledge/vulnerable-audiences.csv. The source is public, so by default such a figure is only
flagged. Where it is suppressed, what would give it away goes too: the same figure in another
row of the map, a second part of a total that has only one suppressed part, the cell's raw
text, and the quoted lines. The records are the only source of everything published, so
nothing downstream can tell it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from mappe_servizi.model.records import Correction, Document
from mappe_servizi.model.service_map import Figure, Indicator, ServiceMap, Table
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.knowledge import VULNERABLE

DEFAULT_THRESHOLD = 4
SUPPRESSED_RAW = "[dato oscurato]"
SUPPRESSED_LINE = "[riga oscurata: contiene un conteggio non pubblicato]"
_PEOPLE = frozenset({"people", "children", "families"})
Audiences = Mapping[tuple[int, int], tuple[str, ...]]
Cell = tuple[Table, int, int]  # table, position, year


def vulnerable_audiences(knowledge: Path) -> frozenset[str]:
    """The audience groups whose small counts are protected (data/knowledge/vulnerable-audiences.csv)."""
    return frozenset(row.audience for row in read_rows(VULNERABLE, knowledge / VULNERABLE.file))


def flag_small_counts(
    document: Document, audiences: Audiences, vulnerable: frozenset[str], threshold: int = DEFAULT_THRESHOLD
) -> Document:
    """The document with its small counts flagged.

    Args:
        document: as read.
        audiences: the audience groups of each segment, by map number and position.
        vulnerable: the audience groups that are protected.
        threshold: counts below it are small.
    """

    def flagged(sheet: ServiceMap, indicator: Indicator) -> Indicator:
        if not _protected(sheet, indicator, audiences, vulnerable):
            return indicator
        return replace(indicator, figures=tuple(_flagged(f, threshold) for f in indicator.figures))

    maps = (replace(m, indicators=tuple(flagged(m, i) for i in m.indicators)) for m in document.maps)
    return replace(document, maps=tuple(maps))


def _protected(
    sheet: ServiceMap, indicator: Indicator, audiences: Audiences, vulnerable: frozenset[str]
) -> bool:
    if indicator.table != "users" or indicator.counted not in _PEOPLE:
        return False
    groups = (audiences.get((sheet.number, position), ()) for position in indicator.segments)
    return any(vulnerable.intersection(group) for group in groups)


def _flagged(figure: Figure, threshold: int) -> Figure:
    # Nobody has decided what an open figure says, so it may be a small one.
    small = figure.status == "open" if figure.value is None else 0 < figure.value < threshold
    return replace(figure, small=True) if small else figure


def suppress_small_counts(document: Document) -> Document:
    """The document without its flagged figures, and without what would give them away."""
    maps, lines, ids = [], list(document.lines), set()
    for sheet in document.maps:
        cells = _closed(sheet, {(i.table, i.position, f.year) for i, f in _figures(sheet) if f.small})
        for i, figure in ((i, f) for i, f in _figures(sheet) if (i.table, i.position, f.year) in cells):
            ids |= {*i.corrections, *figure.corrections}
            for line in figure.lines:
                lines[line - 1] = SUPPRESSED_LINE
        maps.append(_without(sheet, cells))
    corrections = without_corrections(document.corrections, ids)
    return replace(document, maps=tuple(maps), lines=tuple(lines), corrections=corrections)


def without_corrections(corrections: Iterable[Correction], ids: Collection[str]) -> tuple[Correction, ...]:
    """The corrections, those that touched a figure which is gone without their words: they quote it."""
    return tuple(
        replace(
            c, printed=SUPPRESSED_RAW, reads=SUPPRESSED_RAW, reason=SUPPRESSED_RAW, evidence=SUPPRESSED_RAW
        )
        if c.id in ids
        else c
        for c in corrections
    )


def _figures(sheet: ServiceMap) -> Iterator[tuple[Indicator, Figure]]:
    return ((i, f) for i in sheet.indicators for f in i.figures)


def _closed(sheet: ServiceMap, cells: set[Cell]) -> set[Cell]:
    """The cells, and all that must go with them, until nothing more is added."""
    while True:
        more = cells | _repeats(sheet, cells)
        more |= _complements(sheet, more)
        if more == cells:
            return cells
        cells = more


def _repeats(sheet: ServiceMap, cells: set[Cell]) -> set[Cell]:
    """The same cells of rows that print the same figures in every year."""
    series = {
        (i.table, i.position): tuple((f.year, f.raw if f.status == "open" else f.value) for f in i.figures)
        for i in sheet.indicators
    }
    return {
        (table, position, year)
        for of_table, of_position, year in cells
        for (table, position), figures in series.items()
        if figures == series[of_table, of_position]
    }


def _complements(sheet: ServiceMap, cells: set[Cell]) -> set[Cell]:
    """A second part of each total of which one part alone is suppressed: the smallest."""
    rows = {(i.table, i.position): i for i in sheet.indicators}
    more: set[Cell] = set()
    for total, figure in _figures(sheet):
        gone = [p for p in total.total_of if (total.table, p, figure.year) in cells]
        if len(gone) != 1 or (total.table, total.position, figure.year) in cells:
            continue
        parts = [(_value(rows[total.table, p], figure.year), p) for p in total.total_of if p not in gone]
        left = [(value, position) for value, position in parts if value]
        if left:
            more.add((total.table, min(left)[1], figure.year))
    return more


def _value(indicator: Indicator, year: int) -> Decimal:
    return next((f.value for f in indicator.figures if f.year == year and f.value), Decimal(0))


def _without(sheet: ServiceMap, cells: set[Cell]) -> ServiceMap:
    def hidden(indicator: Indicator, figure: Figure) -> Figure:
        if (indicator.table, indicator.position, figure.year) not in cells:
            return figure
        return replace(figure, raw=SUPPRESSED_RAW, value=None, note=None, status="suppressed", small=False)

    indicators = (replace(i, figures=tuple(hidden(i, f) for f in i.figures)) for i in sheet.indicators)
    return replace(sheet, indicators=tuple(indicators))
