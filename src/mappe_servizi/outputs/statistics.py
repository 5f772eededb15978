"""What pages say of the whole graph, counted when a release is built: a request could not wait for it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from pyoxigraph import QuerySolutions, Store

from mappe_servizi.bases import DEFAULT_BASE
from mappe_servizi.model.outputs import declared

FILE = declared.STATISTICS.path
FOREMOST: Final = 400
"""Providers that are named, of all."""
_PREFIXES = f"""
PREFIX mds: <{DEFAULT_BASE}onto/MDS/>
PREFIX roapit: <https://w3id.org/italia/onto/RO/>
"""
_DELIVERED_BY: Final = "mds:hasProvision ?p . ?p mds:statedIn/mds:isCurrent true ; roapit:isRoleInTimeOf"
"""As current maps tell it: who delivered a service is told by its older ones."""
_THINGS: Final = {
    "triples": "?s ?p ?x",
    "municipalities": "?x mds:providesService ?s",
    "services": "?town mds:providesService ?x",
    "published": "?map mds:isPublished true ; mds:describesService ?x",
    "figures": "?x a mds:YearlyFigure",
    "delivering": f"?s {_DELIVERED_BY} ?x",
}
"""Patterns of ?x, of which each is counted once; a triple is."""
_WHAT: Final = {"triples": "*"}
COUNTS: Final = {
    **{
        name: f"{_PREFIXES} SELECT (COUNT({_WHAT.get(name, 'DISTINCT ?x')}) AS ?n) {{ {pattern} }}"
        for name, pattern in _THINGS.items()
    },
    "graphs": "SELECT ?x (COUNT(*) AS ?n) { GRAPH ?x { ?s ?p ?o } } GROUP BY ?x ORDER BY ?x",
    "audiences": f"""{_PREFIXES} SELECT ?x (COUNT(DISTINCT ?service) AS ?n) {{
        ?segment mds:coversAudience ?x . ?service mds:hasUserSegment ?segment }}
        GROUP BY ?x ORDER BY DESC(?n) ?x""",
    "providers": f"""{_PREFIXES} SELECT ?x (COUNT(DISTINCT ?service) AS ?n) {{
        ?service {_DELIVERED_BY} ?x }}
        GROUP BY ?x ORDER BY DESC(?n) ?x LIMIT {FOREMOST}""",
}
"""The queries whose rows ``gathered`` takes, by name."""
Rows = Iterable[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Statistics:
    """The counts; what the data are is told by the graph ``schema``.

    Attributes:
        triples: of the default graph.
        municipalities: that provide services.
        services: all of them; ``published`` those of which a map was published.
        figures: of all years and editions.
        delivering: who delivers services, as current maps tell it; so ``providers``.
        graphs: triples by named graph.
        audiences: services by the group that they are for.
        providers: services by who delivers them, of those who deliver most; these first.
    """

    triples: int
    municipalities: int
    services: int
    published: int
    figures: int
    delivering: int
    graphs: Mapping[str, int]
    audiences: Mapping[str, int]
    providers: Mapping[str, int]


def gathered(rows: Mapping[str, Rows]) -> Statistics:
    """The counts, from the rows of each of the queries."""
    found: dict[str, Any] = {
        name: sum(int(row["n"]) for row in of)
        if name in _THINGS
        else {row["x"]: int(row["n"]) for row in of if "x" in row}
        for name, of in rows.items()
    }
    return Statistics(**found)


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
    """The counts of a release, None where it has none that can be read, or others (it is of before)."""
    try:
        return Statistics(**json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
