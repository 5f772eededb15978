"""The SPARQL 1.1 protocol: https://www.w3.org/TR/sparql11-protocol/, and QUERY (RFC 10008 draft)."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from mappe_servizi.formats import FORM, SPARQL_QUERY, SPARQL_UPDATE
from mappe_servizi.query.engine import Job, Result
from mappe_servizi.query.errors import QueryError
from mappe_servizi.query.examination import SMALL, Fields, parse_form, read_form, read_query
from mappe_servizi.query.formats import BOOLEANS, GRAPHS, SOLUTIONS, Format
from mappe_servizi.query.scan import Form, Scan, allowed, scan
from mappe_servizi.remembered import remembered
from mappe_servizi.web.errors import ClientGone, CutResponseError
from mappe_servizi.web.http.clients import WhileConnected, client_key, read_body
from mappe_servizi.web.http.conditions import caching, matching, weak
from mappe_servizi.web.http.exchange import Exchange, exchange_of
from mappe_servizi.web.http.negotiation import VARY, choose
from mappe_servizi.web.http.offers import Offer, offer, offers, wish
from mappe_servizi.web.http.problems import Problem, from_query_error
from mappe_servizi.web.logs import query_hash
from mappe_servizi.web.served.cache import Headers
from mappe_servizi.web.served.state import ApplicationState

ALLOW = "GET, HEAD, POST, QUERY, OPTIONS"
METHODS: Headers = [(b"allow", ALLOW.encode()), (b"accept-query", SPARQL_QUERY.media.encode())]
"""What OPTIONS tells of the endpoint."""
SEARCH_GONE = (
    'the parameter search is no more: write FILTER(mds:matches(?x, "asilo nido")) in the query, and '
    'ORDER BY DESC(mds:relevance(?x, "asilo nido")) for the best first'
)
WAIT = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?(\d{1,9}(?:\.\d{1,9})?)")
EVERY_MEDIA = [media for _, media in offers((*SOLUTIONS, *GRAPHS))]


@dataclass(frozen=True, slots=True)
class ProtocolRequest:
    """What a request asks for: the parameters of the protocol's query operation."""

    query: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    formats: tuple[str, ...]
    timeout: str | None


class SparqlEndpoint:
    """The ASGI application of ``/sparql``."""

    def __init__(self, state: ApplicationState, description: ASGIApp) -> None:
        self.state, self.description = state, description
        self._limit = state.settings.query_limit << 10

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        exchange = exchange_of(scope)
        exchange.route = "sparql"
        try:
            await self._answer(scope, receive, send, exchange)
        except Problem as problem:
            await problem.response()(scope, receive, send)
        except QueryError as error:
            self.state.metrics.failures.labels(error.kind).inc()
            await from_query_error(error).response()(scope, receive, send)
        except ClientGone:
            self.state.metrics.gone.inc()

    async def _answer(self, scope: Scope, receive: Receive, send: Send, exchange: Exchange) -> None:
        operation = await self._operation(scope, receive, exchange)
        if operation.query is None:
            await self.description(scope, receive, send)
            return
        found = await self._scan(operation.query, scope, receive)
        exchange.query = query_hash(operation.query)
        self._refuse(found)
        format_, content_type = negotiate(found.form, operation.formats, exchange.get(b"accept"))
        seconds = wished_seconds(operation.timeout, exchange.get(b"prefer"))
        headers = [(b"content-type", content_type.encode()), (b"x-robots-tag", b"noindex")]
        tag = None
        if not found.volatile and scope["method"] in {"GET", "HEAD"}:
            tag = exchange.snapshot.tag(
                operation.query, *operation.default_graphs, "", *operation.named_graphs, "", format_.name
            )
            tag = weak(tag) if tag and found.fresh else tag
        headers += caching(tag, self.state.settings.max_age)
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
            scan=found,
        )
        async with WhileConnected(receive):
            result = await exchange.snapshot.engine.run(job)
            exchange.cost = result.cost
            if result.stream is not None and tag and (known := matching(condition, tag)):
                await result.stream.aclose()
                await not_modified(send, headers, known)
                return
            await respond(scope, send, result, headers, format_)

    async def _operation(self, scope: Scope, receive: Receive, exchange: Exchange) -> ProtocolRequest:
        method = scope["method"]
        if method in {"GET", "HEAD"}:
            return operation(await self._fields(scope["query_string"], scope, receive), self._limit)
        if method not in {"POST", "QUERY"}:
            raise Problem(405, "method-not-allowed", f"{method} is not for queries", {"allow": ALLOW})
        media = content_type(exchange.get(b"content-type"))
        body = await read_body(receive, self.state.settings.request_limit << 10)
        fields = await self._fields(scope["query_string"], scope, receive)
        if media == FORM.media and method == "POST":
            if any(name == "query" for name, _ in fields):
                raise Problem(400, "bad-request", "the query stands in the URL and in the body")
            return operation([*fields, *await self._fields(body, scope, receive)], self._limit, required=True)
        if media == SPARQL_QUERY.media:
            return operation([*fields, ("query", text(body))], self._limit, required=True)
        if media == SPARQL_UPDATE.media:
            return operation([("update", text(body))], self._limit)
        taken = SPARQL_QUERY.media if method == "QUERY" else f"{SPARQL_QUERY.media} or {FORM.media}"
        raise Problem(
            415, "unsupported-media-type", f"the body must be {taken}", {"accept-query": SPARQL_QUERY.media}
        )

    async def _fields(self, data: bytes, scope: Scope, receive: Receive) -> Fields:
        if len(data) <= SMALL:
            return parse_form(data)
        async with WhileConnected(receive):
            return await read_form(exchange_of(scope).snapshot.engine, data, client_key(scope))

    async def _scan(self, query: str, scope: Scope, receive: Receive) -> Scan:
        if len(query) <= SMALL:
            return scan(query)
        async with WhileConnected(receive):
            return await read_query(exchange_of(scope).snapshot.engine, query, client_key(scope))

    def _refuse(self, found: Scan) -> None:
        """Refuse what no engine gets to see.

        Raises:
            Problem: the text is an update, or names a service that is not allowed.
        """
        if found.form == "UPDATE":
            raise refused_update()
        for target in found.services:
            if not allowed(target, self.state.settings.service_allow):
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


def operation(fields: list[tuple[str, str]], limit: int, *, required: bool = False) -> ProtocolRequest:
    """The operation that the parameters ask for.

    Raises:
        Problem: they ask for an update, for two queries, or for none where one must be; or the
            query has more bytes than the limit.
    """
    if any(name == "update" for name, _ in fields):
        raise refused_update()
    queries = [value for name, value in fields if name == "query"]
    if len(queries) > 1 or (required and not queries):
        raise Problem(400, "bad-request", f"there must be one query, not {len(queries)}")
    if any(len(query.encode("utf-8", "surrogatepass")) > limit for query in queries):
        raise Problem(413, "content-too-large", f"a query may have {limit} bytes at most")
    single = dict(fields)
    if "search" in single:
        raise Problem(400, "bad-request", SEARCH_GONE)
    return ProtocolRequest(
        # Editors put a byte order mark before a text; it says nothing.
        queries[0].removeprefix("\ufeff") if queries else None,
        graph_names(fields, "default-graph-uri"),
        graph_names(fields, "named-graph-uri"),
        wish(fields),
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


@remembered("formats", 2 << 20, times=2)
def negotiate(form: Form, wished: tuple[str, ...], accept: str | None) -> Offer:
    """The format of a result, and its content type as the client calls it.

    What the parameter ``format`` names wins over Accept. A client that accepts only what another
    kind of query gives (rdflib and roqet ask every query alike) gets the format that it would get
    if it had not said anything; a true or false is no table, and clients that read one as CSV take
    it for false.

    Raises:
        Problem: the client names or accepts none of the formats.
    """
    formats: Sequence[Format] = GRAPHS if form in {"CONSTRUCT", "DESCRIBE"} else SOLUTIONS
    if not wished:
        formats = BOOLEANS if form == "ASK" else formats
        mine = [media for _, media in offers(formats)]
        if choose(accept, mine) is None and choose(accept, EVERY_MEDIA) is not None:
            accept = None
    return offer(formats, wished, accept, "this query's result")


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
