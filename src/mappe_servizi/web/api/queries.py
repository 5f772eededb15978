"""``/api/{name}``: each published query as an operation with typed parameters.

JSON comes in pages and says so in its body; what has no place to say so (CSV, TSV, Turtle) is
whole, unless a page is asked for.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

from mappe_servizi import formats as files
from mappe_servizi.query.columnar.engine import Columnar
from mappe_servizi.query.columnar.rows import RowsQuestion
from mappe_servizi.query.engine import Job, Result
from mappe_servizi.query.errors import QueryError
from mappe_servizi.query.formats import CSV, PARQUET, ROWS, TURTLE, XLSX, Format
from mappe_servizi.query.workbook import workbook
from mappe_servizi.rdf.query_text import counted, windowed
from mappe_servizi.web.api.columns import ask as ask_columns
from mappe_servizi.web.api.columns import columns_for, question_of
from mappe_servizi.web.api.operations import PublishedOperation, read_operations
from mappe_servizi.web.api.tabular import as_objects, as_turtle, with_tabs
from mappe_servizi.web.errors import ClientGone
from mappe_servizi.web.http.clients import WhileConnected, client_key
from mappe_servizi.web.http.conditions import caching
from mappe_servizi.web.http.exchange import exchange_of
from mappe_servizi.web.http.offers import offered
from mappe_servizi.web.http.paging import Paged, PagePlace, PageWindow, place_of
from mappe_servizi.web.http.parameters import read, single
from mappe_servizi.web.http.problems import Problem, from_query_error, not_found
from mappe_servizi.web.http.query_client import ask, ask_rows
from mappe_servizi.web.http.routes import TypedRoute
from mappe_servizi.web.served.results import parse_rows
from mappe_servizi.web.served.state import ApplicationState
from mappe_servizi.web.sparql.endpoint import respond

MAX_TOTALS = 256


class QueryApi:
    """The handlers of the operations."""

    def __init__(self, state: ApplicationState) -> None:
        self.state = state
        self._operations: dict[tuple[str, Path | None], dict[str, PublishedOperation]] = {}
        self._totals: dict[str, int] = {}

    def operations(self, base: str) -> dict[str, PublishedOperation]:
        """The operations under a release's base, read once for the current one."""
        release = self.state.current.release
        key = base, release.path if release else None
        if key not in self._operations:
            self._operations = {key: read_operations(self.state.settings.queries, base, release)}
        return self._operations[key]

    def routes(self) -> list[BaseRoute]:
        """The operations are one route: each release has its own, and openapi.py describes them."""
        return [TypedRoute("/api/{name}", self.call, "api", include_in_schema=False)]

    async def call(self, request: Request, name: str) -> Response:
        """``/api/{name}``, with a suffix, the parameter ``format``, or by content negotiation."""
        exchange = exchange_of(request.scope)
        name, _, suffix = name.partition(".")
        operation = self.operations(exchange.snapshot.iris.base).get(name)
        if operation is None:
            raise not_found(f"there is no operation {name!r}; /api/ lists those that there are")
        suffixes = [f.suffix for f in operation.formats]
        if suffix and suffix not in suffixes:
            raise not_found(f"{name} is offered with the suffixes {', '.join(suffixes)}")
        format_, media = offered(request, operation.formats, suffix=suffix, what=name)
        values = single(request.query_params.multi_items())
        parameters = read(operation.model, operation.taken(values))
        tag = exchange.snapshot.tag("api", name, format_.name, media, json.dumps(values, sort_keys=True))
        headers = {k.decode(): v.decode() for k, v in caching(tag, self.state.settings.max_age)}
        headers["content-type"] = media
        if operation.graph:
            text = operation.text(parameters)
            return Streamed(self.state, await run(request, text, format_), headers, format_)
        assert isinstance(parameters, Paged)
        page = parameters.window
        if columns := columns_for(exchange.snapshot, operation, format_):
            wanted = page if format_ is ROWS or page.asked else None
            question = question_of(operation, operation.terms(parameters), wanted)
            return await self._from_columns(request, columns, question, (format_, page), headers)
        text = operation.text(parameters)
        if format_ is ROWS:
            return await self._page(request, text, page, headers)
        if page.asked:
            total = await self._total(request, text)
            headers |= link_field(place_of(request, page, total))
            text = windowed(text, page.limit, page.offset)
        return await self._table(request, name, text, format_, headers)

    async def _from_columns(
        self,
        request: Request,
        columns: Columnar,
        question: RowsQuestion,
        wished: tuple[Format, PageWindow],
        headers: dict[str, str],
    ) -> Response:
        """The rows of a table, or a page of them, from the columns."""
        format_, page = wished
        if format_ is ROWS:
            found = json.loads((await ask_columns(request, columns, question, ROWS)).body)
            return page_response(place_of(request, page, found["total"]), found["rows"], headers)
        if page.asked:
            counting = replace(question, limit=0)
            total = json.loads((await ask_columns(request, columns, counting, ROWS)).body)["total"]
            headers |= link_field(place_of(request, page, total))
        headers["content-disposition"] = f'inline; filename="{question.table}.{format_.suffix}"'
        if format_ not in {PARQUET, XLSX}:
            headers["content-type"] += files.CSV.parameters
        result = await ask_columns(request, columns, question, format_)
        return Streamed(self.state, result, headers, format_)

    async def _table(
        self, request: Request, name: str, text: str, format_: Format, headers: dict[str, str]
    ) -> Response:
        """All rows of a query in a format that has no place for pages."""
        if format_ is TURTLE:
            table = f"{exchange_of(request.scope).snapshot.iris.base}csv/{name}.csv"
            return Response(as_turtle(parse_rows(await within(request, text)), table), headers=headers)
        headers["content-disposition"] = f'inline; filename="{name}.{format_.suffix}"'
        if format_ is XLSX:
            body = await asyncio.to_thread(as_workbook, await within(request, text))
            return Response(body, headers=headers)
        headers["content-type"] += files.CSV.parameters
        result = await run(request, text, CSV)
        return Streamed(self.state, result if format_ is CSV else with_tabs(result), headers, format_)

    async def _page(self, request: Request, text: str, page: PageWindow, headers: dict[str, str]) -> Response:
        """A page of a query's rows as JSON, which tells how many there are and where the next is."""
        result = json.loads((await ask(request, windowed(text, page.limit, page.offset))).body)
        rows, columns = result["results"]["bindings"], result["head"]["vars"]
        ended = 0 < len(rows) < page.limit or (not rows and page.number == 1)
        total = page.offset + len(rows) if ended else await self._total(request, text)
        place = place_of(request, page, total)
        return page_response(place, as_objects(columns, rows), headers)

    async def _total(self, request: Request, text: str) -> int:
        """How many rows a query has; remembered, since who reads pages asks it for each."""
        tag = exchange_of(request.scope).snapshot.tag("total", text)
        if tag is not None and tag in self._totals:
            return self._totals[tag]
        total = int((await ask_rows(request, counted(text)))[0]["total"].value)
        if tag is not None:
            if len(self._totals) >= MAX_TOTALS:
                self._totals.pop(next(iter(self._totals)))
            self._totals[tag] = total
        return total


def page_response(
    place: PagePlace, rows: Sequence[Mapping[str, object]], headers: dict[str, str]
) -> Response:
    """A page of rows as JSON, which says where the others are."""
    links = {"prev": place["previous"], "next": place["next"]}
    document = {
        **place,
        "links": {relation: at for relation, at in links.items() if at},
        "rows": rows,
    }
    written = json.dumps(document, ensure_ascii=False, allow_nan=False)
    return Response(written, headers=headers | link_field(place))


async def run(request: Request, query: str, format_: Format) -> Result:
    """A result, whole or its beginning.

    Raises:
        Problem: there is none.
    """
    exchange = exchange_of(request.scope)
    try:
        async with WhileConnected(request.receive):
            result = await exchange.snapshot.engine.run(Job(query, format_, client_key(request.scope)))
    except QueryError as error:
        raise from_query_error(error) from error
    exchange.cost = result.cost
    return result


async def within(request: Request, text: str) -> bytes:
    """All rows of a query as SPARQL's JSON, which must fit into memory.

    Raises:
        Problem: they do not; it says how to get them.
    """
    try:
        return (await ask(request, text)).body
    except Problem as problem:
        if problem.kind == "result-too-large":
            problem.detail += "; ask for it in pages (limit, page), or as CSV"
        raise


def as_workbook(results: bytes) -> bytes:
    """SPARQL's results in JSON as a workbook."""
    found = json.loads(results)
    columns = found["head"]["vars"]
    rows = as_objects(columns, found["results"]["bindings"])
    return workbook(columns, ([row.get(column) for column in columns] for row in rows))


class Streamed(Response):
    """A result that is sent as it comes, so that it is whole or unreadable."""

    def __init__(
        self, state: ApplicationState, result: Result, headers: Mapping[str, str], format_: Format
    ) -> None:
        super().__init__(headers=headers)
        self.state, self.result, self.format = state, result, format_
        del self.headers["content-length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            async with WhileConnected(receive):
                await respond(scope, send, self.result, self.raw_headers, self.format)
        except ClientGone:
            self.state.metrics.gone.inc()


def link_field(place: PagePlace) -> dict[str, str]:
    """The Link field of a page, where there are others beside it."""
    beside = {"next": place["next"], "prev": place["previous"]}
    links = [f'<{address}>; rel="{relation}"' for relation, address in beside.items() if address]
    return {"link": ", ".join(links)} if links else {}
