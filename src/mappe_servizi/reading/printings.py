"""A table whose header is printed again: rows that go on, or the same labels under a heading each."""

from __future__ import annotations

from collections import Counter

from mappe_servizi.reading.figure_table import FigureRow, FigureTable, GroupHeading
from mappe_servizi.sources.block import Unplaced


def tell_printings(table: FigureTable) -> None:
    """Tell the printings of a table apart, where they have the same labels.

    Where each of them begins with a row without figures, that row is the heading of the others: nothing else
    makes them different rows. Nobody has decided it, so it is assumed.

    Raises:
        Unplaced: it is printed again with other figures, and nobody can tell which are right.
    """
    if not (again := _again(table)):
        return
    headings = {row.printing: row for row in reversed(table.rows) if row.printing not in _headed(table)}
    undecided = {id(row) for row in table.undecided}
    if all(id(headings.get(one)) in undecided for pair in again for one in pair):
        _group(table, {one: row for one, row in headings.items() if id(row) in undecided})
        again = _again(table)
    for _, later in again:
        line = next(row.lines[0] for row in table.rows if row.printing == later)
        raise Unplaced(line, "the table above is printed again with other figures")


def _headed(table: FigureTable) -> set[int]:
    """The printings that have a heading that somebody has decided."""
    return {group.placed.printing for group in table.groups}


def _again(table: FigureTable) -> list[tuple[int, int]]:
    """The pairs of printings that give most of their labels figures of the same years."""
    first: dict[tuple[str, str], FigureRow] = {}
    labelled, again = Counter[int](), Counter[tuple[int, int]]()
    for row in table.rows:
        if not row.label.parts or row.empty:
            continue
        key = (row.group.printed if row.group else "", " ".join(row.label.parts))
        labelled[row.printing] += 1
        above = first.setdefault(key, row)
        if above.printing == row.printing or not above.cells.keys() & row.cells.keys():
            continue
        again[above.printing, row.printing] += 1
    return [pair for pair, count in again.items() if 2 * count > min(labelled[pair[0]], labelled[pair[1]])]


def _group(table: FigureTable, headings: dict[int, FigureRow]) -> None:
    """Make rows without figures the headings of the rest of their printing."""
    for printing, heading in headings.items():
        if text := heading.label.text():
            table.rows = [row for row in table.rows if row is not heading]
            table.undecided = [row for row in table.undecided if row is not heading]
            table.groups.append(GroupHeading(heading.placed[0], text, 0, assumed=True))
            for row in table.rows:
                if row.printing == printing:
                    row.group = text
