"""What operators ask: is it alive, is it ready, what does it count, what do its errors mean."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from mappe_servizi import __version__
from mappe_servizi.formats import JSON, TEXT
from mappe_servizi.remembered import sizes
from mappe_servizi.web.http.exchange import Exchange, exchange_of
from mappe_servizi.web.http.problems import Problem
from mappe_servizi.web.http.unread import SendBuffers
from mappe_servizi.web.served.state import ApplicationState


class Health:
    """The handlers for operators."""

    def __init__(self, state: ApplicationState, buffers: SendBuffers) -> None:
        self.state, self.buffers = state, buffers

    async def healthz(self, request: Request) -> Response:
        """``/healthz``: the process answers."""
        route(request, "healthz")
        return PlainTextResponse("ok\n", headers={"cache-control": "no-store"})

    async def readyz(self, request: Request) -> Response:
        """``/readyz``: there is something to answer from, and how it is isolated."""
        route(request, "readyz")
        snapshot = self.state.current
        if not await snapshot.engine.ready():
            raise Problem(503, "not-ready", "the query engine does not answer", {"retry-after": "5"})
        release = snapshot.release
        facts = {
            "version": __version__,
            "release": release.dump_sha256 if release is not None else None,
            "number": release.number if release is not None else None,
            "directory": release.path.name if release is not None else None,
            "leased": release.lease.held if release is not None else None,
            "editions": list(release.editions) if release is not None else None,
            "problem": self.state.problem or None,
            **snapshot.engine.facts(),
        }
        body = json.dumps(facts, ensure_ascii=False).encode() + b"\n"
        return Response(body, headers={"cache-control": "no-store"}, media_type=JSON.media)

    async def metrics(self, request: Request) -> Response:
        """``/metrics``: for Prometheus."""
        route(request, "metrics")
        admission = self.state.admission
        self.state.metrics.running.set(admission.running.total())
        self.state.metrics.waiting.set(admission.waiting)
        metrics = self.state.metrics
        metrics.unread.set(self.buffers.size)
        metrics.cuts.set(self.buffers.cuts)
        for name, size in {**sizes(), "responses": self.state.current.cache.size}.items():
            metrics.cached.labels(name).set(size)
        self.state.metrics.flush()
        headers = {"cache-control": "no-store"}
        return Response(
            self.state.metrics.text(),
            headers=headers,
            media_type=f"{TEXT.media}; version=0.0.4; charset=utf-8",
        )


def route(request: Request, name: str) -> Exchange:
    """Note under which name a request is counted."""
    exchange = exchange_of(request.scope)
    exchange.route = name
    return exchange
