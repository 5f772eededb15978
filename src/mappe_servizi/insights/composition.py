"""What a printed total is made of, year by year, where its parts fit into it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import fsum
from typing import Final

from mappe_servizi.insights.figure import TableFigure
from mappe_servizi.insights.statements import NOT_PARTS

CLOSE: Final = 1e-6
"""How much more than the total its parts may add up to: what reckoning with fractions costs."""


@dataclass(frozen=True, slots=True)
class Composition:
    """A printed total of a year, and its parts of that year in the total's order."""

    total: TableFigure
    parts: tuple[TableFigure, ...]

    @property
    def rest(self) -> float:
        """What the parts leave of the total: others that are not printed."""
        return max(0.0, self.total.number - fsum(part.number for part in self.parts))


def compositions(whole: str, figures: Iterable[TableFigure], doubted: Collection[str]) -> list[Composition]:
    """The years of a total of which its parts are known, in order.

    A year is left out in which a part is doubted or no plain number, is of another unit, or in which the
    parts are more than the total: then they overlap, and a picture of them would mislead.

    Args:
        whole: the IRI of the indicator that is the total.
        figures: of its service.
        doubted: the IRIs of those that a finding rests on.
    """
    by_year: dict[int, dict[str, TableFigure]] = {}
    for figure in figures:
        by_year.setdefault(figure.year, {})[figure.indicator] = figure
    found = []
    for _, of_year in sorted(by_year.items()):
        total = of_year.get(whole)
        if total is None or not total.sure(doubted) or total.period_kind == "average":
            continue
        parts = tuple(of_year[part] for part in total.total_of if part in of_year)
        if len(parts) > 1 and _fit(total, parts, doubted):
            found.append(Composition(total, parts))
    return found


def _fit(total: TableFigure, parts: tuple[TableFigure, ...], doubted: Collection[str]) -> bool:
    sure = all(part.sure(doubted) and part.unit == total.unit and part.number >= 0 for part in parts)
    plain = total.unit not in NOT_PARTS and total.number > 0
    return sure and plain and fsum(part.number for part in parts) <= total.number * (1 + CLOSE)
