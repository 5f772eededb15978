"""What words find in a release's index: which resources, and how well they fit."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from mappe_servizi.outputs.search_index import SERVICE, stems

MAX_TEXT = 200
"""Characters that may be looked for at once."""
MAX_WORDS = 16
NEIGHBOURS = 4
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
SCORED = f"SELECT doc.id, doc.iri, doc.kind, doc.names, doc.parts, -bm25(fts, 2, 2, 1) {FOUND}"
NAMED_ONLY = f"SELECT doc.iri {FOUND}"
OLDER = """CREATE TEMP VIEW doc AS SELECT id, iri, kind, label, '' AS english, stems AS names, '' AS parts,
  NULL AS owner, 0 AS others, NULL AS municipality, '' AS text, '' AS english_text
  FROM main.doc"""
"""What an index of an older release has of today's: its texts have identifiers and are not shown."""
Ask = Callable[[str, Sequence[object]], list[Any]]
"""Runs a statement on an index: its rows."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A word looked for.

    Attributes:
        stems: its stem, or where nothing has it, its nearest neighbours.
        begins: with what a word may begin that is still being typed, "" for a whole one.
    """

    stems: tuple[str, ...]
    begins: str = ""


class ResourceHit(NamedTuple):
    """A resource that has the words: how well it fits (the larger the better), number and IRI."""

    score: float
    number: int
    iri: str


def open_index(path: Path) -> sqlite3.Connection:
    """A release's index, read-only, with the tables of today's also where it is an older one."""
    database = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    if not database.execute("PRAGMA user_version").fetchone()[0]:
        database.execute(OLDER)
    return database


class Lexicon:
    """Finds what has the words of a text; the hits of ``/search`` and of ``mds:matches`` alike."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._words = [word for (word,) in ask("SELECT stem FROM word", ())]
        self._known = frozenset(self._words)

    def find(self, text: str, kind: str = "") -> tuple[list[ResourceHit], dict[str, tuple[str, ...]]]:
        """All that has all words, or where there is nothing, any; and what stood in for unknown words."""
        wanted, instead = self._wanted(text)
        return [_scored(wanted, row) for row in self._rows(SCORED, wanted, kind)], instead

    def iris(self, text: str) -> frozenset[str]:
        """The IRIs of all that ``find`` finds."""
        wanted, _ = self._wanted(text)
        return frozenset(iri for (iri,) in self._rows(NAMED_ONLY, wanted, ""))

    def _wanted(self, text: str) -> tuple[list[Wanted], dict[str, tuple[str, ...]]]:
        """What a text's words ask for, and the stems that stand in for unknown ones."""
        words = list(dict.fromkeys(stems(text)))[:MAX_WORDS]
        if not words:
            return [], {}
        wanted = [Wanted(self._spread(word)) for word in words]
        # The word that a person is still typing counts as the beginning of one.
        wanted[-1] = Wanted(wanted[-1].stems, words[-1])
        return wanted, {word: w.stems for word, w in zip(words, wanted, strict=True) if w.stems != (word,)}

    def _rows(self, statement: str, wanted: Sequence[Wanted], kind: str) -> list[Any]:
        """The rows of what has all words, or where there is nothing, of what has any."""
        for match in _expressions(wanted) if wanted else ():
            if rows := self._ask(statement, (match, kind, kind)):
                return rows
        return []

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


def ranked(found: Iterable[ResourceHit]) -> list[ResourceHit]:
    """The best first."""
    return sorted(found, key=lambda hit: (-hit.score, hit.number))


def _expressions(wanted: Sequence[Wanted]) -> Iterator[str]:
    """What to ask the index for, one after another until there is something."""
    groups = ["(" + " OR ".join(f'"{stem}"' for stem in word.stems) + ")" for word in wanted]
    groups[-1] = f'({groups[-1]} OR "{wanted[-1].begins}"*)'
    yield " AND ".join(groups)
    if len(groups) > 1:
        yield " OR ".join(groups)


def _scored(wanted: Sequence[Wanted], row: tuple[int, str, str, str, str, float]) -> ResourceHit:
    number, iri, concept, names, parts, bm25 = row
    fits = fit(wanted, names, parts) + TEXT * bm25 / (bm25 + FITS)
    return ResourceHit(WEIGHTS.get(concept, OTHER) * fits, number, iri)


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
