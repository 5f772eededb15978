"""Decisions about pairs: what people accepted or rejected, honoured by every later run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mappe_servizi.errors import InputError
from mappe_servizi.providers.linkage.model import Scored
from mappe_servizi.providers.tables import read_table

COLUMNS = ("left", "right", "decision", "reason", "evidence")
LINK, SAME = 0.2, 0.95
"""From LINK on a pair is a skos:closeMatch, from SAME on an owl:sameAs (docs/providers.md)."""
Relation = Literal["sameAs", "closeMatch", "rejected"]


@dataclass(frozen=True, slots=True)
class Decision:
    """A reviewed pair."""

    left: str
    right: str
    accepted: bool
    reason: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Link:
    """A pair with its relation and who decided it.

    Attributes:
        scored: what the model says; None where it does not even compare the pair.
        decision: the reviewed row that decided, None where the model alone did.
    """

    left: str
    right: str
    relation: Relation
    scored: Scored | None
    decision: Decision | None = None


def load_decisions(path: Path) -> list[Decision]:
    """Read decisions.csv; there may be none yet.

    Raises:
        InputError: a decision is neither "accept" nor "reject", or a pair is decided twice.
    """
    found: dict[frozenset[str], Decision] = {}
    for line, row in enumerate(read_table(path, COLUMNS, required=COLUMNS), 2):
        if row["decision"] not in ("accept", "reject"):
            raise InputError("the decision is 'accept' or 'reject'", file=path, line=line)
        pair = frozenset((row["left"], row["right"]))
        if pair in found:
            raise InputError("this pair is decided twice", file=path, line=line)
        found[pair] = Decision(
            row["left"], row["right"], row["decision"] == "accept", row["reason"], row["evidence"]
        )
    return list(found.values())


def decide(scored: Iterable[Scored], decisions: Iterable[Decision]) -> list[Link]:
    """Links by decision first, then by the model: each organisation's best one, if it is best for both.

    A rejected pair is kept as rejected and never linked; an accepted one is the same organisation
    whatever the model says.
    """
    pairs = sorted(scored, key=lambda p: (-p.probability, p.left, p.right))
    by_pair = {frozenset((p.left, p.right)): p for p in pairs}
    links, taken, decided = [], set[str](), set[frozenset[str]]()
    for decision in decisions:
        pair = frozenset((decision.left, decision.right))
        decided.add(pair)
        relation: Relation = "sameAs" if decision.accepted else "rejected"
        links.append(Link(decision.left, decision.right, relation, by_pair.get(pair), decision))
        if decision.accepted:
            taken |= pair
    for scored_pair in pairs:
        pair = frozenset((scored_pair.left, scored_pair.right))
        if pair in decided or scored_pair.probability < LINK or pair & taken:
            continue
        taken |= pair
        relation = "sameAs" if scored_pair.probability >= SAME else "closeMatch"
        links.append(Link(scored_pair.left, scored_pair.right, relation, scored_pair))
    return links
