"""The few statements of a municipality that say most: about many people or things, one a service."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from mappe_servizi.insights.statements import Kind, Statement

WANTED: Final[Sequence[tuple[Kind, int]]] = (("change", 6), ("share", 3), ("rank", 1))
"""How many of each kind make a page: first what changed, then what it is made of, then what is first."""


OF_SERVICE: Final[Sequence[tuple[Kind, int]]] = (("change", 3), ("share", 1), ("rank", 1))
"""The same of one service."""


def brief(statements: Iterable[Statement]) -> list[Statement]:
    """Ten statements, or as many as there are, of as many services."""
    return _chosen(statements, WANTED, lambda one: one.about.service)


def brief_of_service(statements: Iterable[Statement]) -> list[Statement]:
    """Five statements of one service, or as many as there are, of as many rows."""
    return _chosen(statements, OF_SERVICE, lambda one: one.about.indicator)


def _chosen(
    statements: Iterable[Statement], wanting: Sequence[tuple[Kind, int]], about: Callable[[Statement], str]
) -> list[Statement]:
    """So many of each kind, none about the same.

    Of a kind those stand first that are about most people, then about most of anything counted, then about
    what is measured; a rank is told of the first of its rows, a change where there is one.
    """
    ordered = sorted(filter(_says_something, statements), key=_weight)
    told: list[Statement] = []
    named: set[str] = set()
    for kind, wanted in wanting:
        left = wanted
        for one in (one for one in ordered if one.kind == kind):
            if left and about(one) not in named:
                named.add(about(one))
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
