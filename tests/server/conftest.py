"""A small release of made-up triples, and one real server on it for all tests that only ask."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pyoxigraph import DefaultGraph, RdfFormat, parse

from mappe_servizi.graph import schema
from mappe_servizi.rdf.dump import canonical_lines, quad_lines, write_lines
from mappe_servizi.settings import Settings
from served import BASE, Served, serve, write_release

LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
PROV = "http://www.w3.org/ns/prov#"
SERVICES = 300
PROTOCOL_DATA = "http://kasei.us/2009/09/sparql/data/"


def triples() -> bytes:
    """Services, measurements, awkward IRIs, retired IRIs, named graphs, and W3C's protocol data."""
    lines = []
    for i in range(SERVICES):
        service = f"<{BASE}data/public-service/c_d150/servizio-{i}>"
        lines += [
            f"{service} {TYPE} <http://purl.org/vocab/cpsv#PublicService> .",
            f'{service} {LABEL} "Servizio numero {i}"@it .',
            f"{service} <http://purl.org/dc/terms/spatial> <{BASE}data/municipality/c_d150> .",
        ]
        for year in (2018, 2019, 2020):
            measurement = f"<{BASE}data/measurement/c_d150/2020/servizio-{i}/x/{year}>"
            lines += [
                f"{measurement} <{BASE}onto/MDS/service> {service} .",
                f'{measurement} <{BASE}onto/MDS/value> "{i * year}"^^'
                "<http://www.w3.org/2001/XMLSchema#decimal> .",
            ]
    nido = f"<{BASE}data/public-service/c_d150/asili-nido>"
    lines += [
        f'<{BASE}data/municipality/c_d150> {LABEL} "Comune di Cremona"@it .',
        f'{nido} {LABEL} "Asili nido"@it .',
        f'{nido} {LABEL} "Nurseries"@en .',
        f"{nido} {TYPE} <http://purl.org/vocab/cpsv#PublicService> .",
        f'{nido} <http://purl.org/dc/terms/description> "Cura ed educazione <b>dei bambini</b>"@it .',
        f"{nido} <{PROV}wasDerivedFrom> <{BASE}data/activity/x> <{BASE}graph/provenance> .",
        f"{nido} <{BASE}onto/MDS/area> <{BASE}data/area/c_d150/infanzia> .",
        f'<{BASE}data/area/c_d150/infanzia> {LABEL} "Politiche per l\'infanzia"@it .',
        f'<{BASE}data/public-service/c_d150/citt%C3%A0> {LABEL} "percent"@it .',
        f'<{BASE}data/public-service/c_d150/l\'città(1)> {LABEL} "accent"@it .',
        f'<{BASE}data/dataset/c_d150/2020/mappe> {LABEL} "Mappe"@it <{BASE}graph/catalogue> .',
        f"<{BASE}data/public-service/c_d150/vecchio> <http://purl.org/dc/terms/isReplacedBy> {nido} .",
        f"<{BASE}data/public-service/c_d150/ritirato> <{PROV}invalidatedAtTime> "
        '"2021-01-01T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> .',
        f'<{BASE}onto/MDS> {LABEL} "Ontologia"@it .',
        f'<{BASE}onto/MDS/Thing> {LABEL} "Cosa"@it .',
        f"<{BASE}onto/MDS/Thing> <http://www.w3.org/2000/01/rdf-schema#isDefinedBy> <{BASE}onto/MDS> .",
        f'<{BASE}controlled-vocabulary/table/outputs> {LABEL} "Output"@it .',
    ]
    for number in (1, 2, 3):
        graph = f"<{PROTOCOL_DATA}data{number}.rdf>"
        lines.append(f"{graph} {TYPE} <http://xmlns.com/foaf/0.1/Document> {graph} .")
    return "\n".join(lines).encode() + b"\n"


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The link of a small release."""
    directory = tmp_path_factory.mktemp("small")
    quads = parse(triples(), format=RdfFormat.N_QUADS)
    data = [quad.triple for quad in quads if isinstance(quad.graph_name, DefaultGraph)]
    write_lines(canonical_lines(data), directory / "data.nt")
    part = schema.build(directory / "data.nt", Settings())
    described = b"\n".join(quad_lines(canonical_lines(part.triples), part.graph))
    write_release(directory / "current", triples() + described + b"\n")
    return directory / "current"


@pytest.fixture(scope="session")
def server(small: Path) -> Iterator[Served]:
    """One server for all tests of a process that leave it as it was."""
    with serve("--release", small, "--query-seconds", "5") as served:
        yield served


@pytest.fixture
def client(server: Served) -> Iterator[httpx.Client]:
    """A client that follows no redirects."""
    with server.client() as client:
        yield client
