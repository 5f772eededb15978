"""Small multiples: series beside each other, a panel each, all on one scale, so that they compare."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar, Final

from mappe_servizi.web.portal.drawing import LINE, text
from mappe_servizi.web.portal.series import SMALL, Chart

COLUMNS, BETWEEN, UNIT, NAME, LETTERS = 3, 24, 24, 17, 8
"""How many stand beside each other; pixels between two, of the unit's line, of a name's, of its letters."""
MOST: Final = 12
"""Panels that a reader still looks through."""


@dataclass(frozen=True, slots=True)
class Multiples:
    """Panels on one scale, which ``on_one_scale`` makes.

    Attributes:
        unit: of all of them.
        panels: each with its own title.
    """

    title: str
    unit: str
    panels: Sequence[Chart]
    kind: ClassVar[str] = "multiples"
    legend: ClassVar[Sequence[str]] = ()

    @property
    def width(self) -> int:
        """Of its columns."""
        return self._columns * (self._cell[0] + BETWEEN) - BETWEEN

    @property
    def said(self) -> str:
        """All panels in words."""
        return ". ".join(f"{panel.title}: {panel.said}" for panel in self.panels)

    @property
    def _cell(self) -> tuple[int, int]:
        """The width and height of a panel with its name."""
        wide = max(panel.width for panel in self.panels)
        lines = max(len(_lines(panel, wide)) for panel in self.panels)
        return wide, lines * NAME + self.panels[0].height

    @property
    def _columns(self) -> int:
        return min(COLUMNS, len(self.panels))

    @property
    def height(self) -> int:
        """As many rows as it takes."""
        rows = -(-len(self.panels) // self._columns)
        return UNIT + rows * (self._cell[1] + BETWEEN)

    def drawn(self) -> str:
        """Its shapes, as SVG."""
        (wide, high), columns = self._cell, self._columns
        parts = [text(self.unit, 0, 14, 13, anchor="start", fill=LINE)]
        for at, panel in enumerate(self.panels):
            x, y = at % columns * (wide + BETWEEN), UNIT + at // columns * (high + BETWEEN)
            lines = _lines(panel, wide)
            names = (
                text(line, 0, 14 + NAME * n, 14, weight=700, anchor="start") for n, line in enumerate(lines)
            )
            place = f'<g transform="translate(0 {high - panel.height})">{panel.drawn()}</g>'
            parts.append(f'<g transform="translate({x} {y})">{"".join(names)}{place}</g>')
        return "".join(parts)


def _lines(panel: Chart, wide: int) -> list[str]:
    return textwrap.wrap(panel.title, wide // LETTERS, max_lines=3, placeholder="…") or [""]


def on_one_scale(charts: Sequence[Chart]) -> list[Chart]:
    """The same charts, each with a scale that reaches every number of all of them."""
    numbers = [number for chart in charts for number in (*chart.values, *chart.reach)]
    reach = (min(numbers, default=Decimal(0)), max(numbers, default=Decimal(0)))
    return [replace(chart, reach=reach) for chart in charts]


def multiples(title: str, unit: str, charts: Sequence[Chart]) -> Multiples:
    """Panels of some charts of one unit, which stands above all of them."""
    return Multiples(title, unit, [replace(one, unit="", size=SMALL) for one in on_one_scale(charts)])
