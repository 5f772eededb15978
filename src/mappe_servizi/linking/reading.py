"""A row of a list read for comparison: its words with what each tells, its forms, its town."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from math import log
from pathlib import Path
from typing import NamedTuple, TypeVar

from mappe_servizi.linking.frequencies import Frequencies
from mappe_servizi.linking.name_parts import KEPT, NameParts
from mappe_servizi.linking.tokens import tokens
from mappe_servizi.linking.towns import Towns
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.linking import WEAK_WORDS
from mappe_servizi.model.wording import Wording

PROVINCE = re.compile(r"\([A-Z]{2}\)")
WEAK_SHARE = 0.35
"""What a word counts that lists add or leave out as they like ("comitato locale", "sezione")."""
K = TypeVar("K")
V = TypeVar("V")


class Core(NamedTuple):
    """A name taken apart: see the attributes of ``Read``."""

    words: tuple[str, ...]
    forms: frozenset[str]
    extra: frozenset[str]
    raw: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """What of an organisation is compared.

    Attributes:
        words: the words of the name without its forms, in order, each once.
        weights: how much each word tells (nats).
        raw: all words as printed, forms and short name too: acronyms are made of them.
        extra: words that repeat the name (its acronym, its short name): missing, they say nothing.
        forms: legal forms and qualities; ``telling`` are those that leave nothing open.
        town: as read, "" for none; ``town_words`` are its words.
        named: towns that the name may name; ``named_words`` are their words.
        near: the town on whose map it was found, where its own is not known.
        provinces: in which it may lie.
        sport: whether a form says that it is of amateur sport.
        local: for each word, how many organisations of the town bear it (log).
        crowd: how many organisations the town has (log).
        initials: of each two words that follow each other in ``raw``, as "ab bc".
    """

    words: tuple[str, ...]
    weights: tuple[float, ...]
    raw: tuple[str, ...]
    extra: frozenset[str]
    forms: frozenset[str]
    telling: frozenset[str]
    town: str
    town_words: frozenset[str]
    named: tuple[str, ...]
    named_words: frozenset[str] = frozenset()
    near: str = ""
    provinces: frozenset[str] = frozenset()
    sport: bool = False
    local: tuple[float, ...] = ()
    crowd: float = 0.0
    initials: str = ""

    @property
    def printed(self) -> str:
        """All words, forms too."""
        return " ".join(self.raw)

    @property
    def core(self) -> str:
        """The name as frequencies count it."""
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class Reader:
    """Knowledge by which names are read."""

    parts: NameParts
    towns: Towns
    frequencies: Frequencies
    weak: frozenset[str] = frozenset()
    wording: Wording = field(default_factory=Wording)
    _words_of: dict[str, frozenset[str]] = field(default_factory=dict, init=False)
    _weights: dict[str, float] = field(default_factory=dict, init=False)
    _forms: dict[frozenset[str], frozenset[str]] = field(default_factory=dict, init=False)
    _telling: dict[frozenset[str], frozenset[str]] = field(default_factory=dict, init=False)

    @classmethod
    def load(cls, directory: Path) -> Reader:
        """Read the tables of a directory.

        Raises:
            InputError: one cannot be used.
        """
        parts = NameParts.load(directory)
        return cls(
            parts,
            Towns.load(directory),
            Frequencies.load(directory),
            weak_words(directory, parts),
            Wording.load(directory),
        )

    def core(self, name: str) -> Core:
        """A name taken apart."""
        main, *short = re.split(rf"\b{self.wording['short-name']}\b", name)
        raw = self.parts.mended(tokens(PROVINCE.sub(" ", main)))
        words, forms = self.parts.read(raw)
        again: list[str] = []
        for text in short:
            more, more_forms = self.parts.read(self.parts.mended(tokens(text)))
            again += more
            forms += more_forms
        own = dict.fromkeys(words)
        extra = {word for word in again if word not in own}
        extra |= {word for word in own if is_acronym(word, [w for w in raw if w != word])}
        kept = tuple(dict.fromkeys([*words, *again]))
        few = frozenset(forms)
        return Core(kept, _kept(self._forms, few, lambda: few), frozenset(extra), tuple(raw))

    def _weight(self, word: str) -> float:
        weak = WEAK_SHARE if word in self.weak else 1.0
        return _kept(self._weights, word, lambda: self.frequencies.weight(word) * weak)

    def _place_words(self, place: str) -> frozenset[str]:
        return _kept(self._words_of, place, lambda: frozenset(self.parts.read(place.split())[0]))

    def read(self, name: str | Core, town: str = "", near: str = "", province: str = "") -> Read:
        """A row read.

        Args:
            name: as printed, or taken apart already.
            near: the town on whose map it was found, where its own is not known.
            province: its code or name, where the list gives it.
        """
        words, forms, extra, raw = self.core(name) if isinstance(name, str) else name
        place = self.towns.read(town)
        named = tuple(self.towns.named(raw))
        return Read(
            words,
            tuple(self._weight(word) for word in words),
            raw,
            extra,
            forms,
            _kept(self._telling, forms, lambda: forms - self.parts.open),
            place,
            self._place_words(place),
            named,
            frozenset(word for place in named for word in self._place_words(place)),
            self.towns.read(near),
            self.towns.provinces(place or self.towns.read(near), province),
            sport=not self.parts.sport.isdisjoint(forms),
            initials=" ".join(one[0] + other[0] for one, other in pairwise(raw)),
        )


def _kept(known: dict[K, V], key: K, made: Callable[[], V]) -> V:
    """A value that long lists need again and again, once; strangers' names do not fill the memory."""
    found = known.get(key)
    if found is None:
        if len(known) >= KEPT:
            known.clear()
        found = known[key] = made()
    return found


def weak_words(directory: Path, parts: NameParts) -> frozenset[str]:
    """Read weak-words.csv.

    Raises:
        InputError: it cannot be used.
    """
    rows = read_rows(WEAK_WORDS, directory / WEAK_WORDS.file)
    return frozenset(word for row in rows for word in parts.read(tokens(row.word))[0])


def is_acronym(word: str, words: Sequence[str]) -> tuple[int, int] | None:
    """Where consecutive words spell an acronym with their first letters: first, after the last.

    >>> is_acronym("apistom", ["associazione", "provinciale", "incontinenti", "stomizzati"])
    (0, 4)
    """
    if not 3 <= len(word) <= 9 or not word.isalpha():
        return None
    for start, first in enumerate(words[:20]):
        if first[0] == word[0] and (end := _spelt(word, words, start)):
            return start, end
    return None


def _spelt(word: str, words: Sequence[str], at: int) -> int:
    """The place after the last word, if words from ``at`` on spell the acronym; else 0."""
    begin = at
    left = word
    while left and at < len(words):
        if words[at][0] != left[0]:
            return 0
        taken = 1
        # More letters of a word are taken only where the next word does not go on.
        while (
            taken < len(left)
            and taken < 4
            and words[at].startswith(left[: taken + 1])
            and (at + 1 >= len(words) or words[at + 1][0] != left[taken])
        ):
            taken += 1
        left = left[taken:]
        at += 1
    return at if not left and at - begin >= 3 else 0


def in_list(rows: Sequence[Read], towns: Towns, frequencies: Frequencies) -> list[Read]:
    """Rows that know how many of their town bear each of their words, and how many it has.

    Counted in the list; where the list has few of the town, what is to be expected holds.
    """
    # A body that stands in the list under five spellings is one that bears its words, not five.
    names = {(row.town, row.words, row.telling) for row in rows}
    count = Counter((town, word) for town, words, _ in names for word in words)
    sizes = Counter(row.town for row in rows)
    found, logarithm = [], cache(log)
    for row in rows:
        size = max(float(sizes[row.town]), towns.bodies(row.town))
        share = size / (frequencies.total + 2)
        local = tuple(
            logarithm(max(count[row.town, word], share * (frequencies.words[word] + 1), 1.0))
            for word in row.words
        )
        found.append(replace(row, local=local, crowd=logarithm(size)))
    return found
