"""How much a word or a name tells: what many organisations bear tells little."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import log
from pathlib import Path

from mappe_servizi.errors import InputError
from mappe_servizi.model.maintained import read_table

WORDS, NAMES = "word-frequencies.csv", "name-frequencies.csv"
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
        words = _counts(directory / WORDS, "word")
        return cls(words.pop(TOTAL, 0), words, _counts(directory / NAMES, "name"))

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


def _counts(path: Path, column: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for line, row in enumerate(read_table(path, (column, "count"), required=(column, "count")), 2):
        if not row["count"].isdecimal():
            raise InputError(f"the count {row['count']!r} is no whole number", file=path, line=line)
        found[row[column]] = int(row["count"])
    return found
