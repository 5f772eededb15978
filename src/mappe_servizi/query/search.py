"""Looking for words: in the release's index, or, for a remote engine, in its labels."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from rapidfuzz import process
from rapidfuzz.distance import OSA

from mappe_servizi.query.engine import Engine, Job
from mappe_servizi.query.errors import QueryTimeoutError
from mappe_servizi.query.formats import JSON
from mappe_servizi.release.search_index import kind_of, stem, stems

MAX_WORDS = 16
MAX_HITS = 1000
NEIGHBOURS = 4
SECONDS = 2.0
LABEL_WEIGHT = 10.0
WHOLE_LABEL = 20.0
"""What a label scores that has just the words looked for."""
FOUND = "FROM fts JOIN doc ON doc.id = fts.rowid WHERE fts MATCH ? AND (? = '' OR kind = ?)"


@dataclass(frozen=True, slots=True)
class Hit:
    """A resource found.

    Attributes:
        kind: the concept of its IRI.
        text: its further texts, for an excerpt.
        score: the larger the better; comparable within one search only.
    """

    iri: str
    kind: str
    label: str
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search found.

    Attributes:
        total: how many there are in all, ``MAX_HITS`` at most.
        instead: the stems that stood in for a word that nothing has.
    """

    hits: tuple[Hit, ...]
    total: int
    instead: dict[str, tuple[str, ...]]


class Searcher(Protocol):
    """Finds resources by words."""

    async def find(self, text: str, kind: str = "", limit: int = 20, offset: int = 0) -> Hits:
        """The best hits for a text, only of one kind if it is not "".

        Raises:
            QueryError: the search could not be made.
        """

    def close(self) -> None:
        """Free what is held."""


class Index:
    """Searches the index of a release."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._deadline = 0.0
        self._database = sqlite3.connect(
            f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        self._database.set_progress_handler(lambda: time.monotonic() > self._deadline, 10_000)
        self._words = [word for (word,) in self._limited("SELECT stem FROM word", ())]
        self._known = frozenset(self._words)

    async def find(self, text: str, kind: str = "", limit: int = 20, offset: int = 0) -> Hits:
        """The best hits: those with all words, or where there are none, with any."""
        return await asyncio.to_thread(self._find, text, kind, limit, offset)

    def _find(self, text: str, kind: str, limit: int, offset: int) -> Hits:
        words = list(dict.fromkeys(stems(text)))[:MAX_WORDS]
        if not words:
            return Hits((), 0, {})
        spread = {word: self._spread(word) for word in words}
        groups = ["(" + " OR ".join(f'"{w}"' for w in spread[word]) + ")" for word in words]
        # The word that a person is still typing counts as the beginning of one.
        groups[-1] = f'({groups[-1]} OR "{words[-1]}"*)'
        instead = {word: found for word, found in spread.items() if found != (word,)}
        for operator in (" AND ", " OR ") if len(groups) > 1 else (" AND ",):
            hits, total = self._match(words, operator.join(groups), kind, limit, offset)
            if total:
                return Hits(hits, total, instead)
        return Hits((), 0, instead)

    def _spread(self, word: str) -> tuple[str, ...]:
        """The word, or where nothing has it, its nearest neighbours."""
        if word in self._known or len(word) < 4:
            return (word,)
        near = process.extract(
            word,
            self._words,
            scorer=OSA.distance,
            score_cutoff=1 if len(word) < 6 else 2,
            limit=NEIGHBOURS,
        )
        return tuple(found for found, _, _ in near) or (word,)

    def _match(
        self, words: Sequence[str], match: str, kind: str, limit: int, offset: int
    ) -> tuple[tuple[Hit, ...], int]:
        arguments = (match, kind, kind)
        count = f"SELECT count(*) FROM (SELECT 1 {FOUND} LIMIT ?)"  # noqa: S608
        total: int = self._limited(count, (*arguments, MAX_HITS))[0][0]
        rows = self._limited(
            f"SELECT iri, kind, doc.label, doc.text, -bm25(fts, {LABEL_WEIGHT}, 1.0) * doc.weight"
            f" + (doc.stems = ?) * doc.weight * {WHOLE_LABEL} AS score {FOUND} "
            "ORDER BY score DESC, iri LIMIT ? OFFSET ?",
            (" ".join(words), *arguments, min(limit, MAX_HITS), offset),
        )
        return tuple(Hit(*row) for row in rows), total

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
        """Resources whose label has the stems of all words, the shortest labels first."""
        words = list(dict.fromkeys(stems(text)))[:MAX_WORDS]
        if not words:
            return Hits((), 0, {})
        conditions = " && ".join(f"CONTAINS(LCASE(STR(?l)), {json.dumps(w)})" for w in words)
        base = json.dumps(f"{self._base}data/{kind}/" if kind else self._base)
        query = self.QUERY.format(base=base, conditions=conditions, limit=MAX_HITS)
        result = await self._engine.run(Job(query, JSON, "search"))
        found: dict[str, Hit] = {}
        for row in json.loads(result.body)["results"]["bindings"]:
            iri, label = row["s"]["value"], row["l"]["value"]
            if (concept := kind_of(iri, self._base)) is not None:
                found.setdefault(iri, Hit(iri, concept, label, "", 1 / (1 + len(label))))
        ranked = sorted(found.values(), key=lambda hit: (-hit.score, hit.iri))
        return Hits(tuple(ranked[offset : offset + limit]), len(found), {})

    def close(self) -> None:
        """Nothing is held."""


__all__ = ["MAX_HITS", "Hit", "Hits", "Index", "LabelSearch", "Searcher", "stem"]
