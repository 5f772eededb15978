"""A request and its answer as all who have to do with them know them: ``scope["mappe"]``."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.types import Scope

if TYPE_CHECKING:
    from mappe_servizi.web.served.state import Snapshot


@dataclass(slots=True)
class Exchange:
    """A request's facts, for its handlers (``scope["mappe"]``) and for the log.

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
    exchange: Exchange = scope["mappe"]
    return exchange
