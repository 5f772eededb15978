"""The graph of Cremona: its counts, its patterns, and that its IRIs follow the registry."""

import csv
import re
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode, Store

from helpers import ROOT
from mappe_servizi.errors import MappeError
from mappe_servizi.graph import Common, build_edition, build_parts
from mappe_servizi.model.identifiers import RegisteredSlug, Registry, UnknownLabels
from mappe_servizi.model.records import Document
from mappe_servizi.reading.reader import read_document
from mappe_servizi.releases import Release
from rdf import BASE, data_store, data_triples

DIRECTORY = ROOT / "data" / "municipalities" / "c_d150"
PREFIXES = f"PREFIX mds: <{BASE}onto/MDS/> PREFIX roapit: <https://w3id.org/italia/onto/RO/> "
PLACES = {
    "knowledge": ROOT / "data" / "knowledge", "data": ROOT / "data", "ontology": ROOT / "ontology",
}  # fmt: skip


@pytest.fixture(scope="module")
def store(release: Release) -> Store:
    return data_store(release)


@pytest.fixture(scope="module")
def document() -> Document:
    return read_document(DIRECTORY / "editions" / "2020", ROOT / "data" / "knowledge")


@pytest.mark.parametrize(
    ("class_", "count"),
    [
        ("MunicipalService", 73),
        ("ServiceMap", 73),
        ("ServiceArea", 19),
        ("CentralElement", 181),
        ("AccessoryElement", 236),
        ("SegmentationCriterion", 157),
        ("UserSegment", 269),
        ("SegmentEntry", 269),
        ("OutputIndicator", 361),
        ("UserIndicator", 347),
        ("CoProduction", 144),
        ("DeliveryStructure", 214),
        ("ServiceResponsibility", 69),
        ("PersonnelCount", 69),
    ],
)
def test_counts(store: Store, class_: str, count: int) -> None:
    found = store.query(PREFIXES + f"SELECT (COUNT(?x) AS ?n) {{ ?x a mds:{class_} }}")
    assert int(next(iter(found))["n"].value) == count


def test_the_unpublished_services_have_a_map_that_says_so(store: Store) -> None:
    found = store.query(PREFIXES + "SELECT ?n { ?m mds:isPublished false ; mds:indexNumber ?n } ORDER BY ?n")
    assert [row["n"].value for row in found] == ["62", "63", "64", "73"]


def test_a_group_that_a_map_names_twice_is_one_resource(store: Store) -> None:
    query = PREFIXES + "ASK { ?x a mds:UserSegment, mds:CoProducingGroup }"
    assert bool(store.query(query))
    orphans = store.query(
        PREFIXES + "SELECT ?x { ?x a mds:CoProducingGroup FILTER NOT EXISTS { ?c roapit:isRoleInTimeOf ?x } }"
    )
    assert not list(orphans)


def test_no_blank_node_stands_in_the_data(release: Release) -> None:
    for triple in data_triples(release):
        assert not isinstance(triple.subject, BlankNode), triple
        assert not isinstance(triple.object, BlankNode), triple


def test_every_iri_follows_the_contract(release: Release) -> None:
    concepts = [
        "municipality",
        "area",
        "public-service",
        "service-map",
        "organization",
        "person",
        "element",
        "criterion",
        "segment",
        "output-indicator",
        "user-indicator",
        "measurement",
        "personnel",
        "management",
        "co-production",
        "provision",
        "responsibility",
        "office",
        "place",
        "channel",
        "finding",
        "document",
        "correction",
        "comparable",
        "output",
        "cost",
        "requirement",
        "opening",
        "decision",
        "link",
        "release",
        "dataset",
        "distribution",
        "activity",
    ]
    slug = r"[a-z0-9]+(-[a-z0-9]+)*"
    ours = re.compile(
        rf"{re.escape(BASE)}(data/({'|'.join(concepts)})(/[a-z0-9_]+)?(/\d{{4}})?(/{slug}){{0,3}}(/\d{{4}})?"
        rf"|onto/MDS(/\w+)?|onto/MDS[./].*|controlled-vocabulary/[\w.-]+(/[\w-]+)?|schema/[a-z]+\.json)"
    )
    subjects = {t.subject for t in data_triples(release)}
    wrong = [s.value for s in subjects if s.value.startswith(BASE) and not ours.fullmatch(s.value)]
    assert not wrong[:5]


def test_every_slug_of_the_data_is_in_the_registry(release: Release) -> None:
    with (DIRECTORY / "identifiers.csv").open(encoding="utf-8", newline="") as file:
        slugs = {row["slug"] for row in csv.DictReader(file)}
    missing = set()
    for triple in data_triples(release):
        subject = triple.subject
        assert isinstance(subject, NamedNode)
        found = re.fullmatch(
            rf"{re.escape(BASE)}data/(segment|element|\w+-indicator|criterion)/.+/(.+)", subject.value
        )
        if found and found[2] not in slugs:
            missing.add(found[2])
    assert not missing


def common() -> Common:
    return Common.load(ROOT / "ontology", BASE)


def test_an_unknown_label_stops_the_build_and_is_proposed(document: Document, tmp_path: Path) -> None:
    registry = Registry.load(DIRECTORY / "identifiers.csv")
    rows = [row for row in registry.rows if row.slug != "asili-nido"]
    short = Registry(tmp_path / "identifiers.csv", rows)
    with pytest.raises(UnknownLabels) as caught:
        build_parts([document], {"c_d150": short}, **PLACES)
    area = "servizi-per-l-infanzia"
    assert RegisteredSlug("service", area, "Asili nido", "asili-nido", "", "2020") in caught.value.proposals


def test_an_empty_registry_proposes_every_row_and_tells_the_two_tributi_apart(
    document: Document, tmp_path: Path
) -> None:
    registry = Registry(tmp_path / "identifiers.csv", ())
    build_edition(document, registry, PLACES["knowledge"], PLACES["data"], common())
    services = {row.slug for row in registry.missing.values() if row.kind == "service"}
    assert len(services) == 73
    assert "asili-nido" in services


def test_two_services_with_one_slug_are_refused(document: Document) -> None:
    registry = Registry.load(DIRECTORY / "identifiers.csv")
    rows = [
        RegisteredSlug(r.kind, r.service, r.label, "nido", r.status, r.since)
        if r.kind == "service" and r.slug in ("asili-nido", "anagrafe")
        else r
        for r in registry.rows
    ]
    with pytest.raises(MappeError, match="the slug 'nido' stands twice"):
        build_edition(document, Registry(registry.path, rows), PLACES["knowledge"], PLACES["data"], common())


def test_another_base_moves_the_data_and_not_the_knowledge(document: Document) -> None:
    registry = Registry.load(DIRECTORY / "identifiers.csv")
    base = "https://dati.example.it/mappe/"
    parts = build_parts([document], {"c_d150": registry}, **PLACES, base=base)
    terms = {term.value for part in parts for t in part.triples for term in t if isinstance(term, NamedNode)}
    assert f"{base}data/public-service/c_d150/asili-nido" in terms
    kept = {term.removeprefix(BASE).split("/")[0] for term in terms if term.startswith(BASE)}
    assert kept == {"onto", "controlled-vocabulary", "schema", "data"}
    assert {term for term in terms if term.startswith(f"{BASE}data/")} == {
        f"{BASE}data/organization/mappe-servizi"  # who makes the vocabularies
    }
    assert not [term for term in terms if term.startswith(f"{base}onto/")]
