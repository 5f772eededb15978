"""Charts, drawn here as SVG. Colours come from classes, so that no inline style is needed.

A chart never stands alone: the page has the same numbers in a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup

SPARK_WIDTH, SPARK_HEIGHT, SPARK_BAR = 66, 24, 16
BAR_WIDTH, BAR_GAP, BAR_HEIGHT = 84, 36, 180
FLOW_WIDTH, FLOW_ROW, FLOW_COLUMN = 960, 26, 330
Value = Decimal | None


def spark(values: Sequence[Value]) -> Markup:
    """Tiny bars beside the numbers that they show; a gap where there is none."""
    top = max((v for v in values if v is not None), default=Decimal(0))
    if top <= 0:
        return Markup("")
    parts: list[Markup] = []
    for index, value in enumerate(values):
        if value is not None and value > 0:
            height = max(1, round(float(value / top) * (SPARK_HEIGHT - 2)))
            x, y = index * (SPARK_BAR + 6), SPARK_HEIGHT - height
            rect = Markup('<rect x="{}" y="{}" width="{}" height="{}" rx="1"/>')
            parts.append(rect.format(x, y, SPARK_BAR, height))
    return Markup(
        '<svg class="spark" width="{w}" height="{h}" viewBox="0 0 {w} {h}" aria-hidden="true">{parts}</svg>'
    ).format(w=SPARK_WIDTH, h=SPARK_HEIGHT, parts=Markup("").join(parts))


def meter(value: Value, top: Value) -> Markup:
    """A bar as long as a value is against the largest one, beside the number that it shows."""
    if value is None or not top or top <= 0 or value < 0:
        return Markup("")
    width = max(1, round(float(value / top) * 160))
    return Markup(
        '<svg class="meter" width="160" height="12" viewBox="0 0 160 12" aria-hidden="true">'
        '<rect class="meter-back" width="160" height="12" rx="2"/>'
        '<rect width="{}" height="12" rx="2"/></svg>'
    ).format(width)


def bars(points: Sequence[tuple[str, Value, str]], title: str, ident: str) -> Markup:
    """A bar for each point (its name, its value, the value as written).

    >>> "<title" in bars([("2019", Decimal(3), "3")], "Iscritti", "a")
    True
    """
    top = max((v for _, v, _ in points if v is not None), default=Decimal(0))
    width = len(points) * (BAR_WIDTH + BAR_GAP) + BAR_GAP
    parts: list[Markup] = []
    for index, (name, value, shown) in enumerate(points):
        x = BAR_GAP + index * (BAR_WIDTH + BAR_GAP)
        middle = x + BAR_WIDTH // 2
        height = round(float(value / top) * BAR_HEIGHT) if value is not None and top > 0 and value > 0 else 0
        y = BAR_HEIGHT + 28 - height
        if value is not None:
            parts.append(
                Markup('<rect x="{}" y="{}" width="{}" height="{}" rx="2"/>').format(x, y, BAR_WIDTH, height)
            )
        parts.append(Markup('<text class="chart-value" x="{}" y="{}">{}</text>').format(middle, y - 8, shown))
        parts.append(
            Markup('<text class="chart-name" x="{}" y="{}">{}</text>').format(middle, BAR_HEIGHT + 52, name)
        )
    said = "; ".join(f"{name}: {shown}" for name, _, shown in points)
    return Markup(
        '<svg class="chart" role="img" aria-labelledby="{id}-t {id}-d" width="{w}" height="{h}" '
        'viewBox="0 0 {w} {h}">'
        '<title id="{id}-t">{title}</title><desc id="{id}-d">{said}</desc>{parts}'
        '<line class="chart-axis" x1="0" x2="{w}" y1="{axis}" y2="{axis}"/></svg>'
    ).format(
        id=ident,
        w=width,
        h=BAR_HEIGHT + 64,
        title=title,
        said=said,
        axis=BAR_HEIGHT + 28,
        parts=Markup("").join(parts),
    )


def flows(
    left: Sequence[str], right: Sequence[str], links: Sequence[tuple[int, int, int]], title: str
) -> Markup:
    """Who is linked with what: two columns of names, and a band for each link, as wide as it counts."""
    height = max(len(left), len(right)) * FLOW_ROW + 12

    def y(index: int, count: int) -> float:
        return round((index + 0.5) * (height / max(1, count)), 1)

    parts: list[Markup] = []
    x1, x2 = FLOW_COLUMN, FLOW_WIDTH - FLOW_COLUMN
    for a, b, weight in links:
        ya, yb, middle = y(a, len(left)), y(b, len(right)), (x1 + x2) / 2
        parts.append(
            Markup('<path d="M{} {}C{} {} {} {} {} {}" stroke-width="{}"/>').format(
                x1, ya, middle, ya, middle, yb, x2, yb, min(12, 1 + weight)
            )
        )
    for index, name in enumerate(left):
        place = y(index, len(left)) + 4
        parts.append(
            Markup('<text class="flow-left" x="{}" y="{}">{}</text>').format(x1 - 8, place, _short(name))
        )
    for index, name in enumerate(right):
        place = y(index, len(right)) + 4
        parts.append(
            Markup('<text class="flow-right" x="{}" y="{}">{}</text>').format(x2 + 8, place, _short(name))
        )
    return Markup('<svg class="flows" role="img" aria-label="{}" viewBox="0 0 {} {}">{}</svg>').format(
        title, FLOW_WIDTH, height, Markup("").join(parts)
    )


def _short(name: str) -> str:
    return name if len(name) <= 44 else f"{name[:43].rstrip()}…"
