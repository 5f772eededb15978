"""The scorer: two rows in, the probability that they are one organisation out. A pure function.

`mappe link`, `/reconcile` and workers of a cluster call the same one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import log
from pathlib import Path

from mappe_servizi.linking.features import FEATURES, compare
from mappe_servizi.linking.frequencies import Frequencies
from mappe_servizi.linking.reading import Core, Read, Reader
from mappe_servizi.linking.scorecard import WEIGHTS, Scorecard, probability

TOWN = FEATURES.index("town")
SAME_TOWN = 5.0


@dataclass(frozen=True, slots=True)
class Pair:
    """How two rows compare.

    Attributes:
        odds: natural log odds that they are one organisation.
        features: what was compared, in the order of ``FEATURES``.
        prior: the part of the odds that follows from the sizes of the lists.
    """

    odds: float
    features: tuple[float, ...]
    prior: float = 0.0

    @property
    def probability(self) -> float:
        """The same as a probability."""
        return probability(self.odds)


@dataclass(frozen=True, slots=True)
class Scorer:
    """Knowledge and weights; comparing changes neither.

    Attributes:
        elsewhere: added to the odds where two rows are not known to be of one town.
    """

    reader: Reader
    card: Scorecard
    elsewhere: float = 0.0

    @classmethod
    def load(cls, directory: Path) -> Scorer:
        """Read the tables of names and the weights.

        Raises:
            InputError: one cannot be used.
        """
        return cls(Reader.load(directory), Scorecard.load(directory / WEIGHTS))

    def for_lists(self, lists: Iterable[Iterable[tuple[Core, str]]], rows: int) -> Scorer:
        """A scorer that knows the words of the lists at hand and how long they are.

        Args:
            lists: the names and towns of each list; the same name in the same town is one body's.
            rows: the geometric mean of the lists' lengths: of more rows, more are alike by chance.
        """
        counted = [
            Frequencies.of(words for words, _ in {(core.words, town.casefold()) for core, town in found})
            for found in lists
        ]
        reader = replace(self.reader, frequencies=self.reader.frequencies.joined(*counted))
        return replace(self, reader=reader, elsewhere=max(-3.0, min(log(self.card.rows / max(rows, 1)), 2.0)))

    def pair(self, a: Read, b: Read) -> Pair | None:
        """Compare two rows; None if their names are too far apart to be looked at."""
        features = compare(a, b, self.reader.frequencies)
        if features is None:
            return None
        known = bool(a.town and b.town)
        prior = 0.0 if features[TOWN] == SAME_TOWN else min(self.elsewhere, 0.0) if known else self.elsewhere
        return Pair(self.card.score(features) + prior, features, prior)
