"""What operators ask: is it alive, is it ready, what does it count, what do its errors mean."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from mappe_servizi import __version__
from mappe_servizi.formats import JSON, TEXT
from mappe_servizi.remembered import sizes
from mappe_servizi.web.http.front import Exchange
from mappe_servizi.web.http.problems import TYPES, Problem
from mappe_servizi.web.portal.views import Views, language_of
from mappe_servizi.web.served.state import Site


class Operations:
    """The handlers for operators."""

    def __init__(self, site: Site, views: Views) -> None:
        self.site, self.views = site, views

    async def healthz(self, request: Request) -> Response:
        """``/healthz``: the process answers."""
        route(request, "healthz")
        return PlainTextResponse("ok\n", headers={"cache-control": "no-store"})

    async def readyz(self, request: Request) -> Response:
        """``/readyz``: there is something to answer from, and how it is isolated."""
        route(request, "readyz")
        snapshot = self.site.current
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
            "problem": self.site.problem or None,
            **snapshot.engine.facts(),
        }
        body = json.dumps(facts, ensure_ascii=False).encode() + b"\n"
        return Response(body, headers={"cache-control": "no-store"}, media_type=JSON.media)

    async def metrics(self, request: Request) -> Response:
        """``/metrics``: for Prometheus."""
        route(request, "metrics")
        admission = self.site.admission
        self.site.metrics.running.set(admission.running.total())
        self.site.metrics.waiting.set(admission.waiting)
        metrics = self.site.metrics
        metrics.unread.set(self.site.held.size)
        metrics.cuts.set(self.site.held.cuts)
        for name, size in {**sizes(), "responses": self.site.current.cache.size}.items():
            metrics.cached.labels(name).set(size)
        self.site.metrics.flush()
        headers = {"cache-control": "no-store"}
        return Response(
            self.site.metrics.text(),
            headers=headers,
            media_type=f"{TEXT.media}; version=0.0.4; charset=utf-8",
        )

    async def problems(self, request: Request) -> Response:
        """``/problems``: what the types of problem documents mean."""
        return self._static(request, "problems", "problems.html", {"types": TYPES})

    def _static(self, request: Request, name: str, template: str, context: dict[str, object]) -> Response:
        exchange = route(request, name)
        language = language_of(request)
        tag = exchange.snapshot.tag(name, language)
        return self.views.page(request, template, language, context, tag)


def route(request: Request, name: str) -> Exchange:
    """Note under which name a request is counted."""
    exchange: Exchange = request.scope["mappe"]
    exchange.route = name
    return exchange
