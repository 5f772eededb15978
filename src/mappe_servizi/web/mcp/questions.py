"""The queries behind the tools: each a text in which values are bound as terms, never pasted."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Variable

from mappe_servizi.rdf.namespaces import prefixes
from mappe_servizi.rdf.query_text import windowed, with_values

INDICATORS = """
SELECT DISTINCT ?indicator WHERE {
  ?indicator a mds:ServiceIndicator .
  OPTIONAL { ?indicator mds:indicatorConcept ?concept }
  FILTER(%s)
}
ORDER BY ?indicator"""
STATEMENTS = """
SELECT DISTINCT ?property ?value ?name WHERE {
  { ?thing ?property ?value } UNION { GRAPH ?graph { ?thing ?property ?value } }
  OPTIONAL { ?value l0:name ?name }
}
ORDER BY ?property ?value"""
POINTING = """
SELECT ?from ?property ?name WHERE {
  ?from ?property ?thing .
  OPTIONAL { ?from l0:name ?name }
}
ORDER BY ?property ?from"""
SOURCES = """
SELECT DISTINCT ?thing ?source ?sourceLine ?statement WHERE {
  { BIND(?thing AS ?at) }
  UNION { ?at roapit:isRoleInTimeOf ?thing BIND(?at AS ?statement) }
  UNION { ?at mds:deliveredThrough ?thing BIND(?at AS ?statement) }
  UNION { ?thing prov:wasDerivedFrom ?at . ?at a mds:YearlyFigure BIND(?at AS ?statement) }
  ?at mds:sourceAnchor ?source .
  OPTIONAL { ?at mds:sourceLine ?sourceLine }
}
ORDER BY ?thing ?sourceLine ?source"""
"""The places of things themselves; those of what they deliver, or hold, or are computed from."""
MOST_PLACES = 300


def indicators(base: str, words: str, limit: int) -> str:
    """The indicators of some words: theirs, or those of what they share with other towns'."""
    found = " || ".join(f"mds:matches(?{of}, {Literal(words)})" for of in ("indicator", "concept"))
    return windowed(_headed(base, INDICATORS % found), limit, 0)


def statements(base: str, thing: NamedNode, limit: int) -> str:
    """What is said of a thing, with the names of what it leads to."""
    return windowed(_headed(base, with_values(STATEMENTS, {Variable("thing"): thing})), limit, 0)


def pointing(base: str, thing: NamedNode, limit: int) -> str:
    """What leads to a thing."""
    return windowed(_headed(base, with_values(POINTING, {Variable("thing"): thing})), limit, 0)


def sources(base: str, things: Iterable[NamedNode]) -> str:
    """Where things were read from."""
    values = f"VALUES ?thing {{ {' '.join(map(str, things))} }}"
    inside = SOURCES.replace("{ BIND(", f"{{ {values} BIND(").replace("UNION { ", f"UNION {{ {values} ")
    return windowed(_headed(base, inside), MOST_PLACES, 0)


def _headed(base: str, text: str) -> str:
    used = {name: iri for name, iri in prefixes(base).items() if f"{name}:" in text}
    return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in used.items()) + text
