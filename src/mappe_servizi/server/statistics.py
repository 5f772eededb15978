"""What a release holds, counted once through its engine."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from mappe_servizi.server.reading import parse_rows, run_whole
from mappe_servizi.server.site import Snapshot

COUNTS = {
    "triples": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "subjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
    "classes": "SELECT ?x (COUNT(*) AS ?n) { ?s a ?x } GROUP BY ?x ORDER BY ?x",
    "properties": "SELECT ?x (COUNT(*) AS ?n) { ?s ?x ?o } GROUP BY ?x ORDER BY ?x",
    "graphs": "SELECT ?x (COUNT(*) AS ?n) { GRAPH ?x { ?s ?p ?o } } GROUP BY ?x ORDER BY ?x",
}
LINKS = (
    "SELECT ?p ?o (COUNT(*) AS ?n) { ?s ?p ?o "
    'FILTER(ISIRI(?o) && !STRSTARTS(STR(?o), "BASE")) } GROUP BY ?p ?o ORDER BY ?p ?o'
)
"""Links to what is not ours, by property and object."""
EXAMPLES = (
    "SELECT ?x (MIN(STR(?s)) AS ?n) { ?s a ?x "
    'FILTER(STRSTARTS(STR(?x), "BASEonto/") && STRSTARTS(STR(?s), "BASEdata/")) } GROUP BY ?x ORDER BY ?x'
)
"""A resource of each of our classes."""
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@dataclass(frozen=True, slots=True)
class Statistics:
    """The counts.

    Attributes:
        triples: of the default graph, as are ``subjects``, ``classes`` and ``properties``.
        classes: instances by class.
        properties: triples by property.
        graphs: triples by named graph.
        links: triples by property and namespace of what they lead to, of those that lead elsewhere.
        examples: a resource of each class of our own.
    """

    triples: int
    subjects: int
    classes: Mapping[str, int]
    properties: Mapping[str, int]
    graphs: Mapping[str, int]
    links: Mapping[tuple[str, str], int]
    examples: Mapping[str, str]


async def _count(snapshot: Snapshot) -> Statistics:
    found: dict[str, dict[str, int]] = {}
    for name, query in COUNTS.items():
        rows = parse_rows((await run_whole(snapshot, query, "statistics")).body)
        found[name] = {row["x"].value if "x" in row else "": int(row["n"].value) for row in rows}
    base = snapshot.iris.base
    links: Counter[tuple[str, str]] = Counter()
    for row in parse_rows((await run_whole(snapshot, LINKS.replace("BASE", base), "statistics")).body):
        if row["p"].value != RDF_TYPE:
            links[row["p"].value, target(row["o"].value)] += int(row["n"].value)
    rows = parse_rows((await run_whole(snapshot, EXAMPLES.replace("BASE", base), "statistics")).body)
    examples = {row["x"].value: row["n"].value for row in rows if "x" in row}
    return Statistics(
        found["triples"].get("", 0),
        found["subjects"].get("", 0),
        found["classes"],
        found["properties"],
        found["graphs"],
        links,
        examples,
    )


def target(iri: str) -> str:
    """The data set that a link leads to: its host and the first part of its path.

    >>> target("http://publications.europa.eu/resource/authority/data-theme/GOVE")
    'http://publications.europa.eu/resource/'
    """
    parts = iri.split("/")
    return "/".join(parts[:4]) + "/" if len(parts) > 4 else iri.partition("#")[0]


async def statistics(snapshot: Snapshot) -> Statistics:
    """The counts of a snapshot, made once.

    Raises:
        QueryError: a count failed; the next request tries again.
    """
    task = snapshot.statistics
    if task is None or (task.done() and (task.cancelled() or task.exception())):
        task = snapshot.statistics = asyncio.get_running_loop().create_task(_count(snapshot))
    found = await asyncio.shield(task)
    assert isinstance(found, Statistics)
    return found
