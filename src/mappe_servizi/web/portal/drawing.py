"""What a chart is to those who show it: on a page, and as a picture that stands alone.

Every shape has a class for the site's style sheet and attributes of its own, which hold where there is
none: in a file, in somebody else's page. What comes from the data is escaped where it is put in.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from markupsafe import Markup, escape

INK, BAR, LINE, RULE = "#17324d", "#0066cc", "#5c6f82", "#d9e3ec"
FONT: Final = "Titillium Web, Arial, sans-serif"
FRAME, MARGIN, LETTERS = 720, 24, 68
"""How wide a picture and its margin are, and how many letters of its title go into a line."""


class Drawing(Protocol):
    """A chart."""

    @property
    def kind(self) -> str:
        """Its class in the site's style sheet."""

    @property
    def title(self) -> str:
        """What it shows."""

    @property
    def said(self) -> str:
        """The same in words, for those who do not see it."""

    @property
    def width(self) -> int:
        """In pixels."""

    @property
    def height(self) -> int:
        """In pixels."""

    @property
    def legend(self) -> Sequence[str]:
        """What its signs stand for; a page says that in its own way."""

    def drawn(self) -> str:
        """Its shapes, as SVG."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture that stands alone tells beside its chart.

    Attributes:
        what: it shows of it, where its title does not say that.
        whose: figures these are, as the document calls it.
        notes: where they are from, under which terms.
    """

    what: str
    whose: str
    notes: Sequence[str]


def on_page(chart: Drawing, ident: str) -> Markup:
    """The chart for a page that says its title itself; ``ident`` is nobody else's on that page."""
    return Markup(  # noqa: S704 - escaped where it is put in
        f'<svg class="chart {chart.kind}" role="img" aria-labelledby="{ident}-t {ident}-d" '
        f'width="{chart.width}" height="{chart.height}" viewBox="0 0 {chart.width} {chart.height}" '
        f'font-family="{FONT}" font-size="15"><title id="{ident}-t">{escape(chart.title)}</title>'
        f'<desc id="{ident}-d">{escape(chart.said)}</desc>{chart.drawn()}</svg>'
    )


def alone(chart: Drawing, picture: Picture) -> str:
    """The chart as a file: with its title, whose it is, what its signs mean, where it is from."""
    width = max(FRAME, chart.width + 2 * MARGIN)
    title = textwrap.wrap(chart.title, LETTERS * width // FRAME) or [""]
    letters = 108 * width // FRAME
    legend = [line for one in chart.legend for line in textwrap.wrap(one, letters)]
    notes = [line for note in picture.notes for line in textwrap.wrap(note, letters)]
    head = 24 + 26 * len(title) + 26
    end = head + chart.height + 10
    below = end + 18 * len(legend) + (12 if legend else 0)
    height = below + 18 * len(notes) + 12
    subtitle = ". ".join(filter(None, (picture.what, picture.whose)))
    lines = [
        *_column(title, 38, 26, 20, fill=INK, weight=700),
        text(subtitle, MARGIN, head - 6, size=15, anchor="start", fill=LINE),
        *_column(legend, end + 14, 18, 13, fill=INK),
        *_column(notes, below + 14, 18, 13, fill=LINE),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="t d" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}" font-family="{FONT}" font-size="15">'
        f'<title id="t">{escape(chart.title)}</title><desc id="d">{escape(chart.said)}</desc>'
        f'<rect width="{width}" height="{height}" fill="#fff"/>{"".join(lines)}'
        f'<g transform="translate({(width - chart.width) // 2} {head})">{chart.drawn()}</g></svg>'
    )


def _column(  # noqa: PLR0913 - what lines below each other have
    lines: Sequence[str], y: int, step: int, size: int, *, fill: str, weight: int = 400
) -> list[str]:
    return [
        text(line, MARGIN, y + step * n, size=size, weight=weight, anchor="start", fill=fill)
        for n, line in enumerate(lines)
    ]


def text(  # noqa: PLR0913 - what a text of a picture has
    said: str, x: float, y: float, size: int = 15, *, weight: int = 400, anchor: str = "middle",
    fill: str = INK,
) -> str:  # fmt: skip
    """A line of text."""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" '
        f'fill="{fill}">{escape(said)}</text>'
    )


def absent(said: str, place: tuple[float, float, float, float], letters: int, size: int = 13) -> str:
    """An outline with the reason why nothing is drawn there.

    Args:
        said: the reason.
        place: x, y, width, height.
        letters: of the reason that go into a line.
        size: of a letter.
    """
    x, y, width, height = place
    step = size + 5
    most = max(1, int(height // step))
    lines = textwrap.wrap(said, letters, max_lines=most, placeholder="…", break_long_words=False) or ["–"]
    first = y + (height - step * len(lines)) / 2 + size
    return (
        f'<rect class="chart-gap" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="2" '
        f'fill="none" stroke="{LINE}" stroke-dasharray="4 4"/>'
        + "".join(
            text(line, x + width / 2, first + step * n, size=size, fill=LINE) for n, line in enumerate(lines)
        )
    )
