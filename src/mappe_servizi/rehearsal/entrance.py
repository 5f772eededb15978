"""The way in: an address that stands for the base of all IRIs and redirects to the release's server."""

from __future__ import annotations

import contextlib
import io
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import BinaryIO
from urllib.parse import quote, urlsplit

import httpx

from mappe_servizi import __version__
from mappe_servizi.errors import MappeError

LOOPBACK = "127.0.0.1"
SECONDS = 60.0
"""For a server to be ready, and for each answer."""
TRIES = 5
"""How often something is asked for that a server is too busy for."""
LARGEST = 1 << 30
"""Bytes of the largest answer that is read."""


class Redirecting:
    """A server that plays w3id.org: 302 from everything below a folder to another server.

    Attributes:
        url: of the folder, without a slash at its end.
    """

    def __init__(self, target: str, folder: str = "/mappe-servizi") -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self.send_response(302)
                self.send_header("location", target + self.path.removeprefix(folder))
                self.send_header("content-length", "0")
                self.end_headers()

            do_HEAD = do_GET  # noqa: N815  # the name that the library calls

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://{LOOPBACK}:{self._server.server_port}{folder}"

    def __enter__(self) -> Redirecting:
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(release: Path) -> Iterator[str]:
    """The address of a server of a release, as `mappe serve` starts it, for as long as the block runs.

    Raises:
        MappeError: it cannot be served.
    """
    port = free_port()
    options = ("--host", LOOPBACK, "--port", str(port), "--log-level", "error", "--client-budget", "0")
    whole = ("--path-prefix", "", "--max-age", "0")
    command = [sys.executable, "-m", "mappe_servizi", "serve", "--release", str(release), *options, *whole]
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603  # ourselves
        try:
            address = f"http://{LOOPBACK}:{port}"
            if not _ready(server, address):
                log.seek(0)
                said = log.read().decode(errors="replace").strip().splitlines()
                raise MappeError(f"{release} cannot be served: {said[-1] if said else 'it was not ready'}")
            yield address
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _ready(server: subprocess.Popen[bytes], address: str) -> bool:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{address}/readyz", timeout=5).is_success:
                return True
        time.sleep(0.1)
    return False


@dataclass(frozen=True, slots=True)
class HarvestedAnswer:
    """An answer, and how it was come by.

    Attributes:
        status: of the last answer, 0 where there was none.
        fields: header fields of the last answer, names in lower case.
        body: of the last answer.
        address: that it came from, after all redirects.
        hops: statuses on the way.
        failure: why there was none.
    """

    status: int
    fields: Mapping[str, str]
    body: bytes
    address: str
    hops: tuple[int, ...] = ()
    failure: str = ""

    @property
    def ok(self) -> bool:
        """Whether there is something to read."""
        return self.status == 200

    @property
    def media(self) -> str:
        """The media type."""
        return self.fields.get("content-type", "").partition(";")[0].strip()

    @property
    def said(self) -> str:
        """Its status, or why there is none."""
        return self.failure or str(self.status)


class Visitor:
    """Asks for IRIs of ours at the entrance, and follows redirects as every client does.

    Attributes:
        base: that our IRIs begin with.
        entrance: address that stands for the base, ends in a slash.
    """

    def __init__(self, base: str, entrance: str) -> None:
        self.base, self.entrance = base, entrance
        self._client = httpx.Client(
            follow_redirects=True,
            timeout=SECONDS,
            headers={"user-agent": f"mappe-rehearse/{__version__}", "accept-encoding": "identity"},
            limits=httpx.Limits(max_connections=16),
        )

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def ours(self, iri: str) -> bool:
        """Whether the entrance answers for it."""
        return iri.startswith(self.base)

    def address(self, iri: str) -> str:
        """Where an IRI is asked for: below the entrance if it is ours, else where it says."""
        if not self.ours(iri):
            return iri
        return self.entrance + quote(iri.removeprefix(self.base), safe="/:@!$&'()*+,;=-._~?%")

    def get(
        self, iri: str, accept: str = "*/*", method: str = "GET", into: BinaryIO | None = None
    ) -> HarvestedAnswer:
        """Ask for an IRI; whatever comes, or does not, is an answer.

        Args:
            iri: an IRI, or an address.
            accept: what is asked for.
            method: GET or HEAD.
            into: a file that the body goes into, of any size; else the answer has it.
        """
        for again in range(TRIES):
            answer = self._once(self.address(iri), accept, method, into)
            if answer.status not in {429, 503}:
                break
            wait = answer.fields.get("retry-after", "")
            time.sleep(min(float(wait) if wait.isdigit() else 2.0**again, 30.0))
        return answer

    def _once(self, address: str, accept: str, method: str, into: BinaryIO | None) -> HarvestedAnswer:
        if urlsplit(address).scheme not in {"http", "https"}:
            return HarvestedAnswer(0, {}, b"", address, failure="it is no address of the web")
        try:
            with self._client.stream(method, address, headers={"accept": accept}) as response:
                body = io.BytesIO() if into is None else into
                body.seek(0)
                body.truncate()
                for piece in response.iter_bytes():
                    body.write(piece)
                    if into is None and body.tell() > LARGEST:
                        return HarvestedAnswer(
                            0, {}, b"", address, failure=f"it has more than {LARGEST} bytes"
                        )
                hops = tuple(r.status_code for r in response.history)
                fields = {name.lower(): value for name, value in response.headers.items()}
                return HarvestedAnswer(response.status_code, fields, _held(body), str(response.url), hops)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return HarvestedAnswer(
                0, {}, b"", address, failure=f"{type(error).__name__}: {error}".rstrip(": ")
            )


def _held(body: BinaryIO) -> bytes:
    return body.getvalue() if isinstance(body, io.BytesIO) else b""
