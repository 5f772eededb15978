"""What a release holds, counted once through its engine."""

from __future__ import annotations

import asyncio
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


@dataclass(frozen=True, slots=True)
class Statistics:
    """The counts.

    Attributes:
        triples: of the default graph, as are ``subjects``, ``classes`` and ``properties``.
        classes: instances by class.
        properties: triples by property.
        graphs: triples by named graph.
    """

    triples: int
    subjects: int
    classes: Mapping[str, int]
    properties: Mapping[str, int]
    graphs: Mapping[str, int]


async def _count(snapshot: Snapshot) -> Statistics:
    found: dict[str, dict[str, int]] = {}
    for name, query in COUNTS.items():
        rows = parse_rows((await run_whole(snapshot, query, "statistics")).body)
        found[name] = {row["x"].value if "x" in row else "": int(row["n"].value) for row in rows}
    return Statistics(
        found["triples"].get("", 0),
        found["subjects"].get("", 0),
        found["classes"],
        found["properties"],
        found["graphs"],
    )


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
