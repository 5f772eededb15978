"""Which sheet belongs to which entry of the index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz import fuzz

from mappe_servizi.model.records import IndexEntry
from mappe_servizi.model.text import normal
from mappe_servizi.reading.defects import WithoutEntry, WithoutSheet

MIN_SIMILARITY = 60.0
SURE = 90.0
"""How like its title a heading is that needs nobody's word where the order says nothing."""


@dataclass(frozen=True, slots=True)
class Match:
    """The entry of a sheet; ``why`` is what somebody should look at, "" where nothing is."""

    entry: IndexEntry
    why: str = ""


def match_sheets(headings: Sequence[tuple[str, int]], entries: Sequence[IndexEntry]) -> list[Match]:
    """The index entry of each sheet (heading, first line), in the sheets' order.

    Sheets that stand in the index's order are told by the alignment of two sequences that keeps the
    order and has the greatest total similarity of titles. Where another order fits the titles better,
    the titles alone tell. A sheet that is not similar enough to any entry is an error, never a guess.

    Raises:
        WithoutEntry: a sheet has no entry.
    """
    published = [entry for entry in entries if entry.published]
    titles = [normal(entry.title.value) for entry in published]
    scores = [[_similarity(normal(heading), title) for title in titles] for heading, _ in headings]
    path = _align(scores, len(headings), len(published))
    if _in_order(scores, path):
        return [Match(published[found]) for found in path if found is not None]
    return _by_title(headings, published, scores)


def _similarity(heading: str, title: str) -> float:
    return fuzz.token_set_ratio(heading, title)


def _in_order(scores: list[list[float]], path: list[int | None]) -> bool:
    """Whether every sheet has its entry, and no two of them would fit better the other way round."""
    found = [p for p in path if p is not None]
    if len(found) < len(path) or any(scores[i][p] < MIN_SIMILARITY for i, p in enumerate(found)):
        return False
    return all(
        scores[i][found[i]] + scores[j][found[j]] >= scores[i][found[j]] + scores[j][found[i]]
        for i, j in combinations(range(len(found)), 2)
    )


def _by_title(
    headings: Sequence[tuple[str, int]], entries: Sequence[IndexEntry], scores: list[list[float]]
) -> list[Match]:
    """Every sheet to the entry that it is most like, the likest first; of equals the first, with a word."""
    equal = [[float(normal(h) == normal(e.title.value)) for e in entries] for h, _ in headings]
    ranked: dict[tuple[float, float], list[tuple[int, int]]] = defaultdict(list)
    for i, row in enumerate(scores):
        for j, score in enumerate(row):
            if score >= MIN_SIMILARITY:
                ranked[equal[i][j], score].append((i, j))
    found: dict[int, Match] = {}
    taken: set[int] = set()
    for (_, score), pairs in sorted(ranked.items(), reverse=True):
        free = [(i, j) for i, j in pairs if i not in found and j not in taken]
        sheets, places = [i for i, _ in free], [j for _, j in free]
        for i, j in free:
            if i in found or j in taken:
                continue
            tie = sheets.count(i) > 1 or places.count(j) > 1
            found[i] = Match(entries[j], _doubt(headings[i][0], entries[j], score, tie))
            taken.add(j)
    for i, (heading, line) in enumerate(headings):
        if i not in found:
            raise WithoutEntry(line, heading)
    return [found[i] for i in range(len(headings))]


def _doubt(heading: str, entry: IndexEntry, score: float, tie: bool) -> str:
    named = f"{entry.number} {entry.title.value!r}"
    if not tie and score >= SURE:
        return ""
    several = " (it is like others, too)" if tie else ""
    return f"the sheets stand in another order than the index: is {heading!r} the entry {named}{several}"


def without_sheet(entries: Sequence[IndexEntry], matched: Sequence[IndexEntry]) -> list[WithoutSheet]:
    """The entries that say they are published and have no sheet."""
    return [
        WithoutSheet(e.title.lines[0], e.number, e.title.printed)
        for e in entries
        if e.published and e not in matched
    ]


def _align(scores: list[list[float]], sheets: int, entries: int) -> list[int | None]:
    """For each sheet the entry that it aligns with (Needleman and Wunsch, gaps are free)."""
    best = [[0.0] * (entries + 1) for _ in range(sheets + 1)]
    for i in range(sheets):
        for j in range(entries):
            best[i + 1][j + 1] = max(best[i][j] + scores[i][j], best[i][j + 1], best[i + 1][j])
    path: list[int | None] = [None] * sheets
    i, j = sheets, entries
    while i and j:
        if best[i][j] == best[i - 1][j - 1] + scores[i - 1][j - 1]:
            path[i - 1] = j - 1
            i, j = i - 1, j - 1
        elif best[i][j] == best[i - 1][j]:
            i -= 1
        else:
            j -= 1
    return path
