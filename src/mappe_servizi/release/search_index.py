"""The full-text index of a release: SQLite FTS5 over Italian word stems.

Labels and texts are split and stemmed here, in the same way at the build and for a query, so
that SQLite's own tokenizer sees plain words. The stems are also kept as a list, by which a
misspelt word of a query finds its neighbours.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from functools import lru_cache
from pathlib import Path

import snowballstemmer
from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

FILE = "search.sqlite"
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
LANGUAGES = ("it", None)
UNINDEXED = frozenset(
    {"measurement", "personnel", "management", "responsibility", "provision", "finding", "correction"}
    | {"activity", "distribution", "person", "service-map", "co-production", "reference"}
)
"""Concepts that nobody looks for by words; persons are not indexed by law (design.md, section 8)."""
LASTING = frozenset({"segment", "output-indicator", "user-indicator", "place", "office", "channel"})
"""Concepts whose IRIs with an edition are entries: the thing itself is what is looked for."""
WEIGHTS = {
    "public-service": 2.0,
    "organization": 1.6,
    "area": 1.4,
    "municipality": 1.4,
    "segment": 1.0,
    "element": 1.0,
    "office": 1.2,
    "place": 1.2,
    "channel": 1.2,
    "output-indicator": 0.8,
    "user-indicator": 0.8,
}
"""How much more a hit of a concept counts than one of the others."""
EDITION = re.compile(r"\d{4}")
STOP = frozenset(
    """a ad al alla alle allo ai agli all anche che chi con cui da dal dalla dalle dai dagli dall de
    dei degli del della delle dello dell di e ed gli i il in l la le lo ma nel nella nelle nei negli
    nell o per piu quale quali se si su sul sulla sulle sui sugli sull tra fra un una uno""".split()  # noqa: SIM905
)
WORD = re.compile(r"[^\W_]+")
MAX_TEXT = 4000
SCHEMA = """
CREATE TABLE doc (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind TEXT NOT NULL, label TEXT NOT NULL,
                  text TEXT NOT NULL, stems TEXT NOT NULL, weight REAL NOT NULL);
CREATE TABLE word (stem TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE VIRTUAL TABLE fts USING fts5(label, text, content='', tokenize='unicode61 remove_diacritics 0');
"""

_stemmer = snowballstemmer.stemmer("italian")


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of a lower-case word, without accents.

    >>> stem("asili") == stem("asilo"), stem("attività")
    (True, 'attiv')
    """
    stemmed: str = _stemmer.stemWord(word)
    return unicodedata.normalize("NFKD", stemmed).encode("ascii", "ignore").decode() or stemmed


def stems(text: str) -> list[str]:
    """The stems of the words of a text, in order, without the words that say nothing.

    >>> stems("Servizi dell'infanzia: l'asilo nido")
    ['serviz', 'infanz', 'asil', 'nid']
    """
    return [stem(word) for word in WORD.findall(text.lower()) if word not in STOP]


def write_search_index(store: Store, path: Path, base: str) -> int:
    """Index every described resource below the base; returns how many."""
    words: set[str] = set()
    number = 0
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(SCHEMA)
        for number, (iri, kind, label, text) in enumerate(_documents(store, base), start=1):
            in_label, in_text = stems(label), stems(text)
            words.update(in_label, in_text)
            row = (number, iri, kind, label, text, " ".join(in_label), WEIGHTS.get(kind, 0.6))
            database.execute("INSERT INTO doc VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            database.execute(
                "INSERT INTO fts (rowid, label, text) VALUES (?, ?, ?)",
                (number, " ".join(in_label), " ".join(in_text)),
            )
        database.executemany("INSERT INTO word VALUES (?)", ((word,) for word in sorted(words)))
        database.execute("INSERT INTO fts(fts) VALUES ('optimize')")
    with closing(sqlite3.connect(path)) as database:
        database.execute("VACUUM")
    return number


def kind_of(iri: str, base: str) -> str | None:
    """The concept of one of our IRIs, None for one that is not indexed.

    >>> kind_of("https://e.org/data/segment/c_d150/nido/bambini", "https://e.org/")
    'segment'
    >>> kind_of("https://e.org/data/segment/c_d150/2020/nido/bambini", "https://e.org/") is None
    True
    """
    space, _, rest = iri.removeprefix(base).partition("/")
    if not iri.startswith(base) or space not in {"data", "onto", "controlled-vocabulary"}:
        return None
    kind, *path = rest.split("/") if space == "data" else (space,)
    entry = kind in LASTING and len(path) > 2 and EDITION.fullmatch(path[1])
    return None if kind in UNINDEXED or entry else kind


def _documents(store: Store, base: str) -> Iterator[tuple[str, str, str, str]]:
    """What is indexed: IRI, kind, label and further texts, sorted by IRI."""
    labels: dict[str, str] = {}
    for quad in store.quads_for_pattern(None, LABEL, None, DefaultGraph()):
        iri, label = quad.subject, quad.object
        assert isinstance(iri, NamedNode)
        assert isinstance(label, Literal)
        if label.language in LANGUAGES or iri.value not in labels:
            labels[iri.value] = label.value
    for iri_text in sorted(labels):
        kind = kind_of(iri_text, base)
        if kind is not None:
            label_text = labels[iri_text]
            yield iri_text, kind, label_text, _texts(store, iri_text, label_text)


def _texts(store: Store, iri: str, label: str) -> str:
    """The other texts of a resource, each once, sorted: the order of a store is its own."""
    found = {
        quad.object.value
        for quad in store.quads_for_pattern(NamedNode(iri), None, None, DefaultGraph())
        if isinstance(quad.object, Literal)
        and quad.object.language in LANGUAGES
        and quad.object.datatype.value.endswith(("#string", "#langString"))
    }
    return " · ".join(sorted(found - {label}))[:MAX_TEXT]
