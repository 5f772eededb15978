"""The empty columns that many leave at the left of a sheet of a workbook: they say nothing."""

from __future__ import annotations

from collections.abc import Iterable

from mappe_servizi.sources.block import Cell

Laid = tuple[int, list[Cell], int]
"""The index of a row, its cells, and its width: 1 where its one cell covers several columns."""


def without_margin(rows: Iterable[Laid]) -> list[Laid]:
    """The rows of a sheet without the columns at its left that none of them fills.

    >>> from mappe_servizi.sources.block import EMPTY, Cell
    >>> rows = without_margin([(1, [EMPTY, Cell("a")], 2), (2, [EMPTY, EMPTY, Cell("b")], 3)])
    >>> [[cell.text for cell in cells] for _, cells, _ in rows]
    [['a'], ['', 'b']]
    """
    found = list(rows)
    filled = [next((i for i, cell in enumerate(cells) if cell), None) for _, cells, _ in found]
    margin = min((first for first in filled if first is not None), default=0)
    return [_shifted(row, margin) for row in found] if margin else found


def _shifted(row: Laid, margin: int) -> Laid:
    index, cells, width = row
    rest = cells[margin:]
    texts = [cell for cell in rest if cell]
    wide = len(texts) == 1 and rest[0] is texts[0] and texts[0].columns > 1
    return index, rest, 1 if wide else max(width - margin, 2)
