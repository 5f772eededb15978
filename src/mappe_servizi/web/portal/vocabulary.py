"""The labels that pages of all kinds need, kept while a release is served."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import attrgetter
from typing import Final

from mappe_servizi.remembered import ENTRY, Kept
from mappe_servizi.web.portal.question import prologue
from mappe_servizi.web.served.results import Row, Term, parse_rows, run_whole, values
from mappe_servizi.web.served.snapshot import Snapshot

MOST: Final = 50_000
"""Labels of shared concepts."""
ROOM: Final = 32 << 20
"""Bytes of the labels that are not shared."""
SLICE: Final = 5000
"""Labels that are read at a time, so that they are never more than is held back for one answer."""
KINDS: Final = (
    "skos:Concept", "skos:ConceptScheme", "owl:Class", "owl:ObjectProperty", "owl:DatatypeProperty",
    "rdf:Property", "qb:ComponentProperty",
)  # fmt: skip
SHARED: Final = " UNION ".join(f"{{ ?s a {kind} }}" for kind in KINDS)
"""What has a label that any page may need; what begins with ``data/`` is a municipality's own."""
OWN: Final = ("data/area/", "data/public-service/")
"""What a municipality has of its own, and pages name by its label alone, or in another language."""
CLIENT: Final = "vocabularies"
VALUE = attrgetter("value")
Labels = Mapping[str, Sequence[Term]]


@dataclass(slots=True)
class _Vocabulary:
    """The labels of a release: of shared concepts, read once, and those of municipalities' own."""

    task: asyncio.Task[Labels]
    until: float
    snapshot: Snapshot = field(repr=False)
    own: Kept[str, Sequence[Term]] = field(default_factory=lambda: Kept(ROOM, _weight), repr=False)


class VocabularyLabels:
    """The labels of concepts: those that are shared are few, the others are read as they are met."""

    def __init__(self, keep_remote: int) -> None:
        self._kept: _Vocabulary | None = None
        self._seconds = keep_remote

    async def labels(self, snapshot: Snapshot) -> Labels:
        """The labels by shared concept.

        Raises:
            QueryError: they could not be read; the next request tries again.
        """
        return await asyncio.shield(self._current(snapshot).task)

    async def own(self, snapshot: Snapshot, rows: Iterable[Row]) -> Labels:
        """The labels of the areas and services in some rows.

        Raises:
            QueryError: they could not be read.
        """
        starts = tuple(snapshot.iris.base + start for start in OWN)
        every = set(map(VALUE, chain.from_iterable(map(dict.values, rows))))
        named = {value for value in every if value.startswith(starts)}
        kept = self._current(snapshot).own
        found = {iri: labels for iri in named if (labels := kept.get(iri)) is not None}
        missing = sorted(named - found.keys())
        for start in range(0, len(missing), SLICE):
            part = missing[start : start + SLICE]
            read = await _read(snapshot, f"VALUES ?s {{ {values(part)} }} ?s rdfs:label ?l")
            for iri in part:
                found[iri] = tuple(read.get(iri, ()))
                kept.put(iri, found[iri])
        return found

    def _current(self, snapshot: Snapshot) -> _Vocabulary:
        kept = self._kept
        stale = kept is None or kept.snapshot is not snapshot or kept.until < time.monotonic()
        if kept is None or stale or (kept.task.done() and (kept.task.cancelled() or kept.task.exception())):
            until = float("inf") if snapshot.immutable else time.monotonic() + self._seconds
            task = asyncio.get_running_loop().create_task(self._shared(snapshot))
            kept = self._kept = _Vocabulary(task, until, snapshot)
        return kept

    @staticmethod
    async def _shared(snapshot: Snapshot) -> Labels:
        data = f"{snapshot.iris.base}data/"
        return await _read(snapshot, f'{SHARED} FILTER(!STRSTARTS(STR(?s), "{data}")) ?s rdfs:label ?l')


async def _read(snapshot: Snapshot, pattern: str) -> Labels:
    query = f"{prologue(snapshot.iris.base)} SELECT DISTINCT ?s ?l {{ {pattern} }} ORDER BY ?s ?l"
    labels: dict[str, list[Term]] = {}
    for start in range(0, MOST, SLICE):
        part = f"{query} LIMIT {SLICE} OFFSET {start}"
        rows = parse_rows((await run_whole(snapshot, part, CLIENT)).body)
        for row in rows:
            labels.setdefault(row["s"].value, []).append(row["l"])
        if len(rows) < SLICE:
            break
    return labels


def _weight(iri: str, labels: Sequence[Term]) -> int:
    return len(iri) + sum(ENTRY + len(label.value) for label in labels) + ENTRY
