"""Why figures are not brought together, in a sentence that says what to ask instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def incomparable(found: Sequence[Any]) -> str:
    """Of a group that may not be brought together.

    Args:
        found: its keys; units, stocks, averages, rates and years (``question.FiguresQuestion.job``).

    >>> incomparable(["c_x000", ["EUR", "count"], False, False, False, 1])
    'figures in EUR, count are not brought together (for c_x000): group by unit, or choose one (unit=)'
    """
    *keys, units, stocks, averages, _, years = found
    where = f" (for {', '.join(map(str, keys))})" if any(keys) else ""
    if units and len(units) > 1:
        return (
            f"figures in {', '.join(units)} are not brought together{where}: "
            "group by unit, or choose one (unit=)"
        )
    if stocks:
        return (
            f"what is there at a time is not added up over {years} years{where}: "
            "group by year, choose one (year=), or leave it out (periodKind=flow)"
        )
    if averages:
        return (
            f"averages are not added up{where}: ask for measure=mean, or leave them out "
            "(periodKind=flow,stock)"
        )
    return (
        f"a rate is of one shared indicator and one year{where}: group by indicatorConcept and year, or "
        "choose one of each (indicatorConcept=, year=)"
    )


def undivided(found: Sequence[Any]) -> str | None:
    """Why no figure is divided by a population; None where one is, or there are no figures.

    Args:
        found: what ``question.UNDIVIDED`` counts.

    >>> undivided([3, 2, 3, ["residents"], True]), undivided([0, 0, 0, None, None])
    (None, None)
    """
    figures, divided, shared, populations, known = found
    if divided or not figures:
        return None
    if not shared:
        return (
            "figures of no shared indicator are not divided by a population: choose one that is "
            "(indicatorConcept=)"
        )
    if not populations:
        return "these figures compare as they are: there is nobody to divide them by (denominator none)"
    whom = ", ".join(populations)
    if known:
        return (
            f"these figures are not divided by {whom}: they are estimates, shares or breakdowns, a finding "
            "rests on them, a newer edition replaced them, or their service is not for the municipality alone"
        )
    return (
        f"the number of {whom} is not known for the municipalities and years that are asked for: nothing is "
        "estimated (populations.csv says it, or a row of the map that counts them)"
    )
