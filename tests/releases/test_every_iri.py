"""Every IRI of our own that any dump has answers: 200, 303, 301 where it was renamed, 410 where withdrawn."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import httpx
from pyoxigraph import NamedNode, parse

from helpers import Tell
from releases_world import World
from served import Served

BASE = "https://w3id.org/mappe-servizi/"
ANSWERS = {200, 301, 303, 410}


def own_iris(*paths: Path) -> list[str]:
    """Without what follows "#", which no server sees."""
    found: set[str] = set()
    for path in paths:
        for quad in parse(path=path):
            for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
                if isinstance(term, NamedNode) and term.value.startswith(BASE):
                    found.add(term.value.partition("#")[0])
    return sorted(found)


def test_every_iri_of_every_dump_answers(server: Served, second: World, tell: Tell) -> None:
    releases = [second.releases / number for number in ("1", "2")]
    iris = own_iris(*(r / name for r in releases for name in ("dump/mappe-servizi.nq", "catalogue.ttl")))
    assert len(iris) > 7000
    with server.client() as client, ThreadPoolExecutor(4) as threads:

        def ask(iri: str) -> httpx.Response:
            return client.get("/" + quote(iri.removeprefix(BASE), safe="/:@!$&'()*+,;=-._~?"))

        answers = dict(zip(iris, threads.map(ask, iris), strict=True))
        led = sorted({a.headers["location"] for a in answers.values() if a.status_code in {301, 303}})
        ends = Counter(a.status_code for a in threads.map(client.get, led[:: max(1, len(led) // 500)]))
    assert not [f"{a.status_code} {iri}" for iri, a in answers.items() if a.status_code not in ANSWERS]
    assert set(ends) <= ANSWERS, ends
    counts = Counter(a.status_code for a in answers.values())
    assert {200, 301, 303, 410} == set(counts)
    tell(f"{len(iris)} IRIs of our own answer: {dict(counts)}; of what they lead to, {dict(ends)}")


def test_the_ontology_s_version_and_the_graphs_lead_to_them(server: Served) -> None:
    places = {
        "onto/MDS/0.1": "/onto/MDS",
        "onto/MDS/0.1.ttl": "/onto/MDS.ttl",
        "graph/quality": "/dump/quality.ttl",
        "graph/catalogue": "/dump/catalogue.ttl",
    }
    with server.client() as client:
        for iri, place in places.items():
            answer = client.get(f"/{iri}", headers={"accept": "text/turtle"})
            assert (answer.status_code, answer.headers["location"]) == (303, place)
            assert client.get(place).status_code == 200
        assert client.get("/onto/MDS/9.9").status_code == 404
        assert client.get("/graph/nothing").status_code == 404


def test_the_document_of_a_data_set_labels_nothing_else(server: Served) -> None:
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    with server.client() as client:
        for path, others in (("dataset/figures", False), ("public-service/c_d150/asili-nido", True)):
            body = client.get(f"/doc/{path}.nt").text
            labelled = {line.split(" ")[0] for line in body.splitlines() if f"<{label}>" in line}
            assert f"<{BASE}data/{path}>" in labelled
            assert (len(labelled) > 1) == others
