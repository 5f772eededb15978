"""Looking for words: in the release's index, or, for a remote engine, in its labels."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from mappe_servizi.outputs.search_index import kind_of
from mappe_servizi.outputs.stemming import stem, stems
from mappe_servizi.query.engine import Engine, Job
from mappe_servizi.query.errors import QueryTimeoutError
from mappe_servizi.query.formats import JSON
from mappe_servizi.query.lay import Word
from mappe_servizi.query.words import (
    MAX_WORDS,
    OTHER,
    WEIGHTS,
    Lexicon,
    ResourceHit,
    fit,
    kinds,
    open_index,
    ranked,
)

MAX_HITS = 1000
MAX_AREAS = 40
SECONDS = 2.0
AREAS = "SELECT iri, label, english FROM doc WHERE kind = 'area' ORDER BY label LIMIT ?"
SHOWN = """SELECT doc.id, doc.iri, doc.kind, doc.label, doc.english, doc.text,
  doc.english_text, doc.others, owner.iri, owner.label, town.iri, town.label FROM doc
  LEFT JOIN doc AS owner ON owner.id = doc.owner LEFT JOIN doc AS town ON town.id = doc.municipality
  WHERE doc.id IN (SELECT value FROM json_each(?))"""


@dataclass(frozen=True, slots=True)
class Named:
    """Something with what it is called."""

    iri: str
    label: str


@dataclass(frozen=True, slots=True)
class AreaToBrowse:
    """An area of services: where to look on when words find nothing."""

    iri: str
    label: str
    english: str

    def named(self, language: str) -> Named:
        """The area as a language calls it."""
        return Named(self.iri, self.english if language == "en" and self.english else self.label)


@dataclass(frozen=True, slots=True)
class Hit:
    """A resource found.

    Attributes:
        kind: the concept of its IRI.
        text: its further texts and the names of its parts, for an excerpt.
        score: the larger the better; comparable within one search only.
        english: its English label, "" if it has none.
        english_text: its English names, and those of its parts.
        owner: the service that it belongs to.
        others: how many other services have it too.
        municipality: whose it is, where the release has several.
    """

    iri: str
    kind: str
    label: str
    text: str
    score: float
    english: str = ""
    english_text: str = ""
    owner: Named | None = None
    others: int = 0
    municipality: Named | None = None


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search found.

    Attributes:
        total: how many there are in all, ``MAX_HITS`` at most.
        kinds: how many there are of each kind, whatever kind was asked for.
        unknown: the words that nothing has, each with those that are spelt nearly so.
        offer: what may have been meant, "" for nothing.
        areas: where to look on if nothing is found.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)
    unknown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    offer: str = ""
    areas: tuple[AreaToBrowse, ...] = ()


class Searcher(Protocol):
    """Finds resources by words."""

    async def find(self, text: str, kind: str = "", limit: int = 20, offset: int = 0) -> Hits:
        """The best hits for a text, only of one kind if it is not "".

        Raises:
            QueryError: the search could not be made.
        """

    def close(self) -> None:
        """Free what is held."""


class SearchIndex:
    """Searches the index of a release."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._deadline = 0.0
        self._database = open_index(path)
        self._database.set_progress_handler(lambda: time.monotonic() > self._deadline, 10_000)
        self._lexicon = Lexicon(self._limited)
        towns = self._limited("SELECT count(*) FROM doc WHERE kind = 'municipality'", ())
        self._several: bool = towns[0][0] > 1

    async def find(self, text: str, kind: str = "", limit: int = 20, offset: int = 0) -> Hits:
        """The best hits: those with all words, or that people call so."""
        return await asyncio.to_thread(self._find, text, kind, limit, offset)

    def _find(self, text: str, kind: str, limit: int, offset: int) -> Hits:
        found = self._lexicon.find(text)
        wanted = [hit for hit in found.hits if kind in ("", hit.kind)]
        best = ranked(wanted)[:MAX_HITS]
        shown = self._shown(best[offset : offset + limit])
        areas = () if found.hits else self._areas()
        return Hits(shown, len(best), kinds(found.hits), found.unknown, found.offer, areas)

    def _areas(self) -> tuple[AreaToBrowse, ...]:
        """The areas of the services, if there are so few towns that a list of them helps."""
        rows = self._limited(AREAS, (MAX_AREAS + 1,))
        return tuple(AreaToBrowse(*row) for row in rows) if len(rows) <= MAX_AREAS else ()

    def _shown(self, best: Sequence[ResourceHit]) -> tuple[Hit, ...]:
        rows = self._limited(SHOWN, (json.dumps([hit.number for hit in best]),))
        by_number = {row[0]: row[1:] for row in rows}
        hits = []
        for score, number, *_ in best:
            iri, kind, label, english, text, english_text, others, *named = by_number[number]
            owner, town = (Named(*pair) if pair[0] else None for pair in (named[:2], named[2:]))
            several = town if self._several else None
            hits.append(Hit(iri, kind, label, text, score, english, english_text, owner, others, several))
        return tuple(hits)

    def _limited(self, statement: str, arguments: Sequence[object]) -> list[Any]:
        with self._lock:
            self._deadline = time.monotonic() + SECONDS
            try:
                return self._database.execute(statement, arguments).fetchall()
            except sqlite3.OperationalError as error:
                if "interrupted" in str(error):
                    raise QueryTimeoutError(f"the search was stopped after {SECONDS:g} s") from error
                raise

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._database.close()


class LabelSearch:
    """Searches the labels of an engine that has no index of ours, by CONTAINS."""

    QUERY = """SELECT DISTINCT ?s ?l {{
      ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l
      FILTER(STRSTARTS(STR(?s), {base}) && {conditions})
    }} LIMIT {limit}"""

    def __init__(self, engine: Engine, base: str) -> None:
        self._engine, self._base = engine, base

    async def find(self, text: str, kind: str = "", limit: int = 20, offset: int = 0) -> Hits:
        """Resources whose label has the stems of all words, the best fitting labels first."""
        words = list(dict.fromkeys(stems(text)))[:MAX_WORDS]
        if not words:
            return Hits()
        wanted = [Word((word,), word) for word in words]
        conditions = " && ".join(f"CONTAINS(LCASE(STR(?l)), {json.dumps(w)})" for w in words)
        base = json.dumps(f"{self._base}data/{kind}/" if kind else self._base)
        query = self.QUERY.format(base=base, conditions=conditions, limit=MAX_HITS)
        result = await self._engine.run(Job(query, JSON, "search"))
        found: dict[str, Hit] = {}
        for row in json.loads(result.body)["results"]["bindings"]:
            iri, label = row["s"]["value"], row["l"]["value"]
            if (concept := kind_of(iri, self._base)) is not None:
                score = WEIGHTS.get(concept, OTHER) * (
                    fit(wanted, " ".join(stems(label))) + 1 / (9 + len(label))
                )
                found.setdefault(iri, Hit(iri, concept, label, "", score))
        best = sorted(found.values(), key=lambda hit: (-hit.score, hit.iri))
        return Hits(tuple(best[offset : offset + limit]), len(found))

    def close(self) -> None:
        """Nothing is held."""


__all__ = ["MAX_HITS", "Hit", "Hits", "LabelSearch", "Named", "SearchIndex", "Searcher", "fit", "stem"]
