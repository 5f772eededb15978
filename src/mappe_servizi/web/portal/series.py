"""The chart of a series of yearly figures: on a page, and as a picture that stands alone.

It has an axis with its unit, starts at zero, and keeps the place of a year without a number, with the
reason. Every shape has a class for the site's style sheet and attributes of its own, which hold where
there is none: in a file, in somebody else's page.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from markupsafe import Markup, escape

INK, BAR, LINE, RULE = "#17324d", "#0066cc", "#5c6f82", "#d9e3ec"
FONT = "Titillium Web, Arial, sans-serif"
LEFT, TOP, HEIGHT, BELOW = 72, 40, 180, 34
"""Pixels around the plot and of it: for the axis's numbers, its unit and the first value, and the names."""
WIDTH, GAP = 84, 30
STEPS = 4
"""How many steps an axis has at least, where its numbers allow."""
FRAME, LETTERS = 720, 68
"""How wide a picture is, and how many letters of its title go into a line."""
WRAPPED = 12
"""Letters of the reason for a gap that go into a line."""


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
    """

    title: str
    unit: str
    points: Sequence[Point]
    number: Callable[[Decimal], str]

    @property
    def values(self) -> list[Decimal]:
        """The numbers that there are."""
        return [point.value for point in self.points if point.value is not None]

    @property
    def width(self) -> int:
        """Of the plot with its axis, in pixels."""
        return LEFT + GAP + len(self.points) * (WIDTH + GAP)

    @property
    def said(self) -> str:
        """The series in words, for those who do not see it."""
        return "; ".join(f"{point.name}: {point.shown}" for point in self.points)


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture that stands alone tells beside its chart.

    Attributes:
        subtitle: whose figures these are.
        notes: where they are from, under which terms.
    """

    subtitle: str
    notes: Sequence[str]


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


def on_page(chart: Chart, ident: str) -> Markup:
    """The chart for a page that says its title itself; ``ident`` is nobody else's on that page."""
    height = TOP + HEIGHT + BELOW
    return Markup(  # noqa: S704 - escaped where it is put in
        f'<svg class="chart" role="img" aria-labelledby="{ident}-t {ident}-d" width="{chart.width}" '
        f'height="{height}" viewBox="0 0 {chart.width} {height}" font-family="{FONT}" font-size="15">'
        f'<title id="{ident}-t">{escape(chart.title)}</title><desc id="{ident}-d">{escape(chart.said)}</desc>'
        f"{_plot(chart)}</svg>"
    )


def alone(chart: Chart, picture: Picture) -> str:
    """The chart as a file: with its title, whose it is, where it is from."""
    width = max(FRAME, chart.width)
    title = textwrap.wrap(chart.title, LETTERS * width // FRAME) or [""]
    notes = [line for note in picture.notes for line in textwrap.wrap(note, 108 * width // FRAME)]
    head = 24 + 26 * len(title) + 26
    end = head + TOP + HEIGHT + BELOW + 10
    height = end + 18 * len(notes) + 12
    lines = [
        *(_text(line, 24, 38 + 26 * n, size=20, weight=700, anchor="start") for n, line in enumerate(title)),
        _text(picture.subtitle, 24, head - 6, size=15, anchor="start", fill=LINE),
        *(_text(line, 24, end + 14 + 18 * n, 13, anchor="start", fill=LINE) for n, line in enumerate(notes)),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="t d" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}" font-family="{FONT}" font-size="15">'
        f'<title id="t">{escape(chart.title)}</title><desc id="d">{escape(chart.said)}</desc>'
        f'<rect width="{width}" height="{height}" fill="#fff"/>{"".join(lines)}'
        f'<g transform="translate({(width - chart.width) // 2} {head})">{_plot(chart)}</g></svg>'
    )


def _plot(chart: Chart) -> str:
    values = chart.values
    whole = all(value == value.to_integral_value() for value in values)
    scale = ticks(min(values, default=Decimal(0)), max(values, default=Decimal(0)), whole=whole)
    low, span = scale[0], scale[-1] - scale[0]

    def y(value: Decimal) -> int:
        return TOP + HEIGHT - (round(float((value - low) / span) * HEIGHT) if span else 0)

    parts = [_text(chart.unit, 0, 16, size=13, anchor="start", fill=LINE)] if chart.unit else []
    for tick in scale if span else ():
        colour = LINE if tick == 0 else RULE
        parts.append(
            f'<path class="chart-rule" d="M{LEFT} {y(tick)}H{chart.width}" stroke="{colour}" fill="none"/>'
        )
        parts.append(_text(chart.number(tick), LEFT - 8, y(tick) + 5, size=13, anchor="end", fill=LINE))
    for index, point in enumerate(chart.points):
        x = LEFT + GAP + index * (WIDTH + GAP)
        parts.append(_gap(point, x) if point.value is None else _bar(point, point.value, x, y))
        parts.append(_text(point.name, x + WIDTH // 2, TOP + HEIGHT + 24))
    return "".join(parts)


def _bar(point: Point, value: Decimal, x: int, y: Callable[[Decimal], int]) -> str:
    zero, end = y(Decimal(0)), y(value)
    above, height = min(zero, end), abs(zero - end)
    label = end - 8 if value >= 0 else end + 18
    return (
        f'<rect class="chart-bar" x="{x}" y="{above}" width="{WIDTH}" height="{height}" rx="2" fill="{BAR}"/>'
        + _text(point.shown, x + WIDTH // 2, label, weight=700)
    )


def _gap(point: Point, x: int) -> str:
    lines = textwrap.wrap(point.shown, WRAPPED, max_lines=4, placeholder="…") or ["–"]
    first = TOP + HEIGHT // 2 - 9 * len(lines) + 14
    return (
        f'<rect class="chart-gap" x="{x}" y="{TOP}" width="{WIDTH}" height="{HEIGHT}" rx="2" fill="none" '
        f'stroke="{LINE}" stroke-dasharray="4 4"/>'
        + "".join(
            _text(line, x + WIDTH // 2, first + 18 * n, size=13, fill=LINE) for n, line in enumerate(lines)
        )
    )


def _text(  # noqa: PLR0913 - what a text of a picture has
    text: str, x: int, y: int, size: int = 15, *, weight: int = 400, anchor: str = "middle", fill: str = INK
) -> str:
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" '
        f'fill="{fill}">{escape(text)}</text>'
    )
