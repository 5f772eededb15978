"""The tools: what each is for, what it takes, and how it asks. They read, and change nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pyoxigraph import NamedNode

from mappe_servizi.query.scan import scan
from mappe_servizi.rdf.namespaces import prefixes
from mappe_servizi.rdf.queries import QueryField
from mappe_servizi.rdf.query_text import said
from mappe_servizi.web.api.figures import MOST
from mappe_servizi.web.api.operations import PublishedOperation
from mappe_servizi.web.mcp import questions
from mappe_servizi.web.mcp.answers import Desk, ToolError, is_iri, shortened, values_of
from mappe_servizi.web.mcp.arguments import (
    Arguments,
    AskArguments,
    DescribeArguments,
    FiguresArguments,
    ListArguments,
    SearchArguments,
    SparqlArguments,
    worded,
)

Document = dict[str, Any]
Operations = Mapping[str, PublishedOperation]
STATEMENTS, POINTING = 600, 100
ABSENT: tuple[object, ...] = (None, "", [])
"""What a figure has not got is left out of its row."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool.

    Attributes:
        description: for assistants: what it gives and when to use it.
        arguments: the model of what it takes.
        run: gives its answer.
    """

    name: str
    title: str
    description: str
    arguments: type[Arguments]
    run: Callable[[Desk, Operations, Any], Awaitable[Document]]

    async def call(self, desk: Desk, operations: Operations, given: Mapping[str, Any]) -> Document:
        """The answer for some arguments.

        Raises:
            ToolError: there is none; it says why.
        """
        try:
            taken = self.arguments.model_validate(dict(given))
        except ValidationError as error:
            raise ToolError(worded(error)) from error
        return await self.run(desk, operations, taken)


async def search(desk: Desk, operations: Operations, taken: SearchArguments) -> Document:
    """Things by words of their texts."""
    asked = {
        "q": taken.words,
        "kind": taken.kind,
        "page": str(taken.page),
        "lang": taken.lang,
        "format": "json",
    }
    found = await desk.document("/search", **{name: value for name, value in asked.items() if value})
    hits = [
        {name: hit[name] for name in ("iri", "label", "kind", "text")}
        | {"page": desk.page(hit["iri"])}
        | {name: hit[name]["label"] for name in ("owner", "municipality") if hit[name]}
        for hit in found["hits"]
    ]
    counts = {name: found[name] for name in ("total", "totalIsMinimum", "page", "pages")}
    return {**counts, "hits": hits, "sources": await desk.read_from(hit["iri"] for hit in hits)}


async def describe(desk: Desk, operations: Operations, taken: DescribeArguments) -> Document:
    """All that is said of a thing, and what leads to it."""
    if not is_iri(taken.iri):
        raise ToolError(f"this is no absolute IRI: {taken.iri!r}; search finds those of things")
    thing, base = NamedNode(taken.iri), desk.iris.base
    stated = await desk.rows(questions.statements(base, thing, STATEMENTS))
    pointing = await desk.rows(questions.pointing(base, thing, POINTING))
    if not stated and not pointing:
        raise ToolError(f"nothing is said of <{taken.iri}>; search finds the IRIs of things")
    short = Shortener(prefixes(base))
    properties: dict[str, list[object]] = {}
    for row in stated:
        value = {"iri": row["value"], "name": row["name"]} if "name" in row else shortened(row["value"])
        properties.setdefault(short(row["property"]), []).append(value)
    leading = [
        {"from": row["from"], "name": row.get("name"), "by": short(row["property"])} for row in pointing
    ]
    return {
        "iri": taken.iri,
        "page": desk.page(taken.iri),
        "properties": properties,
        "pointedAtBy": leading,
        "complete": len(stated) < STATEMENTS and len(pointing) < POINTING,
        "sources": await desk.read_from([taken.iri]),
    }


class Shortener:
    """IRIs of terms with their prefixes."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._known = sorted(((iri, name) for name, iri in known.items()), key=lambda pair: -len(pair[0]))

    def __call__(self, iri: str) -> str:
        """An IRI with its prefix where it has one.

        >>> Shortener({"e": "http://e.org/"})("http://e.org/name")
        'e:name'
        """
        return next(
            (f"{name}:{iri[len(space) :]}" for space, name in self._known if iri.startswith(space)), iri
        )


async def list_questions(desk: Desk, operations: Operations, taken: ListArguments) -> Document:
    """The published queries."""
    words = taken.words.casefold().split()
    listed = []
    for name, operation in operations.items():
        query = operation.query
        texts = " ".join((name, *query.title.values(), *query.description.values())).casefold()
        if (operation.table and not taken.tables) or not all(word in texts for word in words):
            continue
        listed.append({
            "name": name,
            "title": said(query.title, taken.lang),
            "description": said(query.description, taken.lang),
            "parameters": [parameter(p, taken.lang) for p in operation.parameters.values()],
            "address": f"{desk.root}/api/{name}",
        })  # fmt: skip
    return {"questions": listed}


def parameter(described: QueryField, language: str) -> Document:
    """A parameter of a question, as it is listed."""
    about = {"name": described.name, "type": described.type, "default": described.default}
    return {**about, "description": said(described.description, language)}


async def ask(desk: Desk, operations: Operations, taken: AskArguments) -> Document:
    """The answer of a published query."""
    if taken.name not in operations:
        raise ToolError(f"there is no question {taken.name!r}; list_questions lists those that there are")
    if operations[taken.name].graph:
        raise ToolError(f"{taken.name} gives triples: fetch {desk.root}/api/{taken.name}.ttl")
    if unknown := taken.parameters.keys() - operations[taken.name].parameters.keys():
        known = ", ".join(operations[taken.name].parameters) or "none"
        raise ToolError(f"{taken.name} has no parameter {', '.join(sorted(unknown))}; it has: {known}")
    values = {n: str(v).lower() if isinstance(v, bool) else str(v) for n, v in taken.parameters.items()}
    window = {"limit": str(taken.limit), "page": str(taken.page)}
    found = await desk.document(f"/api/{taken.name}.json", **values, **window)
    counts = {name: found[name] for name in ("total", "page", "pages")}
    rows = found["rows"]
    return {"name": taken.name, **counts, "rows": rows, "sources": await desk.read_from(values_of(rows))}


async def sparql(desk: Desk, operations: Operations, taken: SparqlArguments) -> Document:
    """The rows of a query."""
    if scan(taken.query).is_graph:
        raise ToolError("the query gives triples: write it as SELECT, or ask for a thing with describe")
    rows = await desk.rows(taken.query)
    return {"rows": rows, "sources": await desk.read_from(values_of(rows))}


NOTHING = (
    "no figure has all these values: search finds the IRIs of services and indicators, list_questions what "
    "else can be asked; what the maps do not print is not here"
)


async def figures(desk: Desk, operations: Operations, taken: FiguresArguments) -> Document:
    """Yearly figures, each with what it takes not to misread it; or what comes of them where it may."""
    asked = {
        "service": taken.service,
        "indicator": await indicators_of(desk, taken.indicator),
        "municipality": taken.municipality.casefold(),
        "table": taken.table,
        "unit": taken.unit,
        "year": ",".join(map(str, taken.years)),
        "by": ",".join(taken.by),
        "measure": taken.measure or "",
        "limit": str(taken.limit),
        "page": str(taken.page),
        "format": "json",
    }
    if taken.indicator and not asked["indicator"]:
        return {"total": 0, "page": 1, "pages": 1, "rows": [], "note": NOTHING, "sources": []}
    found = await desk.document("/api/figures", **{name: value for name, value in asked.items() if value})
    rows = [{name: value for name, value in row.items() if value not in ABSENT} for row in found["rows"]]
    counts = {name: found[name] for name in ("total", "page", "pages", "repeated", "missing")}
    read_from = await desk.read_from(row.get("observation") for row in rows)
    return {**counts, "rows": rows, **({} if rows else {"note": NOTHING}), "sources": read_from}


async def indicators_of(desk: Desk, indicator: str) -> str:
    """The indicators that an IRI or words mean, with commas between them.

    Raises:
        ToolError: they are too many.
    """
    if not indicator or is_iri(indicator):
        return indicator
    rows = await desk.rows(questions.indicators(desk.iris.base, indicator, MOST + 1))
    if len(rows) > MOST:
        raise ToolError(
            f"more than {MOST} indicators match {indicator!r}: give more words, or an IRI of search"
        )
    return ",".join(row["indicator"] for row in rows)


TOOLS = {
    tool.name: tool
    for tool in (
        Tool(
            "search",
            "Search",
            "Finds services, user segments, indicators, providers, places and other things by words of their "
            "Italian or English texts. Start here to get the IRI of what somebody asks about.",
            SearchArguments,
            search,
        ),
        Tool(
            "describe",
            "Describe a resource",
            "Everything that is stated of one thing (a service, provider, indicator, figure, concept, class, "
            "property), what points at it, and the lines of the document that it was read from.",
            DescribeArguments,
            describe,
        ),
        Tool(
            "list_questions",
            "List the published questions",
            "The published questions, each with title, description and typed parameters: reviewed queries "
            "that avoid the traps of the data. Look here before writing SPARQL.",
            ListArguments,
            list_questions,
        ),
        Tool(
            "ask_question",
            "Answer a published question",
            "The rows that answer one of the published questions, with parameters, in pages.",
            AskArguments,
            ask,
        ),
        Tool(
            "figures",
            "Yearly figures",
            "Yearly figures of outputs and users by service, indicator, municipality and years. value is the "
            "number, raw the text as printed; a row without value is a figure that the source does not know. "
            "To add up, compare or rank, give `by` and `measure`: what may not be added up (totals with "
            "their parts, rows that repeat others, stocks over years, unlike units) is left out or refused, "
            "with what to ask instead. Users of different rows may be the same people.",
            FiguresArguments,
            figures,
        ),
        Tool(
            "sparql",
            "Run SPARQL",
            "Runs a SELECT or ASK query on all data, with the limits of the public endpoint; what is wrong "
            "with a query is explained. Every resource has exactly one l0:name, in Italian: join on it for "
            'labels. Use LIMIT. mds:matches(?x, "words") finds by words.',
            SparqlArguments,
            sparql,
        ),
    )
}  # fmt: skip
