"""The page of the query editor, the gallery of examples, and the page of the operations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from starlette.responses import Response

from mappe_servizi.bases import DEFAULT_BASE
from mappe_servizi.rdf.namespaces import prefixes
from mappe_servizi.rdf.query_text import said, to_edit
from mappe_servizi.web.api.operations import PublishedOperation
from mappe_servizi.web.api.queries import QueryApi
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.page import Page

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


@dataclass(frozen=True, slots=True)
class ParameterEntry:
    """A parameter of a published query; ``default`` is "" where it has to be given."""

    name: str
    type: str
    default: str
    text: str


@dataclass(frozen=True, slots=True)
class QueryEntry:
    """A published query as the pages list it.

    Attributes:
        edit: the editor with it; ``api`` is where it is answered, and ``links`` where in each format.
    """

    name: str
    title: str
    description: str
    edit: str
    api: str
    links: Sequence[tuple[str, str]]
    parameters: Sequence[ParameterEntry]


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """What a query may take: seconds, MiB of memory, MiB of its result."""

    seconds: float
    memory: int
    result: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorPage(Page):
    """The query editor, or a form where no script runs, and the gallery of examples.

    Attributes:
        here_root: where this server's addresses begin; ``base`` is where IRIs do.
        statistics: where the editor learns the terms that there are.
        formats: the names and labels of those of a result.
    """

    template: ClassVar[str] = "sparql.html"
    base: str
    endpoint: str
    here_root: str
    prefixes: Mapping[str, str]
    statistics: str
    query: str
    formats: Sequence[tuple[str, str]]
    limits: QueryLimits
    gallery: Sequence[tuple[str, Sequence[QueryEntry]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationsPage(Page):
    """The published queries as operations."""

    template: ClassVar[str] = "api.html"
    operations: Sequence[QueryEntry]


def listed(context: PageContext, name: str, operation: PublishedOperation) -> QueryEntry:
    """A published query as the pages list it."""
    query = operation.query
    return QueryEntry(
        name=name,
        title=said(query.title, context.language) or name,
        description=said(query.description, context.language),
        edit=context.href(f"/sparql?{urlencode({'edit': to_edit(query, context.language)})}"),
        api=context.href(f"/api/{name}"),
        links=[(f.suffix, context.href(f"/api/{name}.{f.suffix}")) for f in operation.formats],
        parameters=[
            ParameterEntry(p.name, p.type, p.default or "", said(p.description, context.language))
            for p in operation.parameters.values()
        ],
    )


async def editor(context: PageContext, api: QueryApi) -> Response:
    """``/sparql`` for people: the editor, or without JavaScript a form, and the gallery."""
    operations = api.operations(context.base)
    wished = context.request.query_params.get("edit", "")[:MAX_QUERY]
    settings = context.state.settings
    shown = EditorPage(
        title=context.translate("Interrogazioni SPARQL"),
        section="/sparql",
        endpoint=context.href("/sparql"),
        here_root=context.href("/"),
        base=context.base,
        prefixes=prefixes(context.base),
        statistics=context.href("/.well-known/void"),
        query=wished or FIRST,
        formats=FORMATS,
        limits=QueryLimits(settings.query_seconds, settings.query_memory, settings.result_limit),
        gallery=[
            (
                context.translate("Esempi"),
                [listed(context, n, o) for n, o in operations.items() if not o.table],
            ),
            (context.translate("Tabelle"), [listed(context, n, o) for n, o in operations.items() if o.table]),
        ],
    )
    return context.render(shown, wished)


async def operations_page(context: PageContext, api: QueryApi) -> Response:
    """``/api/``: the operations."""
    found = [listed(context, name, operation) for name, operation in api.operations(context.base).items()]
    shown = OperationsPage(
        title="API REST",
        section="/catalogue",
        operations=found,
    )
    return context.render(shown)
