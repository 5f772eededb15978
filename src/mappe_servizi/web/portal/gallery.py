"""The page of the query editor, the gallery of examples, and the page of the operations."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from mappe_servizi.bases import DEFAULT_BASE
from mappe_servizi.formats import JSON
from mappe_servizi.rdf.namespaces import prefixes
from mappe_servizi.web.api import openapi
from mappe_servizi.web.api.queries import Api, Operation
from mappe_servizi.web.http.conditions import caching
from mappe_servizi.web.portal.context import Visit

MAX_QUERY = 20_000
FORMATS = (
    ("json", "JSON"),
    ("csv", "CSV"),
    ("tsv", "TSV"),
    ("xml", "XML"),
    ("turtle", "Turtle"),
    ("jsonld", "JSON-LD"),
)
FIRST = f"""PREFIX mds: <{DEFAULT_BASE}onto/MDS/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?service ?label WHERE {{
  ?service a mds:MunicipalService ; rdfs:label ?label .
  FILTER(LANG(?label) = "it")
}}
ORDER BY ?label
LIMIT 100
"""


def listed(visit: Visit, name: str, operation: Operation) -> dict[str, Any]:
    """A published query as the pages list it."""
    query = operation.query
    return {
        "name": name,
        "title": _said(query.title, visit.language) or name,
        "description": _said(query.description, visit.language),
        "edit": visit.href(f"/sparql?{urlencode({'edit': without_comments(query.text)})}"),
        "api": visit.href(f"/api/{name}"),
        "links": [(f.suffix, visit.href(f"/api/{name}.{f.suffix}")) for f in operation.formats],
        "parameters": [
            (p.name, p.type, p.default or "", _said(p.description, visit.language))
            for p in operation.parameters.values()
        ],
    }


def _said(texts: Any, language: str) -> str:
    return str(texts.get(language) or texts.get("it") or "")


def without_comments(text: str) -> str:
    """A query without the lines that describe it.

    >>> without_comments("#+ title: x\\nASK {}")
    'ASK {}'
    """
    return "\n".join(line for line in text.splitlines() if not line.startswith("#+")).strip()


async def editor(visit: Visit, api: Api) -> Response:
    """``/sparql`` for people: the editor, or without JavaScript a form, and the gallery."""
    operations = api.operations(visit.base)
    wished = visit.request.query_params.get("edit", "")[:MAX_QUERY]
    known = prefixes(visit.base)
    context = {
        "title": visit("Interrogazioni SPARQL"),
        "section": "/sparql",
        "endpoint": visit.href("/sparql"),
        "prefixes": known,
        "statistics": visit.href("/.well-known/void"),
        "query": wished or FIRST,
        "formats": FORMATS,
        "settings": visit.site.settings,
        "gallery": [
            (visit("Esempi"), [listed(visit, n, o) for n, o in operations.items() if not o.table]),
            (visit("Tabelle"), [listed(visit, n, o) for n, o in operations.items() if o.table]),
        ],
    }
    return visit.render("sparql.html", context, wished)


async def operations_page(visit: Visit, api: Api) -> Response:
    """``/api/``: the operations."""
    found = [listed(visit, name, operation) for name, operation in api.operations(visit.base).items()]
    context = {"title": "API REST", "section": "/catalogue", "operations": found}
    return visit.render("api.html", context)


def openapi_document(request: Request, visit: Visit, api: Api) -> Response:
    """``/api/openapi.json``."""
    operations = api.operations(visit.base)
    rows = openapi.samples(visit.snapshot.release, operations)
    document = openapi.document(operations, visit.iris.prefix, rows, visit.snapshot.standing)
    response = Response(json.dumps(document, ensure_ascii=False), media_type=JSON.media)
    response.raw_headers.extend(caching(visit.snapshot.tag("openapi"), visit.site.settings.max_age))
    return response
