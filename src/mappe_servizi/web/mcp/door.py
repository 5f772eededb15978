"""``/mcp``: the protocol over HTTP, stateless, with JSON for answers.

The package ``mcp`` is loaded when somebody first comes: it takes most of a second, and many servers never
see an assistant.
"""

from __future__ import annotations

import asyncio
from importlib.util import find_spec
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mappe_servizi.web.api.queries import QueryApi
from mappe_servizi.web.errors import ClientGone
from mappe_servizi.web.http.clients import WhileConnected, read_body
from mappe_servizi.web.http.exchange import Exchange, exchange_of
from mappe_servizi.web.http.problems import Problem
from mappe_servizi.web.mcp.answers import Desk
from mappe_servizi.web.mcp.inside import Client, Inside
from mappe_servizi.web.mcp.tools import Operations
from mappe_servizi.web.served.cache import Headers
from mappe_servizi.web.served.state import ApplicationState

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager


ADDRESS = "/mcp"
ALLOW = "POST, OPTIONS"
METHODS: Headers = [(b"allow", ALLOW.encode())]
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
ABSENT = "no assistant can come in here: the extra mcp is not installed (pip install 'mappe-servizi[mcp]')"


class Door:
    """The ASGI application of ``/mcp``.

    Attributes:
        app: the application that tools ask, set once it is made.
    """

    app: ASGIApp

    def __init__(self, state: ApplicationState, api: QueryApi) -> None:
        self.state, self.api = state, api
        self._limit = state.settings.request_limit << 10
        self._running: asyncio.Task[None] | None = None
        self._manager: asyncio.Future[StreamableHTTPSessionManager] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        exchange = exchange_of(scope)
        exchange.route = "mcp"
        if find_spec("mcp") is None:
            raise Problem(501, "not-installed", ABSENT)
        if scope["method"] != "POST":
            raise Problem(405, "method-not-allowed", "assistants POST their messages here", {"allow": ALLOW})
        self._check_host(exchange)
        body = await read_body(receive, self._limit)
        manager = await self._ready()
        given = False

        async def replay() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        try:
            async with WhileConnected(receive):
                await manager.handle_request(scope, replay, send)
        except ClientGone:
            self.state.metrics.gone.inc()

    def _check_host(self, exchange: Exchange) -> None:
        """A page that calls itself by our address (DNS rebinding) is not let in."""
        settings = self.state.settings
        public = urlsplit(settings.public_url or "").netloc
        known = {*LOOPBACK, settings.host, named(public)}
        if (settings.public_url or exchange.get(b"origin")) and named(
            exchange.get(b"host") or ""
        ) not in known:
            detail = (
                "the field Host names another server than this one, whose address the setting public-url has"
            )
            raise Problem(421, "misdirected", detail)

    async def _ready(self) -> StreamableHTTPSessionManager:
        """The manager of the protocol's requests, made for the first of them."""
        if self._manager is None or (self._manager.done() and self._manager.exception()):
            self._manager = asyncio.get_running_loop().create_future()
            self._running = asyncio.create_task(self._run(self._manager))
        return await asyncio.shield(self._manager)

    async def _run(self, ready: asyncio.Future[StreamableHTTPSessionManager]) -> None:
        try:
            manager = await asyncio.to_thread(self._make)
            async with manager.run():
                ready.set_result(manager)
                await asyncio.Event().wait()
        except Exception as error:
            if ready.done():
                raise
            ready.set_exception(error)

    def _make(self) -> StreamableHTTPSessionManager:
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager  # noqa: PLC0415

        from mappe_servizi.web.mcp.server import Context, make_server  # noqa: PLC0415

        def desk(context: Context) -> tuple[Desk, Operations]:
            assert context.request is not None
            return self.desk(context.request.scope.get("client"))

        server = make_server(desk)
        return StreamableHTTPSessionManager(
            server, json_response=True, stateless=True, max_request_body_size=self._limit
        )

    def desk(self, client: Client, *, published: bool = False) -> tuple[Desk, Operations]:
        """What the tools work with that a client asks; pages are here, or where they are published."""
        iris, settings = self.state.current.iris, self.state.settings
        root = (settings.public_url or iris.base).rstrip("/") if published else settings.public_root
        return Desk(Inside(self.app, client), iris, root), self.api.operations(iris.base)

    async def close(self) -> None:
        """Let nobody in any more."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)


def named(host: str) -> str:
    """The name in a field Host.

    >>> named("dati.example.it:8000"), named("[::1]:80"), named("[::1]")
    ('dati.example.it', '[::1]', '[::1]')
    """
    name, colon, port = host.casefold().rpartition(":")
    return name if colon and port.isdigit() else host.casefold()
