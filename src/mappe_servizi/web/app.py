"""The wiring: which address is answered by whom."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TypeGuard
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

from mappe_servizi.errors import MappeError
from mappe_servizi.formats import HTML
from mappe_servizi.model.outputs.lookup import served
from mappe_servizi.settings import Settings
from mappe_servizi.web.api.health import Operations
from mappe_servizi.web.api.reconcile import Reconcile
from mappe_servizi.web.api.search import Search
from mappe_servizi.web.http.clients import ClientGone
from mappe_servizi.web.http.front import Front
from mappe_servizi.web.http.metrics import Metrics
from mappe_servizi.web.http.negotiation import choose
from mappe_servizi.web.http.parameters import Readable
from mappe_servizi.web.http.problems import MEDIA, Problem
from mappe_servizi.web.linked_data.descriptions import Descriptions
from mappe_servizi.web.linked_data.feed import Releases
from mappe_servizi.web.linked_data.files import Files
from mappe_servizi.web.linked_data.resources import Resources
from mappe_servizi.web.portal.prepared import prepared
from mappe_servizi.web.portal.router import Portal
from mappe_servizi.web.portal.views import Views, language_of
from mappe_servizi.web.served.state import Site
from mappe_servizi.web.sparql.endpoint import SparqlEndpoint

Handler = Callable[[Request], Awaitable[Response]]
KINDS = {404: "not-found", 405: "method-not-allowed", 400: "bad-request"}


def create_app(settings: Settings) -> Front:
    """The ASGI application; its lifespan opens the release."""
    site = Site(settings, Metrics(), prepared)
    views = Views(settings)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        try:
            await site.start()
        except MappeError as error:
            front.failure = error
            raise
        loading = asyncio.create_task(views.load())
        try:
            yield
        finally:
            loading.cancel()
            await site.close()
            site.metrics.leave()

    async def gone(request: Request, error: Exception) -> Response:
        site.metrics.gone.inc()
        return Response(status_code=499)

    async def problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        if choose(request.headers.get("accept"), [MEDIA, HTML.media]) != 1:
            return error.response()
        language = language_of(request)
        context = {"problem": error}
        return views.page(request, "problem.html", language, context, None, error.headers, error.status)

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == 404 and (place := other_form(request.scope, inner.routes)):
            request.scope["mappe"].route = "redirect"
            return Response(status_code=308, headers={"location": settings.path_prefix + place})
        kind = KINDS.get(error.status_code, "bad-request")
        detail = f"there is nothing at {request.scope['path']}" if kind == "not-found" else error.detail
        return await problem(request, Problem(error.status_code, kind, detail, dict(error.headers or {})))

    async def mistake(request: Request, error: Exception) -> Response:
        return await problem(request, Problem(500, "internal-error", "the server made a mistake"))

    inner = Starlette(
        routes=routes(site, views),
        lifespan=lifespan,
        middleware=[Middleware(Readable)],
        exception_handlers={
            Problem: problem,
            HTTPException: http_error,
            ClientGone: gone,
            Exception: mistake,
        },
    )
    inner.router.redirect_slashes = False  # it would take the host from the request
    front = Front(site, inner, {route.path: route.app for route in inner.routes if is_direct(route)})
    return front


def is_direct(route: BaseRoute) -> TypeGuard[Route]:
    """Whether a route is an application of its own that needs no routing."""
    return isinstance(route, Route) and isinstance(route.app, SparqlEndpoint)


def framed(handler: Handler) -> Handler:
    """A handler whose page the clients of the reconciliation API show in a frame."""

    async def framing(request: Request) -> Response:
        request.scope["mappe"].framed = True
        return await handler(request)

    return framing


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


def routes(site: Site, views: Views) -> list[Route]:
    """Every address that is answered; docs/http.md documents them."""
    portal = Portal(site, views)
    descriptions, files = Descriptions(site, portal), Files(site, views)
    resources = Resources(site, views, portal)
    operations, search = Operations(site, views), Search(site, views)
    sparql = SparqlEndpoint(site, descriptions)
    found = [
        Route("/sparql", sparql),
        Route("/sparql/", sparql),
        Route("/data/{path:path}", resources.data),
        Route("/page/{path:path}", resources.page),
        Route("/doc/{path:path}", resources.doc),
        Route("/onto/{path:path}", resources.direct),
        Route("/controlled-vocabulary/{path:path}", resources.direct),
        Route("/graph/{name}", resources.graph),
        Route("/search", search.search),
        Route("/catalogue", descriptions.catalogue),
        Route("/catalogue.{suffix}", descriptions.catalogue),
        Route("/.well-known/void", descriptions.void),
        Route("/healthz", operations.healthz),
        Route("/readyz", operations.readyz),
        Route("/metrics", operations.metrics),
        Route("/problems", operations.problems),
        Route("/assets/{name}", views.assets.asset),
        *(Route(path, handler) for path, handler in portal.routes()),
        *(
            Route(path, framed(handler) if path.endswith("/preview") else handler, methods=methods)
            for path, (handler, methods) in Reconcile(site).routes().items()
        ),
    ]
    releases = Releases(files)
    found += [
        Route("/feed", releases.atom),
        Route("/feed/{stream}", releases.stream),
        Route("/feed/{stream}/{number}", releases.page),
        Route("/release/{number}/", releases.listing),
        Route("/release/{number}/{path:path}", releases.file),
    ]
    for address, listed in served():
        found += [Route(f"/{address}", files.file)]
        found += [Route(f"/{listed}/", files.listing)] if listed else []
    return found
