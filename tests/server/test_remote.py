"""The server in front of other engines: a real Virtuoso and a real oxigraph server."""

import http.server
import os
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

import peers
import tiny_towns
from helpers import ROOT
from served import BASE, Served, serve, write_release

pytestmark = pytest.mark.adversary

NIDO = f"{BASE}data/public-service/c_d150/asili-nido"
LABELS = f"SELECT ?l {{ <{NIDO}> <http://www.w3.org/2000/01/rdf-schema#label> ?l }} ORDER BY ?l"
SUM = f"SELECT (SUM(?v) AS ?n) {{ ?m <{BASE}onto/MDS/value> ?v }}"
CATALOGUE = f"SELECT ?l {{ GRAPH <{BASE}graph/catalogue> {{ ?s ?p ?l }} }}"
EXAMPLES = f"""SELECT ?example {{ GRAPH <{BASE}graph/schema> {{
  ?example a <http://www.w3.org/ns/shacl#SPARQLExecutable> }} }} ORDER BY ?example"""
SHARED = {
    "/controlled-vocabulary/service-concept/nursery": 30,
    "/controlled-vocabulary/service-concept/nursery?page=2": 10,
    "/controlled-vocabulary/indicator-concept/infants": 40,
    "/controlled-vocabulary/audience-group/children-0-3": 40,
    "/page/organization/everywhere": 40,
    "/page/organization/former": 40,
}
"""Pages of what forty municipalities share, and how many of their services each names."""
OWN_PAGES = (
    "/page/public-service/t_17/nido",
    "/page/user-indicator/t_17/nido/bambini",
    "/page/segment/t_17/nido/bambini",
    "/page/municipality/t_17",
    "/services",
    "/providers?filter=cooperativa+17",
    "/explore/users?town=t_17",
    "/explore/personnel?town=t_17",
)
PARTS = re.compile(r"<(?:h[1-3]|th|td|dd)\b[^>]*>.*?</(?:h[1-3]|th|td|dd)>")
"""Headings and cells: a page on another engine says as much, but of the release's date and licence."""
PERSON = {"accept": "text/html", "accept-language": "it"}
CONSTRUCT = f"CONSTRUCT {{ <{NIDO}> ?p ?o }} WHERE {{ <{NIDO}> ?p ?o }}"


ENGINES = ("virtuoso", "oxigraph")


def loaded(name: str, dump: Path, directory: Path) -> tuple[Served, str]:
    """Another engine that has a dump, and the address of its endpoint."""
    if name == "oxigraph":
        engine = peers.loaded_oxigraph(dump, directory)
        return engine, f"{engine.url}/query"
    if not peers.VIRTUOSO:
        if os.environ.get("CI"):
            pytest.fail("CI must have the Debian package virtuoso-opensource-7")
        pytest.skip("the Debian package virtuoso-opensource-7 is not installed")
    engine = peers.virtuoso(dump, directory)
    return engine, f"{engine.url}/sparql"


@pytest.fixture(scope="module", params=ENGINES)
def remote(
    request: pytest.FixtureRequest, small: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    dump = small / "dump" / "mappe-servizi.nq"
    engine, endpoint = loaded(request.param, dump, tmp_path_factory.mktemp(request.param))
    with engine, serve("--endpoint", endpoint) as served:
        yield served


def test_how_the_dump_is_loaded_elsewhere(small: Path, tmp_path: Path) -> None:
    """The command of the documentation: the data get a graph, and what has one keeps it."""
    command = re.search(r"^sed -E '(.*)' \\$", (ROOT / "docs" / "http.md").read_text(), re.MULTILINE)
    assert command
    lines = (small / "dump" / "mappe-servizi.nq").read_bytes().splitlines(keepends=True)
    dump = tmp_path / "dump.nq"
    dump.write_bytes(b"".join(line for line in lines if b"kasei.us" not in line))  # graphs not ours
    peers.named(dump, tmp_path / "expected.nq")
    done = subprocess.run(["sed", "-E", command[1], dump], capture_output=True, check=True)
    assert done.stdout == (tmp_path / "expected.nq").read_bytes()


def test_rows(remote: Served, server: Served) -> None:
    for query in (LABELS, CATALOGUE, EXAMPLES, SUM, "ASK { ?s ?p 'nothing' }"):
        with remote.client() as there, server.client() as here:
            for media in ("application/sparql-results+json", "application/sparql-results+xml"):
                answers = [
                    c.get("/sparql", params={"query": query}, headers={"accept": media})
                    for c in (there, here)
                ]
                assert [a.status_code for a in answers] == [200, 200], answers[0].text
                if media.endswith("json") and query != SUM:
                    assert answers[0].json() == answers[1].json()


def test_long_texts_are_read_beside_the_endpoint(remote: Served) -> None:
    """In processes of ours, which start with the first of them."""
    before = len(remote.children())
    with remote.client() as client:
        for query in (LABELS, LABELS + " #" + "x" * 10_000):
            response = client.post("/sparql", data={"query": query})
            assert response.status_code == 200
            assert len(response.json()["results"]["bindings"]) == 2
        for query in ("SELECT * { SERVICE <http://e/> {} } #", "DROP ALL #"):
            assert client.post("/sparql", data={"query": query + "x" * 10_000}).status_code in {400, 403}
    assert len(remote.children()) > before


def test_triples(remote: Served, server: Served) -> None:
    found = []
    for served in (remote, server):
        with served.client() as client:
            response = client.get("/sparql", params={"query": CONSTRUCT}, headers={"accept": "text/turtle"})
            found.append({q.triple for q in parse(response.content, format=RdfFormat.TURTLE)})
    assert found[0] == found[1]
    assert len(found[0]) == 5
    with remote.client() as client:
        document = client.get(
            "/sparql", params={"query": CONSTRUCT}, headers={"accept": "application/ld+json"}
        )
        assert "rdfs:label" in document.json()["@graph"][0]


def test_resources_catalogue_and_search(remote: Served) -> None:
    with remote.client(follow_redirects=True) as client:
        turtle = client.get("/data/public-service/c_d150/asili-nido", headers={"accept": "text/turtle"})
        assert "Asili nido" in turtle.text
        assert "Asili nido" in client.get("/page/public-service/c_d150/asili-nido").text
        assert client.get("/data/public-service/c_d150/nothing").status_code == 404
        assert "Mappe" in client.get("/catalogue.ttl").text
        assert client.get("/search", params={"q": "asilo"}).json()["total"] >= 1
        void = client.get("/.well-known/void").text
        assert "void:classPartition" in void
        assert "sh:SPARQLSelectExecutable" in void
        assert client.get("/dump/mappe-servizi.nq").status_code == 404
        assert client.get("/readyz").json()["engine"] == "remote"
        answer = client.get("/sparql", params={"query": LABELS})
        assert answer.headers["cache-control"] == "no-store"
        assert "etag" not in answer.headers


def test_errors(remote: Served) -> None:
    with remote.client() as client:
        assert client.get("/sparql", params={"query": "SELECT * {"}).status_code == 400
        assert client.get("/sparql", params={"query": "DROP ALL"}).status_code == 403
        refused = client.get("/sparql", params={"query": "SELECT * { SERVICE <http://e/> { ?s ?p ?o } }"})
        assert refused.status_code == 400


def test_functions_that_the_engine_lacks(remote: Served) -> None:
    """Ours are refused before they are sent, as some engines take an unknown one for false."""
    by_prefix = f'PREFIX m: <{BASE}onto/MDS/> SELECT * {{ ?x ?p ?o FILTER(m:matches(?x, "asilo")) }}'
    in_full = f'BASE <{BASE}> ASK {{ ?x ?p ?o FILTER(<onto/MDS/relevance>(?x, "asilo") > 0) }}'
    unknown = "SELECT * { ?x ?p ?o FILTER(<http://example.org/f>(?x)) }"
    with remote.client() as client:
        for query in (by_prefix, in_full, by_prefix.replace("matches", "m\\u0061tches")):
            refused = client.get("/sparql", params={"query": query})
            assert refused.status_code == 400, refused.text
            assert "CONTAINS" in refused.json()["detail"]
        assert client.get("/sparql", params={"query": unknown}).status_code == 400
        named = client.get("/sparql", params={"query": f"SELECT * {{ ?x ?p <{BASE}onto/MDS/matches> }}"})
        assert named.status_code == 200
        description = client.get("/sparql", headers={"accept": "text/turtle"}).text
        assert "extensionFunction" not in description
        assert "LATERAL" not in description


class Bad(http.server.BaseHTTPRequestHandler):
    """An endpoint that answers as it is told to."""

    mode: ClassVar[str] = ""
    tries: ClassVar[int] = 0
    body: ClassVar[bytes] = b'{"head":{},"boolean":true}'

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        Bad.tries += 1
        if Bad.mode == "drop first" and Bad.tries == 1:
            self.connection.close()
            return
        status = {"busy": 503, "broken": 500}.get(Bad.mode, 200)
        body = Bad.body[:-5] if Bad.mode == "cut json" else Bad.body
        self.send_response(status)
        self.send_header("content-type", "application/sparql-results+json")
        self.send_header("content-length", str(len(body) + (9 if Bad.mode == "cut body" else 0)))
        if Bad.mode == "cut rows":
            self.send_header("X-SPARQL-MaxRows", "10000")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def bad() -> Iterator[httpx.Client]:
    endpoint = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Bad)
    threading.Thread(target=endpoint.serve_forever, daemon=True).start()
    with (
        serve("--endpoint", f"http://127.0.0.1:{endpoint.server_port}/sparql") as served,
        served.client() as client,
    ):
        yield client
    endpoint.shutdown()
    endpoint.server_close()


@pytest.mark.parametrize(
    ("mode", "status"),
    [
        ("", 200),
        ("drop first", 200),
        ("busy", 503),
        ("broken", 502),
        ("cut json", 502),
        ("cut body", 502),
        ("cut rows", 502),
    ],
)
def test_an_endpoint_is_not_believed_blindly(bad: httpx.Client, mode: str, status: int) -> None:
    Bad.mode, Bad.tries = mode, 0
    response = bad.get("/sparql", params={"query": "ASK {}"})
    Bad.mode = ""
    assert response.status_code == status
    if status != 200:
        assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("name", ENGINES)
def test_pages_of_many_municipalities_on_other_engines(name: str, tmp_path: Path) -> None:
    """Pages of what all of them share, part by part: what is SPARQL to one engine is none to another."""
    (tmp_path / "dump.nq").write_bytes(tiny_towns.quads(40))
    engine, endpoint = loaded(name, tmp_path / "dump.nq", tmp_path / name)
    with engine, serve("--endpoint", endpoint) as served, served.client() as client:
        for page, entries in SHARED.items():
            shown = client.get(page, headers=PERSON)
            assert shown.status_code == 200, (page, re.sub(r"<[^>]+>|\s+", " ", shown.text))
            services = set(re.findall(r'"/page/public-service/t_(\d+)/nido"', shown.text))
            assert len(services) == entries, page
        write_release(tmp_path / "own" / "current", tiny_towns.quads(40))
        with serve("--release", tmp_path / "own" / "current") as own, own.client() as here:
            for page in (*SHARED, *OWN_PAGES):
                shown, expected = (c.get(page, headers=PERSON).text for c in (client, here))
                assert PARTS.findall(expected)
                assert PARTS.findall(shown) == PARTS.findall(expected), page


def test_what_an_endpoint_holds_is_counted_again(tmp_path: Path) -> None:
    """Its data change under the server: a count is kept for as long as a page may be."""
    dump = tmp_path / "dump.nq"
    provides = (
        "<{0}data/municipality/t_{1}> <{0}onto/MDS/providesService> <{0}data/public-service/t_{1}/nido> ."
    )
    dump.write_text(provides.format(BASE, 1) + "\n")
    with peers.loaded_oxigraph(dump, tmp_path / "oxigraph") as engine:
        endpoint = f"{engine.url}/query"
        with serve("--endpoint", endpoint, "--max-age", "1") as served, served.client() as client:

            def municipalities() -> int:
                page = client.get("/", headers=PERSON).text
                found = re.search(r"<dt>comun[ei]</dt><dd>(\d+)</dd>", page)
                assert found, page
                return int(found[1])

            assert municipalities() == 1
            more = f"INSERT DATA {{ GRAPH <{peers.DATA}> {{ {provides.format(BASE, 2)} }} }}"
            assert httpx.post(f"{engine.url}/update", data={"update": more}).is_success
            deadline = time.monotonic() + 20
            while municipalities() == 1 and time.monotonic() < deadline:
                time.sleep(0.2)
            assert municipalities() == 2
