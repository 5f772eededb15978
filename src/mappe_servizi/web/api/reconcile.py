"""``/reconcile``: the Entity Reconciliation API, 0.2 (OpenRefine) and the 1.0 draft (/reconcile/1.0).

Identifiers are the paths of IRIs below {base}data/, so that ``view`` leads to the canonical IRI.
The manifest's addresses come from the configuration (``public-url``), never from a request.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from html import escape
from typing import Annotated, Any

from fastapi import Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from mappe_servizi.errors import InputError
from mappe_servizi.formats import HTML, JSON
from mappe_servizi.outputs.reconcile_index import FILE
from mappe_servizi.query.errors import QueryError
from mappe_servizi.query.examination import read_form
from mappe_servizi.query.reconciliation import PROPERTIES, TYPES, Matcher, ScoredCandidate
from mappe_servizi.web.api.reconcile_models import (
    EXTEND,
    FORM_BODY,
    MATCH,
    MAX_BATCH,
    MAX_IDS,
    Asked02,
    Previewed,
    Proposed,
    ProposedProperties,
    Suggested,
    SuggestedEntities,
    Suggestions,
    json_body,
)
from mappe_servizi.web.api.reconcile_protocol import (
    MAX_TEXT,
    MatchQuery,
    answer,
    attempt,
    candidate,
    candidate10,
    extension_row,
    limit_of,
    manifest02,
    manifest10,
    match_all,
    prefix_of,
    property_of,
    query02,
    query10,
    refusal,
    starts,
    told,
    type_of,
)
from mappe_servizi.web.http.clients import client_key, read_body
from mappe_servizi.web.http.exchange import exchange_of
from mappe_servizi.web.http.paging import address
from mappe_servizi.web.http.parameters import Json, items, json_object, members, text
from mappe_servizi.web.http.problems import Problem, from_query_error
from mappe_servizi.web.http.routes import Handler, TypedRoute, answers
from mappe_servizi.web.served.state import ApplicationState

BATCHES = 2
"""Batches that are matched at a time."""
MAX_BODY = 512 * 1024
SUGGESTED = 10


def _route(
    path: str, handler: Handler, summary: str, model: Any = dict[str, Any], **described: Any
) -> TypedRoute:
    """A route of the API, named by its handler and its version."""
    described = {"responses": answers(model), **described}
    version = "1.0" if path.startswith("/reconcile/1.0") else "0.2"
    name = f"reconcile_{handler.__name__}_{version.replace('.', '_')}"
    return TypedRoute(
        path,
        handler,
        "reconcile",
        operation_id=name,
        tags=["reconcile"],
        summary=f"{summary}: versione {version}",
        **described,
    )


class Reconcile:
    """The handlers of both versions."""

    def __init__(self, state: ApplicationState) -> None:
        self.state = state
        self._matchers: dict[str, Matcher] = {}
        self._turns = asyncio.Semaphore(BATCHES)

    def routes(self) -> list[BaseRoute]:
        """Their addresses. A thing's preview is a page that clients show in a frame."""
        found: list[BaseRoute] = [
            _route(
                "/reconcile",
                self.v02,
                "Il manifesto, un lotto di domande o un'estensione",
                methods=["GET", "POST"],
                openapi_extra={"requestBody": FORM_BODY},
            ),
            _route("/reconcile/1.0", self.manifest10, "Il manifesto"),
            _route(
                "/reconcile/1.0/match",
                self.match10,
                "Un lotto di domande",
                methods=["POST"],
                openapi_extra={"requestBody": json_body(MATCH)},
            ),
            _route(
                "/reconcile/1.0/extend",
                self.extend10,
                "Un'estensione",
                methods=["POST"],
                openapi_extra={"requestBody": json_body(EXTEND)},
            ),
        ]
        for root in ("/reconcile", "/reconcile/1.0"):
            found += [
                _route(
                    f"{root}/suggest/entity", self.suggest_entity, "Le cose che cominciano così", Suggestions
                ),
                _route(f"{root}/suggest/type", self.suggest_type, "I tipi che cominciano così", Suggestions),
                _route(
                    f"{root}/suggest/property",
                    self.suggest_property,
                    "Le proprietà che cominciano così",
                    Suggestions,
                ),
                _route(f"{root}/extend/propose", self.propose, "Le proprietà di un tipo", ProposedProperties),
                _route(
                    f"{root}/preview",
                    self.preview,
                    "Una cosa in breve, da mostrare in un riquadro",
                    responses=answers(None, HTML.media, said="La pagina."),
                ),
            ]
        return found

    # 0.2

    async def v02(self, request: Request, asked: Annotated[Asked02, Query()]) -> Response:
        """The manifest; or a batch of queries, or an extension, by GET or form."""
        parameters = await self._parameters(request, asked.model_dump(exclude_unset=True))
        if "queries" in parameters:
            queries = members("queries", json_object(parameters["queries"], "queries"), MAX_BATCH)
            parsed = [attempt(query02, f"queries.{key}", value) for key, value in queries.items()]
            matcher, base = self._matcher(request)
            found = await self._match(matcher, parsed)
            results = [
                {"result": [candidate(c, base) for c in r], **refusal(q)}
                for q, r in zip(parsed, found, strict=True)
            ]
            return answer(dict(zip(queries, results, strict=True)))
        if "extend" in parameters:
            return answer(
                self._extend(request, json_object(parameters["extend"], "extend"), rows_as_list=False)
            )
        return answer(manifest02(self._root(), self._base(request)))

    # 1.0 draft

    async def manifest10(self, request: Request) -> Response:
        """The manifest of the draft."""
        return answer(manifest10(self._root(), self._base(request)))

    async def match10(self, request: Request) -> Response:
        """A batch of queries as JSON."""
        body = json_object(await self._body(request), "the body")
        queries = items("queries", body.get("queries"), MAX_BATCH)
        parsed = [attempt(query10, f"queries[{n}]", query) for n, query in enumerate(queries)]
        matcher, base = self._matcher(request)
        found = await self._match(matcher, parsed)
        results = [
            {"candidates": [candidate10(c, base) for c in r], **refusal(q)}
            for q, r in zip(parsed, found, strict=True)
        ]
        return answer({"results": results})

    async def extend10(self, request: Request) -> Response:
        """A data extension as JSON."""
        body = json_object(await self._body(request), "the body")
        return answer(self._extend(request, body, rows_as_list=True))

    # both

    async def suggest_entity(
        self, request: Request, asked: Annotated[SuggestedEntities, Query()]
    ) -> Response:
        """Things whose names begin like the prefix."""
        matcher, base = self._matcher(request)
        prefix, start = prefix_of(asked), asked.cursor
        types = [asked.type] if asked.type in TYPES else []
        found = matcher.starting(prefix, types, start + SUGGESTED + 1)[start:] if prefix else []
        result = [{**told(e, base), "notable": [type_of(e.type)]} for e in found[:SUGGESTED]]
        more = {"next": address(request, cursor=start + SUGGESTED)} if len(found) > SUGGESTED else {}
        return answer({"result": result, **more})

    async def suggest_type(self, request: Request, asked: Annotated[Suggested, Query()]) -> Response:
        """Types by prefix."""
        prefix = prefix_of(asked).casefold()
        return answer({"result": [type_of(t) for t in TYPES if starts(prefix, t, *TYPES[t])]})

    async def suggest_property(self, request: Request, asked: Annotated[Suggested, Query()]) -> Response:
        """Properties by prefix."""
        prefix = prefix_of(asked).casefold()
        found = [property_of(p) for p in PROPERTIES if starts(prefix, p, *PROPERTIES[p][:2])]
        return answer({"result": found})

    async def propose(self, request: Request, asked: Annotated[Proposed, Query()]) -> Response:
        """The properties that things of a type have."""
        type_ = asked.type
        found = [property_of(p) for p, (_, _, types) in PROPERTIES.items() if not type_ or type_ in types]
        limit = limit_of("limit", asked.limit, len(PROPERTIES))
        cut = {"limit": limit, "total": len(found)} if len(found) > limit else {}
        return answer({"type": type_, "properties": found[:limit], **cut})

    async def preview(self, request: Request, asked: Annotated[Previewed, Query()]) -> Response:
        """A little page about a thing, to be shown in a frame."""
        exchange_of(request.scope).framed = True
        matcher, base = self._matcher(request)
        entity = matcher.by_id.get(base + asked.id)
        if entity is None:
            raise Problem(404, "not-found", "there is no such entity")
        rows = "".join(
            f"<dt>{escape(PROPERTIES[key][0])}</dt><dd>{escape(', '.join(v['name'] for v in found[:8]))}</dd>"
            for key, found in entity.properties.items()
        )
        body = (
            '<!doctype html><html lang="it"><meta charset="utf-8">'
            f"<title>{escape(entity.names[0])}</title><body>"
            f"<h1>{escape(entity.names[0])}</h1><p>{escape(TYPES[entity.type][0])}</p><dl>{rows}</dl></body></html>"
        )
        return Response(body, media_type=HTML.media)

    def _extend(self, request: Request, query: Mapping[str, Any], *, rows_as_list: bool) -> Json:
        ids = [
            text(f"ids[{n}]", i, MAX_TEXT * 10) for n, i in enumerate(items("ids", query.get("ids"), MAX_IDS))
        ]
        wanted = [
            members(f"properties[{n}]", p) for n, p in enumerate(items("properties", query.get("properties")))
        ]
        properties = [text(f"properties[{n}].id", p.get("id"), MAX_TEXT) for n, p in enumerate(wanted)]
        if unknown := [p for p in properties if p not in PROPERTIES]:
            raise Problem(400, "bad-request", f"there is no property {unknown[0]!r}")
        matcher, base = self._matcher(request)
        rows = {i: extension_row(matcher.by_id.get(base + i), properties, base) for i in ids}
        meta = [property_of(p) for p in properties]
        if not rows_as_list:
            return {"meta": meta, "rows": rows}
        listed = [
            {"id": key, "properties": [{"id": p, "values": v} for p, v in row.items()]}
            for key, row in rows.items()
        ]
        return {"meta": meta, "rows": listed}

    def _base(self, request: Request) -> str:
        return f"{exchange_of(request.scope).snapshot.iris.base}data/"

    def _root(self) -> str:
        return f"{self.state.settings.public_root}/reconcile"

    async def _match(
        self, matcher: Matcher, queries: list[MatchQuery | Problem]
    ) -> list[list[ScoredCandidate]]:
        """Candidates of a batch, some batches at a time: each takes the time of the others."""
        async with self._turns:
            return await run_in_threadpool(match_all, matcher, queries)

    def _matcher(self, request: Request) -> tuple[Matcher, str]:
        """The release's names, read once; one release's at a time."""
        snapshot = exchange_of(request.scope).snapshot
        if snapshot.release is None:
            raise Problem(503, "not-ready", "reconciliation needs a release; there is only an endpoint")
        path = snapshot.release.path / FILE
        if str(path) not in self._matchers:
            try:
                self._matchers = {str(path): Matcher.load(path)}
            except InputError as error:
                raise Problem(503, "not-ready", "the release has no index of names") from error
        return self._matchers[str(path)], self._base(request)

    async def _parameters(self, request: Request, found: dict[str, str]) -> dict[str, str]:
        if request.method == "POST":
            if request.headers.get("content-type", "").partition(";")[0].strip() == JSON.media:
                given = json_object(await self._body(request), "the body")
                return found | {k: v if isinstance(v, str) else json.dumps(v) for k, v in given.items()}
            engine, client = exchange_of(request.scope).snapshot.engine, client_key(request.scope)
            body = await read_body(request.receive, MAX_BODY)
            try:
                fields = await read_form(engine, body, client)
            except QueryError as error:
                raise from_query_error(error) from error
            found |= {name: value for name, value in fields if value}
        return found

    async def _body(self, request: Request) -> str:
        return (await read_body(request.receive, MAX_BODY)).decode("utf-8", "replace")
