"""``/api/openapi.json``: one document of every typed route, and of each published query as an operation."""

from __future__ import annotations

import asyncio
import copy
import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any

from fastapi import Query
from fastapi.openapi.utils import get_openapi
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from mappe_servizi import __version__
from mappe_servizi.formats import JSON
from mappe_servizi.model.outputs.declared import TABLE
from mappe_servizi.releases.opened import Release
from mappe_servizi.rights import Rights, Standing
from mappe_servizi.web.api.operations import SCHEMAS, PublishedOperation, value
from mappe_servizi.web.api.queries import QueryApi
from mappe_servizi.web.http.conditions import caching
from mappe_servizi.web.http.exchange import exchange_of
from mappe_servizi.web.http.paging import LIMIT
from mappe_servizi.web.http.routes import TypedRoute, answers
from mappe_servizi.web.served.snapshot import Snapshot

VERSION = "3.0.3"
"""Of OpenAPI: the one that the national catalogue of APIs takes."""
PROBLEM_SCHEMA = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
    "required": ["type", "title", "status", "detail"],
}
FASTAPIS_OWN = ("HTTPValidationError", "ValidationError")
REFUSED_BY_FASTAPI = "422"
"""A status, and the schemas of its documents, that no route of ours has."""
Document = dict[str, Any]
Sample = Mapping[str, str]
"""A row of a table by its columns."""


class ApiDocument:
    """The handler of the document."""

    def __init__(self, api: QueryApi) -> None:
        self.api = api
        self._kept: tuple[tuple[object, ...], bytes] = ((), b"")
        self._making = asyncio.Lock()

    def routes(self) -> list[BaseRoute]:
        """The one address."""
        return [TypedRoute("/api/openapi.json", self.openapi, "api", include_in_schema=False)]

    async def openapi(self, request: Request) -> Response:
        """``/api/openapi.json``."""
        snapshot = exchange_of(request.scope).snapshot
        response = Response(await self._document(request.app.routes, snapshot), media_type=JSON.media)
        response.raw_headers.extend(caching(snapshot.tag("openapi"), self.api.state.settings.max_age))
        return response

    async def _document(self, routes: Sequence[BaseRoute], snapshot: Snapshot) -> bytes:
        """The document, made once for a release, and not in the loop: it takes half a second."""
        key = (snapshot.iris.base, snapshot.identity, snapshot.standing)
        async with self._making:
            if self._kept[0] != key:
                self._kept = key, await run_in_threadpool(self._made, routes, snapshot)
            return self._kept[1]

    def _made(self, routes: Sequence[BaseRoute], snapshot: Snapshot) -> bytes:
        operations = self.api.operations(snapshot.iris.base)
        rows = samples(snapshot.release, operations)
        found = document(routes, operations, snapshot.iris.prefix, rows, snapshot.standing)
        return json.dumps(found, ensure_ascii=False).encode()


def _json_first(response: Document) -> None:
    """Put an answer's JSON before its other formats: makers of clients take the first that there is."""
    content = response.get("content", {})
    if JSON.media in content:
        response["content"] = {JSON.media: content[JSON.media], **content}


def document(
    routes: Iterable[BaseRoute],
    operations: Mapping[str, PublishedOperation],
    server: str,
    rows: Mapping[str, Sample],
    standing: Standing,
) -> Document:
    """The document.

    Args:
        routes: of the application; those that are typed are described.
        operations: by name.
        server: the prefix of every address.
        rows: one of each table, for the examples.
        standing: under which licences the data are, and who publishes them.
    """
    published = [_route(name, operation) for name, operation in operations.items()]
    made = get_openapi(
        title="Mappe dei servizi",
        version=__version__,
        openapi_version=VERSION,
        description="Le mappe dei servizi dei comuni: ogni interrogazione pubblicata è un'operazione. "
        + standing.whole.statement["it"],
        license_info=_licence(standing.whole, server),
        servers=[{"url": server or "/"}],
        routes=[
            one
            for route in [*routes, *published]
            if isinstance(route, TypedRoute)
            for one in _by_method(route)
        ],
    )
    found: Document = _as_version_3_0(made)
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = PROBLEM_SCHEMA
    for name in FASTAPIS_OWN:
        schemas.pop(name, None)
    for one in found["paths"].values():
        for described in one.values():
            described["responses"].pop(REFUSED_BY_FASTAPI, None)
            _json_first(described["responses"].get("200", {}))
            for parameter in described.get("parameters", []):
                parameter["schema"].pop("description", None)  # the parameter has it
    for name, operation in operations.items():
        _exemplify(found["paths"][f"/api/{name}"]["get"], operation, rows.get(name, {}))
    return found


def _by_method(route: TypedRoute) -> Iterator[TypedRoute]:
    """A route as the document has it: each method by itself, and a body where there can be one."""
    methods = sorted(set(route.methods or ()) - {"HEAD"})
    for method in methods:
        one = copy.copy(route)
        one.methods = {method}
        if len(methods) > 1:
            one.operation_id = f"{route.operation_id}_{method.lower()}"
        if method == "GET":
            one.openapi_extra = None
        yield one


def _as_version_3_0(schema: Any) -> Any:
    """What FastAPI and pydantic write for OpenAPI 3.1, as 3.0 has it; without titles that repeat names.

    >>> _as_version_3_0({"anyOf": [{"type": "string"}, {"type": "null"}], "title": "Next"})
    {'type': 'string', 'nullable': True}
    >>> _as_version_3_0({"anyOf": [{"$ref": "#/x"}, {"type": "null"}]})
    {'allOf': [{'$ref': '#/x'}], 'nullable': True}
    """
    if isinstance(schema, list):
        return [_as_version_3_0(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _as_version_3_0(one) for key, one in schema.items()}
    if not found.keys().isdisjoint({"type", "anyOf", "$ref"}) and isinstance(found.get("title"), str):
        del found["title"]
    options = found.get("anyOf", [])
    if {"type": "null"} in options:
        rest = [one for one in options if one != {"type": "null"}]
        del found["anyOf"]
        one = {"anyOf": rest} if len(rest) > 1 else {"allOf": rest} if "$ref" in rest[0] else rest[0]
        found |= {**one, "nullable": True}
    return found


def _licence(rights: Rights, server: str) -> dict[str, Any] | None:
    """The licence of the data: OpenAPI has room for one, so of several it is the page that tells them."""
    if not rights.licences:
        return None
    one = len(rights.licences) == 1
    url = rights.licences[0].iri if one else f"{server}/about#reuse"
    return {"name": rights.names, "url": url}


def samples(release: Release | None, names: Iterable[str]) -> dict[str, dict[str, str]]:
    """The first row of each of a release's tables, by the table's name."""
    found = {}
    for name in names:
        path = TABLE.filled(table=name)
        if release is not None and path in release.files:
            with (release.path / path).open(encoding="utf-8", newline="") as file:
                found[name] = next(csv.DictReader(file), {})
    return found


def _route(name: str, operation: PublishedOperation) -> TypedRoute:
    """A published query as a route of its own, to be described."""

    async def described(request: Request, parameters: Any) -> Response:
        raise NotImplementedError

    described.__annotations__["parameters"] = Annotated[operation.model, Query()]
    described.__annotations__ |= {"request": Request, "return": Response}
    query = operation.query
    return TypedRoute(
        f"/api/{name}",
        described,
        "api",
        operation_id=name,
        tags=["tables" if operation.table else "examples"],
        summary=query.title.get("it", name),
        description=query.description.get("it", ""),
        responses=answers(),
        methods=["GET"],
    )


def _exemplify(described: Document, operation: PublishedOperation, sample: Sample) -> None:
    """Put a row of the data into the description of an operation."""
    for parameter in described["parameters"]:
        if (known := operation.parameters.get(parameter["name"])) is not None:
            parameter.update(value("example", known, known.default or sample.get(known.name)))
    described["responses"]["200"]["content"] = {
        format_.media: _content(format_.media, operation, sample) for format_ in operation.formats
    }


def _content(media: str, operation: PublishedOperation, sample: Sample) -> dict[str, Any]:
    if media != JSON.media:
        return {"schema": {"type": "string"}}
    columns = operation.query.columns
    row = {
        "type": "object",
        "properties": {n: SCHEMAS.get(c.type, {"type": "string"}) for n, c in columns.items()},
    }
    rows = {n: v for name, c in columns.items() for n, v in value(name, c, sample.get(name)).items()}
    example = {"total": 1, "limit": LIMIT, "page": 1, "pages": 1, "next": None, "previous": None}
    return {
        "schema": _page_of(row),
        **({"example": {**example, "links": {}, "rows": [rows]}} if rows else {}),
    }


def _page_of(row: dict[str, Any]) -> dict[str, Any]:
    """The schema of a page of rows."""
    number: dict[str, Any] = {"type": "integer"}
    place: dict[str, Any] = {"type": "string", "nullable": True}
    properties = dict.fromkeys(("total", "limit", "page", "pages"), number)
    properties |= {"next": place, "previous": place}
    links = {"type": "object", "additionalProperties": {"type": "string"}}
    return {
        "type": "object",
        "required": [*properties, "links", "rows"],
        "properties": {**properties, "links": links, "rows": {"type": "array", "items": row}},
    }
