"""The queue of pairs to be decided, the ones first whose decision is worth most. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import log2

from mappe_servizi.linking.alignment import align
from mappe_servizi.linking.explain import because, explanation
from mappe_servizi.linking.links import Link, Linked
from mappe_servizi.linking.listed import Listed
from mappe_servizi.linking.matching import Matched
from mappe_servizi.linking.scorecard import probability

LEAST = 0.2
"""Pairs of a lower probability are not shown."""


@dataclass(frozen=True, slots=True)
class PairQuestion:
    """A pair to be decided: places of its rows, its probability, and what a decision is worth."""

    left: int
    right: int
    probability: float
    worth: float


def worth(p: float, uses: int) -> float:
    """What deciding a pair is worth: the link to be hoped for, and the doubt (bits) that goes away.

    Both count more where more rests on the two: services that name them.

    >>> worth(0.5, 0) > worth(0.997, 0) > worth(0.1, 0), worth(0.5, 6) > worth(0.5, 0)
    (True, True)
    """
    doubt = -sum(x * log2(x) for x in (p, 1 - p) if x > 0)
    return (p + doubt) * log2(2 + uses)


def questions(
    linked: Linked,
    decided: Collection[tuple[int, int]],
    uses: Mapping[str, int],
    towns: Mapping[str, tuple[str, ...]],
) -> list[PairQuestion]:
    """The pairs that nobody has decided, best first.

    Args:
        decided: the pairs of rows of which decisions.csv says anything, "unsure" too.
        uses: how many services each row is named by, by its id; none for rows of other lists.
        towns: the municipalities of our own providers, by IRI: those of one and the same are no pair.
    """
    matched = linked.matched
    found = []
    for pair in matched.pairs:
        left, right = matched.rows[pair.left], matched.rows[pair.right]
        p = probability(pair.odds)
        if p < LEAST or (pair.left, pair.right) in decided or not _across(matched, pair.left, pair.right):
            continue
        if left.id in towns and right.id in towns and len({*towns[left.id], *towns[right.id]}) < 2:
            continue
        used = uses.get(left.id, 0) + uses.get(right.id, 0)
        found.append(PairQuestion(pair.left, pair.right, p, worth(p, used)))
    return sorted(found, key=lambda q: (-q.worth, q.left, q.right))


def _across(matched: Matched, left: int, right: int) -> bool:
    return len(matched.lists) == 1 or matched.list_of[left] != matched.list_of[right]


def shown(matched: Matched, question: PairQuestion) -> dict[str, object]:
    """A pair as the page shows it: both rows, their words aligned, and the weights."""
    a, b = matched.reads[question.left], matched.reads[question.right]
    places = a.town_words | b.town_words if a.town and b.town else frozenset[str]()
    found = align(a, b, places=places)
    weights = dict(zip(a.words, a.weights, strict=True)) | dict(zip(b.words, b.weights, strict=True))
    paired = {word for pair in found.pairs for word in pair}
    words = [{"left": x, "right": y, "weight": round(weights.get(x, 0.0), 1)} for x, y in found.pairs]
    words += [{"left": x, "right": "", "weight": round(weights[x], 1)} for x in a.words if x not in paired]
    words += [{"left": "", "right": y, "weight": round(weights[y], 1)} for y in b.words if y not in paired]
    link = Link(question.left, question.right, "closeMatch", round(question.probability, 4), "model")
    return {
        "left": _row(matched, question.left),
        "right": _row(matched, question.right),
        "probability": round(question.probability, 3),
        "worth": round(question.worth, 2),
        "words": words,
        "because": because(matched, link),
        "steps": explanation(matched, link)["steps"],
    }


def _row(matched: Matched, at: int) -> dict[str, object]:
    row: Listed = matched.rows[at]
    return {
        "id": row.id,
        "list": matched.lists[matched.list_of[at]].name,
        "name": row.name,
        "town": row.town or (f"({row.near})" if row.near else ""),
        "province": row.province,
        "codes": dict(row.identifiers),
        "line": row.line,
    }
