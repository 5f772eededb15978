"""The full-text index of a release: SQLite FTS5 over word stems, and what people call its services.

Names and texts are split and stemmed in the same way at the build and for a query, each in its language,
so that SQLite's own tokenizer sees plain words. The words of names are also kept as they are spelt, so
that a misspelt word of a query is offered its neighbours.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from contextlib import closing
from itertools import chain
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from mappe_servizi.bases import DEFAULT_BASE, iri_below, rest_of
from mappe_servizi.model.outputs import declared
from mappe_servizi.outputs.said import SAID, write_said
from mappe_servizi.outputs.stemming import ENGLISH, ITALIAN, stems, words

FILE = declared.SEARCH_INDEX.path
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
LANGUAGES = (ITALIAN, None)
Name = tuple[str, str]
"""What something is called, and in which language."""
UNINDEXED = frozenset(
    {"measurement", "personnel", "management", "responsibility", "provision", "finding", "correction"}
    | {"activity", "distribution", "document", "person", "service-map", "co-production", "reference"}
)
"""Concepts that nobody looks for by words; persons are not indexed by law (design.md, section 8)."""
LASTING = frozenset({"segment", "output-indicator", "user-indicator", "place", "office", "channel"})
"""Concepts whose IRIs with an edition are entries: the thing itself is what is looked for."""
WITH_NODES = frozenset({"place", "channel"})
"""Concepts whose addresses and opening hours have IRIs below theirs: the thing is what is looked for."""
SERVICE = "public-service"
OWNED = frozenset(
    {"element", "criterion", "segment", "output-indicator", "user-indicator", "place", "office", "channel"}
)
"""Concepts that say little without the service that they belong to."""
ROLES = frozenset({"provision", "co-production"})
"""Concepts between a service and what belongs to it."""
TERMS = ("controlled-vocabulary/audience-group/", "controlled-vocabulary/provided-activity/")
"""What segments and roles are said to be: in both languages, so that English words find services."""
EDITION = re.compile(r"\d{4}")
EDITION_OF = re.compile(r"(/data/[a-z-]+/[^/]+)/\d{4}(?=/)")
"""Where an IRI names its edition: of what several editions state, the newest is looked for."""
MAX_TEXT = 4000
SEPARATOR = " · "
SKOS = "http://www.w3.org/2004/02/skos/core#"
L0 = "https://w3id.org/italia/onto/l0/"
NAMES = frozenset(
    {f"{SKOS}altLabel", f"{SKOS}prefLabel", LABEL.value, f"{L0}name"}
    | {"https://w3id.org/italia/onto/COV/orgAcronym"}
)
"""What else things are called by; also in English, of what has an English name."""
UNREAD = frozenset(
    {f"{SKOS}hiddenLabel", f"{SKOS}editorialNote", f"{SKOS}changeNote", f"{SKOS}historyNote"}
    | {"http://www.w3.org/2002/07/owl#versionInfo"}
)
"""Written for editors, or to be looked for only, not for readers."""
TWICE = "onto/MDS/printedDescription"
"""As the description, but with the document's misprints."""
FORMAT = 3
"""Kept as the database's user_version; it was 0 when there were no names, parts and owners, and 2 when

nobody's words and no spellings were kept.
"""
SCHEMA = f"""
PRAGMA user_version = {FORMAT};
CREATE TABLE doc (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind TEXT NOT NULL, label TEXT NOT NULL,
                  english TEXT NOT NULL, names TEXT NOT NULL, parts TEXT NOT NULL, owner INTEGER,
                  others INTEGER NOT NULL, municipality INTEGER, text TEXT NOT NULL,
                  english_text TEXT NOT NULL);
CREATE TABLE word (stem TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE spelling (word TEXT PRIMARY KEY) WITHOUT ROWID;
{SAID}
CREATE VIRTUAL TABLE fts USING fts5(names, parts, text, content='', tokenize='unicode61 remove_diacritics 0');
"""
"""What is searched is stemmed: names (apart by |) and the names of parts; what is shown is not.

The owner is the service that something belongs to, with the number of others that have it too.
"""


def write_search_index(store: Store, path: Path, base: str) -> int:
    """Index every described resource below the base; returns how many."""
    texts = _Texts(store, base)
    known: set[str] = set()
    spelt: set[str] = set()
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(SCHEMA)
        for iri, number in texts.numbers.items():
            names, text, english_text = texts.of(iri)
            in_names = list(dict.fromkeys(" ".join(stems(*name)) for name in names))
            in_parts = list(dict.fromkeys(chain.from_iterable(stems(*part) for part in texts.of_parts(iri))))
            in_text = stems(texts.searched(iri, text))
            known.update(*(name.split() for name in in_names), in_parts, in_text)
            spelt.update(word for name, _ in names for word in words(name))
            owners = texts.owners[iri]
            row = (number, iri, texts.kinds[iri], texts.labels[iri], texts.english.get(iri, ""),
                   "|".join(in_names), " ".join(in_parts), texts.numbers[owners[0]] if owners else None,
                   max(0, len(owners) - 1), texts.numbers.get(texts.municipality(iri)),
                   text, english_text)  # fmt: skip
            database.execute("INSERT INTO doc VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
            database.execute(
                "INSERT INTO fts (rowid, names, parts, text) VALUES (?, ?, ?, ?)",
                (number, " ".join(in_names), " ".join(in_parts), " ".join(in_text)),
            )
        said = write_said(store, database, base, texts.numbers)
        spelt.update(word for one in said for word in words(one.words))
        database.executemany("INSERT INTO word VALUES (?)", ((word,) for word in sorted(known)))
        database.executemany("INSERT INTO spelling VALUES (?)", ((word,) for word in sorted(spelt)))
        database.execute("INSERT INTO fts(fts) VALUES ('optimize')")
    with closing(sqlite3.connect(path)) as database:
        database.execute("VACUUM")
    return len(texts.numbers)


def kind_of(iri: str, base: str) -> str | None:
    """The concept of one of our IRIs, None for one that is not indexed.

    >>> kind_of("https://e.org/data/segment/c_d150/nido/bambini", "https://e.org/")
    'segment'
    >>> kind_of("https://e.org/data/segment/c_d150/2020/nido/bambini", "https://e.org/") is None
    True
    >>> kind_of("https://e.org/data/place/c_d150/nido/address", "https://e.org/") is None
    True
    """
    space, _, rest = (rest_of(base, iri) or "").partition("/")
    if space not in {"data", "onto", "controlled-vocabulary"}:
        return None
    kind, *path = rest.split("/") if space == "data" else (space,)
    entry = kind in LASTING and len(path) > 2 and EDITION.fullmatch(path[1])
    node = kind in WITH_NODES and len(path) > 2
    return None if kind in UNINDEXED or entry or node else kind


class _Texts:
    """What the resources of a release are called, and which belong to which.

    Attributes:
        numbers: of what is indexed, in the order of the IRIs.
        owners: the services that something belongs to.
        parts: what belongs to something, or says what it is.
    """

    def __init__(self, store: Store, base: str) -> None:
        self.store, self.base = store, base
        self.labels: dict[str, str] = {}
        self.english: dict[str, str] = {}
        for quad in store.quads_for_pattern(None, LABEL, None, DefaultGraph()):
            iri, label = quad.subject, quad.object
            assert isinstance(iri, NamedNode)
            assert isinstance(label, Literal)
            if label.language in LANGUAGES or iri.value not in self.labels:
                self.labels[iri.value] = label.value
            if label.language == ENGLISH:
                self.english[iri.value] = label.value
        kinds = ((iri, kind_of(iri, base)) for iri in sorted(self.labels))
        found = {iri: kind for iri, kind in kinds if kind is not None}
        newest = {EDITION_OF.sub(r"\1", iri): iri for iri in found}
        self.kinds = {iri: found[iri] for iri in newest.values()}
        self.numbers = {iri: number for number, iri in enumerate(self.kinds, start=1)}
        self.owners: defaultdict[str, list[str]] = defaultdict(list)
        self.parts: defaultdict[str, list[str]] = defaultdict(list)
        self._belongings()

    def _belongings(self) -> None:
        for iri, kind in self.kinds.items():
            if kind == "segment":
                self.parts[iri] += self._terms(self._objects(iri))
        for iri in sorted(self.labels):
            thing, _, node = iri.rpartition("/")
            if node and self.kinds.get(thing) in WITH_NODES:  # an address, or opening hours
                self.parts[thing].append(iri)
        for service in (iri for iri, kind in self.kinds.items() if kind == SERVICE):
            self._belongings_of(service)

    def _belongings_of(self, service: str) -> None:
        near = self._objects(service)
        for role in [iri for iri in near if self._concept(iri) in ROLES]:
            near |= self._objects(role)
        parts = self._terms(near)
        for iri in sorted(near & self.kinds.keys()):
            kind = self.kinds[iri]
            if kind in OWNED:
                self.owners[iri].append(service)
            if kind == "segment":
                parts += self.parts[iri]
            if kind == "area":
                self.parts[iri].append(service)
            if kind == "area" or (kind in OWNED and kind != "criterion"):  # which tells users apart
                parts.append(iri)
        self.parts[service] = parts

    def _objects(self, iri: str) -> set[str]:
        quads = self.store.quads_for_pattern(NamedNode(iri), None, None, DefaultGraph())
        return {quad.object.value for quad in quads if isinstance(quad.object, NamedNode)}

    def _terms(self, iris: set[str]) -> list[str]:
        spaces = tuple(iri_below(self.base, term) for term in TERMS)
        return sorted(iri for iri in iris if iri.startswith(spaces))

    def of_parts(self, iri: str) -> list[Name]:
        """What the parts of something are called, in Italian and then in English, each once."""
        parts = self.parts[iri]
        italian = ((self.labels[part], ITALIAN) for part in parts if part in self.labels)
        english = ((self.english[part], ENGLISH) for part in parts if part in self.english)
        return list(dict.fromkeys([*italian, *english]))

    def _concept(self, iri: str) -> str:
        return iri.removeprefix(f"{self.base}data/").partition("/")[0]

    def municipality(self, iri: str) -> str:
        """The municipality in whose part of the data something is, if it has a label."""
        kind, _, rest = iri.removeprefix(f"{self.base}data/").partition("/")
        return "" if kind == "municipality" else f"{self.base}data/municipality/{rest.partition('/')[0]}"

    def of(self, iri: str) -> tuple[list[Name], str, str]:
        """The names of something, the first its label; its Italian texts; and all its English ones.

        Only what has a language is text: the rest are identifiers and codes. Each text once, sorted,
        as the order of a store is its own.
        """
        label = self.labels[iri]
        names: set[tuple[str, str]] = set()
        texts = set()
        for quad in self.store.quads_for_pattern(NamedNode(iri), None, None, DefaultGraph()):
            value, property_ = quad.object, quad.predicate.value
            if not isinstance(value, Literal) or value.language is None:
                continue
            if property_ in UNREAD or property_ == DEFAULT_BASE + TWICE:
                continue
            if property_ in NAMES:
                names.add((value.value, value.language))
            elif value.language in LANGUAGES:
                texts.add(value.value)
        named = self.of_parts(iri)
        parts = [part for part, language in named if language == ITALIAN]
        english_parts = [part for part, language in named if language == ENGLISH]
        english = sorted(name for name, language in names if language == ENGLISH)
        others = sorted({name for name, _ in names} - {label, *english})
        told = [*sorted(texts), *others]
        told = [text for text in told if text.casefold() not in label.casefold()]
        said = SEPARATOR.join([label, *told]).casefold()
        parts = [part for part in parts if part.casefold() not in said]
        shown = [SEPARATOR.join(part)[:MAX_TEXT] for part in (told, parts) if part]
        names_of = [(name, ITALIAN) for name in (label, *others)] + [(name, ENGLISH) for name in english]
        return names_of, SEPARATOR.join(shown), SEPARATOR.join([*english, *english_parts])

    def searched(self, iri: str, text: str) -> str:
        """A text with the municipality's name, by which its services and areas are looked for, too."""
        wanted = self.kinds[iri] in {SERVICE, "area"}
        return f"{text} {self.labels.get(self.municipality(iri), '')}" if wanted else text
