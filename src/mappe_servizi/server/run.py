"""Serving: sockets, processes, signals."""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from mappe_servizi.errors import MappeError
from mappe_servizi.server import logs
from mappe_servizi.server.metrics import MULTIPROCESS
from mappe_servizi.server.protocol import BoundedProtocol
from mappe_servizi.settings import Settings

BACKLOG = 2048


@dataclass(frozen=True)
class Application:
    """Makes the application in the process that serves it."""

    settings: Settings

    def __call__(self) -> ASGIApp:
        """Make it. The import waits until the process knows whether its metrics are shared."""
        from mappe_servizi.server.app import create_app  # noqa: PLC0415

        logs.configure(self.settings.log_level)
        app = create_app(self.settings)
        BoundedProtocol.write_seconds = self.settings.write_seconds
        BoundedProtocol.cached = app.cached
        # What is there now stays: the collector need not look at it for each request's garbage.
        gc.collect()
        gc.freeze()
        return app


def serve(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM.

    Raises:
        MappeError: the configuration, the address or the release cannot be used.
    """
    logs.configure(settings.log_level)
    raise_file_limit()
    config = uvicorn.Config(
        Application(settings),
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
    url = f"http://{settings.host}:{settings.port}/"
    print(f"mappe: serving on {url}", file=sys.stderr, flush=True)
    try:
        if settings.workers > 1:
            with shared_metrics():
                Multiprocess(config, sockets=[config.bind_socket()]).run()
        else:
            server = uvicorn.Server(config)
            server.run()
            if not server.started:
                raise MappeError(f"the server could not start on {url}; the log says why")
    except SystemExit as error:
        if error.code:
            raise MappeError(f"the server could not start on {url}; the log says why") from None


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
