"""What the data are and how they are asked, for tools: VoID, prefixes, example queries, shapes.

A graph of its own, ``{base}graph/schema``, so that an editor or an assistant finds all of it by a query.
Nothing of it depends on how the data are served; the limits of an endpoint are told by the endpoint.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pyoxigraph import RdfFormat, parse

from mappe_servizi.checks.shacl import read_shapes
from mappe_servizi.graph.schema import examples, shapes, void
from mappe_servizi.graph.schema.counts import count, subjects
from mappe_servizi.rdf.builder import Part, statements_of
from mappe_servizi.rdf.namespaces import Iris
from mappe_servizi.rdf.queries import read_queries
from mappe_servizi.settings import Settings

GRAPH: Final = "schema"

__all__ = ["GRAPH", "build"]


def build(data: Path, settings: Settings) -> Part:
    """The part.

    Args:
        data: sorted N-Triples, all of the default graph.
        settings: where queries and shapes are, and the base of IRIs.

    Raises:
        MappeError: the queries or shapes cannot be used.
    """
    base = settings.base_uri
    read = parse(read_shapes(settings.shapes, base), format=RdfFormat.N_TRIPLES)
    towns = {iri.rpartition("/")[2] for iri in subjects(data, f"{base}data/municipality/")}
    service = next(subjects(data, f"{base}data/public-service/"), "")
    gallery = read_queries(settings.queries / "examples", base)
    shown = {name: query.of(towns, service) for name, query in gallery.items()}
    statements = [*void.described(count(data, base), base), *examples.described(shown, base)]
    stated = list(shapes.named(quad.triple for quad in read))
    statements += statements_of([*stated, *shapes.called(stated)])
    return Part(GRAPH, Iris(base).named_graph(GRAPH), statements)
