"""The parts of one total as bars on one scale, a year each: told by numbers, never by colour alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from markupsafe import Markup, escape

from mappe_servizi.insights import Composition
from mappe_servizi.web.portal.series import FONT, INK, LINE

LEFT, WIDTH, RIGHT, BAR, STEP = 46, 320, 64, 34, 44
"""Pixels of the years' names, of the largest total, of its number, of a bar, and from one to the next.

So narrow that its letters are read on a phone; where there is room it is drawn larger."""
DARK, LIGHT = "#0066cc", "#b3d1f0"
NARROW: Final = 18
"""Pixels of a part into which its number no longer goes."""
MOST: Final = 12
"""Parts that a reader still tells apart."""


def stacked(
    years: Sequence[Composition], numbers: Mapping[str, int], title: str, shown: Callable[[float], str]
) -> Markup:
    """The picture; ``numbers`` are those of the parts' indicators in the list below it."""
    top = max(one.total.number for one in years)
    height = STEP * len(years)
    said = "; ".join(
        f"{one.total.year}: "
        + ", ".join(f"{numbers[part.indicator]} = {shown(part.number)}" for part in one.parts)
        for one in years
    )
    rows = "".join(_row(one, numbers, top, STEP * at, shown) for at, one in enumerate(years))
    width = LEFT + WIDTH + RIGHT
    return Markup(  # noqa: S704 - escaped where it is put in
        f'<svg class="chart stacked" role="img" aria-labelledby="parts-t parts-d" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}" font-family="{FONT}" font-size="15">'
        f'<title id="parts-t">{escape(title)}</title><desc id="parts-d">{escape(said)}</desc>{rows}</svg>'
    )


def _row(
    one: Composition, numbers: Mapping[str, int], top: float, y: int, shown: Callable[[float], str]
) -> str:
    """A year: its parts in order, what they leave as an outline, the total behind them."""
    drawn, x = [_text(str(one.total.year), 0, y, INK, "start")], float(LEFT)
    for part in one.parts:
        width, number = part.number / top * WIDTH, numbers[part.indicator]
        fill, ink = (DARK, "#fff") if number % 2 else (LIGHT, INK)
        drawn.append(_rect("part", x, y, max(0.0, width - 1), f'fill="{fill}"'))
        if width >= NARROW:
            drawn.append(_text(str(number), x + width / 2, y, ink))
        x += width
    rest = one.rest / top * WIDTH
    if rest >= 1:
        drawn.append(_rect("part-rest", x, y, rest, f'fill="none" stroke="{LINE}" stroke-dasharray="4 4"'))
    drawn.append(_text(shown(one.total.number), x + rest + 8, y, INK, "start"))
    return "".join(drawn)


def _rect(name: str, x: float, y: int, width: float, look: str) -> str:
    return f'<rect class="{name}" x="{x:.1f}" y="{y}" width="{width:.1f}" height="{BAR}" {look}/>'


def _text(text: str, x: float, y: int, fill: str, anchor: str = "middle") -> str:
    return f'<text x="{x:.1f}" y="{y + 22}" text-anchor="{anchor}" fill="{fill}">{escape(text)}</text>'
