"""The published public services conform to the EU's CPSV-AP 3.2.0 shapes."""

from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize
from rdflib import Graph

from helpers import Tell
from mappe_servizi.checks.shacl import Report, validate
from mappe_servizi.releases import Release
from rdf import BASE, data_store, data_triples

DATASET = "http://www.w3.org/ns/dcat#Dataset"
DATA_SET = NamedNode(f"{BASE}data/dataset/c_d150/2020/service-maps")


@pytest.fixture(scope="module")
def shapes(reference: Path) -> bytes:
    return Graph().parse(reference / "eu" / "cpsv-ap-SHACL.ttl").serialize(format="nt").encode()


def check(data: list[Triple], shapes: bytes, engine: str = "shifty") -> Report:
    report = validate(serialize(data, format=RdfFormat.N_TRIPLES) or b"", shapes, engine)
    of_services = [r for r in report.results if r.focus != DATA_SET.value]  # it has the catalogue's tests
    return replace(report, results=of_services)


def described(release: Release) -> list[Triple]:
    """The data, and what the catalogue says that the data set is which services are parts of."""
    kind, path = NamedNode(DATASET), release.path / "catalogue.nt"
    said = [quad.triple for quad in parse(path.read_bytes(), RdfFormat.N_TRIPLES)]
    types = [t for t in said if t.object == kind and t.subject == DATA_SET]
    assert types
    return [*data_triples(release), *types]


def test_public_services_conform(release: Release, shapes: bytes) -> None:
    report = check(described(release), shapes)
    assert [(r.focus, r.path, r.component) for r in report.results][:5] == []


def test_the_reference_engine_agrees_on_a_whole_service(release: Release, shapes: bytes) -> None:
    """A service with everything that it links to: pyshacl takes too long over the whole graph."""
    service = NamedNode(f"{BASE}data/public-service/c_d150/asili-nido")
    others = ("/providesService", "/participates")  # they lead to other services
    data = [t for t in described(release) if not t.predicate.value.endswith(others)]
    near = {service}
    for _ in range(2):
        near |= {t.object for t in data if t.subject in near and isinstance(t.object, NamedNode)}
    part = [t for t in data if t.subject in near]
    assert len(part) > 1000
    for engine in ("shifty", "pyshacl"):
        assert [(r.focus, r.path, r.component) for r in check(part, shapes, engine).results] == []


@pytest.mark.parametrize(
    "predicate",
    ["http://purl.org/dc/terms/title", "http://purl.org/dc/terms/description", "http://purl.org/dc/terms/identifier",
     "http://data.europa.eu/m8g/hasCompetentAuthority"],
)  # fmt: skip
def test_a_service_that_lacks_what_the_eu_requires_is_found(
    release: Release, shapes: bytes, predicate: str
) -> None:
    service = f"{BASE}data/public-service/c_d150/asili-nido"
    data = [t for t in described(release) if (t.subject.value, t.predicate.value) != (service, predicate)]
    report = check(data, shapes)
    assert {(r.focus, r.path) for r in report.results} == {(service, predicate)}


def test_there_are_54_public_services_and_each_says_that_its_description_is_composed(
    release: Release,
) -> None:
    query = f"""SELECT (COUNT(?s) AS ?n) {{
      ?s a <http://purl.org/vocab/cpsv#PublicService> ; <http://purl.org/dc/terms/description> ?d ;
         <{BASE}onto/MDS/descriptionIsComposed> true }}"""
    assert int(next(iter(data_store(release).query(query)))["n"].value) == 54


FACTS = {
    "cv:hasChannel": "?s cpsvapit:hasChannel ?x . ?x mds:channelKind ?kind",
    "cv:isGroupedBy": "?s <https://w3id.org/italia/onto/isPartOfEvent> ?x",
    "cv:hasLegalResource": "?s mds:hasMap/dct:references ?x",
    "cv:hasParticipation": "?s mds:hasProvision|mds:hasResponsibility ?x",
    "cpsv:produces": "?s mds:hasOutputIndicator/mds:quantifies ?x",
    "dct:audience": "?s mds:hasUserSegment/mds:coversAudience ?x",
    "cv:isClassifiedBy": "?s mds:mainConcept|mds:coversConcept ?x",
    "cv:thematicArea": "?s mds:inArea ?x",
    "dct:spatial": "?s clvapit:hasSpatialCoverage ?x",
    "dcat:keyword": "?s mds:mainConcept|mds:coversConcept ?c . ?c skos:altLabel ?x . FILTER(LANG(?x) = 'it')",
    "dct:isPartOf": f"""?s mds:hasMap/mds:edition ?year .
        BIND(IRI(CONCAT('{BASE}data/dataset/c_d150/', STR(?year), '/service-maps')) AS ?x)""",
    "dct:language": "BIND(<http://publications.europa.eu/resource/authority/language/ITA> AS ?x)",
}
"""Optional properties of CPSV-AP, each with where our own model has the fact."""
PRINTED = {"cv:hasCost": 3, "cv:holdsRequirement": 6, "cpsv:hasInput": 1, "cv:relatedService": 1}
"""And those whose facts are read from the sheets for it (conditions.csv, relations.csv)."""


def test_what_sheets_say_of_other_services_and_of_standards(release: Release) -> None:
    store = data_store(release)
    certified = "'Il Servizio Entrate è certificato ISO9001'@it"
    ask = f"""PREFIX s: <{BASE}data/public-service/c_d150/> PREFIX cpsvapit: <https://w3id.org/italia/onto/CPSV/>
        PREFIX dct: <http://purl.org/dc/terms/> ASK {{ s:%s }}"""
    assert store.query(ask % "entrate dct:relation s:impegni ; cpsvapit:relationService s:impegni")  # 4081
    assert store.query(ask % "impegni dct:relation s:entrate")  # 4142
    assert store.query(ask % "gestione-erp dct:relation s:diritto-alla-casa")  # 3333
    assert store.query(ask % f"entrate dct:conformsTo [ a dct:Standard ; dct:title {certified} ]")  # 4333


def test_every_optional_property_is_filled_for_which_the_document_has_a_fact(
    release: Release, tell: Tell
) -> None:
    prefixes = f"""PREFIX cpsv: <http://purl.org/vocab/cpsv#> PREFIX cpsvapit: <https://w3id.org/italia/onto/CPSV/>
        PREFIX cv: <http://data.europa.eu/m8g/> PREFIX dct: <http://purl.org/dc/terms/>
        PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        PREFIX clvapit: <https://w3id.org/italia/onto/CLV/> PREFIX mds: <{BASE}onto/MDS/>"""
    store = data_store(release)

    def pairs(pattern: str) -> set[tuple[str, str]]:
        query = f"{prefixes} SELECT ?s ?x {{ ?s a cpsv:PublicService . {pattern} }}"
        return {(row["s"].value, row["x"].value) for row in store.query(query)}

    filled = {term: (len(pairs(f"?s {term} ?x")), len(pairs(fact))) for term, fact in FACTS.items()}
    filled |= {term: (len(pairs(f"?s {term} ?x")), count) for term, count in PRINTED.items()}
    tell(f"optional properties of CPSV-AP: {sum(n > 0 for n, _ in filled.values())} of {len(filled)} filled")
    assert {term: found for term, found in filled.items() if found[0] != found[1]} == {}
    assert all(n for n, _ in filled.values())
    for term, fact in FACTS.items():
        assert pairs(f"?s {term} ?x") == pairs(fact), term


def test_who_takes_part_does_so_as_the_eu_has_it(release: Release) -> None:
    store = data_store(release)
    query = f"""PREFIX cv: <http://data.europa.eu/m8g/> SELECT ?role (COUNT(DISTINCT ?p) AS ?n) {{
        ?p a cv:Participation ; cv:hasParticipant ?agent ; cv:role ?r .
        ?agent a <http://xmlns.com/foaf/0.1/Agent> ; cv:participates ?p .
        BIND(STRAFTER(STR(?r), "{BASE}controlled-vocabulary/role-on-service/") AS ?role) }} GROUP BY ?role"""
    found = {row["role"].value: int(row["n"].value) for row in store.query(query)}
    assert found["provider"] == 133
    assert found["manager"] + found["acting-manager"] == 53
