"""Why a pair is linked: a waterfall of match weights, as data and as a drawing of our own (SVG)."""

from __future__ import annotations

from html import escape
from typing import Any

from mappe_servizi.providers.linkage.model import Scored

WIDTH, ROW, LEFT, RIGHT = 760, 34, 300, 60
_UP, _DOWN, _SUM = "#00645a", "#a6282d", "#17324d"  # each has a contrast of at least 4.5 to white


def explanation(pair: Scored, left: str, right: str) -> dict[str, Any]:
    """The steps from the prior to the result, as data.

    >>> pair = Scored("a", "b", 0.9, -3.0, (("name", "same words in the same order", 6.17),))
    >>> explanation(pair, "A", "B")["steps"][-1]
    {'feature': 'result', 'value': 'probability 0.9000', 'weight': 3.17, 'from': 0.0, 'to': 3.17}
    """
    steps = [{"feature": "before comparing", "value": "how rare a match is", "weight": pair.prior,
              "from": 0.0, "to": pair.prior}]  # fmt: skip
    level = pair.prior
    for feature, value, weight in pair.weights:
        after = round(level + weight, 4)
        steps.append({"feature": feature, "value": value, "weight": weight, "from": level, "to": after})
        level = after
    steps.append({"feature": "result", "value": f"probability {pair.probability:.4f}", "weight": level,
                  "from": 0.0, "to": level})  # fmt: skip
    return {"left": left, "right": right, "probability": pair.probability, "steps": steps}


def waterfall(pair: Scored, left: str, right: str) -> str:
    """The steps as an SVG with a text for every bar, readable without colours."""
    data = explanation(pair, left, right)
    steps: list[dict[str, Any]] = data["steps"]
    low = min(0.0, *(min(s["from"], s["to"]) for s in steps))
    high = max(0.0, *(max(s["from"], s["to"]) for s in steps))
    scale = (WIDTH - LEFT - RIGHT) / ((high - low) or 1.0)
    height = ROW * (len(steps) + 2)
    zero = LEFT + (0 - low) * scale
    title = escape(f"{left} ~ {right}: probability {pair.probability:.4f}")
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'font-family="sans-serif" font-size="13">',
        f"<title>{title}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="10" y="22" font-weight="bold">{title}</text>',
        f'<line x1="{zero:.1f}" y1="{ROW}" x2="{zero:.1f}" y2="{height - 8}" stroke="#5b6f82"/>',
    ]
    for i, step in enumerate(steps, start=1):
        lines += _bar(step, i, LEFT - low * scale, scale)
    return "\n".join([*lines, "</svg>", ""])


def _bar(step: dict[str, Any], row: int, zero: float, scale: float) -> list[str]:
    start, end = sorted((step["from"], step["to"]))
    x, width, y = zero + start * scale, max((end - start) * scale, 1.0), row * ROW + 10
    colour = _SUM if step["feature"] == "result" else _UP if step["weight"] >= 0 else _DOWN
    label = escape(f"{step['feature']}: {step['value']}")
    return [
        f'<text x="10" y="{y + 15}">{label}</text>',
        f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="20" fill="{colour}"/>',
        f'<text x="{x + width + 4:.1f}" y="{y + 15}">{step["weight"]:+.2f}</text>',
    ]
