"""What two rows are compared by: a pure function of both."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from mappe_servizi.linking.alignment import Alignment, align, misspelt
from mappe_servizi.linking.frequencies import Frequencies
from mappe_servizi.linking.reading import Read

FEATURES = (
    "cover", "contained", "shared", "over_less", "over_more", "strongest", "letters", "sorted", "set",
    "start", "town", "forms", "sport", "numbers", "spelt", "uneven", "bearers", "place", "local", "bare",
    "crowd",
)  # fmt: skip


def compare(a: Read, b: Read, frequencies: Frequencies) -> tuple[float, ...] | None:
    """The features of a pair, in the order of ``FEATURES``; None if the names are too far apart."""
    same_town = bool(a.town) and a.town == b.town and not _apart(a, b)
    places = a.town_words | b.town_words if a.town and b.town else frozenset[str]()
    found = align(a, b, places=places)
    total = found.shared + found.left + found.right
    less, more = sorted((found.left, found.right))
    cover = found.shared / total if total else 0.0
    contained = found.shared / (found.shared + less) if found.shared else 0.0
    words = _harmonised(b.words, found)
    own = _harmonised(a.words, found)
    first, second = " ".join(sorted(own)), " ".join(sorted(words))
    like = fuzz.ratio(first, second)
    if cover < 0.25 and not (contained >= 0.6 and found.shared >= 3.0) and like < 75.0:
        return None
    one, other = "".join(own), "".join(words)
    return (
        cover,
        contained,
        found.shared,
        less,
        more,
        found.strongest,
        fuzz.ratio(one, other),
        like,
        fuzz.token_set_ratio(first, second),
        100 * JaroWinkler.similarity(one, other),
        _town(a, b, same_town),
        _forms(a, b),
        float(a.sport != b.sport),
        _numbers(a, b),
        float(found.spelt),
        float(found.uneven),
        # Within a town it is "local" that tells.
        log(1 + (1 if same_town else max(frequencies.names[a.core], frequencies.names[b.core]))),
        _place(a, b),
        local(a, b, places) if same_town else 9.0,
        float(_bare(a, places) != _bare(b, places)),
        max(a.crowd, b.crowd),
    )


def _harmonised(words: Sequence[str], found: Alignment) -> Sequence[str]:
    """Words as the other name spells them, where they are a misspelling apart, or written as one there."""
    spelt = {
        other: word
        for word, other in found.pairs
        if word != other and misspelt(*sorted((word, other), key=len))
    }
    kept = [spelt.get(word, word) for word in words] if spelt else list(words)
    for first, second in found.joined:
        if first in kept and second in kept:
            kept[kept.index(first)] = first + second
            kept.remove(second)
    return kept


def _apart(a: Read, b: Read) -> bool:
    """Whether two rows lie in two provinces."""
    return bool(a.provinces and b.provinces) and not a.provinces & b.provinces


def _town(a: Read, b: Read, same: bool) -> float:
    """0 another province, 1 the same one, 1.5 another town, but named by one of the two; where a town is
    not given: 2 perhaps far, 2.5 unknown, 3 near, 4 named; 5 the same town."""
    if same:
        return 5.0
    if a.town and b.town:
        if a.town in b.named or b.town in a.named:
            return 1.5
        return 1.0 if a.provinces & b.provinces else 0.0
    if (a.town and a.town in b.named) or (b.town and b.town in a.named):
        return 4.0
    if a.provinces and b.provinces:
        return 2.0 if _apart(a, b) else 3.0
    return 2.5


def _forms(a: Read, b: Read) -> float:
    """3 the same, 2 some in common, 1 one gives none, 0 others."""
    if a.forms == b.forms:
        return 3.0
    one, other = a.telling, b.telling
    if one & other:
        return 2.0
    if not one or not other:
        return 1.0
    return 0.0 if not any(x.startswith(y) or y.startswith(x) for x in one for y in other) else 2.0


def _numbers(a: Read, b: Read) -> float:
    """2 other numbers, 1 only one has some, 0 the same or none."""
    one, other = ({w for w in read.words if w[0].isdigit()} for read in (a, b))
    if one == other:
        return 0.0
    return 2.0 if one and other else 1.0


def _place(a: Read, b: Read) -> float:
    """1 if a name names a town that the other neither names nor lies in, though it does say where it is."""
    for x, y in ((a, b), (b, a)):
        if x.named and (y.town or y.named):
            for town in x.named:
                if town != y.town and town not in y.named and not set(town.split()) <= set(y.raw):
                    return 1.0
    return 0.0


def local(a: Read, b: Read, places: frozenset[str]) -> float:
    """How many pairs of rows of this town share the word that fewest share (log); 8 if no word is shared."""
    counts = dict(zip(b.words, b.local, strict=False))
    found = [
        n + counts[word]
        for word, n in zip(a.words, a.local, strict=False)
        if word in counts and word not in places
    ]
    return min(found, default=8.0)


def _bare(read: Read, places: frozenset[str]) -> bool:
    """A name of a place alone: the municipality's own."""
    return not read.forms and all(word in places for word in read.words)
