"""Which pairs are compared at all: rows that share words that tell something, in one town or anywhere.

An index of words, beginnings of words and initials; what rows share is added up while looking
them up, and only pairs that share enough are given on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from mappe_servizi.linking.reading import Read

ANYWHERE, IN_TOWN = 40, 300
"""A key leads to other rows if at most so many have it: anywhere, or in one town."""
BEGINNING, BEGINS = 5, 0.6
"""Letters by which longer words are found too, and their part of the word's weight."""
SURELY = 1000.0
"""What a shared acronym or beginning of the whole name counts: it is worth a comparison by itself."""


@dataclass(frozen=True, slots=True)
class Least:
    """How much two rows must share (by weight) to be compared.

    Attributes:
        share: of the words of both, in one town or where a town is not known.
        contained: or of the words of the shorter name.
        elsewhere: of the words of both, in two towns.
    """

    share: float
    contained: float
    elsewhere: float


BETWEEN, WITHIN = Least(0.2, 0.5, 0.6), Least(0.35, 0.7, 0.9)
"""Rows of two lists; rows of one list, which hardly ever are one body."""
_NONE: tuple[int, ...] = ()


def candidates(
    left: Sequence[Read],
    right: Sequence[Read],
    *,
    itself: bool = False,
    numbers: Iterable[int] | None = None,
) -> Iterator[tuple[int, list[int]]]:
    """For each row of the left list, the rows of the right one that are worth a comparison.

    Args:
        itself: both are one list: only rows after a row are given for it.
        numbers: of the left rows that are asked for, where not all are.
    """
    index = Index(right, {word for row in left for word in _acronyms(row)})
    least = WITHIN if itself else BETWEEN
    for at in range(len(left)) if numbers is None else numbers:
        yield at, index.near(left[at], after=at if itself else -1, least=least)


class Index:
    """Rows by their words, and by town where many have one; by initials within the town only.

    Args:
        asked: the acronyms that will be looked for, where that is known: most initials spell none of them.
    """

    def __init__(self, rows: Sequence[Read], asked: Collection[str] | None = None) -> None:
        self._anywhere: dict[str, list[int]] = defaultdict(list)
        self._in_town: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._totals = [sum(row.weights) for row in rows]
        self._towns = [row.town for row in rows]
        self._acronyms = {word for row in rows for word in _acronyms(row)}
        for at, row in enumerate(rows):
            for key in _words(row):
                self._anywhere[key].append(at)
            spelt = (f"~{word}" for word in _spelt(row) if asked is None or word in asked)
            for key in (*spelt, *(f"={word}" for word in _acronyms(row)), _beginning(row)):
                self._in_town[row.town, key].append(at)
        for key, group in self._anywhere.items():
            if len(group) > ANYWHERE:
                for at in group:
                    row = rows[at]
                    for town in {row.town} if row.town else {"", *row.named[:2]}:
                        self._in_town[town, key].append(at)

    def near(self, row: Read, *, after: int = -1, least: Least = BETWEEN) -> list[int]:
        """The rows that are worth a comparison, in order, from the one after a place on."""
        shared: dict[int, float] = {}
        places = {row.town} if row.town else {"", *row.named}
        for key, weight in _words(row).items():
            group: Sequence[int] = self._anywhere.get(key, _NONE)
            if len(group) > ANYWHERE:
                group = self._by_town(places, key)
            for to in group:
                if to > after:
                    shared[to] = shared.get(to, 0.0) + weight
        # What one spells with its initials, the other has as a word.
        asked = [f"={word}" for word in _spelt(row) if word in self._acronyms]
        asked += [f"~{word}" for word in _acronyms(row)]
        anywhere = {*places, ""}
        for key in (*asked, _beginning(row)):
            for to in self._by_town(anywhere, key):
                if to > after:
                    shared[to] = SURELY
        town, total = row.town, sum(row.weights)
        found = []
        for to, weight in shared.items():
            other = self._towns[to]
            near = not town or not other or town == other
            share, both = (least.share if near else least.elsewhere), total + self._totals[to]
            if weight >= share * both / (1 + share) or (
                near and weight >= least.contained * min(total, self._totals[to])
            ):
                found.append(to)
        return sorted(found)

    def _by_town(self, towns: Iterable[str], key: str) -> Sequence[int]:
        found: list[int] = []
        for town in towns:
            group = self._in_town.get((town, key))
            if group and len(group) <= IN_TOWN:
                found += group
        return found


def _words(row: Read) -> dict[str, float]:
    """The words and beginnings of words by which a row is found, and what each tells."""
    found: dict[str, float] = {}
    for word, weight in zip(row.words, row.weights, strict=True):
        if len(word) > BEGINNING:
            beginning = word[:BEGINNING] + "*"
            found[beginning] = max(found.get(beginning, 0.0), BEGINS * weight)
            weight *= 1 - BEGINS  # noqa: PLW2901 - the rest of the word's
        found[word] = weight
    return found


def _beginning(row: Read) -> str:
    """How the whole name begins, so that words written together or apart do not matter."""
    return "".join(row.words)[:8] + "#"


def _acronyms(row: Read) -> list[str]:
    """Words that may be acronyms."""
    return [word for word in row.words if 3 <= len(word) <= 7]


def _spelt(row: Read) -> set[str]:
    """What the initials of a row's words may spell."""
    found = set()
    for words in (row.raw, row.words):
        initials = "".join(word[0] for word in words[:12])
        found |= {
            initials[start:end]
            for start in range(len(initials))
            for end in range(start + 3, min(start + 7, len(initials)) + 1)
        }
    return found
