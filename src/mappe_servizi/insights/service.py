"""The figures of one service, and all that they say."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from mappe_servizi.insights.figure import TableFigure
from mappe_servizi.insights.statements import Statement, statements


@dataclass(frozen=True, slots=True)
class ServiceInsights:
    """What the page of a service and those of its rows say of its figures.

    Attributes:
        doubted: the IRIs of the figures that a finding rests on.
        statements: in the order in which the figures stand.
    """

    figures: Sequence[TableFigure]
    doubted: Collection[str]
    statements: Sequence[Statement]

    @classmethod
    def of(cls, figures: Sequence[TableFigure], doubted: Collection[str]) -> ServiceInsights:
        """Those of all figures of a service."""
        return cls(figures, doubted, statements(figures, doubted))
