"""The document's index of services, and which sheet belongs to which entry."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from mappe_servizi.model.records import Area, IndexEntry, Text
from mappe_servizi.reading.form import normal
from mappe_servizi.reading.rows import Row, Unplaced

_ENTRY = re.compile(r"^(?:[-•*]\s*)?(?P<number>\d{1,3})\s*[.)]\s*(?P<title>.+)$")
_UNPUBLISHED = re.compile(r"\s*\(non pubblicat[ao]\)\s*$", re.IGNORECASE)
MIN_SIMILARITY = 60.0


def read_index(rows: Sequence[Row]) -> tuple[list[Area], list[IndexEntry], list[Row]]:
    """The areas, the entries, and the rows of the front matter before the first area.

    An area's title is the line above its first entry.

    Raises:
        Unplaced: a number stands twice, or a line is neither entry nor area.
    """
    areas: list[Area] = []
    entries: list[IndexEntry] = []
    pending: list[Row] = []
    front: list[Row] = []
    for row in (row for row in rows if row.kind == "cells"):
        match = _ENTRY.match(row.texts[row.first])
        if not match:
            pending.append(row)
            continue
        if pending:
            front += pending[:-1]
            if areas and len(pending) > 1:
                raise Unplaced(pending[0].line, f"neither an entry nor an area: {pending[0].printed!r}")
            title = pending[-1]
            areas.append(Area(len(areas) + 1, _text(title.texts[title.first], title)))
            pending = []
        entries.append(_entry(match, row, areas))
    if pending:
        raise Unplaced(pending[0].line, f"an area without services: {pending[0].printed!r}")
    numbers = [entry.number for entry in entries]
    for entry in entries:
        if numbers.count(entry.number) > 1:
            raise Unplaced(entry.title.lines[0], f"the number {entry.number} stands twice in the index")
    return areas, entries, front


def _entry(match: re.Match[str], row: Row, areas: list[Area]) -> IndexEntry:
    if not areas:
        raise Unplaced(row.line, "an entry without an area above it")
    title = match["title"]
    published = not _UNPUBLISHED.search(title)
    text = _text(_UNPUBLISHED.sub("", title), row)
    return IndexEntry(int(match["number"]), text, areas[-1], published)


def _text(printed: str, row: Row) -> Text:
    return Text(printed, (row.line,), (printed,))


def match_sheets(headings: Sequence[tuple[str, int]], entries: Sequence[IndexEntry]) -> list[IndexEntry]:
    """The index entry of each sheet (heading, first line), in the sheets' order.

    Sheets stand in the index's order, so this is the alignment of two sequences that
    keeps the order and has the greatest total similarity of titles; a sheet whose best
    place is not similar enough is an error, never a guess.

    Raises:
        Unplaced: a sheet has no entry.
    """
    published = [entry for entry in entries if entry.published]
    scores = [[_similarity(heading, e.title.value) for e in published] for heading, _ in headings]
    path = _align(scores, len(headings), len(published))
    for (heading, line), found in zip(headings, path, strict=True):
        if found is None or scores[headings.index((heading, line))][found] < MIN_SIMILARITY:
            raise Unplaced(line, f"the sheet {heading!r} matches no entry of the index")
    return [published[found] for found in path if found is not None]


def without_sheet(entries: Sequence[IndexEntry], matched: Sequence[IndexEntry]) -> list[Unplaced]:
    """The entries that say they are published and have no sheet."""
    return [
        Unplaced(e.title.lines[0], f"no sheet for the entry {e.number} {e.title.printed!r}")
        for e in entries
        if e.published and e not in matched
    ]


def _similarity(heading: str, title: str) -> float:
    return fuzz.token_set_ratio(normal(heading), normal(title))


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
