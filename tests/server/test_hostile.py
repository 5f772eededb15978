"""A server under abuse: every answer is whole or an error, others are served, nothing leaks."""

import os
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from helpers import Tell
from hostile import QUERIES, RAW, NormalClient, ask, raw, runaway_request
from served import Served, serve

pytestmark = [pytest.mark.adversary, pytest.mark.alone]

ABUSE = int(os.environ.get("MAPPE_ABUSE", "1000"))
PATIENCE = 0.5
LIMITS = {
    "--query-seconds": 1,
    "--query-memory": 1536,
    "--result-limit": 8,
    "--hold-back": 512,
    "--request-limit": 512,
    "--queue": 64,
    "--queue-seconds": 3,
    "--write-seconds": 3,
    "--cache-memory": 4,  # so that what fills it is not taken for a leak
    "--log-level": "error",
}


@pytest.fixture(scope="module")
def abused(small: Path) -> Iterator[Served]:
    arguments = [str(part) for pair in LIMITS.items() for part in pair]
    with serve("--release", small, *arguments) as served:
        yield served


@pytest.fixture(scope="module")
def normal(abused: Served) -> Iterator[NormalClient]:
    with NormalClient(abused) as client:
        time.sleep(0.5)
        yield client


@pytest.mark.parametrize("name", QUERIES)
def test_query(abused: Served, normal: NormalClient, name: str) -> None:
    query, statuses = QUERIES[name]
    with abused.client() as client:
        started = time.monotonic()
        status = ask(client, query)
        assert status in statuses
        assert time.monotonic() - started < 6
    assert not normal.wrong


@pytest.mark.parametrize("name", RAW)
def test_request(abused: Served, normal: NormalClient, name: str) -> None:
    data, statuses = RAW[name]
    line = raw(abused, data, 2).partition(b"\r\n")[0].split(b" ")
    status = line[1] if len(line) > 1 else b""
    assert status in statuses
    assert not normal.wrong


def test_clients_that_leave(abused: Served, normal: NormalClient) -> None:
    for number in range(100):
        with socket.create_connection(("127.0.0.1", abused.port)) as connection:
            connection.sendall(runaway_request(number))
            time.sleep(0.005 * (number % 5))
    assert not normal.wrong


def test_parallel_runaways_from_many_addresses(abused: Served, normal: NormalClient) -> None:
    def one(number: int) -> int:
        transport = httpx.HTTPTransport(local_address=f"127.0.0.{3 + number % 20}")
        with httpx.Client(base_url=abused.url, transport=transport, timeout=30) as client:
            return ask(client, f"SELECT (COUNT(*) AS ?n{number}) {{ ?a ?p ?b . ?c ?q ?d . ?e ?r ?f }}")

    with ThreadPoolExecutor(60) as threads:
        assert set(threads.map(one, range(60))) <= {503, 504}
    assert not normal.wrong


def test_slow_clients(abused: Served, normal: NormalClient) -> None:
    rows = "SELECT%20*%20%7B?a%20?p%20?b.%20?c%20?q%20?d%7D%20LIMIT%2030000"
    big = f"GET /sparql?query={rows} HTTP/1.1\r\nhost: x\r\n\r\n".encode()
    with ExitStack() as stack:
        connections = [
            stack.enter_context(socket.create_connection(("127.0.0.1", abused.port))) for _ in range(120)
        ]
        for number, connection in enumerate(connections):
            if number % 3 == 0:
                connection.sendall(b"GET /sparql HTTP/1.1\r\nhost: x\r\nx-slow: ")
            elif number % 3 == 1:
                connection.sendall(b"POST /sparql HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nq")
            else:
                connection.sendall(big)  # and never read what comes
        time.sleep(5)
        with abused.client() as client:
            assert client.get("/healthz").status_code == 200
    assert not normal.wrong


def test_thousands_of_parallel_requests(abused: Served, normal: NormalClient) -> None:
    def many(number: int) -> set[int]:
        with abused.client() as client:
            return {
                client.get("/sparql", params={"query": f"ASK {{ ?s ?p {number * 1000 + i} }}"}).status_code
                for i in range(50)
            }

    with ThreadPoolExecutor(40) as threads:
        statuses = set().union(*threads.map(many, range(40)))
    assert statuses <= {200, 503}
    assert not normal.wrong


def test_nothing_leaks(abused: Served, normal: NormalClient, tell: Tell) -> None:
    refused = [query for query, statuses in QUERIES.values() if statuses <= {400, 403}]
    costly = [query for query, statuses in QUERIES.values() if not statuses <= {400, 403}]
    requests = [data for data, _ in RAW.values() if len(data) < 20_000]

    def batch(number: int) -> None:
        with abused.client() as client:
            for i in range(24):
                ask(client, refused[(number + i) % len(refused)])
            ask(client, costly[number % len(costly)])
        for i in range(5):
            raw(abused, requests[(number + i) % len(requests)], 0.2)
        for i in range(20):
            with socket.create_connection(("127.0.0.1", abused.port)) as connection:
                connection.sendall(runaway_request(i))

    def settle() -> tuple[int, int, int]:
        deadline = time.monotonic() + 15
        calm = time.monotonic()  # the last look at which a worker was being replaced
        while time.monotonic() < deadline and time.monotonic() - calm < 1:
            time.sleep(0.2)
            if len(abused.query_workers()) != 5:
                calm = time.monotonic()
        root = Path(f"/proc/{abused.process.pid}")
        memory = int((root / "statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
        return len(list((root / "fd").iterdir())), len(abused.query_workers()), memory

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(batch, range(8)))
        before = settle()
        list(threads.map(batch, range(ABUSE // 50)))
    after = settle()
    assert after[0] <= before[0] + 5
    assert after[1] == before[1] == 5  # four slots and one spare
    tell(f"memory of the server before and after: {before[2] >> 20} and {after[2] >> 20} MiB")
    assert after[2] < before[2] + (32 << 20)
    assert not normal.wrong


def test_the_normal_client_was_served_throughout(abused: Served, normal: NormalClient, tell: Tell) -> None:
    assert normal.wrong == []
    assert len(normal.waits) > 200
    median, worst = normal.percentile(0.5), normal.percentile(0.99)
    tell(f"{len(normal.waits)} look-ups, p50 {median:.3f} s, p99 {worst:.3f} s")
    assert worst < PATIENCE
    assert normal.turned_away <= len(normal.waits) / 1000
    with abused.client() as client:
        assert client.get("/readyz").status_code == 200
    assert abused.process.poll() is None
