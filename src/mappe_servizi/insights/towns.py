"""Municipalities beside each other: figures of one shared indicator, first of all against a population."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from mappe_servizi.insights.statements import FEWEST, NOT_PARTS

NOTHING: Final = "none"
"""The denominator of what compares as it is."""


@dataclass(frozen=True, slots=True)
class TownFigure:
    """A comparable figure: no finding doubts it, and its service is for the municipality alone.

    Attributes:
        town: the code of its municipality.
        concept: the code of its shared indicator.
        divided_by: the code of the one whose figure it is divided by, ``NOTHING`` where it compares as it is.
        unit: a code.
        sure: whether it is a number that the source prints as such, no estimate.
        iri: its own.
    """

    town: str
    concept: str
    divided_by: str
    unit: str
    year: int
    value: float
    sure: bool
    iri: str


@dataclass(frozen=True, slots=True)
class TownComparison:
    """A figure against the population of its year, and its place among municipalities.

    Attributes:
        population: None where it is not known, or nothing is to be divided.
        place: from 1 for the largest; 0 where there is none.
        among: how many municipalities have a place or share one.
    """

    figure: TownFigure
    population: TownFigure | None = None
    place: int = 0
    among: int = 0

    @property
    def per_thousand(self) -> float | None:
        """The figure for each 1,000 of the population."""
        return None if self.population is None else self.figure.value / self.population.value * 1000

    @property
    def measure(self) -> float | None:
        """What municipalities are compared by; None where the population is missing."""
        return self.figure.value if self.figure.divided_by == NOTHING else self.per_thousand


def compared(figures: Iterable[TownFigure], populations: Iterable[TownFigure]) -> list[TownComparison]:
    """Each figure that is sure, against the population of the same municipality and year.

    Args:
        figures: of all municipalities that a place is to be among.
        populations: of the same; none is taken that is not sure.
    """
    counted = {(one.concept, one.town, one.year): one for one in populations if one.sure and one.value > 0}
    alike: dict[tuple[str, int], list[TownComparison]] = defaultdict(list)
    for figure in figures:
        if figure.sure:
            divided = figure.unit not in NOT_PARTS
            population = counted.get((figure.divided_by, figure.town, figure.year)) if divided else None
            alike[figure.concept, figure.year].append(TownComparison(figure, population))
    return [placed for ones in alike.values() for placed in _placed(ones)]


def _placed(ones: Sequence[TownComparison]) -> Iterable[TownComparison]:
    """Of one indicator and year: the place of each that shares it with no other."""
    measures = [one.measure for one in ones if one.measure is not None]
    for one in ones:
        mine = one.measure
        if mine is None or len(measures) < FEWEST:
            yield one
            continue
        alone = measures.count(mine) == 1
        place = 1 + sum(other > mine for other in measures) if alone else 0
        yield TownComparison(one.figure, one.population, place, len(measures))
