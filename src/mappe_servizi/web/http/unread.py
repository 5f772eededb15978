"""What is held for clients that read slowly: shared where it can be, and bounded in all.

Whoever asks for much and reads nothing makes the server keep it. Up to a total nobody is cut off
for that before the write timeout; beyond it, those go first that have read nothing for longest.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from typing import Protocol

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mappe_servizi.web.http.messages import Outgoing

CONNECTION = "mappe.connection"
"""The extension of a request's scope that tells its connection."""
PIECE = 64 << 10
"""Bytes of a body that are handed to a connection at a time: about as many as it holds by itself."""


class Connection(Protocol):
    """Whoever something is held for."""

    def cut(self) -> None:
        """End the connection now; what is still sent on it is thrown away."""


class Unknown:
    """A connection of a server that does not tell it: it cannot be cut."""

    def cut(self) -> None:
        """Nothing can be done."""


class SendBuffers:
    """Counts what is on its way out.

    Attributes:
        capacity: bytes that may be held.
        size: bytes that are held; a body that goes to many clients counts once.
        cuts: clients that were cut off.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity, self.size, self.cuts = capacity, 0, 0
        self._bodies: OrderedDict[Connection, tuple[int, int]] = OrderedDict()
        self._readers: Counter[int] = Counter()

    def __contains__(self, connection: Connection) -> bool:
        return connection in self._bodies

    def enter(self, connection: Connection, body: int, size: int) -> None:
        """Count a body for a connection; others are cut off if it is too much.

        Args:
            connection: on which it is sent; it has one body at a time.
            body: the same number for the same bytes.
            size: of the body, in bytes.
        """
        self.leave(connection)
        self._bodies[connection] = body, size
        self._readers[body] += 1
        if self._readers[body] == 1:
            self.size += size
        while self.size > self.capacity and (oldest := next(iter(self._bodies))) is not connection:
            self.cuts += 1
            self.leave(oldest)
            oldest.cut()

    def moved(self, connection: Connection) -> None:
        """Note that a client has read something."""
        if connection in self._bodies:
            self._bodies.move_to_end(connection)

    def leave(self, connection: Connection) -> None:
        """Count a connection's body no more."""
        if connection not in self._bodies:
            return
        body, size = self._bodies.pop(connection)
        self._readers[body] -= 1
        if not self._readers[body]:
            del self._readers[body]
            self.size -= size

    async def send(self, body: bytes, scope: Scope, send: Send) -> None:
        """Send a body whose start was sent, in pieces, none of them a copy."""
        if len(body) <= PIECE:
            await send({"type": "http.response.body", "body": body})
            return
        connection = scope.get("extensions", {}).get(CONNECTION, {}).get("connection") or Unknown()
        self.enter(connection, id(body), len(body))
        view = memoryview(body)
        try:
            for end in range(PIECE, len(body) + PIECE, PIECE):
                more = end < len(body)
                await send({"type": "http.response.body", "body": view[end - PIECE : end], "more_body": more})
                self.moved(connection)
        finally:
            self.leave(connection)


class Buffered:
    """Has large bodies sent in pieces, which count as unread until the client has read them."""

    def __init__(self, app: ASGIApp, buffers: SendBuffers) -> None:
        self.app, self.buffers = app, buffers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        await self.app(scope, receive, InPieces(send, scope, self.buffers))


class InPieces(Outgoing):
    """A response whose whole body is sent in pieces."""

    def __init__(self, send: Send, scope: Scope, buffers: SendBuffers) -> None:
        super().__init__(send)
        self.scope, self.buffers = scope, buffers

    async def whole(self, start: Message, body: Message) -> None:
        """Send it."""
        await self.send(start)
        await self.buffers.send(body.get("body", b""), self.scope, self.send)
