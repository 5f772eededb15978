"""What a shape says of a node as a whole, and the traps of OntoPiA, each with data that fall in."""

import pytest
from pyoxigraph import RdfFormat, parse, serialize
from rdflib import RDF, SH, Graph

from helpers import ROOT
from mappe_servizi.checks.shacl import read_shapes, validate
from rdf import BASE, ONTOPIA

SHAPES = read_shapes(ROOT / "shapes")
PREFIXES = f"""@prefix : <http://example.org/> . @prefix mds: <{BASE}onto/MDS/> .
@prefix cv: <{BASE}controlled-vocabulary/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
""" + "".join(f"@prefix {n.lower()}: <{ONTOPIA}{n}/> .\n" for n in ("CPSV", "COV", "CPV", "CPEV", "SM", "l0"))
NODES = {
    "a service that is public and internal": (
        "ServiceShape", ":x a mds:MunicipalService, cpsv:PublicService, cpsv:InternalOrganizationService ."),
    "a service of no kind": ("ServiceShape", ":x a mds:MunicipalService ."),
    "a published map without a heading": ("MapShape", ":x a mds:ServiceMap ; mds:isPublished true ."),
    "an element that is central and accessory": (
        "ElementShape", ":x a mds:ServiceElement, mds:CentralElement, mds:AccessoryElement ."),
    "a person with a telling IRI": ("PersonShape", ":mario-rossi a cpv:Person ."),
    "an indicator of no table": ("IndicatorShape", ":x a mds:ServiceIndicator ."),
    "a row that counts a segment and matches none": (
        "UserIndicatorShape", ":x a mds:UserIndicator ; mds:countsSegment :s ;"
        f" mds:segmentMatch <{BASE}controlled-vocabulary/segment-match/none> ."),
    "a figure that is measured and missing": (
        "FigureShape", ":x a mds:YearlyFigure, mds:YearlyMeasurement, mds:MissingMeasurement ."),
    "an observation of two cubes": (
        "MeasurementShape", ":x a mds:YearlyMeasurement ; mds:outputQuantity 1.0 ; mds:usersServed 1.0 ."),
    "a resource that is a blank node": ("LabelShape", "[] a cpv:Person ."),
    "an organisation that is a group of users": (
        "OrganizationShape", ":x a cov:Organization, cov:Group ."),
    "a public service that is internal": (
        "PublicServiceTrapShape", ":x a cpsv:PublicService, cpsv:InternalOrganizationService ."),
    "a concept of SKOS and of l0": ("ConceptTrapShape", ":x a skos:Concept, l0:Concept ."),
}  # fmt: skip
TRAPS = {
    "a note on a public service": (
        "additionalNoteForService", ':x a cpsv:PublicService ; cpsv:additionalNoteForService "x" .'),
    "two identifiers": ("identifier", ':x l0:identifier "a", "b" .'),
    "a theme on an internal service": (
        "serviceTheme", ":x a cpsv:InternalOrganizationService ; cpsv:serviceTheme :t ."),
    "participating": ("participating", ":x cov:participating :y ."),
    "targetAudience on a service": ("targetAudience", ":x cpev:targetAudience :y ."),
    "an address that is a string": ("emailAddress", ':x sm:emailAddress "mailto:a@example.org" .'),
    "an address without mailto": (
        "emailAddress", ':x sm:emailAddress "a@example.org"^^<http://www.w3.org/2001/XMLSchema#anyURI> .'),
    "a place made a channel": ("isPhysicallyAvailableAt", ":x cpsv:isPhysicallyAvailableAt :y ."),
}  # fmt: skip


def report(turtle: str):
    triples = [q.triple for q in parse(PREFIXES + turtle, format=RdfFormat.TURTLE)]
    return validate(serialize(triples, format=RdfFormat.N_TRIPLES) or b"", SHAPES).results


@pytest.mark.parametrize("case", NODES)
def test_a_node_that_breaks_a_shape_is_reported(case: str) -> None:
    shape, turtle = NODES[case]
    assert shape in {r.shape.rsplit("/", 1)[1] for r in report(turtle) if not r.path}


@pytest.mark.parametrize("case", TRAPS)
def test_a_trap_is_reported(case: str) -> None:
    name, turtle = TRAPS[case]
    found = [r for r in report(turtle) if r.path.rsplit("/", 1)[-1].rsplit("#", 1)[-1] == name]
    assert found


def test_every_constraint_has_its_message_in_both_languages() -> None:
    graph = Graph().parse(SHAPES, format="nt")
    shapes = set(graph.objects(None, SH.property)) - set(graph.objects(None, SH.xone / RDF.rest))
    told = [s for s in shapes if (s, SH.message, None) in graph]
    logical = {
        s
        for p in (SH.xone, SH["or"], SH["not"])
        for s in graph.subjects(p)
        if (s, RDF.type, SH.NodeShape) in graph
    }
    for shape in [*told, *logical]:
        assert sorted(str(m.language) for m in graph.objects(shape, SH.message)) == ["en", "it"], shape
    inside = {
        n
        for s in logical
        for n in graph.transitive_objects(
            s, SH.xone | SH["or"] | SH["not"] | SH.property | RDF.first | RDF.rest
        )
    }
    untold = {s for s in shapes if s not in told} - inside
    assert not untold
    assert len(told) > 250
