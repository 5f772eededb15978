"""What words find in a release's index: which resources, and how well they fit."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from mappe_servizi.outputs.search_index import SERVICE
from mappe_servizi.outputs.stemming import asked, words
from mappe_servizi.query.lay import ConceptNames, Word
from mappe_servizi.query.spelling import near

MAX_TEXT = 200
"""Characters that may be looked for at once."""
MAX_WORDS = 16
WEIGHTS = {
    SERVICE: 3.0,
    "area": 2.95,
    "municipality": 2.6,
    "organization": 1.4,
    "segment": 1.4,
    "element": 1.0,
    "output-indicator": 1.0,
    "user-indicator": 1.0,
    "office": 0.9,
    "place": 0.9,
    "channel": 0.9,
    "controlled-vocabulary": 0.9,
}
"""How much a hit of a concept counts: a service whose name has the words comes before all else."""
OTHER = 0.6
EXACT, NAMED, SHARE, BEGUN, PART, TEXT = 0.5, 0.6, 0.4, 0.5, 0.3, 0.2
"""What it counts that a name is just the words; that it has them, and that it has few others;

that one only begins like them; that a part's name has them; and how well all texts fit.
"""
FITS = 5.0
"""A BM25 that is half as good as any can be."""
SAID, COVERED = 1.1, 0.9
"""What it counts that a service is called like the question by people, and that it does that among others."""
BOTH = 0.35
"""What the lesser of the two counts where a service has the words itself and is called so by people."""
ENOUGH = 0.5
"""How much of a question the names of something and of its parts have to cover where nothing has all."""
SCORED = """SELECT doc.id, doc.iri, doc.kind, doc.names, doc.parts, -bm25(fts, 2, 2, 1)
  FROM fts JOIN doc ON doc.id = fts.rowid WHERE fts MATCH ?"""
MEANT = """SELECT about.concept, about.main, doc.id, doc.iri, doc.kind FROM about
  JOIN doc ON doc.id = about.doc WHERE about.concept IN (SELECT value FROM json_each(?))"""
OLDER = """CREATE TEMP VIEW doc AS SELECT id, iri, kind, label, '' AS english, stems AS names, '' AS parts,
  NULL AS owner, 0 AS others, NULL AS municipality, '' AS text, '' AS english_text
  FROM main.doc"""
"""What an index of an older release has of today's: its texts have identifiers and are not shown."""
WORDLESS = """CREATE TEMP TABLE said (concept, language, stems, words);
  CREATE TEMP TABLE about (concept, doc, main); CREATE TEMP TABLE spelling (word);"""
"""What an index has not that is older than people's words."""
BEGUN_ONE = "SELECT 1 FROM word WHERE stem >= ? AND stem < ? LIMIT 1"
LAST = "\U0010ffff"
Ask = Callable[[str, Sequence[object]], list[Any]]
"""Runs a statement on an index: its rows."""


class ResourceHit(NamedTuple):
    """A resource that has the words: how well it fits (the larger the better), number, IRI and concept."""

    score: float
    number: int
    iri: str
    kind: str


@dataclass(frozen=True, slots=True)
class WordHits:
    """What words find.

    Attributes:
        hits: in no order.
        unknown: the words that nothing has, each with those that are spelt nearly so.
        offer: the text with near words in the unknown ones' places, "" where that finds nothing.
    """

    hits: Sequence[ResourceHit] = ()
    unknown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    offer: str = ""


def open_index(path: Path) -> sqlite3.Connection:
    """A release's index, read-only, with the tables of today's also where it is an older one."""
    database = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    version = database.execute("PRAGMA user_version").fetchone()[0]
    if not version:
        database.execute(OLDER)
    if version < 3:
        database.executescript(WORDLESS)
    return database


class Lexicon:
    """Finds what has the words of a text; the hits of ``/search`` and of ``mds:matches`` alike."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._known = frozenset(word for (word,) in ask("SELECT stem FROM word", ()))
        self._names = ConceptNames(ask("SELECT concept, stems, words FROM said", ()))
        self._spelt = frozenset(word for (word,) in ask("SELECT word FROM spelling", ()))
        self._alike: dict[str, list[str]] = {}
        for word in sorted(self._spelt):
            self._alike.setdefault(word[0], []).append(word)

    def find(self, text: str) -> WordHits:
        """All that has all words or is called so by people; where nothing has all, what has most of them.

        A word that nothing has is left out, and never replaced: what is spelt nearly so is only offered.
        """
        spelt = list(dict.fromkeys(words(text)))[:MAX_WORDS]
        question = self._question(spelt)
        unknown = {
            word: near(word, self._alike.get(word[0], ()))
            for word, w in zip(spelt, question, strict=True)
            if not w.known
        }
        hits = self._hits(question)
        offer = self._offer(spelt, unknown) if unknown else ""
        return WordHits(hits, unknown, offer)

    def iris(self, text: str) -> frozenset[str]:
        """The IRIs of all that ``find`` finds."""
        return frozenset(hit.iri for hit in self.find(text).hits)

    def _question(self, spelt: Sequence[str]) -> list[Word]:
        """What the words of a text ask for; the last one may still be being typed, if it is none as it is."""
        question = []
        for word in spelt:
            begins = asked(word)[0] if word is spelt[-1] and word not in self._spelt else ""
            known = any(stem in self._known or stem in self._names for stem in asked(word))
            question.append(Word(asked(word), begins, known or self._begun(begins), word))
        return question

    def _begun(self, begins: str) -> bool:
        """Whether a word may be the beginning of one."""
        return bool(begins) and bool(self._ask(BEGUN_ONE, (begins, begins + LAST)))

    def _offer(self, spelt: Sequence[str], unknown: Mapping[str, tuple[str, ...]]) -> str:
        """The text with near words in the unknown ones' places, if that finds something."""
        offered = [next(iter(unknown[word]), "") if word in unknown else word for word in spelt]
        text = " ".join(filter(None, offered))
        found = any(unknown.values()) and self._hits(self._question(words(text)))
        return text if found else ""

    def _hits(self, question: Sequence[Word]) -> list[ResourceHit]:
        known = [word for word in question if word.known]
        if not known:
            return []
        weights = [self._names.weight(word) for word in known]
        meant = self._meant(question)
        own = [_scored(known, weights, row) for row in self._ask(SCORED, (_expression(known, "AND"),))]
        if not own and len(known) > 1:
            rows = self._ask(SCORED, (_expression(known, "OR"),))
            own = [_scored(known, weights, row) for row in rows if not meant or _covers(known, weights, row)]
        return _together(own, meant)

    def _meant(self, question: Sequence[Word]) -> list[ResourceHit]:
        """What is meant by people's words."""
        concepts = self._names.find(question)
        rows = self._ask(MEANT, (json.dumps(list(concepts)),)) if concepts else ()
        best: dict[int, ResourceHit] = {}
        for concept, main, number, iri, kind in rows:
            score = WEIGHTS.get(kind, OTHER) * concepts[concept] * (SAID if main else COVERED)
            if number not in best or best[number].score < score:
                best[number] = ResourceHit(score, number, iri, kind)
        return list(best.values())


def ranked(found: Iterable[ResourceHit]) -> list[ResourceHit]:
    """The best first."""
    return sorted(found, key=lambda hit: (-hit.score, hit.number))


def kinds(found: Iterable[ResourceHit]) -> dict[str, int]:
    """How many there are of each concept."""
    return dict(Counter(hit.kind for hit in found))


def _expression(question: Sequence[Word], operator: str) -> str:
    """What to ask the index for."""
    groups = ["(" + " OR ".join(f'"{stem}"' for stem in word.stems) + ")" for word in question]
    if question[-1].begins:
        groups[-1] = f'({groups[-1]} OR "{question[-1].begins}"*)'
    return f" {operator} ".join(groups)


def _scored(
    question: Sequence[Word], weights: Sequence[float], row: tuple[int, str, str, str, str, float]
) -> ResourceHit:
    number, iri, concept, names, parts, bm25 = row
    fits = fit(question, names, parts, weights) + TEXT * bm25 / (bm25 + FITS)
    return ResourceHit(WEIGHTS.get(concept, OTHER) * fits, number, iri, concept)


def _covers(
    question: Sequence[Word], weights: Sequence[float], row: tuple[int, str, str, str, str, float]
) -> bool:
    """Whether the names of something and of its parts have enough of a question."""
    has = set(row[3].replace("|", " ").split()) | set(row[4].split())
    found = sum(weight for word, weight in zip(question, weights, strict=True) if has & set(word.stems))
    return found >= ENOUGH * sum(weights)


def _together(own: Iterable[ResourceHit], meant: Iterable[ResourceHit]) -> list[ResourceHit]:
    """What has the words, and what people call so: each once."""
    found = {hit.number: hit for hit in own}
    for hit in meant:
        other = found.get(hit.number, hit._replace(score=0.0))
        score = max(hit.score, other.score) + BOTH * min(hit.score, other.score)
        found[hit.number] = hit._replace(score=score)
    return list(found.values())


def fit(question: Sequence[Word], names: str, parts: str = "", weights: Sequence[float] = ()) -> float:
    """How well the stems of something's names, and of its parts' names, fit the words looked for.

    >>> nido = [Word(("nid",), "nid")]
    >>> fit(nido, "nid") > fit(nido, "asil nid") > fit(nido, "coop nid nonn") > fit(nido, "nidiat")
    True
    """
    weights = weights or [1.0] * len(question)
    in_parts = set(parts.split())
    among = sum(w for word, w in zip(question, weights, strict=True) if in_parts & set(word.stems))
    best = max(_fits(question, weights, name.split()) for name in names.split("|"))
    return best + PART * among / sum(weights)


def _fits(question: Sequence[Word], weights: Sequence[float], name: Sequence[str]) -> float:
    count, found = 0, 0.0
    whole = True
    for word, weight in zip(question, weights, strict=True):
        if any(stem in name for stem in word.stems):
            count, found = count + 1, found + weight
        else:
            whole = False
            if word.begins and any(stem.startswith(word.begins) for stem in name):
                count, found = count + 1, found + BEGUN * weight
    share = min(1.0, count / max(1, len(name)))
    return (found / sum(weights)) ** 2 * (NAMED + SHARE * share) + EXACT * (
        whole and len(question) == len(name)
    )
