"""The handlers of what describes the data: service description, VoID, catalogue."""

from __future__ import annotations

from pyoxigraph import RdfFormat, parse
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from mappe_servizi.outputs.statistics import Statistics
from mappe_servizi.query.errors import QueryError
from mappe_servizi.query.formats import BY_NAME, N_TRIPLES, SUFFIXES
from mappe_servizi.releases.opened import Release
from mappe_servizi.web.http.conditions import caching
from mappe_servizi.web.http.exchange import Exchange, exchange_of
from mappe_servizi.web.http.problems import from_query_error, not_found
from mappe_servizi.web.http.query_client import ask
from mappe_servizi.web.linked_data.files import Files
from mappe_servizi.web.linked_data.resources import negotiate, whole_graph
from mappe_servizi.web.linked_data.service_description import ServiceDescription, written
from mappe_servizi.web.portal.router import Portal
from mappe_servizi.web.served.snapshot import Snapshot
from mappe_servizi.web.served.state import ApplicationState
from mappe_servizi.web.served.statistics import statistics


class Metadata:
    """The handlers."""

    def __init__(self, state: ApplicationState, portal: Portal) -> None:
        self.state, self.portal = state, portal
        self.files = Files(state, portal.renderer)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """``/sparql`` without a query: a form for people, the service description for programs."""
        request = Request(scope, receive)
        name = negotiate(request)
        response = (
            await self.portal.editor(request) if name == "html" else await self._description(request, name)
        )
        await response(scope, receive, send)

    async def void(self, request: Request) -> Response:
        """``/.well-known/void``: what the data are, and who answers."""
        exchange_of(request.scope).route = "void"
        return await self._description(request, negotiate(request, html=False))

    async def _description(self, request: Request, name: str) -> Response:
        """The same at both addresses: a query assistant that finds nothing by a query reads either."""
        exchange = exchange_of(request.scope)
        try:
            counts = await statistics(exchange.snapshot, self.state.settings.max_age)
        except QueryError as error:
            raise from_query_error(error) from error
        schema = (await ask(request, whole_graph(exchange.snapshot.iris.base, "schema"), N_TRIPLES)).body
        body = await run_in_threadpool(self._described, exchange.snapshot, counts, schema, name)
        return self._rdf(exchange.snapshot.tag("description", name), name, body)

    def _described(self, snapshot: Snapshot, counts: Statistics, schema: bytes, name: str) -> bytes:
        base = snapshot.iris.base
        own = ServiceDescription(base, self.state.settings, snapshot.standing).triples(counts)
        stated = (quad.triple for quad in parse(schema, format=RdfFormat.N_TRIPLES))
        return written([*own, *stated], BY_NAME[name], base)

    async def catalogue(self, request: Request) -> Response:
        """``/catalogue``: the DCAT catalogue, from its named graph."""
        exchange = exchange_of(request.scope)
        exchange.route = "catalogue"
        suffix: str = request.path_params.get("suffix", "")
        if suffix and suffix not in SUFFIXES:
            raise not_found(f"the catalogue is not offered as .{suffix}")
        name = negotiate(request, SUFFIXES.get(suffix))
        if name == "html":
            return await self.portal.catalogue(request)
        release = exchange.snapshot.release
        if release is not None and f"catalogue.{BY_NAME[name].suffix}" in release.files:
            return self._harvested(request, exchange, release, BY_NAME[name].suffix)
        query = whole_graph(exchange.snapshot.iris.base, "catalogue")
        result = await ask(request, query, BY_NAME[name])
        return self._rdf(exchange.snapshot.tag("catalogue", name), name, result.body)

    def _harvested(self, request: Request, exchange: Exchange, release: Release, suffix: str) -> Response:
        """The catalogue as the release has it, with all checksums; or a page of it (Hydra)."""
        page = request.query_params.get("page")
        name = f"catalogue.{suffix}" if page is None else f"catalogue/{page}.{suffix}"
        return self.files.send(exchange, release, name)

    def _rdf(self, tag: str | None, name: str, body: bytes) -> Response:
        response = Response(body, headers={"content-type": BY_NAME[name].content_type})
        response.raw_headers.extend(caching(tag, self.state.settings.max_age))
        return response
