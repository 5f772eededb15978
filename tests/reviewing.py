"""The local page of review as a user starts it."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from mappe_servizi.rehearsal.entrance import free_port
from six_sheets import IPA


class Reviewing:
    """A running ``mappe review --links``.

    Attributes:
        open: how many pairs it says are open.
        address: what it asks its user to open.
    """

    def __init__(self, place: Path, *arguments: str | Path) -> None:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        command = [
            sys.executable, "-m", "mappe_servizi", "review", *map(str, arguments), "--links",
            "--reviewer", "A. Reviewer", "--port", str(self.port),
        ]  # fmt: skip
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            command, cwd=place, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert self.process.stdout is not None
        said = ""
        for line in self.process.stdout:
            said += line
            if match := re.search(r"(\d+) pairs are open: (http\S+)", line):
                self.open, self.address = int(match[1]), match[2]
                break
        else:
            raise AssertionError(said)

    @property
    def host(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def token(self) -> str:
        """What a page that may decide sends."""
        return self.address.partition("token=")[2]

    @property
    def _headers(self) -> dict[str, str]:
        return {"x-review-token": self.token}

    def pairs(self) -> list[dict[str, Any]]:
        """Every open pair, in the order of the queue."""
        found: list[dict[str, Any]] = []
        at = 0
        while True:
            asked = httpx.get(f"{self.host}/pair", params={"from": at}, headers=self._headers)
            pair = asked.raise_for_status().json()["pair"]
            if pair is None:
                return found
            found.append(pair)
            at = pair["at"] + 1

    def decide(self, at: int, verdict: str, note: str = "") -> httpx.Response:
        """Decide a pair, as the page does."""
        body = {"at": at, "verdict": verdict, "note": note}
        return httpx.post(f"{self.host}/decide", headers=self._headers, json=body, timeout=60)

    def kill(self) -> None:
        """End it without a warning: what was decided is on the disk."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextmanager
def reviewing(place: Path, ipa: str = IPA) -> Iterator[httpx.Client]:
    """What asks the page of ``mappe review IPA``, as its user."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "mappe_servizi",
        "review",
        ipa,
        "--reviewer",
        "A. Reviewer",
        "--port",
        str(port),
    ]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=place, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            address = re.search(r"http\S+", process.stdout.readline())
            assert address
            token = address[0].partition("token=")[2]
            transport = httpx.HTTPTransport(retries=20)
            headers = {"x-review-token": token}
            with httpx.Client(
                base_url=f"http://127.0.0.1:{port}", headers=headers, transport=transport, timeout=60
            ) as client:
                yield client
        finally:
            process.terminate()
