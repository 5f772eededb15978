"""Clients that others made, and clients that their programs make of the API's document."""

import json
import os
import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest

from helpers import ROOT
from rdf import BASE
from served import Served

CLIENTS = ROOT / "tests" / "clients"
NIDO = f"{BASE}data/public-service/c_d150/asili-nido"
GENERATED = """
import sys
from generated.client import Client
from generated.api.examples import providers_of_several_services
from generated.api.search import search
from generated.api.tables import services

client = Client(base_url=sys.argv[1], headers={"accept": "application/json"})
print(*(row["name"] for row in providers_of_several_services.sync(client=client, minimum=4).rows))
print(*(row.title for row in services.sync(client=client, number=73).rows))
print(search.sync(client=client, q="asilo nido").hits[0].label)
print(services.sync(client=client, number=73, page=99).status)
"""
PLACES = ["Asili nido", "Manutenzione strutture scolastiche comunali"]
ANSWERS = ["Cosper s.c.s. Impresa Sociale", "Infrastrutture tecnologiche", "Asili nido", "404"]
QUERY = f"""
PREFIX mds: <{BASE}onto/MDS/> PREFIX l0: <https://w3id.org/italia/onto/l0/>
SELECT ?name {{
  ?service a mds:MunicipalService ; mds:hasPlace ?place ; l0:name ?name . ?place l0:name "Nido Sacchi"@it
}}
ORDER BY ?name"""


def run(*command: str | Path, cwd: Path, given: str = "") -> str:
    binaries = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    program = which(str(command[0]), path=binaries)
    assert program, f"there is no {command[0]}"
    done = subprocess.run(
        [program, *map(str, command[1:])],
        cwd=cwd,
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def document(site: Served, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clients") / "openapi.json"
    with site.client() as client:
        path.write_bytes(client.get("/api/openapi.json").content)
    return path


def test_a_python_client_generated_from_the_document(document: Path, site: Served, tmp_path: Path) -> None:
    output = ("--output-path", tmp_path / "generated", "--meta", "none")
    run("openapi-python-client", "generate", "--path", document, *output, cwd=tmp_path)
    assert run(sys.executable, "-c", GENERATED, site.url, cwd=tmp_path).splitlines() == ANSWERS


def test_a_typescript_client_of_types_generated_from_the_document(
    document: Path, site: Served, tmp_path: Path
) -> None:
    told = run("node", CLIENTS / "typescript.mjs", document, site.url, tmp_path, cwd=CLIENTS)
    assert json.loads(told) == ANSWERS


def test_comunica_finds_out_that_it_may_send_sparql(site: Served) -> None:
    told = run("node", CLIENTS / "comunica.mjs", f"{site.url}/sparql", cwd=CLIENTS, given=QUERY)
    assert [row["name"] for row in json.loads(told)] == PLACES


def test_comunica_reads_a_resource_by_its_address(site: Served) -> None:
    query = f"SELECT ?name {{ <{NIDO}> <https://w3id.org/italia/onto/l0/name> ?name }}"
    address = f"{site.url}/data/public-service/c_d150/asili-nido"
    told = run("node", CLIENTS / "comunica.mjs", address, cwd=CLIENTS, given=query)
    assert json.loads(told) == [{"name": "Asili nido"}]


@pytest.mark.skipif(which("rapper") is None, reason="the Debian package raptor2-utils is not installed")
@pytest.mark.parametrize("path", ["/data/public-service/c_d150/asili-nido", "/onto/MDS", "/catalogue"])
def test_rapper_reads_what_its_accept_gets(site: Served, tmp_path: Path, path: str) -> None:
    read = run("rapper", "-q", "-i", "guess", "-o", "ntriples", f"{site.url}{path}", cwd=tmp_path)
    with site.client(follow_redirects=True) as client:
        sent = client.get(path, headers={"accept": "application/n-triples"}).text
    assert len(set(read.splitlines())) == len(set(sent.splitlines())) > 100


@pytest.mark.skipif(which("roqet") is None, reason="the Debian package rasqal-utils is not installed")
def test_roqet_asks_the_real_data(site: Served, tmp_path: Path) -> None:
    told = run("roqet", "-q", "-p", f"{site.url}/sparql", "-r", "csv", "-e", QUERY, cwd=tmp_path)
    assert [line.strip() for line in told.splitlines()][1:] == PLACES
