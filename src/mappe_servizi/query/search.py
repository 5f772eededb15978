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
from mappe_servizi.release.search_index import SERVICE, kind_of, stem, stems

MAX_WORDS = 16
MAX_HITS = 1000
NEIGHBOURS = 4
SECONDS = 2.0
WEIGHTS = {
    SERVICE: 3.0,
    "area": 2.6,
    "municipality": 2.6,
    "organization": 1.4,
    "segment": 1.4,
    "element": 1.0,
    "output-indicator": 1.0,
    "user-indicator": 1.0,
    "office": 0.9,
    "place": 0.9,
    "channel": 0.9,
}
"""How much a hit of a concept counts: a service whose name has the words comes before all else."""
OTHER = 0.6
EXACT, NAMED, SHARE, BEGUN, PART, TEXT = 0.5, 0.8, 0.2, 0.5, 0.3, 0.2
"""What it counts that a name is just the words; that it has them, and that it has few others;

that one only begins like them; that a part's name has them; and how well all texts fit.
"""
FITS = 5.0
"""A BM25 that is half as good as any can be."""
FOUND = "FROM fts JOIN doc ON doc.id = fts.rowid WHERE fts MATCH ? AND (? = '' OR doc.kind = ?)"
SHOWN = """SELECT doc.id, doc.iri, doc.kind, doc.label, doc.english, doc.text,
  doc.english_text, doc.others, owner.iri, owner.label, town.iri, town.label FROM doc
  LEFT JOIN doc AS owner ON owner.id = doc.owner LEFT JOIN doc AS town ON town.id = doc.municipality
  WHERE doc.id IN (SELECT value FROM json_each(?))"""
OLDER = """CREATE TEMP VIEW doc AS SELECT id, iri, kind, label, '' AS english, stems AS names, '' AS parts,
  NULL AS owner, 0 AS others, NULL AS municipality, '' AS text, '' AS english_text
  FROM main.doc"""
"""What an index of an older release has of today's: its texts have identifiers and are not shown."""


@dataclass(frozen=True, slots=True)
class Named:
    """Something with what it is called."""

    iri: str
    label: str


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
class Wanted:
    """A word looked for.

    Attributes:
        stems: its stem, or where nothing has it, its nearest neighbours.
        begins: with what a word may begin that is still being typed, "" for a whole one.
    """

    stems: tuple[str, ...]
    begins: str = ""


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
        if not self._limited("PRAGMA user_version", ())[0][0]:
            self._database.execute(OLDER)
        self._words = [word for (word,) in self._limited("SELECT stem FROM word", ())]
        self._known = frozenset(self._words)
        towns = self._limited("SELECT count(*) FROM doc WHERE kind = 'municipality'", ())
        self._several: bool = towns[0][0] > 1

    async def find(self, text: str, kind: str = "", limit: int = 20, offset: int = 0) -> Hits:
        """The best hits: those with all words, or where there are none, with any."""
        return await asyncio.to_thread(self._find, text, kind, limit, offset)

    def _find(self, text: str, kind: str, limit: int, offset: int) -> Hits:
        words = list(dict.fromkeys(stems(text)))[:MAX_WORDS]
        if not words:
            return Hits((), 0, {})
        wanted = [Wanted(self._spread(word)) for word in words]
        # The word that a person is still typing counts as the beginning of one.
        wanted[-1] = Wanted(wanted[-1].stems, words[-1])
        groups = ["(" + " OR ".join(f'"{stem}"' for stem in word.stems) + ")" for word in wanted]
        groups[-1] = f'({groups[-1]} OR "{words[-1]}"*)'
        instead = {word: w.stems for word, w in zip(words, wanted, strict=True) if w.stems != (word,)}
        for operator in (" AND ", " OR ") if len(groups) > 1 else (" AND ",):
            ranked = self._ranked(wanted, operator.join(groups), kind)
            if ranked:
                return Hits(self._shown(ranked[offset : offset + limit]), len(ranked), instead)
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

    def _ranked(self, wanted: Sequence[Wanted], match: str, kind: str) -> list[tuple[float, int]]:
        """The scores and numbers of what is found, the best first."""
        statement = f"SELECT doc.id, doc.kind, doc.names, doc.parts, -bm25(fts, 2, 2, 1) {FOUND}"
        rows = self._limited(statement, (match, kind, kind))
        scored = [
            (WEIGHTS.get(concept, OTHER) * (fit(wanted, names, parts) + TEXT * bm25 / (bm25 + FITS)), number)
            for number, concept, names, parts, bm25 in rows
        ]
        return sorted(scored, key=lambda found: (-found[0], found[1]))[:MAX_HITS]

    def _shown(self, ranked: Sequence[tuple[float, int]]) -> tuple[Hit, ...]:
        rows = self._limited(SHOWN, (json.dumps([number for _, number in ranked]),))
        by_number = {row[0]: row[1:] for row in rows}
        hits = []
        for score, number in ranked:
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


def fit(wanted: Sequence[Wanted], names: str, parts: str = "") -> float:
    """How well the stems of something's names, and of its parts' names, fit the words looked for.

    >>> nido = [Wanted(("nid",), "nid")]
    >>> fit(nido, "nid") > fit(nido, "asil nid") > fit(nido, "coop nid nonn") > fit(nido, "nidiat")
    True
    """
    in_parts = f" {parts} "
    among = sum(any(f" {stem} " in in_parts for stem in word.stems) for word in wanted)
    return max(_fits(wanted, name.split()) for name in names.split("|")) + PART * among / len(wanted)


def _fits(wanted: Sequence[Wanted], name: Sequence[str]) -> float:
    whole = begun = 0
    for word in wanted:
        if any(stem in name for stem in word.stems):
            whole += 1
        elif word.begins:
            begun += any(stem.startswith(word.begins) for stem in name)
    found = (whole + BEGUN * begun) / len(wanted)
    share = min(1.0, (whole + begun) / max(1, len(name)))
    return found**2 * (NAMED + SHARE * share) + EXACT * (whole == len(wanted) == len(name))


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
            return Hits((), 0, {})
        wanted = [Wanted((word,), word) for word in words]
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
        ranked = sorted(found.values(), key=lambda hit: (-hit.score, hit.iri))
        return Hits(tuple(ranked[offset : offset + limit]), len(found), {})

    def close(self) -> None:
        """Nothing is held."""


__all__ = ["MAX_HITS", "Hit", "Hits", "Index", "LabelSearch", "Named", "Searcher", "fit", "stem"]
