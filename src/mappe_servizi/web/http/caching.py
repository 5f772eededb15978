"""Answers that are kept: looked up before anything else is done, and put there on their way out."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mappe_servizi.web.http.conditions import conditional
from mappe_servizi.web.http.exchange import Exchange, below, exchange_of
from mappe_servizi.web.http.fields import joined
from mappe_servizi.web.http.messages import Outgoing
from mappe_servizi.web.http.unread import PIECE
from mappe_servizi.web.served.cache import Entry, Headers, Key
from mappe_servizi.web.served.state import ApplicationState

KEPT = frozenset({200, 301, 303})


def cache_key(path: bytes, query: bytes, fields: Mapping[bytes, bytes]) -> Key:
    """What a kept response is found by: the target and what it was negotiated by."""
    return (
        path,
        query,
        fields.get(b"accept", b""),
        fields.get(b"accept-encoding", b""),
        fields.get(b"accept-language", b""),
    )


class ResponseCaching:
    """Answers from the cache of the release, or has what comes from inside kept there."""

    def __init__(self, app: ASGIApp, state: ApplicationState) -> None:
        self.app, self.state = app, state
        self.prefix = state.settings.path_prefix.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        method = scope["method"]
        if method not in {"GET", "HEAD"}:
            await self.app(scope, receive, send)
            return
        exchange = exchange_of(scope)
        key = cache_key(scope["raw_path"], scope["query_string"], exchange.fields)
        entry = exchange.snapshot.cache.get(key)
        if entry is None:
            await self.app(scope, receive, Keeping(send, exchange, key) if method == "GET" else send)
            return
        self.state.metrics.hit()
        await send({"type": "http.response.start", "status": entry.status, "headers": entry.headers})
        await send({"type": "http.response.body", "body": entry.body})

    def find(self, method: bytes, target: bytes, headers: Headers) -> tuple[int, Headers, bytes] | None:
        """Status, fields and body of a kept answer as it goes out, None where there is none, or a large one.

        For the connection, which answers so without a task, a scope or the framework.
        """
        if method not in {b"GET", b"HEAD"} or b"#" in target:
            return None
        fields = joined(headers)
        path, _, query = target.partition(b"?")
        entry = self.state.current.cache.get(cache_key(below(path, self.prefix), query, fields))
        if entry is None or len(entry.body) > PIECE:
            return None
        self.state.metrics.hit()
        return conditional(entry.status, entry.headers, entry.body, fields, method.decode())


class Keeping(Outgoing):
    """Keeps a whole response that may be kept."""

    def __init__(self, send: Send, exchange: Exchange, key: Key) -> None:
        super().__init__(send)
        self.exchange, self.key = exchange, key

    async def whole(self, start: Message, body: Message) -> None:
        """Keep it, and send it."""
        if start["status"] in KEPT:
            headers: Headers = start["headers"]
            if dict(headers).get(b"cache-control", b"").startswith(b"public"):
                entry = Entry(start["status"], headers, body.get("body", b""))
                self.exchange.snapshot.cache.put(self.key, entry)
        await super().whole(start, body)
