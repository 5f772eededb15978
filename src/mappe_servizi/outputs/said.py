"""What people call the services of municipalities, in the search index: the words of the shared concepts.

The words stand on the concepts, not on each town's services, so that they are kept once however many
towns a release has. A concept is *about* the services that are it or cover it; one that has none is about
the services of the nearest broader one that has some, else about itself.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from mappe_servizi.bases import DEFAULT_BASE, iri_below
from mappe_servizi.outputs.stemming import ITALIAN, stems, words

SKOS = "http://www.w3.org/2004/02/skos/core#"
SCHEME = "controlled-vocabulary/service-concept/"
LABELS = tuple(NamedNode(SKOS + label) for label in ("prefLabel", "altLabel", "hiddenLabel"))
BROADER = NamedNode(f"{SKOS}broader")
MDS = f"{DEFAULT_BASE}onto/MDS/"
MAIN, COVERED = NamedNode(f"{MDS}mainConcept"), NamedNode(f"{MDS}coversConcept")
SAID = """CREATE TABLE said (concept TEXT NOT NULL, language TEXT NOT NULL, stems TEXT NOT NULL,
                   words TEXT NOT NULL);
CREATE TABLE about (concept TEXT NOT NULL, doc INTEGER NOT NULL, main INTEGER NOT NULL,
                    PRIMARY KEY (concept, doc)) WITHOUT ROWID;"""
"""What a concept is called, as stems and as spelt; which documents it is about, and whether mainly."""


class ConceptWord(NamedTuple):
    """What a concept is called in a language, as people write it."""

    concept: str
    language: str
    words: str


def write_said(
    store: Store, database: sqlite3.Connection, base: str, numbers: Mapping[str, int]
) -> list[ConceptWord]:
    """Write the words of all concepts, and what these are about; returns the words.

    Args:
        numbers: of the documents of the index, by IRI.
    """
    scheme = iri_below(base, SCHEME)
    said = sorted(set(_said(store, scheme)))
    rows = [(*one[:2], " ".join(stems(one.words, one.language)), " ".join(words(one.words))) for one in said]
    database.executemany("INSERT INTO said VALUES (?, ?, ?, ?)", sorted({row for row in rows if row[2]}))
    about = _about(store)
    for concept in sorted({one.concept for one in said}):
        services = _nearest(store, concept, about) or {concept: True}
        found = sorted((numbers[iri], main) for iri, main in services.items() if iri in numbers)
        database.executemany("INSERT INTO about VALUES (?, ?, ?)", [(concept, *row) for row in found])
    return said


def _said(store: Store, scheme: str) -> Iterator[ConceptWord]:
    for label in LABELS:
        for quad in store.quads_for_pattern(None, label, None, DefaultGraph()):
            concept, name = quad.subject, quad.object
            if isinstance(concept, NamedNode) and concept.value.startswith(scheme):
                assert isinstance(name, Literal)
                yield ConceptWord(concept.value, name.language or ITALIAN, name.value)


def _about(store: Store) -> dict[str, dict[str, bool]]:
    """The services of each concept, and whether they are it mainly."""
    about: defaultdict[str, dict[str, bool]] = defaultdict(dict)
    for property_ in (COVERED, MAIN):
        for quad in store.quads_for_pattern(None, property_, None, DefaultGraph()):
            service, concept = quad.subject, quad.object
            if isinstance(service, NamedNode) and isinstance(concept, NamedNode):
                about[concept.value][service.value] = property_ == MAIN
    return about


def _nearest(store: Store, concept: str, about: Mapping[str, dict[str, bool]]) -> dict[str, bool]:
    """The services of a concept, or of the nearest broader one that has some."""
    seen: set[str] = set()
    while concept and concept not in seen:
        if services := about.get(concept):
            return services if not seen else dict.fromkeys(services, False)
        seen.add(concept)
        above = store.quads_for_pattern(NamedNode(concept), BROADER, None, DefaultGraph())
        concept = min((quad.object.value for quad in above if isinstance(quad.object, NamedNode)), default="")
    return {}
