"""What people's words mean: which of the concepts that municipalities share a question is about.

A question rarely has just the words of a name ("non riesco a pagare l'affitto"): a concept is found where
its words cover enough of the question. A word counts the less, the more concepts have it, and a name that
several have says less of each than one that is a single one's own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log2, sqrt
from typing import NamedTuple

SHORTEST = 3
"""Letters of the beginning of a word that is still being typed."""
BEGUN = 0.6
"""What the beginning of a word counts, where its whole counts one."""
ELSEWHERE, NOWHERE = 0.5, 0.3
"""What a word of the question counts that no concept has, but a text; and that nothing has."""
BEST, ALL = 0.75, 0.25
"""What it counts how well the best name of a concept fits, and how much of the question all cover."""
SHARE = 0.5
"""How much of a name's fit is that it has no other words than the question."""
EXACT = 0.25
"""What it counts that a name is just the question."""
OTHERWISE = 0.8
"""What a word counts in a name that spells it otherwise, where another spells it so: parks is not parking."""
ENOUGH, WHOLE = 0.6, 0.25
"""How much of the question a concept has to cover, and how much where one of its names is all in it."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question.

    Attributes:
        stems: by which it is looked for.
        begins: what a word may begin with that is still being typed, "" for a whole one.
        known: whether any text has it.
        spelt: as it was written, "" if that is not known.
    """

    stems: tuple[str, ...]
    begins: str = ""
    known: bool = True
    spelt: str = ""


class _Name(NamedTuple):
    concept: str
    stems: frozenset[str]
    words: frozenset[str]


class ConceptNames:
    """The names of all concepts, by their stems."""

    def __init__(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """Rows have a concept, and a name of it: its stems and its words as they are spelt."""
        self._names = [
            _Name(concept, *(frozenset(text.split()) for text in texts)) for concept, *texts in rows
        ]
        having: defaultdict[str, list[int]] = defaultdict(list)
        for at, name in enumerate(self._names):
            for stem in name.stems:
                having[stem].append(at)
        same: defaultdict[frozenset[str], set[str]] = defaultdict(set)
        for name in self._names:
            same[name.words or name.stems].add(name.concept)
        self._own = [1 / sqrt(len(same[name.words or name.stems])) for name in self._names]
        self._having = dict(having)
        self._stems = sorted(having)
        self._spelt = frozenset(word for name in self._names for word in name.words)
        self._weights = {
            stem: 1 / (1 + log2(len({self._names[at].concept for at in found})))
            for stem, found in having.items()
        }

    def __contains__(self, stem: str) -> bool:
        return stem in self._having

    def weight(self, word: Word) -> float:
        """How much a word of a question says, at most 1."""
        found = [self._weights[stem] for stem in word.stems if stem in self._weights]
        if found:
            return max(found)
        return ELSEWHERE if word.known else NOWHERE

    def find(self, question: Sequence[Word]) -> dict[str, float]:
        """The concepts that a question is about, and how well they fit, 1 for a name that has just its words.

        >>> names = ConceptNames([("waste", "raccolt rif", ""), ("tax", "tass rif", ""), ("tax", "imu", "")])
        >>> found = names.find([Word(("tass",)), Word(("rif",))])
        >>> max(found, key=found.get), "waste" in names.find([Word(("imu",))])
        ('tax', False)
        """
        weights = [self.weight(word) for word in question]
        total = sum(weights)
        if not total:
            return {}
        covered: defaultdict[str, dict[int, float]] = defaultdict(dict)
        best: defaultdict[str, float] = defaultdict(float)
        whole: defaultdict[str, float] = defaultdict(float)
        for at, words in self._touched(question).items():
            name = self._names[at]
            share = sum(weights[word] * count for word, (count, _) in words.items()) / total
            has = {stem for _, found in words.values() for stem in found}
            of_name = sum(self._weights[stem] for stem in has) / sum(
                map(self._weights.__getitem__, name.stems)
            )
            exact = share > 0.999 and len(has) == len(name.stems)
            # A name that is all in the question counts for what it covers: the rest tells only an occasion.
            covers = share if len(has) == len(name.stems) else share**2
            fits = (covers * (1 - SHARE + SHARE * of_name) + EXACT * exact) * self._own[at]
            best[name.concept] = max(best[name.concept], fits)
            if len(has) == len(name.stems):
                whole[name.concept] = max(whole[name.concept], share)
            for word, (count, _) in words.items():
                kept = covered[name.concept]
                kept[word] = max(kept.get(word, 0.0), count)
        found = {}
        for concept, of_words in covered.items():
            share = sum(weights[word] * count for word, count in of_words.items()) / total
            if share >= ENOUGH or whole[concept] >= WHOLE:
                found[concept] = BEST * best[concept] + ALL * share**2
        return found

    def _touched(self, question: Sequence[Word]) -> dict[int, dict[int, tuple[float, tuple[str, ...]]]]:
        """The names that have words of a question: which words, how much that counts, and as what stems."""
        touched: defaultdict[int, dict[int, tuple[float, tuple[str, ...]]]] = defaultdict(dict)
        for place, word in enumerate(question):
            for stem in word.stems:
                for at in self._having.get(stem, ()):
                    otherwise = word.spelt in self._spelt and word.spelt not in self._names[at].words
                    touched[at].setdefault(place, (OTHERWISE if otherwise else 1.0, (stem,)))
            for stem in self._beginning(word.begins):
                for at in self._having[stem]:
                    touched[at].setdefault(place, (BEGUN, (stem,)))
        return touched

    def _beginning(self, begins: str) -> Iterable[str]:
        if len(begins) < SHORTEST:
            return
        for at in range(bisect_left(self._stems, begins), len(self._stems)):
            if not self._stems[at].startswith(begins):
                return
            yield self._stems[at]
