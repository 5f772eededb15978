"""What befalls a machine: few descriptors, a truncated release, a full disk beside the server."""

import resource
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from helpers import ROOT
from mappe_servizi.rehearsal.entrance import free_port
from served import Served, serve

pytestmark = pytest.mark.adversary

DESCRIPTORS = 128


@pytest.fixture
def poor(numbered: Path) -> Iterator[Served]:
    """A server that may open few files; the limit is hard, so it cannot raise it."""
    port = free_port()
    started = [sys.executable, "-m", "mappe_servizi", "serve", "--release", str(numbered)]
    limited = ["bash", "-c", f'ulimit -n {DESCRIPTORS}; exec "$@"', "-"]
    command = [*limited, *started, "--port", str(port), "--log-level", "error"]
    with Served(command, port, "/readyz") as served:
        yield served


def test_connections_beyond_the_descriptors_are_waited_out(poor: Served) -> None:
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 2 * DESCRIPTORS + 50, "the test needs them itself"
    with ExitStack() as stack:
        for _ in range(2 * DESCRIPTORS):
            stack.enter_context(socket.create_connection(("127.0.0.1", poor.port)))
        time.sleep(1)
        assert poor.process.poll() is None
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            answers = [
                httpx.get(f"{poor.url}{path}", timeout=10)
                for path in ("/readyz", "/services", "/csv/services.csv", "/sparql?query=ASK%7B%7D")
            ]
        except httpx.TransportError:
            time.sleep(0.5)
            continue
        if all(answer.status_code == 200 for answer in answers):
            return
    pytest.fail("the server did not recover")


@pytest.mark.parametrize("lost", ["manifest.json", "store", "reconcile.json"])
def test_a_release_that_lost_a_part_is_told_and_never_answered_from(
    numbered: Path, tmp_path: Path, lost: str
) -> None:
    """Either the server says in a sentence why it does not start, or what is left of it answers rightly."""
    place = tmp_path / "current"
    shutil.copytree(numbered.resolve(), place, symlinks=True)
    part = place / lost
    files = [part] if part.is_file() else sorted(p for p in part.iterdir() if p.is_file())
    for file in files:
        file.chmod(0o644)
        with file.open("r+b") as opened:
            opened.truncate(file.stat().st_size // 2)
    try:
        served = serve("--release", place, "--log-level", "error", ready="/healthz")
    except RuntimeError as error:
        said, served = str(error), None
    if served is None:
        assert "Traceback" not in said
        assert "mappe: " in said
        return
    with served, served.client() as client:
        for path in ("/sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D", "/search?q=nido", "/services",
                     "/reconcile/suggest/entity?prefix=dolce"):  # fmt: skip
            answer = client.get(path, headers={"accept": "*/*"})
            if answer.status_code != 200:
                assert answer.status_code in {502, 503}, (path, answer.text[:300])
                assert answer.headers["content-type"].startswith("application/problem+json")
        assert served.process.poll() is None


DOCUMENTS = {
    "entity.rdf": '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file://{secret}">]>'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.org/">'
    '<rdf:Description rdf:about="http://e.org/s"><e:p>&x;</e:p></rdf:Description></rdf:RDF>',
    "outside.rdf": '<?xml version="1.0"?><!DOCTYPE r SYSTEM "{address}r.dtd"><rdf:RDF '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
    "context.jsonld": '{{"@context": "{address}context.jsonld", "@id": "http://e.org/s", "p": "v"}}',
    "file.jsonld": '{{"@context": "file://{secret}", "@id": "http://e.org/s", "p": "v"}}',
    "imported.jsonld": '{{"@context": {{"@version": 1.1, "@import": "{address}c"}}, "@id": "http://e.org/s"}}',
    "base.ttl": "@base <{address}> . <x> <http://www.w3.org/2002/07/owl#imports> <{address}o> .",
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_makes_nobody_fetch_or_read_anything(tmp_path: Path, name: str) -> None:
    """External entities, document types, remote contexts and imports lead nowhere."""
    secret = tmp_path / "secret"
    secret.write_text("the-secret-of-the-house")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        document = tmp_path / name
        document.write_text(DOCUMENTS[name].format(secret=secret, address=address))
        report = tmp_path / "report.ttl"
        command = [sys.executable, "-m", "mappe_servizi", "validate", str(document), "--report", str(report)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
        with pytest.raises(TimeoutError):
            listener.accept()
    written = report.read_text() if report.exists() else ""
    assert "the-secret-of-the-house" not in done.stdout + done.stderr + written
    assert "Traceback" not in done.stderr
