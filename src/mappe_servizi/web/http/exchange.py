"""A request and its answer as all who have to do with them know them, and where they begin."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Receive, Scope, Send

from mappe_servizi.web.http.fields import joined
from mappe_servizi.web.served.snapshot import Snapshot
from mappe_servizi.web.served.state import ApplicationState

KEY = "mappe"


@dataclass(slots=True)
class Exchange:
    """A request's facts, for its handlers and for the log.

    Attributes:
        snapshot: the release that answers it, whatever is published meanwhile.
        fields: the request's header fields, repeated ones joined with a comma.
        route: the name under which it is counted.
        cost: "short" or "long" for one that ran a query.
        query: the hash of its query.
        framed: whether other sites may show the answer in a frame.
    """

    snapshot: Snapshot
    fields: dict[bytes, bytes]
    route: str = "other"
    cost: str = "none"
    query: str = ""
    framed: bool = False
    started: float = field(default_factory=time.perf_counter)

    def get(self, name: bytes) -> str | None:
        """A header field of the request, None where it is absent."""
        value = self.fields.get(name)
        return None if value is None else value.decode("latin-1")


def exchange_of(scope: Scope) -> Exchange:
    """The exchange that a request's scope belongs to."""
    exchange: Exchange = scope[KEY]
    return exchange


def below(path: bytes, prefix: bytes) -> bytes:
    """A path as it is without the prefix, which a proxy may have taken away already.

    >>> below(b"/mappe/about", b"/mappe"), below(b"/about", b"/mappe"), below(b"/mappemonde", b"/mappe")
    (b'/about', b'/about', b'/mappemonde')
    """
    inside = prefix and (path == prefix or path.startswith(prefix + b"/"))
    return path[len(prefix) :] if inside else path


class Exchanges:
    """Begins an exchange for each request; the release that answers it stays open until its end."""

    def __init__(self, app: ASGIApp, state: ApplicationState) -> None:
        self.app, self.state = app, state
        self.prefix = state.settings.path_prefix.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if (raw := below(scope["raw_path"], self.prefix)) != scope["raw_path"]:
            scope = {**scope, "raw_path": raw, "path": scope["path"][len(self.prefix) :]}
        snapshot = self.state.current
        scope[KEY] = Exchange(snapshot, joined(scope["headers"]))
        with snapshot.in_use():
            await self.app(scope, receive, send)
