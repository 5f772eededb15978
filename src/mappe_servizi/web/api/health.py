"""What operators ask: is it alive, is it ready, what does it count, what do its errors mean."""

from __future__ import annotations

import json
from typing import Any, Required

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute
from typing_extensions import TypedDict

from mappe_servizi import __version__
from mappe_servizi.formats import JSON, TEXT
from mappe_servizi.remembered import sizes
from mappe_servizi.web.http.problems import Problem
from mappe_servizi.web.http.routes import TypedRoute, answers
from mappe_servizi.web.http.unread import SendBuffers
from mappe_servizi.web.served.state import ApplicationState


class Readiness(TypedDict, total=False):
    """What /readyz tells: which release is served, what is to be mended, and how queries are isolated."""

    version: Required[str]
    release: Required[str | None]
    number: Required[int | None]
    directory: Required[str | None]
    leased: Required[bool | None]
    editions: Required[list[str] | None]
    problem: Required[str | None]
    engine: Required[str]
    isolation: Required[dict[str, Any]]
    endpoint: str


class Health:
    """The handlers for operators."""

    def __init__(self, state: ApplicationState, buffers: SendBuffers) -> None:
        self.state, self.buffers = state, buffers

    def routes(self) -> list[BaseRoute]:
        """Their addresses."""
        return [
            TypedRoute(
                "/healthz",
                self.healthz,
                "healthz",
                operation_id="healthz",
                tags=["health"],
                summary="Il processo risponde",
                responses=answers(None, TEXT.media, said="Risponde."),
            ),
            TypedRoute(
                "/readyz",
                self.readyz,
                "readyz",
                operation_id="readyz",
                tags=["health"],
                summary="C'è di che rispondere: il rilascio, il motore e il suo isolamento",
                responses=answers(Readiness, said="Si può chiedere."),
            ),
            TypedRoute(
                "/metrics",
                self.metrics,
                "metrics",
                operation_id="metrics",
                tags=["health"],
                summary="Le misure per Prometheus",
                responses=answers(None, TEXT.media, said="Le misure."),
            ),
        ]

    async def healthz(self, request: Request) -> Response:
        """``/healthz``: the process answers."""
        return PlainTextResponse("ok\n", headers={"cache-control": "no-store"})

    async def readyz(self, request: Request) -> Response:
        """``/readyz``: there is something to answer from, and how it is isolated."""
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
        admission = self.state.admission
        self.state.metrics.running.set(admission.running.total())
        self.state.metrics.waiting.set(admission.waiting)
        metrics, snapshot = self.state.metrics, self.state.current
        metrics.unread.set(self.buffers.size)
        metrics.cuts.set(self.buffers.cuts)
        for name, size in {
            **sizes(),
            "responses": snapshot.cache.size,
            "insights": snapshot.insights.size,
        }.items():
            metrics.cached.labels(name).set(size)
        self.state.metrics.flush()
        headers = {"cache-control": "no-store"}
        return Response(
            self.state.metrics.text(),
            headers=headers,
            media_type=f"{TEXT.media}; version=0.0.4; charset=utf-8",
        )
