"""Words that are spelt nearly like one that nothing has: what a question may have meant."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

NEIGHBOURS = 3
SHORTEST, LONG = 5, 8
"""Letters from which a word may have one mistake, and from which two."""


def near(word: str, spelt: Iterable[str]) -> tuple[str, ...]:
    """The words that are spelt nearly like one, the nearest first; none for a short one or a number.

    They begin alike: who mistypes a word rarely mistypes its first letter.

    >>> near("bibblioteca", ["biblioteca", "bibliotecario"]), near("multe", ["molte"]), near("qui", ["qua"])
    (('biblioteca',), ('molte',), ())
    """
    if len(word) < SHORTEST or not word.isalpha():
        return ()
    allowed = 1 if len(word) < LONG else 2
    alike = [other for other in spelt if other[0] == word[0] and len(other) >= SHORTEST - 1]
    found = process.extract(word, alike, scorer=OSA.distance, score_cutoff=allowed, limit=NEIGHBOURS)
    return tuple(other for other, _, _ in found)
