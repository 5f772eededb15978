"""Serving: sockets, processes, signals."""

from __future__ import annotations

import contextlib
import errno
import gc
import os
import resource
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import parent_process
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.config import STARTUP_FAILURE

from mappe_servizi.errors import MappeError
from mappe_servizi.releases.opened import open_release
from mappe_servizi.settings import Settings
from mappe_servizi.web import logs
from mappe_servizi.web.http.protocol import BoundedProtocol
from mappe_servizi.web.metrics import MULTIPROCESS
from mappe_servizi.web.processes import Supervisor, end_with_supervisor

if TYPE_CHECKING:
    from mappe_servizi.web.app import WebApp

BACKLOG = 2048
UNSENT = 128 << 10
"""Bytes of an answer that the system takes beyond what is on its way to the client."""
YOUNG = 10_000
"""Objects made since the collector last looked for cycles: a page makes thousands, and leaves hardly any."""
ABSENT = {errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL}
"""Of a name's addresses, those that this machine has not."""


@dataclass
class Application:
    """Makes the application in the process that serves it."""

    settings: Settings
    made: WebApp | None = None

    def __call__(self) -> WebApp:
        """Make it. The import waits until the process knows whether its metrics are shared."""
        end_with_supervisor()
        logs.configure(self.settings.log_level)
        try:
            self.made = self._make()
        except Exception as error:
            if parent_process() is None:
                raise
            # It would fail in every further process just as well.
            logs.logger.error("cannot start", reason=str(error), exc_info=not isinstance(error, MappeError))
            sys.exit(STARTUP_FAILURE)
        return self.made

    def _make(self) -> WebApp:
        from mappe_servizi.web.app import create_app  # noqa: PLC0415

        app = create_app(self.settings)
        BoundedProtocol.write_seconds = self.settings.write_seconds
        BoundedProtocol.client_connections = self.settings.client_connections
        BoundedProtocol.proxies = self.settings.trusted_proxies
        BoundedProtocol.prefix = self.settings.path_prefix
        BoundedProtocol.held = app.buffers
        BoundedProtocol.cached = app.cache.find
        # What is there now stays: the collector need not look at it for each request's garbage.
        gc.collect()
        gc.freeze()
        gc.set_threshold(YOUNG)
        return app


def serve(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM.

    Raises:
        MappeError: the configuration, the address or the release cannot be used.
    """
    logs.configure(settings.log_level)
    raise_file_limit()
    if not settings.endpoint:  # what is wrong with it is told here, before there are other processes
        open_release(settings.release, wait=False).close()
    sockets = listening(settings.host, settings.port)
    application = Application(settings)
    config = uvicorn.Config(
        application,
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        http=BoundedProtocol,
        ws="none",
        lifespan="on",
        backlog=BACKLOG,
        limit_concurrency=settings.connections,
        access_log=False,
        server_header=False,
        log_config=None,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_graceful_shutdown=settings.stop_seconds,
    )
    print(f"mappe: {serving(settings)}", file=sys.stderr, flush=True)
    if settings.workers > 1:
        with shared_metrics():
            supervisor = Supervisor(config, sockets)
            supervisor.run()
        if any(process.exitcode == STARTUP_FAILURE for process in supervisor.processes):
            raise MappeError("an HTTP process could not start; the last lines of the log say why")
        return
    server = uvicorn.Server(config)
    try:
        server.run(sockets)
    except SystemExit:
        if not server.started:
            failure = application.made.failure if application.made else None
            raise failure or MappeError("the server could not start; the log says why") from None


def serving(settings: Settings) -> str:
    """What is served, where it listens, and where clients reach it.

    >>> serving(Settings(endpoint="https://e.org/sparql", port=8080, public_url="https://dati.e.org/mappe"))
    'serving https://e.org/sparql on http://127.0.0.1:8080/, for clients at https://dati.e.org/mappe/'
    """
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    here = f"http://{host}:{settings.port}"
    public = "" if settings.public_root == here else f", for clients at {settings.public_root}/"
    return f"serving {settings.endpoint or settings.release} on {here}/{public}"


def listening(host: str, port: int) -> list[socket.socket]:
    """Sockets on the addresses of a host.

    Raises:
        MappeError: one of them cannot be had.
    """
    found, absent = [], None
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        ):
            try:
                found.append(listener(family, kind, protocol, address))
            except OSError as error:
                if error.errno not in ABSENT:
                    raise
                absent = error
        if absent and not found:
            raise absent
    except OSError as error:
        raise MappeError(f"nothing can listen on port {port} of {host}: {error.strerror}") from error
    return found


def listener(family: int, kind: int, protocol: int, address: tuple[object, ...]) -> socket.socket:
    """A socket bound to an address."""
    made = socket.socket(family, kind, protocol)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError, AttributeError):  # where the system has no such option
            # What a client does not read stays with us, where it is shared and counted: the system
            # would take a copy of megabytes for each. Connections have it from this socket.
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind(address)
        made.set_inheritable(True)
    except OSError:
        made.close()
        raise
    return made


def raise_file_limit() -> None:
    """As many open files as the system allows: a connection is one."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


@contextlib.contextmanager
def shared_metrics() -> Iterator[None]:
    """A directory in which the HTTP processes sum up their metrics."""
    directory = tempfile.mkdtemp(prefix="mappe-metrics.")
    os.environ[MULTIPROCESS] = directory
    try:
        yield
    finally:
        os.environ.pop(MULTIPROCESS, None)
        shutil.rmtree(directory, ignore_errors=True)
