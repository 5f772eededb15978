"""The parts of one total as bars on one scale, a year each: told by numbers, never by colour alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from mappe_servizi.insights import Composition
from mappe_servizi.web.portal.drawing import INK, LINE, absent, text

LEFT, WIDTH, RIGHT, BAR, STEP, TOP = 46, 320, 64, 34, 44, 26
"""Pixels of the years' names, the largest total, its number, a bar, from one bar to the next, the unit.

So narrow that its letters are read on a phone; where there is room it is drawn larger."""
DARK, LIGHT = "#0066cc", "#b3d1f0"
NARROW: Final = 18
"""Pixels of a part into which its number no longer goes."""
REASON: Final = 48
"""Letters of the reason for a year without parts that go into a line."""
MOST: Final = 12
"""Parts that a reader still tells apart."""


@dataclass(frozen=True, slots=True)
class StackedYear:
    """A year of a total.

    Attributes:
        parts: what it is made of; None where that is not known, for the ``reason``.
    """

    name: str
    parts: Composition | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Stacked:
    """The parts of a total over the years.

    Attributes:
        unit: of all of it.
        pieces: the parts' indicators in order, with their names: the first is number one.
        shown: how readers write a number.
    """

    title: str
    unit: str
    years: Sequence[StackedYear]
    pieces: Sequence[tuple[str, str]]
    shown: Callable[[float], str]
    kind: ClassVar[str] = "stacked"
    width: ClassVar[int] = LEFT + WIDTH + RIGHT

    @property
    def height(self) -> int:
        """The years below each other, under their unit."""
        return TOP + STEP * len(self.years)

    @property
    def numbers(self) -> dict[str, int]:
        """The number of each part's indicator."""
        return {indicator: number for number, (indicator, _) in enumerate(self.pieces, 1)}

    @property
    def legend(self) -> Sequence[str]:
        """The parts by their numbers."""
        return [f"{number}. {name}" for number, (_, name) in enumerate(self.pieces, 1)]

    @property
    def said(self) -> str:
        """The years in words."""
        return "; ".join(f"{year.name}: {self._said(year)}" for year in self.years)

    def _said(self, year: StackedYear) -> str:
        if year.parts is None:
            return year.reason
        numbers = self.numbers
        return ", ".join(
            f"{numbers[part.indicator]} = {self.shown(part.number)}" for part in year.parts.parts
        )

    def drawn(self) -> str:
        """Its shapes, as SVG."""
        top = max(year.parts.total.number for year in self.years if year.parts)
        rows = (self._row(year, top, TOP + STEP * at) for at, year in enumerate(self.years))
        return text(self.unit, 0, 14, 13, anchor="start", fill=LINE) + "".join(rows)

    def _row(self, year: StackedYear, top: float, y: int) -> str:
        """A year: its parts in order, what they leave as an outline, the total behind them."""
        drawn, x, one = [text(year.name, 0, y + 22, anchor="start")], float(LEFT), year.parts
        if one is None:
            return drawn[0] + absent(year.reason, (LEFT, y, WIDTH, BAR), REASON)
        numbers = self.numbers
        for part in one.parts:
            width, number = part.number / top * WIDTH, numbers[part.indicator]
            fill, ink = (DARK, "#fff") if number % 2 else (LIGHT, INK)
            drawn.append(_rect("part", x, y, max(0.0, width - 1), f'fill="{fill}"'))
            if width >= NARROW:
                drawn.append(text(str(number), round(x + width / 2, 1), y + 22, fill=ink))
            x += width
        rest = one.rest / top * WIDTH
        if rest >= 1:
            drawn.append(
                _rect("part-rest", x, y, rest, f'fill="none" stroke="{LINE}" stroke-dasharray="4 4"')
            )
        total = self.shown(one.total.number)
        drawn.append(text(total, round(x + rest + 8, 1), y + 22, anchor="start"))
        return "".join(drawn)


def _rect(name: str, x: float, y: int, width: float, look: str) -> str:
    return f'<rect class="{name}" x="{x:.1f}" y="{y}" width="{width:.1f}" height="{BAR}" {look}/>'
