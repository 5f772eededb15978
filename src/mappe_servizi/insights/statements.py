"""Statements: a change between years, a share of a total, a rank among like rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, get_args

from mappe_servizi.insights.figure import TableFigure

Kind = Literal["change", "share", "rank"]
KINDS: Final = get_args(Kind)
FEWEST: Final = 3
"""Rows among which a rank says something."""
MOST: Final = 50
"""Rows that a reader can go through to check it."""
NOT_PARTS: Final = frozenset({"percent"})
"""Units of which nothing is a share."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement about the last of its figures.

    Attributes:
        figures: that it rests on: of a change the first and the last year, of a share the whole and the part,
            of a rank the rows alike, and the one that has it.
        value: of a change the difference, in the figures' unit; of a share the percentage; of a rank the
            place, from 1 for the largest.
        percent: of a change, against the first year; None where that is nothing, or itself a percentage.
        among: of a rank, how many rows.
    """

    kind: Kind
    figures: tuple[TableFigure, ...]
    value: float
    percent: float | None = None
    among: int = 0

    @property
    def about(self) -> TableFigure:
        """The figure that it is about."""
        return self.figures[-1]


def statements(figures: Iterable[TableFigure], doubted: Collection[str]) -> list[Statement]:
    """All statements about some figures: of a row together, in the order in which the figures stand.

    Args:
        figures: current ones, of whole services: of a part, ranks would be of fewer rows than there are.
        doubted: the IRIs of those that a finding rests on.
    """
    # A row that repeats another one says nothing of its own.
    rows: dict[str, list[TableFigure]] = defaultdict(list)
    for figure in figures:
        if not figure.repeats:
            rows[figure.indicator].append(figure)
    found = [*_changes(rows, doubted), *_shares(rows, doubted), *_ranks(rows, doubted)]
    places = {indicator: place for place, indicator in enumerate(rows)}
    return sorted(found, key=lambda one: (places[one.about.indicator], KINDS.index(one.kind)))


Rows = dict[str, list[TableFigure]]


def _changes(rows: Rows, doubted: Collection[str]) -> Iterator[Statement]:
    """From the first year of each row to the last, where both are sure."""
    for row in rows.values():
        first, last = min(row, key=lambda f: f.year), max(row, key=lambda f: f.year)
        if first.year < last.year and first.sure(doubted) and last.sure(doubted) and first.unit == last.unit:
            change = difference(last.number, first.number)
            yield Statement("change", (first, last), change, relative(change, first.number, first.unit))


def difference(number: float, from_: float) -> float:
    """The difference of two printed numbers, as one would print it.

    >>> difference(161.58, 154.875), 161.58 - 154.875
    (6.705, 6.7050000000000125)
    """
    return float(Decimal(str(number)) - Decimal(str(from_)))


def relative(change: float, from_: float, unit: str) -> float | None:
    """A difference in percent of what it is from; None where that is nothing, or a percentage itself.

    >>> relative(5, 20, "count"), relative(5, 0, "count"), relative(5, 20, "percent")
    (25.0, None, None)
    """
    return change / from_ * 100 if from_ > 0 and unit not in NOT_PARTS else None


def _shares(rows: Rows, doubted: Collection[str]) -> Iterator[Statement]:
    """Each part of a printed total, in the last year that has both."""
    for whole in rows.values():
        for indicator in whole[0].total_of:
            found = list(_beside(whole, rows.get(indicator, []), doubted))
            if found:
                yield max(found, key=lambda one: one.about.year)


def _beside(
    whole: list[TableFigure], part: list[TableFigure], doubted: Collection[str]
) -> Iterator[Statement]:
    of_year = {figure.year: figure for figure in part if figure.sure(doubted)}
    for total in whole:
        one = of_year.get(total.year)
        if one is None or not total.sure(doubted) or total.period_kind == "average":
            continue
        alike = total.unit == one.unit and total.unit not in NOT_PARTS
        if alike and 0 <= one.number <= total.number and total.number > 0:
            yield Statement("share", (total, one), one.number / total.number * 100)


def _ranks(rows: Rows, doubted: Collection[str]) -> Iterator[Statement]:
    """Of rows that count the same in the same way: each one's place in the last year in which all are sure.

    Those of one service and heading, since those of two may count the same people.
    """
    alike: dict[tuple[str, ...], dict[int, list[TableFigure]]] = defaultdict(lambda: defaultdict(list))
    for figure in (figure for row in rows.values() for figure in row):
        if figure.role == "item" and figure.counted:
            kind = (
                figure.service,
                figure.table,
                figure.group,
                figure.unit,
                figure.counted,
                figure.period_kind,
            )
            alike[kind][figure.year].append(figure)
    for years in alike.values():
        members = {figure.indicator for year in years.values() for figure in year}
        whole = [
            year
            for year, figures in years.items()
            if FEWEST <= len(figures) == len(members) <= MOST
            and all(figure.sure(doubted) for figure in figures)
        ]
        if whole:
            yield from _placed(years[max(whole)])


def _placed(figures: list[TableFigure]) -> Iterator[Statement]:
    """The place of each that shares it with no other."""
    numbers = [figure.number for figure in figures]
    for figure in figures:
        if numbers.count(figure.number) == 1:
            place = 1 + sum(other > figure.number for other in numbers)
            others = tuple(other for other in figures if other is not figure)
            yield Statement("rank", (*others, figure), place, among=len(figures))
