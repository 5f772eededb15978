"""Who is linked with what: two columns of names, and a band for each link, as wide as it counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from markupsafe import Markup, escape

from mappe_servizi.web.portal.drawing import FONT

ROW: Final = 28
"""Pixels from a name to the next."""
NAME, BAND = "#004d99", "#0066cc"


@dataclass(frozen=True, slots=True)
class FlowEnd:
    """An end of flows: its name, where it leads, and how much flows there in all."""

    name: str
    href: str
    total: int

    def __str__(self) -> str:
        return f"{self.name}: {self.total}"


@dataclass(frozen=True, slots=True)
class FlowSize:
    """How wide a picture of flows is: the whole, the names on each side, and their characters at most."""

    name: str
    width: int
    column: int
    longest: int


WIDE, NARROW = FlowSize("flows-wide", 960, 340, 42), FlowSize("flows-narrow", 340, 136, 19)


@dataclass(frozen=True, slots=True)
class Flows:
    """The picture.

    Attributes:
        links: of an end on the left with one on the right, by their places, and how much it counts.
    """

    title: str
    left: Sequence[FlowEnd]
    right: Sequence[FlowEnd]
    links: Sequence[tuple[int, int, int]]
    size: FlowSize = WIDE
    legend: ClassVar[Sequence[str]] = ()

    @property
    def kind(self) -> str:
        """The style sheet shows the one of both sizes that is read there."""
        return f"flows {self.size.name}"

    @property
    def width(self) -> int:
        """In pixels."""
        return self.size.width

    @property
    def height(self) -> int:
        """As many rows as the longer side has."""
        return max(len(self.left), len(self.right)) * ROW + 12

    @property
    def said(self) -> str:
        """The links in words."""
        return "; ".join(f"{self.left[a].name} – {self.right[b].name}: {n}" for a, b, n in self.links)

    def drawn(self) -> str:
        """Its shapes, as SVG."""
        return "".join([*self._bands(), *(text for _, text in self._names())])

    def linked(self) -> Markup:
        """The same for a page of this site, where each name leads to its own."""
        names = (
            f'<a href="{escape(end.href)}"><title>{escape(str(end))}</title>{text}</a>'
            for end, text in self._names()
        )
        head = f'<svg class="{self.kind}" role="group" aria-label="{escape(self.title)}"'
        box = f'viewBox="0 0 {self.width} {self.height}"'
        return Markup(f"{head} {box}>{''.join([*self._bands(), *names])}</svg>")  # noqa: S704

    def _bands(self) -> Iterator[str]:
        x1, x2 = self.size.column, self.width - self.size.column
        middle = (x1 + x2) / 2
        for a, b, weight in self.links:
            ya, yb = self._y(a, self.left), self._y(b, self.right)
            said = escape(f"{self.left[a].name} – {self.right[b].name}: {weight}")
            yield (
                f'<path d="M{x1} {ya}C{middle} {ya} {middle} {yb} {x2} {yb}" fill="none" stroke="{BAND}" '
                f'stroke-opacity="0.35" stroke-width="{min(12, 1 + weight)}"><title>{said}</title></path>'
            )

    def _names(self) -> Iterator[tuple[FlowEnd, str]]:
        x1, x2 = self.size.column - 6, self.width - self.size.column + 6
        sides = ((self.left, "flow-left", x1, "end"), (self.right, "flow-right", x2, "start"))
        for ends, side, x, anchor in sides:
            for index, end in enumerate(ends):
                name = escape(_short(end.name, self.size.longest))
                place = f'x="{x}" y="{self._y(index, ends) + 4}" text-anchor="{anchor}" fill="{NAME}"'
                total = f'<tspan font-weight="700">{end.total}</tspan>'
                yield end, f'<text class="{side}" {place} font-family="{FONT}">{name} {total}</text>'

    def _y(self, index: int, ends: Sequence[FlowEnd]) -> float:
        return round((index + 0.5) * (self.height / max(1, len(ends))), 1)


def _short(name: str, longest: int) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1].rstrip()}…"
