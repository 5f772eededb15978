"""Rows of one list compared with those of another, or of itself, by their names: the work of a run.

A comparison holds all that it needs, and each of its rows is by itself: shares may go to other machines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mappe_servizi.linking.candidates import candidates
from mappe_servizi.linking.identifiers import evidence
from mappe_servizi.linking.reading import Read
from mappe_servizi.linking.scorecard import log_odds
from mappe_servizi.linking.scorer import Scorer

CERTAIN = 20.0
"""Log odds of what an identifier or a person decides."""
LEAST = log_odds(0.01)
"""Pairs of lower odds are not kept."""


@dataclass(frozen=True, slots=True)
class Scored:
    """Two rows (their places in ``Matched.rows``) and the log odds that they are one organisation."""

    left: int
    right: int
    odds: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two lists, or one with itself.

    Attributes:
        reads, identifiers: of all rows.
        left, right: the places of a list's rows among them; without a right one, the left with itself.
        known: pairs that are told already.
    """

    reads: Sequence[Read]
    identifiers: Sequence[Mapping[str, str]]
    scorer: Scorer
    left: range
    right: range | None
    known: frozenset[tuple[int, int]]

    def of(self, numbers: Iterable[int]) -> Iterator[Scored]:
        """The pairs of some of the left list's rows, in the order of these and of the other list.

        Args:
            numbers: of rows, counted from 0 within the list.
        """
        right = self.left if self.right is None else self.right
        lists = [self.reads[r.start : r.stop] for r in (self.left, right)]
        for at, group in candidates(*lists, itself=self.right is None, numbers=numbers):
            for to in group:
                if (pair := self._scored(self.left[at], right[to])) is not None:
                    yield pair

    def _scored(self, one: int, two: int) -> Scored | None:
        found = self.scorer.pair(self.reads[one], self.reads[two])
        if found is None or found.odds < LEAST - 7 or (one, two) in self.known:
            return None
        odds, ids, others = found.odds, self.identifiers[one], self.identifiers[two]
        if ids and others:
            told = evidence(ids, others)
            if told.verdict == "differs":
                return Scored(one, two, -CERTAIN)
            odds += told.odds
        return Scored(one, two, odds) if odds >= LEAST else None


def all_of(comparison: Comparison) -> Iterator[Scored]:
    """All pairs of a comparison, made here."""
    return comparison.of(range(len(comparison.left)))
