"""``/reconcile``: the Entity Reconciliation API, 0.2 (OpenRefine) and the 1.0 draft (/reconcile/1.0).

Identifiers are the paths of IRIs below {base}data/, so that ``view`` leads to the canonical IRI.
The manifest's addresses come from the configuration (``public-url``), never from a request.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from html import escape
from typing import Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from mappe_servizi.errors import InputError
from mappe_servizi.query.reconciliation import PROPERTIES, TYPES, Matcher
from mappe_servizi.release.reconcile_index import FILE
from mappe_servizi.server.front import Exchange
from mappe_servizi.server.problems import Problem
from mappe_servizi.server.reconcile_protocol import (
    Json,
    answer,
    attempt,
    candidate,
    candidate10,
    check_batch,
    extension_row,
    json_object,
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
from mappe_servizi.server.site import Site, Snapshot

MAX_BODY, MAX_IDS = 512 * 1024, 500
Handler = Callable[[Request], Awaitable[Response]]


class Reconcile:
    """The handlers of both versions."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._matchers: dict[str, Matcher] = {}

    def routes(self) -> dict[str, tuple[Handler, list[str]]]:
        """Path to handler and methods."""
        found: dict[str, tuple[Handler, list[str]]] = {"/reconcile": (self.v02, ["GET", "POST"])}
        for root in ("/reconcile", "/reconcile/1.0"):
            found |= {
                f"{root}/suggest/entity": (self.suggest_entity, ["GET"]),
                f"{root}/suggest/type": (self.suggest_type, ["GET"]),
                f"{root}/suggest/property": (self.suggest_property, ["GET"]),
                f"{root}/extend/propose": (self.propose, ["GET"]),
                f"{root}/preview": (self.preview, ["GET"]),
            }
        found["/reconcile/1.0"] = (self.manifest10, ["GET"])
        found["/reconcile/1.0/match"] = (self.match10, ["POST"])
        found["/reconcile/1.0/extend"] = (self.extend10, ["POST"])
        return found

    # 0.2

    async def v02(self, request: Request) -> Response:
        """The manifest; or a batch of queries, or an extension, by GET or form."""
        parameters = await self._parameters(request)
        if "queries" in parameters:
            queries = json_object(parameters["queries"], "queries")
            check_batch(len(queries))
            parsed = [attempt(query02, value) for value in queries.values()]
            matcher, base = self._matcher(request)
            found = await run_in_threadpool(match_all, matcher, parsed)
            results = [
                {"result": [candidate(c, base) for c in r], **refusal(q)}
                for q, r in zip(parsed, found, strict=True)
            ]
            return answer(dict(zip(queries, results, strict=True)))
        if "extend" in parameters:
            return answer(
                self._extend(request, json_object(parameters["extend"], "extend"), rows_as_list=False)
            )
        self._exchange(request)
        return answer(manifest02(self._root(), self._base(request)))

    # 1.0 draft

    async def manifest10(self, request: Request) -> Response:
        """The manifest of the draft."""
        self._exchange(request)
        return answer(manifest10(self._root(), self._base(request)))

    async def match10(self, request: Request) -> Response:
        """A batch of queries as JSON."""
        body = json_object(await self._body(request), "the body")
        queries = body.get("queries")
        if not isinstance(queries, list):
            raise Problem(400, "bad-request", "'queries' must be a list")
        check_batch(len(queries))
        parsed = [attempt(query10, query) for query in queries]
        matcher, base = self._matcher(request)
        found = await run_in_threadpool(match_all, matcher, parsed)
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

    async def suggest_entity(self, request: Request) -> Response:
        """Things whose names begin like the prefix."""
        matcher, base = self._matcher(request)
        prefix, type_ = prefix_of(request), request.query_params.get("type", "")
        entities = matcher.starting(prefix, [type_] if type_ in TYPES else [], 10) if prefix else []
        return answer({"result": [{**told(e, base), "notable": [type_of(e.type)]} for e in entities]})

    async def suggest_type(self, request: Request) -> Response:
        """Types by prefix."""
        self._exchange(request)
        prefix = prefix_of(request).casefold()
        return answer({"result": [type_of(t) for t in TYPES if starts(prefix, t, *TYPES[t])]})

    async def suggest_property(self, request: Request) -> Response:
        """Properties by prefix."""
        self._exchange(request)
        prefix = prefix_of(request).casefold()
        found = [property_of(p) for p in PROPERTIES if starts(prefix, p, *PROPERTIES[p][:2])]
        return answer({"result": found})

    async def propose(self, request: Request) -> Response:
        """The properties that things of a type have."""
        self._exchange(request)
        type_ = request.query_params.get("type", "")
        found = [property_of(p) for p, (_, _, types) in PROPERTIES.items() if not type_ or type_ in types]
        return answer({"type": type_, "properties": found[: limit_of(request.query_params.get("limit"), 50)]})

    async def preview(self, request: Request) -> Response:
        """A little page about a thing, to be shown in a frame."""
        matcher, base = self._matcher(request)
        entity = matcher.by_id.get(base + request.query_params.get("id", ""))
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
        return Response(body, media_type="text/html")

    def _extend(self, request: Request, query: Mapping[str, Any], *, rows_as_list: bool) -> Json:
        ids, wanted = query.get("ids"), query.get("properties")
        if not isinstance(ids, list) or not isinstance(wanted, list):
            raise Problem(400, "bad-request", "an extension has the lists 'ids' and 'properties'")
        if len(ids) > MAX_IDS:
            raise Problem(413, "content-too-large", f"an extension may have {MAX_IDS} ids at most")
        properties = [str(p.get("id", "")) if isinstance(p, dict) else "" for p in wanted]
        if unknown := [p for p in properties if p not in PROPERTIES]:
            raise Problem(400, "bad-request", f"there is no property {unknown[0]!r}")
        matcher, base = self._matcher(request)
        rows = {str(i): extension_row(matcher.by_id.get(base + str(i)), properties, base) for i in ids}
        meta = [property_of(p) for p in properties]
        if not rows_as_list:
            return {"meta": meta, "rows": rows}
        listed = [
            {"id": key, "properties": [{"id": p, "values": v} for p, v in row.items()]}
            for key, row in rows.items()
        ]
        return {"meta": meta, "rows": listed}

    def _exchange(self, request: Request) -> Snapshot:
        exchange: Exchange = request.scope["mappe"]
        exchange.route = "reconcile"
        return exchange.snapshot

    def _base(self, request: Request) -> str:
        return f"{self._exchange(request).iris.base}data/"

    def _root(self) -> str:
        return f"{self.site.settings.public_root}/reconcile"

    def _matcher(self, request: Request) -> tuple[Matcher, str]:
        """The release's names, read once; one release's at a time."""
        snapshot = self._exchange(request)
        if snapshot.release is None:
            raise Problem(503, "not-ready", "reconciliation needs a release; there is only an endpoint")
        path = snapshot.release.path / FILE
        if str(path) not in self._matchers:
            try:
                self._matchers = {str(path): Matcher.load(path)}
            except InputError as error:
                raise Problem(503, "not-ready", "the release has no index of names") from error
        return self._matchers[str(path)], self._base(request)

    async def _parameters(self, request: Request) -> dict[str, str]:
        found = dict(request.query_params)
        if request.method == "POST":
            body = await self._body(request)
            if request.headers.get("content-type", "").partition(";")[0].strip() == "application/json":
                given = json_object(body, "the body")
                found |= {k: v if isinstance(v, str) else json.dumps(v) for k, v in given.items()}
            else:
                found |= dict(parse_qsl(body))
        return found

    async def _body(self, request: Request) -> str:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY:
                raise Problem(413, "content-too-large", f"a body may have {MAX_BODY} bytes at most")
        return body.decode("utf-8", "replace")
