"""The published public services conform to the EU's CPSV-AP 3.2.0 shapes."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, serialize
from rdflib import Graph

from mappe_servizi.checks.shacl import Report, validate
from mappe_servizi.releases import Release
from rdf import BASE, data_store, data_triples


@pytest.fixture(scope="module")
def shapes(reference: Path) -> bytes:
    return Graph().parse(reference / "eu" / "cpsv-ap-SHACL.ttl").serialize(format="nt").encode()


def check(data: list[Triple], shapes: bytes, engine: str = "shifty") -> Report:
    return validate(serialize(data, format=RdfFormat.N_TRIPLES) or b"", shapes, engine)


def test_public_services_conform(release: Release, shapes: bytes) -> None:
    report = check(data_triples(release), shapes)
    assert [(r.focus, r.path, r.component) for r in report.results][:5] == []


def test_the_reference_engine_agrees_on_a_whole_service(release: Release, shapes: bytes) -> None:
    """A service with everything that it links to: pyshacl takes too long over the whole graph."""
    service = NamedNode(f"{BASE}data/public-service/c_d150/asili-nido")
    data = [t for t in data_triples(release) if not t.predicate.value.endswith("/providesService")]
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
    data = [t for t in data_triples(release) if (t.subject.value, t.predicate.value) != (service, predicate)]
    report = check(data, shapes)
    assert {(r.focus, r.path) for r in report.results} == {(service, predicate)}


def test_there_are_54_public_services_and_each_says_that_its_description_is_composed(
    release: Release,
) -> None:
    query = f"""SELECT (COUNT(?s) AS ?n) {{
      ?s a <http://purl.org/vocab/cpsv#PublicService> ; <http://purl.org/dc/terms/description> ?d ;
         <{BASE}onto/MDS/descriptionIsComposed> true }}"""
    assert int(next(iter(data_store(release).query(query)))["n"].value) == 54
