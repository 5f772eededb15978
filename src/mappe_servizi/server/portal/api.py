"""``/api/{name}``: each published query as an operation with typed parameters and pages."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize
from starlette.requests import Request
from starlette.responses import Response

from mappe_servizi.errors import InputError, MappeError
from mappe_servizi.queries import Described, PublishedQuery, read_queries, with_filters, with_values
from mappe_servizi.query.formats import JSON_LD, TURTLE
from mappe_servizi.query.scan import scan
from mappe_servizi.server.conditional import caching
from mappe_servizi.server.front import Exchange
from mappe_servizi.server.iris import Iris
from mappe_servizi.server.negotiation import choose
from mappe_servizi.server.problems import Problem, not_found
from mappe_servizi.server.reading import Row, Term, ask, parse_rows
from mappe_servizi.server.site import Site

DIRECTORIES = ("examples", "tables")
LIMIT, MAX_LIMIT, MAX_OFFSET = 1000, 10_000, 1_000_000
PAGING = ("limit", "page", "lang")
OWN_LIMIT = re.compile(r"\b(?:LIMIT|OFFSET)\s+\d+\s*(?:#[^\n]*\s*)*$", re.IGNORECASE)
XSD = "http://www.w3.org/2001/XMLSchema#"
NUMBERS = {f"{XSD}integer": int, f"{XSD}decimal": float, f"{XSD}double": float}
ROWS = {"json": "application/json", "csv": "text/csv", "ttl": "text/turtle"}
GRAPH = {"ttl": "text/turtle", "jsonld": "application/ld+json"}


@dataclass(frozen=True, slots=True)
class Operation:
    """A published query as it is offered.

    Attributes:
        parameters: those of its comments, or, for a table, its columns: they filter its rows.
        graph: whether it gives triples.
        paged: whether LIMIT and OFFSET may be put after it.
    """

    query: PublishedQuery
    table: bool
    parameters: Mapping[str, Described]
    graph: bool
    paged: bool

    @property
    def formats(self) -> Mapping[str, str]:
        """Suffix to media type of what it gives."""
        return GRAPH if self.graph else ROWS

    def text(self, values: Mapping[str, str]) -> str:
        """The query with its parameters bound.

        Raises:
            MappeError: a parameter is unknown, or its value is not of its type.
        """
        if not self.table:
            return with_values(self.query.text, self.query.bind(values))
        terms = {}
        for name, value in values.items():
            if name not in self.parameters:
                known = ", ".join(self.parameters)
                raise MappeError(f"the table {self.query.name} has no column {name!r}; it has: {known}")
            terms[name] = self.parameters[name].term(value)
        return with_filters(self.query.text, terms)


def read_operations(queries: Path, base: str) -> dict[str, Operation]:
    """The operations by name, the examples first.

    Raises:
        InputError: a query's comments are not understood, or one of its names is taken.
    """
    found: dict[str, Operation] = {}
    for directory in DIRECTORIES:
        for name, query in read_queries(queries / directory, base).items():
            table, graph = directory == "tables", scan(query.text).is_graph
            parameters = {n: _filter(c) for n, c in query.columns.items()} if table else query.parameters
            if taken := parameters.keys() & set(PAGING):
                said = f"{', '.join(sorted(taken))}: the name is one of the API's own parameters"
                raise InputError(said, file=queries / directory / f"{name}.rq")
            paged = not graph and not OWN_LIMIT.search(query.text.rstrip())
            found.setdefault(name, Operation(query, table, parameters, graph, paged))
    return found


def _filter(column: Described) -> Described:
    """A column as a parameter: one of addresses takes an IRI."""
    type_ = "iri" if column.type == "anyURI" else column.type
    return Described(column.name, type_, None, column.description)


class Api:
    """The handlers of the operations."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._operations: dict[str, dict[str, Operation]] = {}

    def operations(self, base: str) -> dict[str, Operation]:
        """The operations under a release's base, read once."""
        if base not in self._operations:
            self._operations[base] = read_operations(self.site.settings.queries, base)
        return self._operations[base]

    async def call(self, request: Request) -> Response:
        """``/api/{name}``, with ``.csv``, ``.json``, ``.ttl`` or by content negotiation."""
        exchange: Exchange = request.scope["mappe"]
        exchange.route = "api"
        name, _, suffix = request.path_params["name"].partition(".")
        operation = self.operations(exchange.snapshot.iris.base).get(name)
        if operation is None:
            raise not_found(f"there is no operation {name!r}; /api/ lists those that there are")
        format_ = suffix or self._negotiate(exchange, operation)
        if format_ not in operation.formats:
            raise not_found(f"{name} is offered as {', '.join(operation.formats)}")
        values = _single(request)
        limit, page = _paging(values)
        try:
            text = operation.text({n: v for n, v in values.items() if n not in PAGING})
        except MappeError as error:
            raise Problem(400, "bad-request", str(error)) from error
        tag = exchange.snapshot.tag("api", name, format_, json.dumps(values, sort_keys=True))
        headers = {k.decode(): v.decode() for k, v in caching(tag, self.site.settings.max_age)}
        if operation.graph:
            result = await ask(request, text, TURTLE if format_ == "ttl" else JSON_LD)
            return Response(result.body, headers=headers, media_type=operation.formats[format_])
        offset = (page - 1) * limit
        if operation.paged:
            text = f"{text}\nLIMIT {limit + 1} OFFSET {offset}"
        body = (await ask(request, text)).body
        rows, columns = parse_rows(body), json.loads(body)["head"]["vars"]
        rows = rows if operation.paged else rows[offset : offset + limit + 1]
        if page > 1 and not rows:
            raise not_found(f"{name} has no page {page}")
        links = _links(request, exchange.snapshot.iris, page, more=len(rows) > limit)
        if links:
            headers["link"] = ", ".join(f'<{url}>; rel="{rel}"' for rel, url in links.items())
        table = f"{exchange.snapshot.iris.base}csv/{name}.csv"
        written = write(columns, rows[:limit], format_, table, links)
        media = operation.formats[format_]
        if format_ == "csv":
            headers["content-disposition"] = f'inline; filename="{name}.csv"'
            media += "; charset=utf-8; header=present"
        return Response(written, headers=headers, media_type=media)

    @staticmethod
    def _negotiate(exchange: Exchange, operation: Operation) -> str:
        offers = list(operation.formats.items())
        index = choose(exchange.get(b"accept"), [media for _, media in offers])
        if index is None:
            raise Problem(
                406, "not-acceptable", f"this is offered as {', '.join(operation.formats.values())}"
            )
        return offers[index][0]


def _single(request: Request) -> dict[str, str]:
    """The parameters of a request.

    Raises:
        Problem: one is given more than once.
    """
    values: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in values:
            raise Problem(400, "bad-request", f"the parameter {name} is given more than once")
        values[name] = value
    return values


def _paging(values: Mapping[str, str]) -> tuple[int, int]:
    """The rows of a page, and its number from 1.

    Raises:
        Problem: one of them is no such number.
    """
    found = []
    for name, default, most in (("limit", LIMIT, MAX_LIMIT), ("page", 1, MAX_OFFSET)):
        text = values.get(name, str(default))
        if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= most):
            raise Problem(400, "bad-request", f"{name} must be a number from 1 to {most}")
        found.append(int(text))
    return found[0], found[1]


def _links(request: Request, iris: Iris, page: int, *, more: bool) -> dict[str, str]:
    """The addresses of the pages beside this one."""

    def address(number: int) -> str:
        query = urlencode({**request.query_params, "page": number})
        return f"{iris.prefix}{request.scope['path']}?{query}"

    links = {"prev": address(page - 1)} if page > 1 else {}
    return links | ({"next": address(page + 1)} if more else {})


def write(
    columns: Sequence[str], rows: Sequence[Row], format_: str, table: str, links: Mapping[str, str]
) -> bytes:
    """Rows as JSON objects, as CSV, or as RDF: CSV on the Web, minimal mode, of the table at an address."""
    if format_ == "json":
        plain = [{column: _plain(row[column]) for column in columns if column in row} for row in rows]
        return json.dumps({"rows": plain, "links": links}, ensure_ascii=False).encode()
    if format_ == "csv":
        output = io.StringIO()
        writer = csv.writer(output)
        writer.writerow(columns)
        writer.writerows([row[c].value if c in row else "" for c in columns] for row in rows)
        return output.getvalue().encode()
    triples = (
        Triple(BlankNode(f"row{number}"), NamedNode(f"{table}#{column}"), _node(term))
        for number, row in enumerate(rows, start=1)
        for column, term in row.items()
    )
    return serialize(triples, format=RdfFormat.TURTLE) or b""


def _plain(term: Term) -> object:
    if term.datatype == f"{XSD}boolean":
        return term.value in {"true", "1"}
    return NUMBERS[term.datatype](term.value) if term.datatype in NUMBERS else term.value


def _node(term: Term) -> NamedNode | Literal:
    if term.kind == "uri":
        return NamedNode(term.value)
    if term.language:
        return Literal(term.value, language=term.language)
    return Literal(term.value, datatype=NamedNode(term.datatype)) if term.datatype else Literal(term.value)
