"""The national catalogue for semantic interoperability (schema.gov.it) can harvest ontology/assets.

The checks are those of its harvester and of its SHACL rules (reference/ontopia.md, section 4).
"""

import csv
import re
from pathlib import Path

import pyshacl
import pytest
from pyoxigraph import parse
from rdflib import DCAT, DCTERMS, FOAF, OWL, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef

from helpers import ROOT
from mappe_servizi.releases import Release
from rdf import BASE, MDS, ONTOPIA

ASSETS = ROOT / "ontology" / "assets"
ONTOLOGY = ASSETS / "ontologies" / "MDS" / "latest" / "MDS.ttl"
VOCABULARIES = sorted((ASSETS / "controlled-vocabularies").glob("*/latest/*.ttl"))
ADMS = Namespace(f"{ONTOPIA}ADMS/")
NDC = Namespace(f"{ONTOPIA}NDC/")
DCATAPIT = Namespace("http://dati.gov.it/onto/dcatapit#")
NAME = re.compile(r"[A-Za-z][.\w-]{1,63}")


def is_nothing(graph: Graph, asset: URIRef, distribution: URIRef) -> list[str]:
    """What the harvester refuses an asset for."""
    required = [DCTERMS.title, DCTERMS.description, DCTERMS.modified, DCAT.theme, DCTERMS.accrualPeriodicity]
    problems = [str(p) for p in required if graph.value(asset, p) is None]
    holder = graph.value(asset, DCTERMS.rightsHolder)
    if holder is None or not (graph.value(holder, DCTERMS.identifier) and graph.value(holder, FOAF.name)):
        problems.append("rightsHolder with identifier and name")
    turtle = URIRef("http://publications.europa.eu/resource/authority/file-type/RDF_TURTLE")
    for node in graph.objects(asset, distribution):
        if (node, DCTERMS["format"], turtle) in graph:
            problems += [str(p) for p in (DCAT.downloadURL, DCTERMS.license) if graph.value(node, p) is None]
            break
    else:
        problems.append("a distribution in Turtle")
    return problems


def test_the_layout_is_the_harvester_s() -> None:
    folders = {path.name for path in ASSETS.iterdir()}
    assert folders <= {"ontologies", "controlled-vocabularies", "schemas"}
    for path in [ONTOLOGY, *VOCABULARIES]:
        assert path.parent.name == "latest"
        assert path.stem == path.parents[1].name
        assert NAME.fullmatch(path.stem), path
        harvested = [
            p for p in path.parent.glob("*.ttl") if "aligns" not in p.name and "example" not in p.name
        ]
        assert harvested == [path]


def test_the_ontology_has_the_metadata_that_the_harvester_requires() -> None:
    graph = Graph().parse(ONTOLOGY)
    assert list(graph.subjects(RDF.type, OWL.Ontology)) == [URIRef(f"{BASE}onto/MDS")]
    assert is_nothing(graph, URIRef(f"{BASE}onto/MDS"), ADMS.hasSemanticAssetDistribution) == []
    for class_ in graph.objects(None, ADMS.hasKeyClass):
        assert graph.value(class_, RDFS.label), class_


def test_the_ontology_passes_the_national_shapes(reference: Path) -> None:
    rules = Graph().parse(reference / "ontopia" / "ontologies" / "rules.shacl", format="turtle")
    conforms, _, text = pyshacl.validate(Graph().parse(ONTOLOGY), shacl_graph=rules, advanced=True)
    assert conforms, text
    empty = Graph().add((MDS[""], RDF.type, OWL.Ontology))
    _, report, _ = pyshacl.validate(empty, shacl_graph=rules, advanced=True)
    problems = report.subjects(RDF.type, URIRef("http://www.w3.org/ns/shacl#ValidationResult"))
    assert len(list(problems)) >= 14  # advanced mode is really on: the targets are SPARQL


def test_every_term_is_described_in_both_languages_and_aligned() -> None:
    graph = Graph().parse(ONTOLOGY)
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.NamedIndividual)
    terms = {s for kind in kinds for s in graph.subjects(RDF.type, kind) if str(s).startswith(str(MDS))}
    assert len(terms) > 80
    for term in terms:
        for predicate in (RDFS.label, RDFS.comment):
            texts = [o for o in graph.objects(term, predicate) if isinstance(o, Literal)]
            assert sorted(str(t.language) for t in texts) == ["en", "it"], (term, predicate)
        assert graph.value(term, RDFS.isDefinedBy) == URIRef(f"{BASE}onto/MDS"), term
    for class_ in graph.subjects(RDF.type, OWL.Class):
        above = [o for o in graph.transitive_objects(class_, RDFS.subClassOf) if o != class_]
        assert any(str(o).startswith((ONTOPIA, "http://www.w3.org/ns/")) for o in above), class_
        assert graph.value(class_, SKOS.example), class_


def test_an_example_is_a_text_or_an_instance_that_there_is(release: Release) -> None:
    graph = Graph().parse(ONTOLOGY)
    types: dict[str, set[str]] = {}
    for quad in parse(path=release.dump):
        if quad.predicate.value == str(RDF.type):
            types.setdefault(quad.subject.value, set()).add(quad.object.value)  # type: ignore[union-attr]
    counts = {"text": 0, "instance": 0}
    for term, example in graph.subject_objects(SKOS.example):
        assert isinstance(example, Literal)
        if example.datatype == XSD.anyURI:
            assert str(term) in types[str(example)], (term, example)
            counts["instance"] += 1
        else:
            assert example.language in {"it", "en"}
            assert " " in str(example)
            counts["text"] += 1
    assert counts["instance"] > 30


def test_the_ontology_says_its_namespace_its_prefix_and_when_it_was_made() -> None:
    graph, node = Graph().parse(ONTOLOGY), URIRef(f"{BASE}onto/MDS")
    vann = Namespace("http://purl.org/vocab/vann/")
    assert str(graph.value(node, vann.preferredNamespaceUri)) == str(MDS)
    assert (
        str(graph.value(node, vann.preferredNamespacePrefix)) == str(graph.value(node, ADMS.prefix)) == "mds"
    )
    created, issued = graph.value(node, DCTERMS.created), graph.value(node, DCTERMS.issued)
    assert created.datatype == XSD.date
    assert created <= issued


@pytest.mark.parametrize("path", VOCABULARIES, ids=lambda path: path.stem)
def test_a_vocabulary_is_complete(path: Path) -> None:
    graph = Graph().parse(path)
    scheme = URIRef(f"{BASE}controlled-vocabulary/{path.stem}")
    assert list(graph.subjects(RDF.type, DCATAPIT.Dataset)) == [scheme]
    assert is_nothing(graph, scheme, DCAT.distribution) == []
    assert re.fullmatch(r"\w(:?[\w-]+\w)*", str(graph.value(scheme, NDC.keyConcept)))
    concepts = set(graph.subjects(RDF.type, SKOS.Concept))
    notations = [str(graph.value(concept, SKOS.notation)) for concept in concepts]
    assert len(set(notations)) == len(concepts) > 1
    tops = set(graph.objects(scheme, SKOS.hasTopConcept))
    for concept in concepts:
        for predicate in (SKOS.prefLabel, SKOS.definition):
            languages = sorted(str(o.language) for o in graph.objects(concept, predicate))
            assert languages == ["en", "it"], (concept, predicate)
        assert (concept, SKOS.inScheme, scheme) in graph
        assert (concept in tops) != bool(graph.value(concept, SKOS.broader))
    for broader in graph.objects(None, SKOS.broader):
        assert broader in concepts


@pytest.mark.parametrize("path", VOCABULARIES, ids=lambda path: path.stem)
def test_a_vocabulary_has_its_csv_form(path: Path) -> None:
    """One flat CSV with a data package, written by scripts/vocabulary_csv.py from the Turtle."""
    file = path.parent / f"{path.stem.replace('-', '_')}.csv"
    assert re.fullmatch(r"[A-Za-z0-9_]{2,64}", file.stem)
    assert "profile: tabular-data-package" in (path.parent / "datapackage.yaml").read_text(encoding="utf-8")
    graph = Graph().parse(path)
    with file.open(encoding="utf-8", newline="") as opened:
        rows = {row["uri"]: row for row in csv.DictReader(opened)}
    assert set(rows) == {str(c) for c in graph.subjects(RDF.type, SKOS.Concept)}
    for uri, row in rows.items():
        labels = {str(o.language): str(o) for o in graph.objects(URIRef(uri), SKOS.prefLabel)}
        assert (row["label_it"], row["label_en"]) == (labels["it"], labels["en"])
        assert row["code"] == str(graph.value(URIRef(uri), SKOS.notation))


def test_the_codes_that_the_data_s_tables_use_are_concepts() -> None:
    for table, scheme in (("activities", "provided-activity"), ("instruments", "provision-instrument")):
        graph = Graph().parse(ASSETS / "controlled-vocabularies" / scheme / "latest" / f"{scheme}.ttl")
        codes = {str(n) for n in graph.objects(None, SKOS.notation)}
        with (ROOT / "data" / "knowledge" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            assert {row["code"] for row in csv.DictReader(file)} <= codes


def test_the_areas_that_have_english_names_are_those_of_the_registry() -> None:
    municipality = ROOT / "data" / "municipalities" / "c_d150"
    with (municipality / "identifiers.csv").open(encoding="utf-8", newline="") as file:
        areas = {row["slug"]: row["label"] for row in csv.DictReader(file) if row["kind"] == "area"}
    with (municipality / "areas.csv").open(encoding="utf-8", newline="") as file:
        assert {row["area"]: row["label"] for row in csv.DictReader(file)} == areas
