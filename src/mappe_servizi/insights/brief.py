"""The few statements of a municipality that say most: about many people or things, one a service."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from mappe_servizi.insights.statements import Kind, Statement

WANTED: Final[Sequence[tuple[Kind, int]]] = (("change", 6), ("share", 3), ("rank", 1))
"""How many of each kind make a page: first what changed, then what it is made of, then what is first."""


def brief(statements: Iterable[Statement]) -> list[Statement]:
    """Ten statements, or as many as there are, of as many services.

    Of a kind those stand first that are about most people, then about most of anything counted, then about
    what is measured; a rank is told of the first of its rows, a change where there is one.
    """
    ordered = sorted(filter(_says_something, statements), key=_weight)
    told: list[Statement] = []
    services: set[str] = set()
    for kind, wanted in WANTED:
        left = wanted
        for one in (one for one in ordered if one.kind == kind):
            if left and one.about.service not in services:
                services.add(one.about.service)
                told.append(one)
                left -= 1
    return told


def _says_something(one: Statement) -> bool:
    if one.kind == "change":
        return one.value != 0 and one.percent is not None
    return one.kind == "share" or one.value == 1


def _weight(one: Statement) -> tuple[bool, bool, float, float, str]:
    """People before things, things before measures; the largest first, and of one total its largest part."""
    about = one.about
    largest = max(figure.number for figure in one.figures)
    return about.counted != "people", about.unit != "count", -largest, -one.value, about.indicator
