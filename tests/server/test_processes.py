"""Processes that are killed: theirs end with them, and the port is free."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from hostile import runaway_request
from mappe_servizi.rehearsal.entrance import free_port
from served import Served, processes


def command(small: Path, port: int, workers: int) -> list[str]:
    """A server in a session of its own, so that all that it starts is found."""
    program = ["setsid", sys.executable, "-m", "mappe_servizi", "serve", "--release", str(small)]
    return [*program, "--port", str(port), "--workers", str(workers), "--query-seconds", "60"]


def of_session(session: int) -> set[int]:
    return {pid for pid, (_, found) in processes().items() if found == session}


def ended(session: int, port: int, seconds: float = 20) -> float:
    """How long it took until nothing of a session was left and its port was free."""
    since = time.monotonic()
    while of_session(session):
        assert time.monotonic() - since < seconds, of_session(session)
        time.sleep(0.02)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does
        probe.bind(("127.0.0.1", port))
        probe.listen()
    return time.monotonic() - since


def below(pid: int) -> set[int]:
    return {child for child, (parent, _) in processes().items() if parent == pid}


@pytest.mark.parametrize("workers", [1, 2])
def test_all_end_with_a_killed_server(small: Path, workers: int) -> None:
    port = free_port()
    with Served(command(small, port, workers), port, "/readyz") as served, ExitStack() as stack:
        for number in range(6):  # some queries run, some wait
            connection = socket.create_connection(("127.0.0.1", port))
            stack.enter_context(connection).sendall(runaway_request(number))
        time.sleep(1)
        assert len(of_session(served.process.pid)) > 4
        served.process.kill()
        served.process.wait()
        ended(served.process.pid, port)
        with Served(command(small, port, workers), port, "/readyz") as again:
            assert again.process.poll() is None


@pytest.mark.parametrize("after", [0.2, 0.5, 0.8, 1.1, 1.4, 1.8, 2.3])
def test_all_end_with_a_server_that_is_killed_while_it_starts(small: Path, after: float) -> None:
    port = free_port()
    process = subprocess.Popen(command(small, port, 2), stderr=subprocess.DEVNULL)
    time.sleep(after)
    process.kill()
    process.wait()
    ended(process.pid, port)


def test_query_processes_end_with_their_http_process_which_is_replaced(small: Path) -> None:
    port = free_port()
    with Served(command(small, port, 2), port, "/readyz") as served:
        for _ in range(2):
            with ExitStack() as stack:
                for number in range(8):
                    connection = socket.create_connection(("127.0.0.1", port))
                    stack.enter_context(connection).sendall(runaway_request(number))
                deadline = time.monotonic() + 20
                killed = served.http_processes()[0]
                while not (theirs := below(killed)):
                    assert time.monotonic() < deadline
                    time.sleep(0.1)
                os.kill(killed, signal.SIGKILL)
            deadline = time.monotonic() + 20
            while len(served.http_processes()) < 2 or theirs & processes().keys():
                assert time.monotonic() < deadline
                time.sleep(0.05)
        while True:  # what the killed ones counted as running is not counted for ever
            with served.client() as client:
                if "mappe_queries_running 0.0" in client.get("/metrics").text:
                    break
            assert time.monotonic() < deadline + 20
            time.sleep(0.2)


def test_a_stopped_http_process_does_not_outlive_the_server(small: Path) -> None:
    """One that does not get to run its own code ends all the same."""
    port = free_port()
    with Served(command(small, port, 2), port, "/readyz") as served:
        for pid in served.http_processes():
            os.kill(pid, signal.SIGSTOP)
        served.process.kill()
        served.process.wait()
        ended(served.process.pid, port)
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://127.0.0.1:{port}/healthz")
