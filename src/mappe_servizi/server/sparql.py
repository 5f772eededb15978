"""The SPARQL 1.1 protocol: https://www.w3.org/TR/sparql11-protocol/, and QUERY (RFC 10008 draft)."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Receive, Scope, Send

from mappe_servizi.query.engine import Job, Result
from mappe_servizi.query.errors import QueryError
from mappe_servizi.query.formats import BOOLEANS, BY_NAME, GRAPHS, SOLUTIONS, Format
from mappe_servizi.query.scan import Form, Scan, allowed, scan
from mappe_servizi.server.cache import Headers
from mappe_servizi.server.clients import ClientGone, CutResponseError, WhileConnected, client_key, read_body
from mappe_servizi.server.conditional import caching, matching, weak
from mappe_servizi.server.front import VARY, Exchange
from mappe_servizi.server.logs import query_hash
from mappe_servizi.server.negotiation import choose
from mappe_servizi.server.problems import Problem, from_query_error
from mappe_servizi.server.site import Site

QUERY_TYPE, UPDATE_TYPE = "application/sparql-query", "application/sparql-update"
FORM_TYPE = "application/x-www-form-urlencoded"
ALLOW = "GET, HEAD, POST, QUERY, OPTIONS"
MAX_FIELDS = 64
KNOWN = {*BY_NAME, "n3", "rdf+xml", "rdf-xml", "json-ld"} | {
    media for f in (*SOLUTIONS, *GRAPHS) for media in (f.media, *f.aliases)
}
"""What the parameter ``format`` may say: our names, those of client libraries, media types."""
SEARCH_GONE = (
    'the parameter search is no more: write FILTER(mds:matches(?x, "asilo nido")) in the query, and '
    'ORDER BY DESC(mds:relevance(?x, "asilo nido")) for the best first'
)
WAIT = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?(\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Operation:
    """What a request asks for: the parameters of the protocol's query operation."""

    query: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format: str | None
    timeout: str | None


class SparqlEndpoint:
    """The ASGI application of ``/sparql``."""

    def __init__(self, site: Site, description: ASGIApp) -> None:
        self.site, self.description = site, description

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        exchange: Exchange = scope["mappe"]
        exchange.route = "sparql"
        try:
            await self._answer(scope, receive, send, exchange)
        except Problem as problem:
            await problem.response()(scope, receive, send)
        except QueryError as error:
            self.site.metrics.failures.labels(error.kind).inc()
            await from_query_error(error).response()(scope, receive, send)
        except ClientGone:
            self.site.metrics.gone.inc()

    async def _answer(self, scope: Scope, receive: Receive, send: Send, exchange: Exchange) -> None:
        operation = await self._operation(scope, receive, exchange)
        if operation.query is None:
            await self.description(scope, receive, send)
            return
        found = scan(operation.query)
        exchange.query = query_hash(operation.query)
        self._refuse(found)
        format_, content_type = negotiate(found.form, operation.format, exchange.get(b"accept"))
        seconds = wished_seconds(operation.timeout, exchange.get(b"prefer"))
        headers = [(b"content-type", content_type.encode()), (b"x-robots-tag", b"noindex")]
        tag = None
        if not found.volatile and scope["method"] in {"GET", "HEAD"}:
            tag = exchange.snapshot.tag(
                operation.query, *operation.default_graphs, "", *operation.named_graphs, "", format_.name
            )
            tag = weak(tag) if tag and found.fresh else tag
        headers += caching(tag, self.site.settings.max_age)
        if exchange.get(b"prefer") and seconds is not None:
            headers = applied(headers, seconds)
        condition = exchange.get(b"if-none-match")
        # "*" stands for any result, and whether there is one is known after the evaluation only.
        if tag and (condition or "").strip() != "*" and (known := matching(condition, tag)):
            await not_modified(send, headers, known)
            return
        job = Job(
            operation.query,
            format_,
            client_key(scope),
            operation.default_graphs,
            operation.named_graphs,
            seconds,
            bool(found.services),
        )
        async with WhileConnected(receive):
            result = await exchange.snapshot.engine.run(job)
            exchange.cost = result.cost
            if result.stream is not None and tag and (known := matching(condition, tag)):
                await result.stream.aclose()
                await not_modified(send, headers, known)
                return
            await respond(scope, send, result, headers, format_)

    async def _operation(self, scope: Scope, receive: Receive, exchange: Exchange) -> Operation:
        method = scope["method"]
        fields = parse_form(scope["query_string"])
        if method in {"GET", "HEAD"}:
            return operation(fields)
        if method not in {"POST", "QUERY"}:
            raise Problem(405, "method-not-allowed", f"{method} is not for queries", {"allow": ALLOW})
        media = content_type(exchange.get(b"content-type"))
        body = await read_body(receive, self.site.settings.request_limit << 10)
        if media == FORM_TYPE and method == "POST":
            if any(name == "query" for name, _ in fields):
                raise Problem(400, "bad-request", "the query stands in the URL and in the body")
            return operation([*fields, *parse_form(body)], required=True)
        if media == QUERY_TYPE:
            return operation([*fields, ("query", text(body))], required=True)
        if media == UPDATE_TYPE:
            return operation([("update", text(body))])
        taken = QUERY_TYPE if method == "QUERY" else f"{QUERY_TYPE} or {FORM_TYPE}"
        raise Problem(
            415, "unsupported-media-type", f"the body must be {taken}", {"accept-query": QUERY_TYPE}
        )

    def _refuse(self, found: Scan) -> None:
        """Refuse what no engine gets to see.

        Raises:
            Problem: the text is an update, or names a service that is not allowed.
        """
        if found.form == "UPDATE":
            raise refused_update()
        for target in found.services:
            if not allowed(target, self.site.settings.service_allow):
                named = f"{target!r} is" if target else "variables and abbreviated IRIs are"
                raise Problem(400, "service-refused", f"{named} not on the list of allowed services")


def refused_update() -> Problem:
    """The answer to SPARQL Update."""
    return Problem(403, "update-refused", "this endpoint answers queries; the data change by releases only")


def text(data: bytes) -> str:
    """UTF-8 text of a request.

    Raises:
        Problem: it is not UTF-8.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Problem(400, "bad-request", "the query is not UTF-8") from None


def parse_form(data: bytes) -> list[tuple[str, str]]:
    """The fields of a query string or form.

    Raises:
        Problem: it is not UTF-8, or has too many fields.
    """
    try:
        return parse_qsl(
            data.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS
        )
    except UnicodeDecodeError:
        raise Problem(400, "bad-request", "the parameters are not UTF-8") from None
    except ValueError:
        raise Problem(400, "bad-request", f"there are more than {MAX_FIELDS} parameters") from None


def content_type(value: str | None) -> str:
    """The media type of a request's body.

    Raises:
        Problem: its charset is not UTF-8.
    """
    media, *parameters = (value or "").lower().split(";")
    for parameter in parameters:
        name, _, charset = parameter.strip().partition("=")
        if name == "charset" and charset.strip('" ') not in {"utf-8", "utf8"}:
            raise Problem(415, "unsupported-media-type", "the body must be UTF-8")
    return media.strip()


def operation(fields: list[tuple[str, str]], *, required: bool = False) -> Operation:
    """The operation that the parameters ask for.

    Raises:
        Problem: they ask for an update, for two queries, or for none where one must be.
    """
    if any(name == "update" for name, _ in fields):
        raise refused_update()
    queries = [value for name, value in fields if name == "query"]
    if len(queries) > 1 or (required and not queries):
        raise Problem(400, "bad-request", f"there must be one query, not {len(queries)}")
    single = dict(fields)
    if "search" in single:
        raise Problem(400, "bad-request", SEARCH_GONE)
    return Operation(
        # Editors put a byte order mark before a text; it says nothing.
        queries[0].removeprefix("\ufeff") if queries else None,
        graph_names(fields, "default-graph-uri"),
        graph_names(fields, "named-graph-uri"),
        single.get("format"),
        single.get("timeout"),
    )


def graph_names(fields: list[tuple[str, str]], parameter: str) -> tuple[str, ...]:
    """The graphs that a parameter names. Forms send an empty one where nobody filled it in.

    Raises:
        Problem: one is not an absolute IRI.
    """
    names = tuple(value for name, value in fields if name == parameter and value)
    for name in names:
        if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*$", name):
            raise Problem(400, "bad-request", f"{parameter} must be an absolute IRI, not {name!r}")
    return names


@lru_cache(maxsize=1024)
def negotiate(form: Form, wished: str | None, accept: str | None) -> tuple[Format, str]:
    """The format of a result, and its content type as the client calls it.

    A ``format`` parameter that names a format of this kind of result wins over Accept;
    names of the other kind and those that client libraries send to every server are passed over.
    A client that accepts only what another kind of query gives (rdflib and roqet ask every query
    alike) gets the format that it would get if it had not said anything; a true or false is no
    table, and clients that read one as CSV take it for false.

    Raises:
        Problem: there is no such format, or the client accepts none of the formats.
    """
    formats = GRAPHS if form in {"CONSTRUCT", "DESCRIBE"} else SOLUTIONS
    if wished and (named := BY_NAME.get(wished.lower())) in formats:
        assert named is not None
        return named, named.content_type
    # SPARQLWrapper sends all names of a format that it knows, with commas between them.
    if wished and KNOWN.isdisjoint(name.strip() for name in wished.lower().split(",")):
        raise Problem(400, "bad-request", f"format must be one of {', '.join(BY_NAME)}, not {wished!r}")
    offers = offered(BOOLEANS if form == "ASK" else formats)
    index = choose(accept, [media for _, media in offers])
    if index is None and choose(accept, [media for _, media in offered((*SOLUTIONS, *GRAPHS))]) is None:
        known = ", ".join(f.media for f in formats)
        raise Problem(406, "not-acceptable", f"this query's results are offered as {known}")
    return offers[index or 0]


def offered(formats: tuple[Format, ...]) -> list[tuple[Format, str]]:
    """Formats by each of their media types, the registered ones first."""
    offers = [(f, f.content_type) for f in formats]
    return offers + [(f, alias) for f in formats for alias in f.aliases]


def applied(headers: Headers, seconds: float) -> Headers:
    """The header fields of an answer that a preference of the client's had its part in: for it alone."""
    mine = [(k, v.replace(b"public", b"private")) for k, v in headers]
    told = (b"preference-applied", f"wait={math.floor(seconds)}".encode())
    return [*mine, told, (b"vary", VARY[1] + b", Prefer")]


async def not_modified(send: Send, headers: Headers, tag: str) -> None:
    """Tell the client that it has this result already."""
    fields = [(k, v) for k, v in headers if k != b"etag"] + [(b"etag", tag.encode())]
    await send({"type": "http.response.start", "status": 304, "headers": fields})
    await send({"type": "http.response.body", "body": b""})


def wished_seconds(timeout: str | None, prefer: str | None) -> float | None:
    """The deadline that the client wishes (RFC 7240 ``wait``, or a parameter), None for any.

    Raises:
        Problem: the parameter is not a positive number of seconds.

    >>> wished_seconds(None, "respond-async, wait=5")
    5.0
    """
    if timeout is not None:
        try:
            seconds = float(timeout)
        except ValueError:
            seconds = 0.0
        if not 0 < seconds < math.inf:
            raise Problem(400, "bad-request", "timeout must be a positive number of seconds")
        return seconds
    match = WAIT.search(prefer or "")
    return max(float(match[1]), 0.001) if match else None


async def respond(
    scope: Scope, send: Send, result: Result, headers: list[tuple[bytes, bytes]], format_: Format
) -> None:
    """Send a whole result, or stream one so that it is whole or unreadable.

    Raises:
        QueryError: the stream failed; what was sent is spoilt and the connection is to be cut.
    """
    if result.stream is None:
        headers.append((b"content-length", str(len(result.body)).encode()))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": result.body})
        return
    try:
        await _stream(scope, send, result, headers, format_)
    finally:
        await result.stream.aclose()


async def _stream(
    scope: Scope, send: Send, result: Result, headers: list[tuple[bytes, bytes]], format_: Format
) -> None:
    assert result.stream is not None
    if scope["http_version"] == "1.0":
        raise Problem(507, "result-too-large", "a result of this size is streamed, which needs HTTP/1.1")
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    if scope["method"] == "HEAD":
        await send({"type": "http.response.body", "body": b""})
        return
    body = result.body
    try:
        async for chunk in result.stream:
            await send({"type": "http.response.body", "body": body, "more_body": True})
            body = chunk
    except QueryError as error:
        # The last chunk is not sent on, nor is what it has in common with a finished result.
        spoilt = body[: body.rfind(b"\n", 0, len(body) - 1) + 1] + format_.spoil
        await send({"type": "http.response.body", "body": spoilt, "more_body": True})
        raise CutResponseError(error.detail) from error
    await send({"type": "http.response.body", "body": body})
