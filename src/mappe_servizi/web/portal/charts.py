"""Little pictures beside numbers, drawn here as SVG. Colours come from classes: no inline style is needed.

A picture never stands alone: the page has the same numbers in a table. What comes from the data is
escaped where it is put in; a page has dozens of these, so they are plain strings until they are whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup, escape

SPARK_WIDTH, SPARK_HEIGHT, SPARK_BAR = 66, 24, 16
FLOW_ROW = 28
Value = Decimal | None


def spark(values: Sequence[Value]) -> Markup:
    """Tiny bars beside the numbers that they show; a gap where there is none."""
    top = max((v for v in values if v is not None), default=Decimal(0))
    if top <= 0:
        return Markup("")
    parts = []
    for index, value in enumerate(values):
        if value is not None and value > 0:
            height = max(1, round(float(value / top) * (SPARK_HEIGHT - 2)))
            x, y = index * (SPARK_BAR + 6), SPARK_HEIGHT - height
            parts.append(f'<rect x="{x}" y="{y}" width="{SPARK_BAR}" height="{height}" rx="1"/>')
    w, h = SPARK_WIDTH, SPARK_HEIGHT
    head = f'<svg class="spark" width="{w}" height="{h}" viewBox="0 0 {w} {h}" aria-hidden="true">'
    return Markup(f"{head}{''.join(parts)}</svg>")  # noqa: S704


def meter(value: Value, top: Value) -> Markup:
    """A bar as long as a value is against the largest one, beside the number that it shows."""
    if value is None or not top or top <= 0 or value < 0:
        return Markup("")
    width = max(1, round(float(value / top) * 160))
    return Markup(  # noqa: S704
        '<svg class="meter" width="160" height="12" viewBox="0 0 160 12" aria-hidden="true">'
        '<rect class="meter-back" width="160" height="12" rx="2"/>'
        f'<rect width="{width}" height="12" rx="2"/></svg>'
    )


@dataclass(frozen=True, slots=True)
class FlowEnd:
    """An end of flows: its name, where it leads, and how much flows there in all."""

    name: str
    href: str
    total: int


@dataclass(frozen=True, slots=True)
class FlowSize:
    """How wide a picture of flows is: the whole, the names on each side, and their characters at most."""

    name: str
    width: int
    column: int
    longest: int


WIDE, NARROW = FlowSize("flows-wide", 960, 340, 42), FlowSize("flows-narrow", 340, 136, 19)


def flows(
    left: Sequence[FlowEnd], right: Sequence[FlowEnd], links: Sequence[tuple[int, int, int]], title: str
) -> Markup:
    """Who is linked with what: two columns of names, and a band for each link, as wide as it counts.

    Drawn twice, for wide screens and for phones: the style sheet shows the one that is read there.
    """
    return Markup("").join(_flows(left, right, links, title, size) for size in (WIDE, NARROW))


def _flows(
    left: Sequence[FlowEnd],
    right: Sequence[FlowEnd],
    links: Sequence[tuple[int, int, int]],
    title: str,
    size: FlowSize,
) -> Markup:
    height = max(len(left), len(right)) * FLOW_ROW + 12

    def y(index: int, count: int) -> float:
        return round((index + 0.5) * (height / max(1, count)), 1)

    parts = []
    x1, x2 = size.column, size.width - size.column
    for a, b, weight in links:
        ya, yb, middle = y(a, len(left)), y(b, len(right)), (x1 + x2) / 2
        curve = f"M{x1} {ya}C{middle} {ya} {middle} {yb} {x2} {yb}"
        said = escape(f"{left[a].name} – {right[b].name}: {weight}")
        parts.append(f'<path d="{curve}" stroke-width="{min(12, 1 + weight)}"><title>{said}</title></path>')
    for ends, side, x in ((left, "flow-left", x1 - 6), (right, "flow-right", x2 + 6)):
        for index, end in enumerate(ends):
            place = y(index, len(ends)) + 4
            name = f"{escape(_short(end.name, size.longest))} <tspan>{end.total}</tspan>"
            whole = escape(f"{end.name}: {end.total}")
            parts.append(
                f'<a href="{escape(end.href)}" aria-label="{whole}"><title>{whole}</title>'
                f'<text class="{side}" x="{x}" y="{place}">{name}</text></a>'
            )
    head = f'<svg class="flows {size.name}" role="group" aria-label="{escape(title)}"'
    return Markup(f'{head} viewBox="0 0 {size.width} {height}">{"".join(parts)}</svg>')  # noqa: S704


def _short(name: str, longest: int) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1].rstrip()}…"
