"""What a release holds, counted when it is built: of many municipalities a request could not wait for it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from pyoxigraph import QuerySolutions, Store

from mappe_servizi.bases import DEFAULT_BASE
from mappe_servizi.model.outputs import declared
from mappe_servizi.outputs.partitions import Partitions, partitions

FILE = declared.STATISTICS.path
COUNTS = {
    "triples": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "subjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
    "classes": "SELECT ?x (COUNT(*) AS ?n) { ?s a ?x } GROUP BY ?x ORDER BY ?x",
    "properties": "SELECT ?x (COUNT(*) AS ?n) { ?s ?x ?o } GROUP BY ?x ORDER BY ?x",
    "graphs": "SELECT ?x (COUNT(*) AS ?n) { GRAPH ?x { ?s ?p ?o } } GROUP BY ?x ORDER BY ?x",
    "links": 'SELECT ?x ?o (COUNT(*) AS ?n) { ?s ?x ?o FILTER(ISIRI(?o) && !STRSTARTS(STR(?o), "BASE")) } '
    "GROUP BY ?x ?o ORDER BY ?x ?o",
    "examples": "SELECT ?x (MIN(STR(?s)) AS ?n) { ?s a ?x "
    'FILTER(STRSTARTS(STR(?x), "ONTOLOGY") && STRSTARTS(STR(?s), "BASEdata/")) } GROUP BY ?x ORDER BY ?x',
}
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
Rows = Iterable[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Statistics:
    """The counts.

    Attributes:
        triples: of the default graph, as are ``subjects``, ``classes`` and ``properties``.
        classes: instances by class.
        properties: triples by property.
        graphs: triples by named graph.
        links: by property, triples by the data set elsewhere that they lead to.
        examples: a resource of each class of our own.
        partitions: how things of each class are linked; of a remote engine nothing, it would take too long.
    """

    triples: int
    subjects: int
    classes: Mapping[str, int]
    properties: Mapping[str, int]
    graphs: Mapping[str, int]
    links: Mapping[str, Mapping[str, int]]
    examples: Mapping[str, str]
    partitions: Partitions = field(default_factory=dict)


def questions(base: str) -> dict[str, str]:
    """The queries whose rows ``gathered`` takes, by name."""
    return {
        name: query.replace("BASE", base).replace("ONTOLOGY", f"{DEFAULT_BASE}onto/")
        for name, query in COUNTS.items()
    }


def gathered(rows: Mapping[str, Rows]) -> Statistics:
    """The counts, from the rows of each of the queries."""
    found = {
        name: {row.get("x", ""): int(row["n"]) for row in rows[name]}
        for name in ("triples", "subjects", "classes", "properties", "graphs")
    }
    links: dict[str, Counter[str]] = {}
    for row in rows["links"]:
        if row["x"] != RDF_TYPE:
            links.setdefault(row["x"], Counter())[target(row["o"])] += int(row["n"])
    return Statistics(
        found["triples"].get("", 0),
        found["subjects"].get("", 0),
        found["classes"],
        found["properties"],
        found["graphs"],
        {name: dict(targets) for name, targets in links.items()},
        {row["x"]: row["n"] for row in rows["examples"] if "x" in row},
    )


def target(iri: str) -> str:
    """The data set that a link leads to: its host and the first part of its path; of a URN, its namespace.

    >>> target("http://publications.europa.eu/resource/authority/data-theme/GOVE")
    'http://publications.europa.eu/resource/'
    >>> target("urn:nir:stato:legge:1990-08-07;241"), target("http://schema.org/Monday")
    ('urn:nir:', 'http://schema.org/')
    """
    if iri.startswith("urn:"):
        return ":".join(iri.split(":")[:2]) + ":"
    parts = iri.split("/")
    return "/".join(parts[: 4 if len(parts) > 4 else 3]) + "/"


def write_statistics(store: Store, quads: Path, path: Path, base: str) -> None:
    """Count what a store holds; the N-Quads of its data tell how things are linked."""
    rows = {}
    for name, query in questions(base).items():
        result = store.query(query)
        assert isinstance(result, QuerySolutions)
        names = [variable.value for variable in result.variables]
        rows[name] = [
            {name: term.value for name, term in zip(names, row, strict=True) if term is not None}
            for row in result
        ]
    with quads.open("rb") as lines:
        linked = partitions(lines, f"{DEFAULT_BASE}onto/")
    counts = replace(gathered(rows), partitions=linked)
    path.write_text(json.dumps(asdict(counts), indent=1) + "\n", encoding="utf-8")


def read_statistics(path: Path) -> Statistics | None:
    """The counts of a release, None where it has none that can be read."""
    try:
        return Statistics(**json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
