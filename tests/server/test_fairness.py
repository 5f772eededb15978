"""One client's slow queries and its short ones, on a real server."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from hostile import runaway_request
from served import Served, serve


def figure(served: Served, name: str) -> float:
    """A figure of /metrics."""
    with served.client() as client:
        found = re.search(rf"^{name} (\S+)$", client.get("/metrics").text, re.MULTILINE)
    assert found
    return float(found[1])


@contextmanager
def slow_queries(served: Served, numbers: Iterator[int], count: int) -> Iterator[None]:
    """Some queries of this address that do not end by themselves: one runs, the others wait."""
    with ExitStack() as stack:
        for _ in range(count):
            connection = socket.create_connection(("127.0.0.1", served.port))
            stack.enter_context(connection).sendall(runaway_request(next(numbers)))
        deadline = time.monotonic() + 20
        while figure(served, "mappe_queries_waiting") < count - 1:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield
    while figure(served, "mappe_queries_running") or figure(served, "mappe_queries_waiting"):
        time.sleep(0.1)


@pytest.mark.parametrize("slots", [2, 3, 4])
def test_slow_queries_of_a_client_do_not_block_its_short_ones(small: Path, slots: int) -> None:
    """As it was: 503 after ten seconds, though three of four slots were free."""
    numbers = iter(range(1000))
    limits = ["--query-workers", str(slots), "--queue-seconds", "30", "--query-seconds", "60"]
    with serve("--release", small, *limits) as served, served.client() as client:
        for round_ in range(5):
            with slow_queries(served, numbers, 2 + round_ % 2):
                for number in range(3):
                    query = f"ASK {{}} #{round_} {number}"
                    assert client.get("/sparql", params={"query": query}).json() == {
                        "head": {},
                        "boolean": True,
                    }
                    # They were answered beside the slow one and not after it.
                    assert figure(served, "mappe_queries_running") == 1
                    assert figure(served, "mappe_queries_waiting") == 1 + round_ % 2


def test_thirty_people_behind_one_address_do_not_notice_two_slow_queries(small: Path) -> None:
    statuses: list[int] = []

    def person(number: int) -> None:
        with served.client() as client:
            for i in range(4):
                answer = client.get("/sparql", params={"query": f"SELECT * {{ ?s ?p {number * 10 + i} }}"})
                statuses.append(answer.status_code)

    with serve("--release", small, "--query-seconds", "60", "--queue-seconds", "30") as served:
        with slow_queries(served, iter(range(2)), 2):
            people = [threading.Thread(target=person, args=(number,)) for number in range(30)]
            for one in people:
                one.start()
            for one in people:
                one.join()
            assert figure(served, "mappe_queries_running") == 1
            assert figure(served, "mappe_queries_waiting") == 1
        assert statuses == [200] * 120


def test_a_client_cannot_hold_all_slots(small: Path) -> None:
    with serve("--release", small, "--query-seconds", "60") as served, ExitStack() as stack:
        for number in range(40):
            connection = socket.create_connection(("127.0.0.1", served.port))
            stack.enter_context(connection).sendall(runaway_request(number))
        transport = httpx.HTTPTransport(local_address="127.0.0.9")
        with httpx.Client(base_url=served.url, transport=transport, timeout=30) as other:
            for number in range(20):
                assert other.get("/sparql", params={"query": f"ASK {{}} #{number}"}).status_code == 200
