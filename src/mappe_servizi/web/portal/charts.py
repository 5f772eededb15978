"""Little pictures beside numbers, drawn here as SVG. Colours come from classes: no inline style is needed.

A picture never stands alone: the page has the same numbers in a table. What comes from the data is
escaped where it is put in; a page has dozens of these, so they are plain strings until they are whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup

SPARK_WIDTH, SPARK_HEIGHT, SPARK_BAR = 66, 24, 16
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
