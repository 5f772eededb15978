"""The chart of a series of yearly figures.

It has an axis with its unit, starts at zero, and keeps the place of a year without a number, with the
reason. A small one stands among others that are drawn on the same scale.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import ClassVar, Final

from mappe_servizi.web.portal.drawing import BAR, LINE, RULE, absent, text

STEPS: Final = 4
"""How many steps an axis has at least, where its numbers allow."""
Span = tuple[Decimal, Decimal]
"""The least and the largest number of a scale."""


@dataclass(frozen=True, slots=True)
class ChartSize:
    """How a series is laid out, in pixels.

    Attributes:
        left: around the plot, for the axis's numbers; ``top`` for its unit and the first value, ``below``
            for the years' names.
        height: of the plot.
        bar: how wide one is; ``gap`` is between two.
        letters: of the reason for a gap that go into a line.
        font: of a value; ``small`` of what stands around it.
    """

    left: int
    top: int
    below: int
    height: int
    bar: int
    gap: int
    letters: int
    font: int
    small: int


LARGE: Final = ChartSize(72, 40, 34, 180, 84, 30, 12, 15, 13)
SMALL: Final = ChartSize(50, 20, 28, 92, 60, 8, 11, 13, 11)
"""So that three years of it are as wide as a phone, or five a little smaller."""


@dataclass(frozen=True, slots=True)
class Point:
    """A year of a series.

    Attributes:
        name: the year.
        value: None where there is no number.
        shown: the value as readers write it, or why there is none.
    """

    name: str
    value: Decimal | None
    shown: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A series to be drawn.

    Attributes:
        title: what the values are of.
        unit: what they are: "persone", "ore".
        points: in the order of time.
        number: how readers write a number.
        size: how it is laid out.
        reach: what its scale has to hold beside its own numbers.
    """

    title: str
    unit: str
    points: Sequence[Point]
    number: Callable[[Decimal], str]
    size: ChartSize = LARGE
    reach: Span = (Decimal(0), Decimal(0))
    kind: ClassVar[str] = "series"
    legend: ClassVar[Sequence[str]] = ()

    @property
    def values(self) -> list[Decimal]:
        """The numbers that there are."""
        return [point.value for point in self.points if point.value is not None]

    @property
    def width(self) -> int:
        """Of the plot with its axis, in pixels."""
        return self.size.left + self.size.gap + len(self.points) * (self.size.bar + self.size.gap)

    @property
    def height(self) -> int:
        """With what stands around the plot."""
        return self.size.top + self.size.height + self.size.below

    @property
    def said(self) -> str:
        """The series in words, for those who do not see it."""
        return "; ".join(f"{point.name}: {point.shown}" for point in self.points)

    def drawn(self) -> str:
        """Its shapes, as SVG."""
        size, values = self.size, [*self.values, *self.reach]
        whole = all(value == value.to_integral_value() for value in values)
        scale = ticks(min(values), max(values), whole=whole)
        low, span = scale[0], scale[-1] - scale[0]

        def y(value: Decimal) -> int:
            above = round(float((value - low) / span) * size.height) if span else 0
            return size.top + size.height - above

        parts = [text(self.unit, 0, 16, size.small, anchor="start", fill=LINE)] if self.unit else []
        for tick in scale if span else ():
            colour, at = LINE if tick == 0 else RULE, y(tick)
            rule = f'd="M{size.left} {at}H{self.width}" stroke="{colour}" fill="none"'
            parts.append(f'<path class="chart-rule" {rule}/>')
            shown = self.number(tick)
            parts.append(text(shown, size.left - 8, at + 5, size.small, anchor="end", fill=LINE))
        for index, point in enumerate(self.points):
            x = size.left + size.gap + index * (size.bar + size.gap)
            parts.append(self._gap(point, x) if point.value is None else self._bar(point, point.value, x, y))
            parts.append(text(point.name, x + size.bar // 2, self.height - 10, size.font))
        return "".join(parts)

    def _bar(self, point: Point, value: Decimal, x: int, y: Callable[[Decimal], int]) -> str:
        zero, end, size = y(Decimal(0)), y(value), self.size
        above, height = min(zero, end), abs(zero - end)
        label = end - 8 if value >= 0 else end + 18
        return (
            f'<rect class="chart-bar" x="{x}" y="{above}" width="{size.bar}" height="{height}" rx="2" '
            f'fill="{BAR}"/>' + text(point.shown, x + size.bar // 2, label, size.font, weight=700)
        )

    def _gap(self, point: Point, x: int) -> str:
        size = self.size
        return absent(point.shown, (x, size.top, size.bar, size.height), size.letters, size.small)


def ticks(low: Decimal, high: Decimal, *, whole: bool = False) -> list[Decimal]:
    """Round numbers with zero among them, that reach from the lowest to the highest.

    >>> [str(tick) for tick in ticks(Decimal(0), Decimal(383))]
    ['0', '100', '200', '300', '400']
    >>> [str(tick) for tick in ticks(Decimal("-12.6"), Decimal(0))]
    ['-15', '-10', '-5', '0']
    >>> [str(tick) for tick in ticks(Decimal(0), Decimal(2), whole=True)]
    ['0', '1', '2']
    """
    low, high = min(low, Decimal(0)), max(high, Decimal(0))
    if low == high:
        return [Decimal(0)]
    least = (high - low) / STEPS
    power = Decimal(10) ** least.adjusted()
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least)
    step = max(step, Decimal(1)) if whole else step
    first = int((low / step).to_integral_value(ROUND_FLOOR))
    last = int((high / step).to_integral_value(ROUND_CEILING))
    return [Decimal(format((number * step).normalize(), "f")) for number in range(first, last + 1)]
