"""Which shared service a title means: the names of the concepts, compared word by word."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rapidfuzz import fuzz

from mappe_servizi.model.name_words import JOINING
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.concepts import SERVICE_CONCEPTS
from mappe_servizi.model.tables.proposals import PAGE_TITLES, TITLE_WORDS
from mappe_servizi.model.text import normal
from mappe_servizi.reading.proposals.evidence import Rule

LEAST: Final = 0.2
SAME: Final = "the same words"
HARDLY: Final = Rule("service-concepts", "hardly like", "hardly like")
"""A title less like its nearest name than that: a question, and nothing rests on it."""
_ALIKE: Final = 85.0
Words = frozenset[str]


@dataclass(frozen=True, slots=True)
class Meant:
    """The concept that a title is most like.

    Attributes:
        concept: its code.
        name: the name of it that is nearest.
        rule: how near it is, and how far ahead of the next concept.
    """

    concept: str
    name: str
    rule: Rule


class ServiceNames:
    """The names of the concepts of services: labels, what people call them, usual titles of pages."""

    def __init__(self, names: Iterable[tuple[str, str]], empty: Iterable[str] = ()) -> None:
        self._empty = JOINING | {normal(word) for word in empty}
        self._names = [(code, name, self._words(name)) for code, name in names]
        counts = Counter(word for _, _, words in self._names for word in words)
        most = len(self._names) + 1
        self._weights = {word: math.log(most / (count + 0.5)) for word, count in counts.items()}
        self._rare = math.log(most / 0.5)

    @classmethod
    def load(cls, knowledge: Path) -> ServiceNames:
        """What is known for every municipality.

        Raises:
            InputError, InputErrors: a cell cannot be used.
        """
        rows = [
            row
            for row in read_rows(SERVICE_CONCEPTS, knowledge / SERVICE_CONCEPTS.file)
            if row.level == "service"
        ]
        pages = read_rows(PAGE_TITLES, knowledge / PAGE_TITLES.file)
        names = [(row.code, name) for row in rows for name in (row.label, *row.words)]
        empty = read_rows(TITLE_WORDS, knowledge / TITLE_WORDS.file)
        return cls([*names, *((row.concept, row.title) for row in pages)], (row.word for row in empty))

    def meant(self, title: str) -> Meant | None:
        """The concept that a title is most like, however little; None where it shares no word with any."""
        words = self._words(title)
        best: dict[str, tuple[float, str]] = {}
        for code, name, of in self._names:
            best[code] = max(best.get(code, (0.0, "")), (self._likeness(words, of), name))
        ranked = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))[:2]
        if len(ranked) < 2 or not ranked[0][1][0]:
            return None
        (code, (near, name)), (_, (next_, _)) = ranked
        return Meant(code, name, _rule(near, near - next_))

    def _words(self, text: str) -> Words:
        return frozenset(_stem(word) for word in normal(text).split() if word not in self._empty)

    def _likeness(self, one: Words, other: Words) -> float:
        """The share of the words that both have, the rarer the heavier."""
        both = 0.0
        for word in sorted(one):
            near = max((fuzz.ratio(word, w) for w in sorted(other)), default=0.0)
            if near >= _ALIKE:
                both += self._weight(word) * near / 100
        union = sum(map(self._weight, sorted(one))) + sum(map(self._weight, sorted(other))) - both
        return both / union if union else 0.0

    def _weight(self, word: str) -> float:
        return self._weights.get(word, self._rare)


def _rule(near: float, ahead: float) -> Rule:
    """The band that a likeness falls into; likenesses of a band are right about as often."""
    if near < LEAST:
        return HARDLY
    name = "little like"
    if near >= 0.9 and ahead >= 0.3:
        name = SAME
    elif near >= 0.45 and ahead >= 0.3:
        name = "like, and like no other"
    elif near >= 0.45:
        name = "like, as others are"
    return Rule("service-concepts", name, name)


def _stem(word: str) -> str:
    """A word without the end that tells one from many."""
    return word.rstrip("aeiouh") if len(word) > 4 else word
