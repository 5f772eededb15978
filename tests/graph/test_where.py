"""Where things are: every address and place in a city, every city in a province and region."""

import csv

import pytest
from pyoxigraph import Store

from mappe_servizi.releases import Release
from rdf import BASE, data_store

PREFIXES = f"""PREFIX mds: <{BASE}onto/MDS/>
PREFIX clvapit: <https://w3id.org/italia/onto/CLV/>
PREFIX covapit: <https://w3id.org/italia/onto/COV/>
PREFIX cpsvapit: <https://w3id.org/italia/onto/CPSV/>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX l0: <https://w3id.org/italia/onto/l0/>
PREFIX locn: <http://www.w3.org/ns/locn#>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX poiapit: <https://w3id.org/italia/onto/POI/>
"""


@pytest.fixture(scope="module")
def store(release: Release) -> Store:
    return data_store(release)


def counted(store: Store, pattern: str) -> int:
    [row] = store.query(f"{PREFIXES} SELECT (COUNT(*) AS ?n) {{ {pattern} }}")
    return int(row["n"].value)


def test_every_address_lies_in_one_city_and_says_how_it_is_known(store: Store) -> None:
    addresses = counted(store, "?a a clvapit:Address, locn:Address")
    assert addresses > 50
    assert counted(store, "?a a clvapit:Address ; clvapit:hasCity/l0:name 'Cremona'@it") == addresses
    assert counted(store, "?a locn:thoroughfare ?street ; locn:postName 'Cremona'@it") == addresses
    printed = counted(store, "?a a clvapit:Address ; mds:townName ?town")
    by_rule = f"<{BASE}controlled-vocabulary/decision-certainty/rule>"
    assert counted(store, f"?a a clvapit:Address ; mds:decisionCertainty {by_rule}") == addresses - printed
    assert 0 < printed < addresses


def test_every_place_has_a_town_and_a_national_category(store: Store) -> None:
    places = counted(store, "?p a poiapit:PointOfInterest")
    assert places > 50
    assert counted(store, "?p a poiapit:PointOfInterest ; poiapit:hasPOICategory/l0:name ?name") == places
    assert counted(store, "?p a poiapit:PointOfInterest ; clvapit:hasSpatialCoverage/l0:name ?name") == places
    kinds = counted(store, "?p mds:facilityKind ?kind")
    national = "FILTER(CONTAINS(STR(?type), '/cultural-interest-places/'))"
    assert (
        counted(store, f"?p mds:facilityKind ?kind ; dct:type ?type . ?type l0:name ?n {national}") == kinds
    )
    assert kinds > 40


def test_the_table_tells_the_town_of_every_place(release: Release) -> None:
    with (release.path / "csv" / "places.csv").open(encoding="utf-8", newline="") as file:
        towns = {row["town"] for row in csv.DictReader(file)}
    assert towns == {"Cremona"}


def test_every_office_belongs_to_its_municipality(store: Store) -> None:
    offices = counted(store, "?o a covapit:Office")
    town = f"<{BASE}data/municipality/c_d150>"
    assert (
        counted(store, f"?o a covapit:Office ; covapit:isSupportUnitOf {town} ; org:unitOf {town}")
        == offices
        > 40
    )


def test_every_city_lies_in_a_province_and_a_region(store: Store) -> None:
    cities = counted(store, "?c a clvapit:City")
    assert cities > 10
    rank = "clvapit:hasDirectHigherRank"
    path = f"?c a clvapit:City ; {rank}/l0:name ?province ; {rank}/{rank}/l0:name ?region"
    assert counted(store, path) == cities


def test_a_service_that_serves_other_towns_is_not_said_to_be_of_this_one(store: Store) -> None:
    """Its sheet denies it (lines 1755, 2470, 2919), so nothing of it is compared per head either."""
    query = f"{PREFIXES} SELECT ?slug ?c {{ ?s mds:coverage ?c BIND(STRAFTER(STR(?s), 'c_d150/') AS ?slug) }}"
    coverage = {row["slug"].value: row["c"].value for row in store.query(query)}
    assert len(coverage) == 73
    assert coverage["biblioteche"] == "other"
    assert {"ambiente", "informagiovani"} <= {slug for slug, kind in coverage.items() if kind == "wider"}
    beyond = "?s mds:coverage ?c . FILTER(?c != 'own')"
    assert counted(store, f"{beyond} ?s clvapit:hasSpatialCoverage|dct:spatial ?city") == 0
    derived = "<http://www.w3.org/ns/prov#wasDerivedFrom>"
    assert counted(store, f"?f a mds:ComparableFigure ; {derived}/mds:ofService ?s . {beyond}") == 0
    own = sum(kind == "own" for kind in coverage.values())
    assert counted(store, "?s mds:coverage 'own' ; clvapit:hasSpatialCoverage ?city") == own
