"""What a running server has loaded: neither the reader of documents nor what only a build needs."""

import sys

import pytest

from mappe_servizi.releases import Release
from served import Served, free_port

TELLS = (
    "import atexit, sys;"
    "atexit.register(lambda: print('LOADED', *sorted(sys.modules), file=sys.stderr, flush=True));"
    "from mappe_servizi.cli import main; main()"
)
ROOMS = ("sources", "reading", "providers", "checks", "graph", "pipeline", "synthesize")
LIBRARIES = {
    "mcp",
    "openpyxl",
    "pyarrow",
    "pylatexenc",
    "pylode",
    "pyshacl",
    "rdflib",
    "shifty",
    "splink",
    "xlsxwriter",
}
ADDRESSES = (
    "/", "/page/public-service/c_d150/asili-nido", "/doc/public-service/c_d150/asili-nido.ttl", "/onto/MDS",
    "/catalogue.rdf", "/.well-known/void", "/sparql", "/sparql?query=ASK%20%7B%7D", "/search?q=asilo",
    "/api/services", "/api/openapi.json", "/feed", "/csv/services.csv", "/metrics", "/healthz",
    "/reconcile?queries=%7B%22q%22%3A%7B%22query%22%3A%22aem%22%7D%7D",
)  # fmt: skip


@pytest.fixture(scope="module")
def loaded(release: Release) -> set[str]:
    """The modules of a server that has answered at every kind of address."""
    port = free_port()
    command = [sys.executable, "-c", TELLS, "serve", "--port", str(port), "--release", str(release.path)]
    with Served(command, port, "/readyz") as server:
        with server.client(headers={"accept": "text/html, */*;q=0.5"}, follow_redirects=False) as client:
            for address in ADDRESSES:
                assert client.get(address).status_code in {200, 404}, address
        assert server.stop() == 0
        told = [line for line in server.log().splitlines() if line.startswith("LOADED ")]
    return set(told[-1].split()[1:])


def test_the_reader_stays_out(loaded: set[str]) -> None:
    assert "mappe_servizi.web.app" in loaded
    assert {
        name for name in loaded if name.startswith(tuple(f"mappe_servizi.{room}" for room in ROOMS))
    } == set()


def test_the_libraries_of_a_build_stay_out(loaded: set[str]) -> None:
    assert loaded & LIBRARIES == set()
