"""Why a pair is linked: what each feature adds to the odds, as data, in a line, and drawn (SVG)."""

from __future__ import annotations

from html import escape
from typing import Any

from mappe_servizi.linking.links import Link
from mappe_servizi.linking.matching import Matched

WIDTH, ROW, LEFT, RIGHT = 860, 30, 400, 60
_UP, _DOWN, _SUM = "#00645a", "#a6282d", "#17324d"  # each has a contrast of at least 4.5 to white
LABELS = {
    "cover": "share of the words' weight that both names have",
    "contained": "share of the shorter name that the longer one has",
    "shared": "weight of the words that both have",
    "over_less": "weight of the words left over, in the name that has less of them",
    "over_more": "weight of the words left over, in the name that has more of them",
    "strongest": "word left over that tells most",
    "letters": "likeness of the letters",
    "sorted": "likeness of the letters, words in order of the alphabet",
    "set": "likeness of the sets of words",
    "start": "likeness of the beginnings",
    "town": "town",
    "forms": "legal form",
    "sport": "only one is a sports club",
    "numbers": "numbers in the names",
    "spelt": "an acronym spelt out",
    "uneven": "words spelt in two ways",
    "bearers": "how many bear this name",
    "place": "a town in the name that is not the other's",
    "local": "how many in the town have the rarest word that both have",
    "bare": "only one is a place's name alone",
    "crowd": "how many organisations the town has",
}
TOWNS = {
    0.0: "another province", 1.0: "another town of the province", 1.5: "another town, named by one",
    2.0: "not given, perhaps far", 2.5: "not given", 3.0: "not given, near", 4.0: "named in a name",
    5.0: "the same",
}  # fmt: skip


def explanation(matched: Matched, link: Link) -> dict[str, Any]:
    """The steps from the odds before comparing to the result (natural logarithms)."""
    left, right = matched.rows[link.left], matched.rows[link.right]
    steps: list[tuple[str, str, float]] = []
    pair = matched.compare(link.left, link.right)
    if pair is not None:
        card = matched.scorer.card
        steps.append(("before comparing", "", card.intercept + pair.prior))
        steps += [
            (LABELS[name], TOWNS[value] if name == "town" else f"{value:.2f}", weight)
            for name, value, weight in card.weights(pair.features)
            if abs(weight) >= 0.005
        ]
    told = matched.evidence(link.left, link.right)
    if told.odds:
        steps.append((", ".join(told.schemes), "equal", told.odds))
    prior = _prior(matched, link)
    if prior and link.by == "model":
        steps.append(("the lists themselves", "", prior))
    found, level = [], 0.0
    for feature, said, weight in steps:
        after = level + weight
        found.append({"feature": feature, "value": said, "weight": round(weight, 3),
                      "from": round(level, 3), "to": round(after, 3)})  # fmt: skip
        level = after
    return {
        "left": left.name, "right": right.name, "relation": link.relation, "score": link.score,
        "decidedBy": link.by, "reason": because(matched, link), "steps": found,
    }  # fmt: skip


def _prior(matched: Matched, link: Link) -> float:
    one, other = matched.list_of[link.left], matched.list_of[link.right]
    return matched.within[one] if one == other else matched.between


def because(matched: Matched, link: Link) -> str:
    """The reason in a line: who decided, or the words that stand for each other and the towns."""
    if link.decision is not None:
        return link.decision.reason
    told = matched.evidence(link.left, link.right)
    if told.verdict == "same":
        return "the same " + " or ".join(told.schemes)
    pair = matched.compare(link.left, link.right)
    if pair is None:
        return ""
    weights = sorted(matched.scorer.card.weights(pair.features), key=lambda w: -abs(w[2]))[:3]
    parts = [
        f"{LABELS[name]}{': ' + TOWNS[value] if name == 'town' else ''} {weight:+.1f}"
        for name, value, weight in weights
        if abs(weight) >= 0.1
    ]
    return "; ".join([*parts, *(f"the same {scheme}" for scheme in told.schemes)])


def waterfall(data: dict[str, Any]) -> str:
    """The steps of an explanation as an SVG with a text for every bar, readable without colours."""
    total = data["steps"][-1]["to"] if data["steps"] else 0.0
    result = {"feature": "result", "value": f"{data['relation']}, {data['score']:.4f}",
              "weight": total, "from": 0.0, "to": total}  # fmt: skip
    steps: list[dict[str, Any]] = [*data["steps"], result]
    low = min(0.0, *(min(s["from"], s["to"]) for s in steps))
    high = max(0.0, *(max(s["from"], s["to"]) for s in steps))
    scale = (WIDTH - LEFT - RIGHT) / ((high - low) or 1.0)
    height = ROW * (len(steps) + 2)
    zero = LEFT - low * scale
    title = escape(f"{data['left']} ~ {data['right']}: {data['score']:.4f}")
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'font-family="sans-serif" font-size="13">',
        f"<title>{title}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="10" y="22" font-weight="bold">{title}</text>',
        f'<line x1="{zero:.1f}" y1="{ROW}" x2="{zero:.1f}" y2="{height - 8}" stroke="#5b6f82"/>',
    ]
    for i, step in enumerate(steps, start=1):
        lines += _bar(step, i, zero, scale)
    return "\n".join([*lines, "</svg>", ""])


def _bar(step: dict[str, Any], row: int, zero: float, scale: float) -> list[str]:
    start, end = sorted((step["from"], step["to"]))
    x, width, y = zero + start * scale, max((end - start) * scale, 1.0), row * ROW + 10
    colour = _SUM if step["feature"] == "result" else _UP if step["weight"] >= 0 else _DOWN
    label = escape(f"{step['feature']}: {step['value']}" if step["value"] else step["feature"])
    return [
        f'<text x="10" y="{y + 15}">{label}</text>',
        f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="18" fill="{colour}"/>',
        f'<text x="{x + width + 4:.1f}" y="{y + 15}">{step["weight"]:+.2f}</text>',
    ]
