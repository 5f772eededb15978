"""No constraint that a shape states is missed: spoil the data, and it is reported."""

from collections import Counter
from itertools import islice

import pytest
from pyoxigraph import RdfFormat, Triple, serialize
from rdflib import RDF, SH, Graph

from helpers import ROOT, Tell
from mappe_servizi.checks.shacl import Report, read_shapes, validate
from mappe_servizi.releases import Release
from rdf import triples
from shapes_mutations import Data, Key, Mutation, batches, mutations, sample, spoiled

SHAPES = read_shapes(ROOT / "shapes")
SAMPLE = [
    "asili-nido",
    "disabilita",
    "sosta-e-varchi",
    "turismo",
    "formazione",
    "digitalizzazione",
    "biblioteche",
]


def check(data: list[Triple] | set[Triple], engine: str = "shifty") -> Report:
    return validate(serialize(data, format=RdfFormat.N_TRIPLES) or b"", SHAPES, engine)


def keys(report: Report) -> Counter[Key]:
    return Counter((r.focus, "" if r.path == "(path)" else r.path, r.component) for r in report.results)


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return Graph().parse(SHAPES, format="nt")


@pytest.fixture(scope="module")
def everything(release: Release) -> list[Triple]:
    return triples(release.dump)


def test_every_mutation_is_killed(shapes: Graph, everything: list[Triple], tell: Tell) -> None:
    data = Data.of(everything)
    choices = [places for places in mutations(shapes, data) if places]
    alive: list[Mutation] = []
    for batch in batches(choices):
        found = keys(check(spoiled(data, batch)))
        alive += [m for m in batch if not found[m.expected]]
    spoilt = {places[0].shape for places in choices}
    count = len(list(shapes.subjects(RDF.type, SH.NodeShape)))
    tell(f"shapes: {count}, of which with data to spoil: {len(spoilt)}")
    tell(f"mutations killed: {len(choices) - len(alive)} of {len(choices)}")
    assert not [(m.shape, m.expected) for m in alive]
    assert len(choices) > 500


def test_both_engines_report_the_same(shapes: Graph, everything: list[Triple], tell: Tell) -> None:
    """On the data of some services as they are, and spoiled in every way that they can be."""
    data = Data.of(sample(everything, SAMPLE))
    choices = [places for places in mutations(shapes, data) if places]
    compared = 0
    for part in [data.triples, *(spoiled(data, batch) for batch in islice(batches(choices), 2))]:
        fast, reference = keys(check(part)), keys(check(part, "pyshacl"))
        assert set(fast) == set(reference)
        compared += len(reference)
    tell(f"results on which shifty and pyshacl agree: {compared}")
    assert compared > 400
