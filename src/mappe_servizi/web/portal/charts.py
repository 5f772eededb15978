"""Little pictures beside numbers, drawn here as SVG. Colours come from classes: no inline style is needed.

A picture never stands alone: the page has the same numbers in a table. What comes from the data is
escaped where it is put in; a page has dozens of these, so they are plain strings until they are whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup, escape

SPARK_WIDTH, SPARK_HEIGHT, SPARK_BAR = 66, 24, 16
FLOW_WIDTH, FLOW_ROW, FLOW_COLUMN = 960, 26, 330
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


def flows(
    left: Sequence[str], right: Sequence[str], links: Sequence[tuple[int, int, int]], title: str
) -> Markup:
    """Who is linked with what: two columns of names, and a band for each link, as wide as it counts."""
    height = max(len(left), len(right)) * FLOW_ROW + 12

    def y(index: int, count: int) -> float:
        return round((index + 0.5) * (height / max(1, count)), 1)

    parts = []
    x1, x2 = FLOW_COLUMN, FLOW_WIDTH - FLOW_COLUMN
    for a, b, weight in links:
        ya, yb, middle = y(a, len(left)), y(b, len(right)), (x1 + x2) / 2
        curve = f"M{x1} {ya}C{middle} {ya} {middle} {yb} {x2} {yb}"
        parts.append(f'<path d="{curve}" stroke-width="{min(12, 1 + weight)}"/>')
    for index, name in enumerate(left):
        place = y(index, len(left)) + 4
        parts.append(f'<text class="flow-left" x="{x1 - 8}" y="{place}">{escape(_short(name))}</text>')
    for index, name in enumerate(right):
        place = y(index, len(right)) + 4
        parts.append(f'<text class="flow-right" x="{x2 + 8}" y="{place}">{escape(_short(name))}</text>')
    head = f'<svg class="flows" role="img" aria-label="{escape(title)}" viewBox="0 0 {FLOW_WIDTH} {height}">'
    return Markup(f"{head}{''.join(parts)}</svg>")  # noqa: S704


def _short(name: str) -> str:
    return name if len(name) <= 44 else f"{name[:43].rstrip()}…"
