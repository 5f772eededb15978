"""Releases that are exchanged, workers that are killed, servers that stop."""

import json
import os
import re
import signal
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from helpers import mappe
from mappe_servizi.rehearsal.entrance import free_port
from served import BASE, Served, serve, write_release

LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
QUERY = f"SELECT ?l {{ <{BASE}data/x> {LABEL} ?l }}"
SLOW = f"SELECT (COUNT(*) AS ?n) {{ <{BASE}data/x> {LABEL} ?l . ?a ?p ?b . ?c ?q ?d . ?e ?r ?f }}"


def quads(text: str) -> bytes:
    filler = b"".join(b'<http://e/%d> <http://e/p> "%d" .\n' % (i, i) for i in range(120))
    return f'<{BASE}data/x> {LABEL} "{text}"@it .\n'.encode() + filler


def label(client: httpx.Client, **headers: str) -> tuple[str, str]:
    response = client.get("/sparql", params={"query": QUERY}, headers=headers)
    assert response.status_code == 200, response.text
    return response.json()["results"]["bindings"][0]["l"]["value"], response.headers["etag"]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_new_release_is_taken_up_without_a_failed_request(tmp_path: Path, workers: int) -> None:
    link = tmp_path / "current"
    write_release(link, quads("first"))
    with serve("--release", link, "--workers", str(workers)) as served, served.client() as client:
        _, tag = label(client)
        stop, failed, seen = threading.Event(), [], set()

        def ask() -> None:
            with served.client() as other:
                while not stop.is_set():
                    try:
                        seen.add(label(other)[0])
                    except (AssertionError, httpx.HTTPError) as error:
                        failed.append(repr(error))

        threads = [threading.Thread(target=ask) for _ in range(4)]
        slow: list[httpx.Response] = []

        def ask_slowly() -> None:
            with served.client() as other:
                slow.append(other.get("/sparql", params={"query": SLOW}))

        threads.append(threading.Thread(target=ask_slowly))
        for thread in threads:
            thread.start()
        time.sleep(0.3)
        write_release(link, quads("second"))
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and "second" not in seen:
            time.sleep(0.05)
        time.sleep(0.7)
        stop.set()
        for thread in threads:
            thread.join()
        assert failed == []
        assert seen == {"first", "second"}
        assert slow[0].status_code == 200  # it ended on the release that it began on
        new, new_tag = label(client, **{"if-none-match": tag})
        assert new == "second"
        assert new_tag != tag


def test_a_broken_release_is_not_taken_up(tmp_path: Path) -> None:
    link = tmp_path / "current"
    write_release(link, quads("first"))
    with serve("--release", link) as served, served.client() as client:
        (tmp_path / "broken").mkdir()
        (tmp_path / "other").symlink_to("broken")
        (tmp_path / "other").replace(link)
        time.sleep(1.5)
        assert label(client)[0] == "first"
        assert "not a build" in client.get("/readyz").json()["problem"]
        write_release(link, quads("second"))
        time.sleep(1.5)
        assert label(client)[0] == "second"
        assert client.get("/readyz").json()["problem"] is None


def test_killed_query_workers_are_replaced(small: Path) -> None:
    """And so is the process that they are forked from."""
    with serve("--release", small) as served, served.client() as client:
        for processes in (served.query_workers, served.children, served.query_workers):
            for pid in processes():
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.5)
            for number in range(6):
                query = f"SELECT * {{ ?s ?p {number} }}"
                assert client.get("/sparql", params={"query": query}).status_code == 200


def test_a_killed_http_process_is_replaced(small: Path) -> None:
    with serve("--release", small, "--workers", "2") as served:
        before = served.children()
        for pid in sorted(before)[:2]:
            os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                with served.client() as client:
                    if client.get("/healthz").status_code == 200 and served.children() != before:
                        return
            except httpx.TransportError:
                time.sleep(0.2)
        raise AssertionError("the HTTP processes were not replaced")


def test_graceful_stop(small: Path) -> None:
    with serve("--release", small, "--query-seconds", "5") as served:
        answers: list[httpx.Response] = []
        query = "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d FILTER(?b = ?d) }"

        def ask() -> None:
            with served.client() as client:
                answers.append(client.get("/sparql", params={"query": query}))

        thread = threading.Thread(target=ask)
        thread.start()
        time.sleep(0.3)
        workers = served.children() | served.query_workers()
        assert workers
        assert served.stop() in {0, -signal.SIGTERM}
        thread.join()
        assert answers[0].status_code in {200, 504}
        assert not any(Path(f"/proc/{pid}").exists() for pid in workers)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_signal_to_the_whole_group_does_not_cut_a_stream(small: Path, workers: str) -> None:
    query, rows = "SELECT ?a ?c { ?a ?p ?b . ?c ?q ?d } LIMIT 300000", 300_000
    port = free_port()
    command = [sys.executable, "-m", "mappe_servizi", "serve", "--port", str(port), "--release", str(small)]
    options = ["--hold-back", "1", "--workers", workers]
    with Served(["setsid", *command, *options], port, "/readyz") as served:
        headers = {"accept": "application/sparql-results+json", "accept-encoding": "identity"}
        with (
            served.client(headers=headers) as client,
            client.stream("GET", "/sparql", params={"query": query}) as answer,
        ):
            pieces = answer.iter_bytes()
            first = next(pieces)
            os.killpg(served.process.pid, signal.SIGTERM)
            time.sleep(0.5)
            body = first + b"".join(pieces)
        assert len(json.loads(body)["results"]["bindings"]) == rows
        assert served.process.wait(20) in {0, 128 + signal.SIGTERM}


def test_the_log_is_json_without_query_texts_and_addresses(small: Path) -> None:
    with serve("--release", small) as served, served.client() as client:
        client.get("/sparql", params={"query": "SELECT * { ?s ?p 'secret words' }"})
        client.get("/search", params={"q": "secret words"})
        served.stop()  # a request is logged after its answer
        log = served.log()
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    requests = [line for line in lines if line["event"] == "request"]
    assert {line["route"] for line in requests} >= {"sparql", "search"}
    sparql = next(line for line in requests if line["route"] == "sparql")
    assert re.fullmatch(r"[0-9a-f]{12}", sparql["query"])
    assert "secret" not in log
    assert "127.0.0.1" not in "".join(json.dumps(line) for line in requests)


def refused(*arguments: str | Path) -> str:
    """What is written to stderr by a server that does not start."""
    done = mappe("serve", "--port", str(free_port()), *arguments)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize("workers", ["1", "2"])
def test_errors_before_the_start_are_one_sentence(tmp_path: Path, small: Path, workers: str) -> None:
    count = ("--workers", workers)
    told = refused("--release", tmp_path / "nothing", *count)
    assert re.fullmatch(r"mappe: .*/nothing is not a build's output.*\n", told)
    with serve("--release", small) as served:
        told = refused("--release", small, "--port", str(served.port), *count)
    assert told == f"mappe: nothing can listen on port {served.port} of 127.0.0.1: Address already in use\n"
    told = refused("--release", small, "--host", "no.such.host.invalid", *count)
    assert re.fullmatch(r"mappe: nothing can listen on port \d+ of no.such.host.invalid: .+\n", told)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_errors_at_the_start_are_told_and_give_a_status(small: Path, tmp_path: Path, workers: str) -> None:
    gone = "http://127.0.0.1:9/sparql"
    told = refused("--endpoint", gone, "--workers", workers).splitlines()
    assert any(gone in line for line in told)
    assert told[-1].startswith("mappe: ")
    if workers == "1":
        assert gone in told[-1]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_store_that_cannot_be_opened_is_told(tmp_path: Path, workers: str) -> None:
    directory = write_release(tmp_path / "current", quads("first"))
    (directory / "store" / "CURRENT").unlink()
    told = refused("--release", tmp_path / "current", "--workers", workers).splitlines()
    assert told[-1].startswith("mappe: ")
