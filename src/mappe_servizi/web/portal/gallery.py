"""The page of the query editor, the gallery of examples, and the page of the operations."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from mappe_servizi.bases import DEFAULT_BASE
from mappe_servizi.rdf.namespaces import prefixes
from mappe_servizi.rdf.query_text import said, to_edit
from mappe_servizi.web.api.operations import PublishedOperation
from mappe_servizi.web.api.queries import QueryApi
from mappe_servizi.web.portal.context import PageContext

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


def listed(context: PageContext, name: str, operation: PublishedOperation) -> dict[str, Any]:
    """A published query as the pages list it."""
    query = operation.query
    return {
        "name": name,
        "title": said(query.title, context.language) or name,
        "description": said(query.description, context.language),
        "edit": context.href(f"/sparql?{urlencode({'edit': to_edit(query, context.language)})}"),
        "api": context.href(f"/api/{name}"),
        "links": [(f.suffix, context.href(f"/api/{name}.{f.suffix}")) for f in operation.formats],
        "parameters": [
            (p.name, p.type, p.default or "", said(p.description, context.language))
            for p in operation.parameters.values()
        ],
    }


async def editor(context: PageContext, api: QueryApi) -> Response:
    """``/sparql`` for people: the editor, or without JavaScript a form, and the gallery."""
    operations = api.operations(context.base)
    wished = context.request.query_params.get("edit", "")[:MAX_QUERY]
    known = prefixes(context.base)
    shown = {
        "title": context.translate("Interrogazioni SPARQL"),
        "section": "/sparql",
        "endpoint": context.href("/sparql"),
        "here_root": context.href("/"),
        "prefixes": known,
        "statistics": context.href("/.well-known/void"),
        "query": wished or FIRST,
        "formats": FORMATS,
        "settings": context.state.settings,
        "gallery": [
            (
                context.translate("Esempi"),
                [listed(context, n, o) for n, o in operations.items() if not o.table],
            ),
            (context.translate("Tabelle"), [listed(context, n, o) for n, o in operations.items() if o.table]),
        ],
    }
    return context.render("sparql.html", shown, wished)


async def operations_page(context: PageContext, api: QueryApi) -> Response:
    """``/api/``: the operations."""
    found = [listed(context, name, operation) for name, operation in api.operations(context.base).items()]
    shown = {"title": "API REST", "section": "/catalogue", "operations": found}
    return context.render("api.html", shown)
