"""The wiring: which address is answered by whom."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TypeGuard
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mappe_servizi.errors import MappeError
from mappe_servizi.formats import HTML
from mappe_servizi.model.outputs.lookup import served
from mappe_servizi.settings import Settings
from mappe_servizi.web.api.figures import Figures
from mappe_servizi.web.api.health import Health
from mappe_servizi.web.api.insights import Insights
from mappe_servizi.web.api.openapi import ApiDocument
from mappe_servizi.web.api.queries import QueryApi
from mappe_servizi.web.api.reconcile import Reconcile
from mappe_servizi.web.api.search import Search
from mappe_servizi.web.api.towns import TownsApi
from mappe_servizi.web.errors import ClientGone
from mappe_servizi.web.http.exchange import exchange_of
from mappe_servizi.web.http.middleware import middlewares
from mappe_servizi.web.http.negotiation import choose
from mappe_servizi.web.http.offers import language_of
from mappe_servizi.web.http.problems import MEDIA, Problem
from mappe_servizi.web.http.unread import SendBuffers
from mappe_servizi.web.linked_data.feed import Feed
from mappe_servizi.web.linked_data.files import Files
from mappe_servizi.web.linked_data.metadata import Metadata
from mappe_servizi.web.linked_data.resources import Resources
from mappe_servizi.web.mcp.door import ADDRESS, Door
from mappe_servizi.web.mcp.door import METHODS as DOOR_METHODS
from mappe_servizi.web.metrics import Metrics
from mappe_servizi.web.portal.documentation import Documentation
from mappe_servizi.web.portal.prepared import prepared
from mappe_servizi.web.portal.problems import page_of
from mappe_servizi.web.portal.renderer import PageRenderer
from mappe_servizi.web.portal.router import Portal
from mappe_servizi.web.served.state import ApplicationState
from mappe_servizi.web.sparql.endpoint import METHODS, SparqlEndpoint

KINDS = {404: "not-found", 405: "method-not-allowed", 400: "bad-request"}


SILENT: TelemetryConfig = {
    "auto_configure": False,
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
}
"""Nothing is sent to anybody, whatever the environment says."""


class WebApp:
    """The ASGI application.

    Attributes:
        app: answers by address, without what stands around it.
        buffers: what slow readers leave unread.
        door: where assistants come in; it asks this application.
        cache: where kept answers are found.
        failure: why it could not start.
    """

    def __init__(self, app: FastAPI, state: ApplicationState, buffers: SendBuffers, door: Door) -> None:
        self.app, self.buffers, self.door = app, buffers, door
        door.app = self
        self.failure: MappeError | None = None
        direct: dict[str, ASGIApp] = {route.path: route.app for route in app.routes if is_direct(route)}

        async def addressed(scope: Scope, receive: Receive, send: Send) -> None:
            await direct.get(scope["path"], app)(scope, receive, send)

        allowing = {"/sparql": METHODS, ADDRESS: DOOR_METHODS}
        self.answering, self.cache = middlewares(addressed, state, buffers, direct.keys(), allowing)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; or start and stop."""
        if scope["type"] == "http":
            await self.answering(scope, receive, send)
            return

        async def tell(message: Message) -> None:
            # What a user can do something about is told in a sentence, not in a traceback.
            failed = self.failure and message["type"] == "lifespan.startup.failed"
            await send({**message, "message": f"cannot start: {self.failure}"} if failed else message)

        await self.app(scope, receive, tell)

    def started(self) -> AbstractAsyncContextManager[object]:
        """What is served, open for as long as this is."""
        return self.app.router.lifespan_context(self.app)


def create_app(settings: Settings) -> WebApp:
    """The ASGI application; its lifespan opens the release."""
    state = ApplicationState(settings, Metrics(), prepared)
    renderer = PageRenderer(settings)
    buffers = SendBuffers(settings.unread_memory << 20)
    api = QueryApi(state)
    door = Door(state, api)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        try:
            await state.start()
        except MappeError as error:
            web.failure = error
            raise
        loading = asyncio.create_task(renderer.load())
        try:
            yield
        finally:
            loading.cancel()
            await door.close()
            await state.close()
            state.metrics.leave()

    async def gone(request: Request, error: Exception) -> Response:
        state.metrics.gone.inc()
        return Response(status_code=499)

    async def problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        if choose(request.headers.get("accept"), [MEDIA, HTML.media]) != 1:
            return error.response()
        language = language_of(request)
        response = renderer.page(request, page_of(error, language), language)
        response.status_code = error.status
        response.headers.update(error.headers)
        return response

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == 404 and (place := other_form(request.scope, inner.routes)):
            exchange_of(request.scope).route = "redirect"
            return Response(status_code=308, headers={"location": settings.path_prefix + place})
        kind = KINDS.get(error.status_code, "bad-request")
        detail = f"there is nothing at {request.scope['path']}" if kind == "not-found" else error.detail
        return await problem(request, Problem(error.status_code, kind, detail, dict(error.headers or {})))

    async def mistake(request: Request, error: Exception) -> Response:
        return await problem(request, Problem(500, "internal-error", "the server made a mistake"))

    inner = FastAPI(
        routes=routes(state, renderer, buffers, api, door),
        lifespan=lifespan,
        openapi_url=None,  # openapi.py has the one document; FastAPI's pages take their scripts from a CDN
        redirect_slashes=False,  # it would take the host from the request
        telemetry=SILENT,
        exception_handlers={
            Problem: problem,
            HTTPException: http_error,
            ClientGone: gone,
            Exception: mistake,
        },
    )
    web = WebApp(inner, state, buffers, door)
    return web


def is_direct(route: BaseRoute) -> TypeGuard[Route]:
    """Whether a route is an application of its own that needs no routing."""
    return isinstance(route, Route) and isinstance(route.app, SparqlEndpoint)


def other_form(scope: Scope, routes: Sequence[BaseRoute]) -> str | None:
    """The address with a slash more or less at its end, None where that is not answered either."""
    raw: bytes = scope["raw_path"]
    slash = raw.endswith(b"/")
    other = scope["path"].rstrip("/") if slash else scope["path"] + "/"
    if all(route.matches({**scope, "path": other})[0] is Match.NONE for route in routes):
        return None
    place = quote(raw.rstrip(b"/") if slash else raw + b"/", safe="/%:@!$&'()*+,;=-._~")
    query = quote(scope["query_string"], safe="/%:@!$&'()*+,;=-._~?[]")
    return f"{place}?{query}" if query else place


def routes(
    state: ApplicationState, renderer: PageRenderer, buffers: SendBuffers, api: QueryApi, door: Door
) -> list[BaseRoute]:
    """Every address that is answered; docs/http.md documents them."""
    portal = Portal(state, renderer, api)
    metadata, files = Metadata(state, portal), Files(state, renderer)
    resources = Resources(state, portal)
    sparql = SparqlEndpoint(state, metadata)
    found: list[BaseRoute] = [
        Route("/sparql", sparql),
        Route("/sparql/", sparql),
        Route(ADDRESS, door),
        Route("/data/{path:path}", resources.data),
        Route("/page/{path:path}", resources.page),
        Route("/doc/{path:path}", resources.doc),
        Route("/onto/{path:path}", resources.direct),
        Route("/controlled-vocabulary/{path:path}", resources.direct),
        Route("/shapes/{path:path}", resources.direct),
        Route("/graph/{name}", resources.graph),
        *Search(state, portal.hits).routes(),
        Route("/catalogue", metadata.catalogue),
        Route("/catalogue.{suffix}", metadata.catalogue),
        Route("/.well-known/void", metadata.void),
        *Health(state, buffers).routes(),
        Route("/assets/{name}", renderer.assets.asset),
        Route("/docs/{path:path}", Documentation(state.settings).file),
        *(Route(path, handler) for path, handler in portal.routes()),
        *ApiDocument(api).routes(),
        *Figures(state).routes(),
        *Insights(state).routes(),
        *TownsApi(state).routes(),
        *api.routes(),
        *Reconcile(state).routes(),
        *Feed(files).routes(),
    ]
    for address, listed in served():
        found += [Route(f"/{address}", files.file)]
        found += [Route(f"/{listed}/", files.listing)] if listed else []
    return found
