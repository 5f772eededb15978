"""What the server does for a client that waits, and how clients are told apart."""

from __future__ import annotations

import asyncio
import ipaddress
from types import TracebackType

from starlette.types import Receive, Scope

from mappe_servizi.web.errors import ClientGone
from mappe_servizi.web.http.problems import Problem

WATCH_AFTER = 0.05
BODY_SECONDS = 15.0


class WhileConnected:
    """Cancels what runs inside when the client closes the connection.

    The first moments are not watched: most answers come sooner than a watcher is worth.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._loop = asyncio.get_running_loop()
        self._watcher: asyncio.Task[None] | None = None
        self._gone = False

    async def __aenter__(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._task = task
        self._timer = self._loop.call_later(WATCH_AFTER, self._start)

    def _start(self) -> None:
        self._watcher = self._loop.create_task(self._watch())

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._gone = True
        self._task.cancel()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        if self._watcher is not None:
            self._watcher.cancel()
        if self._gone and kind is asyncio.CancelledError:
            self._task.uncancel()
            raise ClientGone


async def read_body(receive: Receive, limit: int) -> bytes:
    """A request's body.

    Raises:
        Problem: it is larger than the limit, or does not arrive in time.
        ClientGone: the client left.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientGone
                body += message.get("body", b"")
                if len(body) > limit:
                    raise Problem(413, "content-too-large", f"a request may have {limit} bytes at most")
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError:
        raise Problem(
            408, "request-timeout", f"the request did not arrive within {BODY_SECONDS:g} s",
            {"connection": "close"},
        ) from None  # fmt: skip


def client_key(scope: Scope) -> str:
    """Whom a request is counted for: its IPv4 address, or its IPv6 network."""
    host = (scope.get("client") or ("",))[0]
    if ":" not in host:
        return host
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))
