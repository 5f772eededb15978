"""Jumps of an order of magnitude between two years, beyond what the whole map moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from statistics import median

from mappe_servizi.checks.consistency.finding import (
    Finding,
    fact_of,
    in_english,
    name_of,
    record_of,
    shown,
)
from mappe_servizi.model.records import Document
from mappe_servizi.model.service_map import Figure, Indicator, ServiceMap

FACTOR = 10
# A jump between small numbers is no sign of a misprint.
MIN_GREAT = 100


def find(document: Document) -> Iterator[Finding]:
    """A figure ten times as great, or as small, as that of the year before.

    A year may move all the figures of a service (an election, a pandemic): what counts is
    the jump beyond the median movement of the map's rows.
    """
    for sheet in document.maps:
        moved = _movements(sheet)
        for step in _steps(sheet):
            yield from _jump(sheet, step, moved[step.before.year, step.after.year])


@dataclass(frozen=True)
class _Step:
    """Two figures of a row that follow each other, neither of them zero."""

    indicator: Indicator
    before: Figure
    after: Figure
    old: Decimal
    new: Decimal

    @property
    def ratio(self) -> float:
        return float(abs(self.new) / abs(self.old))


def _steps(sheet: ServiceMap) -> Iterator[_Step]:
    for indicator in sheet.indicators:
        figures = [(f, f.value) for f in indicator.figures if f.value]
        for (before, old), (after, new) in pairwise(figures):
            yield _Step(indicator, before, after, old, new)


def _movements(sheet: ServiceMap) -> dict[tuple[int, int], float]:
    """The median ratio of the map's rows from one year to another."""
    ratios: dict[tuple[int, int], list[float]] = defaultdict(list)
    for step in _steps(sheet):
        ratios[step.before.year, step.after.year].append(step.ratio)
    return {years: median(values) for years, values in ratios.items()}


def _jump(sheet: ServiceMap, step: _Step, moved: float) -> Iterator[Finding]:
    same_way = (step.ratio > 1) == (moved > 1)
    beyond = step.ratio / moved if same_way else step.ratio
    if max(abs(step.old), abs(step.new)) < MIN_GREAT or 1 / FACTOR < beyond < FACTOR:
        return
    indicator, before, after = step.indicator, step.before, step.after
    name, printed, was = name_of(indicator), shown(step.new), shown(step.old)
    yield Finding(
        "magnitude-jump", "warning", sheet.number, indicator.table, record_of(indicator),
        name, after.year, printed, None,
        f"«{name}» passa da {was} ({before.year}) a {printed} ({after.year}): un ordine di grandezza.",
        f"«{name}» goes from {in_english(step.old)} ({before.year}) to {in_english(step.new)} "
        f"({after.year}): an order of magnitude.",
        (fact_of(sheet, indicator, after), fact_of(sheet, indicator, before)),
    )  # fmt: skip
