"""Which words of two names stand for each other, and what stays over on each side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from mappe_servizi.linking.reading import Read, is_acronym

_ADJECTIVE = ("ese", "esi", "ana", "ano", "ani", "ina", "ino", "ini", "asca", "asco", "ica", "ico")
LIKE = 80.0
"""From this similarity on (0 to 100), two words are spellings of one."""
ABBREVIATED, SPELT, MISSPELT = 0.9, 0.9, 0.95
"""What an abbreviation, an acronym spelt out, or a misspelt word counts of what it stands for."""


@dataclass(slots=True)
class Alignment:
    """Weights (nats) of what two names share and of what only one has.

    Attributes:
        shared: of the words that stand for each other.
        left, right: of the words that stay over.
        strongest: the weight of the word that tells most, among those of the side with less left over.
        spelt: an acronym of one is spelt out by the other.
        uneven: shared words that are spelt in two ways.
        pairs: the words that stand for each other.
        joined: words of one name that the other writes as one.
    """

    shared: float = 0.0
    left: float = 0.0
    right: float = 0.0
    strongest: float = 0.0
    spelt: bool = False
    uneven: int = 0
    pairs: tuple[tuple[str, str], ...] = ()
    joined: list[tuple[str, str]] = field(default_factory=list)


def align(a: Read, b: Read, *, places: frozenset[str]) -> Alignment:
    """Align two names.

    Args:
        places: words of a town that both rows give: in a name they tell next to nothing more.
    """
    one, other = dict(zip(a.words, a.weights, strict=True)), dict(zip(b.words, b.weights, strict=True))
    found = Alignment()
    pairs: list[tuple[str, str]] = []
    for word in a.words:
        if word in other:
            weight = min(one.pop(word), other.pop(word))
            found.shared += weight * (0.2 if word in places else 1.0)
            pairs.append((word, word))
    if one and other:
        _joined(found, one, other)
        _alike(found, one, other, pairs, (a.named_words, b.named_words))
    if one:
        _acronyms(found, one, b, other, pairs)
    if other:
        _acronyms(found, other, a, one, pairs)
    left, right = _over(one, a, places), _over(other, b, places)
    found.left, found.right = sum(left), sum(right)
    less = left if found.left <= found.right else right
    found.strongest = max(less, default=0.0)
    found.pairs = tuple(pairs)
    return found


def _over(words: Mapping[str, float], read: Read, places: frozenset[str]) -> list[float]:
    if not words:
        return []
    if not places and not read.extra:
        return [*words.values()]
    return [
        weight * (0.15 if word in read.extra or of_place(word, places) else 1.0)
        for word, weight in words.items()
    ]


def of_place(word: str, places: frozenset[str]) -> bool:
    """Whether a word is a town's, or an adjective made of it.

    >>> of_place("novarese", frozenset({"novara"})), of_place("novelli", frozenset({"novara"}))
    (True, False)
    """
    return word in places or (
        word.endswith(_ADJECTIVE)
        and any(
            len(town) >= 4 and word[: max(4, len(town) - 2)] == town[: max(4, len(town) - 2)]
            for town in places
        )
    )


def _take(  # noqa: PLR0913, PLR0917
    found: Alignment, one: dict[str, float], other: dict[str, float], w: tuple[str, ...], v: str, share: float
) -> None:
    """Words of one side stand for a word of the other."""
    first, second = sum(one.pop(word) for word in w), other.pop(v)
    found.shared += share * min(first, second)
    found.uneven += 1


def _joined(found: Alignment, one: dict[str, float], other: dict[str, float]) -> None:
    """Two words of one are written as one by the other."""
    for x, y in ((one, other), (other, one)):
        words = list(x)
        for first, second in pairwise(words):
            if first + second in y and first in x and second in x:
                _take(found, x, y, (first, second), first + second, 1.0)
                found.joined.append((first, second))


def _alike(
    found: Alignment,
    one: dict[str, float],
    other: dict[str, float],
    pairs: list[tuple[str, str]],
    towns: tuple[frozenset[str], frozenset[str]],
) -> None:
    """Words spelt in two ways; but Crema is no spelling of Cremona."""
    ranked = []
    for word in one:
        for like in other:
            if word[0] != like[0] and word[1:3] != like[1:3]:
                continue
            if word in towns[0] and like in towns[1]:
                continue
            if share := alike(word, like):
                ranked.append((-share, word, like))
    for share, word, like in sorted(ranked):
        if word in one and like in other:
            _take(found, one, other, (word,), like, -share)
            pairs.append((word, like))


def alike(word: str, other: str) -> float:
    """How far two words are spellings of one, 0 to 1.

    >>> alike("infermieri", "inferm"), alike("sorveglianza", "sorvelianza") > 0.9, alike("rosa", "rossi")
    (0.9, True, 0.0)
    """
    short, long = (word, other) if len(word) <= len(other) else (other, word)
    if short.isdigit() or long.isdigit():
        return 0.0
    if len(short) == 1:
        return 0.5 if long[0] == short else 0.0
    if len(short) >= 3 and len(long) > len(short) + 1 and long.startswith(short):
        return ABBREVIATED
    if len(short) < 4 or (short[0] != long[0] and short[1:3] != long[1:3]):
        return 0.0
    if misspelt(short, long):
        return MISSPELT
    ratio = fuzz.ratio(short, long, score_cutoff=LIKE)
    return ratio / 100


def misspelt(short: str, long: str) -> bool:
    """Whether two words differ by one letter lost, added, changed or swapped with the next; long ones by two.

    >>> misspelt("ventaglio", "vnetaglio"), misspelt("rosa", "rosi"), misspelt("crema", "cremona")
    (True, False, False)
    """
    most = 0 if len(short) < 5 else 1 if len(short) < 10 else 2
    return most > 0 and OSA.distance(short, long, score_cutoff=most) <= most


def _acronyms(
    found: Alignment, one: dict[str, float], b: Read, other: dict[str, float], pairs: list[tuple[str, str]]
) -> None:
    """A word of one is spelt by the first letters of the other's words."""
    initials = b.initials
    for word in list(one):
        if not 3 <= len(word) <= 9:
            continue
        first = word[0]
        if (
            first + word[1] not in initials
            and first + word[2] not in initials
            and first + word[3:4] not in initials
            and first + word[4:5] not in initials
        ):
            continue
        if span := is_acronym(word, b.raw):
            spelt = b.raw[slice(*span)]
            weight = sum(other.pop(w, 0.0) for w in spelt)
            found.shared += SPELT * max(weight, one.pop(word))
            found.spelt = True
            pairs.append((word, " ".join(spelt)))
