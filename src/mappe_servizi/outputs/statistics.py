"""How many triples stand where, counted when a release is built: of many a request could not wait for it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pyoxigraph import QuerySolutions, Store

from mappe_servizi.model.outputs import declared

FILE = declared.STATISTICS.path
COUNTS = {
    "triples": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "graphs": "SELECT ?x (COUNT(*) AS ?n) { GRAPH ?x { ?s ?p ?o } } GROUP BY ?x ORDER BY ?x",
}
"""The queries whose rows ``gathered`` takes, by name."""
Rows = Iterable[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Statistics:
    """The counts; what the data are is told by the graph ``schema``.

    Attributes:
        triples: of the default graph.
        graphs: triples by named graph.
    """

    triples: int
    graphs: Mapping[str, int]


def gathered(rows: Mapping[str, Rows]) -> Statistics:
    """The counts, from the rows of each of the queries."""
    triples = [int(row["n"]) for row in rows["triples"]]
    return Statistics(sum(triples), {row["x"]: int(row["n"]) for row in rows["graphs"] if "x" in row})


def write_statistics(store: Store, path: Path) -> None:
    """Count what a store holds."""
    rows = {}
    for name, query in COUNTS.items():
        result = store.query(query)
        assert isinstance(result, QuerySolutions)
        names = [variable.value for variable in result.variables]
        rows[name] = [
            {name: term.value for name, term in zip(names, row, strict=True) if term is not None}
            for row in result
        ]
    path.write_text(json.dumps(asdict(gathered(rows)), indent=1) + "\n", encoding="utf-8")


def read_statistics(path: Path) -> Statistics | None:
    """The counts of a release, None where it has none that can be read."""
    try:
        found = json.loads(path.read_bytes())
        return Statistics(found["triples"], found["graphs"])
    except (OSError, ValueError, TypeError, KeyError):
        return None
