"""How much a word or a name tells: what many organisations bear tells little."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import log
from pathlib import Path

from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.linking import NAME_FREQUENCIES, WORD_FREQUENCIES

TOTAL = "*"
"""The row of word-frequencies.csv that tells of how many organisations the words were counted."""


@dataclass(slots=True)
class Frequencies:
    """In how many of ``total`` organisations a word occurs, and how many bear a name (its core)."""

    total: int = 0
    words: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)

    @classmethod
    def load(cls, directory: Path) -> Frequencies:
        """Read word-frequencies.csv and name-frequencies.csv.

        Raises:
            InputError: a table cannot be used, or a count is no number.
        """
        counted = read_rows(WORD_FREQUENCIES, directory / WORD_FREQUENCIES.file)
        words = Counter({row.word: row.count for row in counted})
        named = read_rows(NAME_FREQUENCIES, directory / NAME_FREQUENCIES.file)
        return cls(words.pop(TOTAL, 0), words, Counter({row.name: row.count for row in named}))

    @classmethod
    def of(cls, cores: Iterable[Sequence[str]]) -> Frequencies:
        """Counted from names, each a sequence of its words."""
        found = cls()
        for core in cores:
            found.total += 1
            found.words.update(set(core))
            found.names[" ".join(core)] += 1
        return found

    def joined(self, *others: Frequencies) -> Frequencies:
        """All taken together; where they count the same organisations, the larger count holds."""
        found = Frequencies(self.total, Counter(self.words), Counter(self.names))
        for other in others:
            found.total = max(found.total, other.total)
            found.words |= other.words
            found.names |= other.names
        return found

    def weight(self, word: str) -> float:
        """How much a word tells, in nats: the log of one in how many organisations it occurs."""
        return log((self.total + 2) / (self.words[word] + 1))
