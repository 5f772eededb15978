"""`make run`, and the first requests that the README shows, on the real data."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest
from pyoxigraph import NamedNode, QueryResultsFormat, RdfFormat, parse, parse_query_results

from helpers import ROOT
from mappe_servizi.rehearsal.entrance import free_port

FENCE = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCKS = [block for page in PAGES for block in FENCE.findall(page.read_text(encoding="utf-8"))]
CURL = [
    line for block in BLOCKS for line in block.replace("\\\n", "").splitlines() if line.startswith("curl ")
]
SECONDS = 600  # for the whole of make run, on a machine that does much else


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where `make run` serves, once it does."""
    link, port = tmp_path_factory.mktemp("run") / "current", free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MAPPE_")}
    settings = {"MAPPE_OUTPUT": str(link), "MAPPE_RELEASE": str(link), "MAPPE_PORT": str(port)}
    with subprocess.Popen(["make", "run"], cwd=ROOT, env=clean | settings, start_new_session=True) as run:
        try:
            wait_for(f"http://localhost:{port}/readyz", run)
            yield f"http://localhost:{port}"
        finally:
            with suppress(ProcessLookupError):
                os.killpg(run.pid, signal.SIGTERM)
            run.wait(timeout=60)


def wait_for(url: str, run: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        assert run.poll() is None, "make run ended before it served"
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    pytest.fail(f"make run did not serve within {SECONDS} s")


def curl(command: str, address: str) -> bytes:
    done = subprocess.run(
        ["bash", "-c", command.replace("curl ", "curl --silent --show-error --fail ", 1)
         .replace("http://localhost:8000", address)],
        capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_query_is_answered_as_it_is_shown(address: str) -> None:
    query = next(command for command in CURL if "/sparql" in command and "Accept" not in command)
    rows = list(parse_query_results(curl(query, address), format=QueryResultsFormat.JSON))
    assert len(rows) == 5


def test_a_service_is_turtle_as_it_is_shown(address: str) -> None:
    (command,) = [command for command in CURL if "/asili-nido" in command]
    service = NamedNode("https://w3id.org/mappe-servizi/data/public-service/c_d150/asili-nido")
    subjects = {quad.subject for quad in parse(curl(command, address), format=RdfFormat.TURTLE)}
    assert service in subjects


@pytest.mark.parametrize("command", CURL)
def test_every_request_that_the_pages_show_is_answered(command: str, address: str) -> None:
    assert curl(command, address)
