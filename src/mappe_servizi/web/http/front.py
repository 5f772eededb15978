"""What every request passes first: cache, conditional requests, codings, headers, metrics, log.

A hit is answered here, before the framework sees the request.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from mappe_servizi import formats
from mappe_servizi.errors import MappeError
from mappe_servizi.web.http import codings
from mappe_servizi.web.http.cache import Entry, Headers, Key
from mappe_servizi.web.http.clients import ClientGone, CutResponseError
from mappe_servizi.web.http.conditions import encoded_tag, not_modified
from mappe_servizi.web.http.fields import FIELD_BYTES, joined, too_large
from mappe_servizi.web.http.logs import logger
from mappe_servizi.web.http.problems import Problem
from mappe_servizi.web.http.unread import PIECE, Held

if TYPE_CHECKING:
    from mappe_servizi.web.served.state import Site, Snapshot

HTML = formats.HTML.media.encode()
ALWAYS: Headers = [
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"Accept-Query, Accept-Ranges, Allow, Content-Disposition, Content-Encoding, Content-Range, Date, "
        b"ETag, Link, Location, Preference-Applied, Retry-After, Server, Vary, X-Robots-Tag",
    ),
    (b"x-content-type-options", b"nosniff"),
]
PAGES: Headers = [
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        b"font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
]
FRAMED: Headers = [
    (name, value.replace(b"frame-ancestors 'none'", b"frame-ancestors *"))
    for name, value in PAGES
    if name != b"x-frame-options"
]
"""A page that other sites show in a frame."""
PREFLIGHT: Headers = [
    # What browsers' programs may send: a list, since a wildcard would let any page that a person in a
    # municipality's network visits forge the fields by which proxies tell who somebody is (Forwarded, ...).
    (b"access-control-allow-methods", b"GET, HEAD, POST, QUERY, OPTIONS"),
    (
        b"access-control-allow-headers",
        b"Accept, Accept-Datetime, Accept-Language, Accept-Profile, Api-User-Agent, Authorization, "
        b"Cache-Control, Content-Language, Content-Type, DNT, If-Match, If-Modified-Since, If-None-Match, "
        b"If-Range, If-Unmodified-Since, Last-Event-ID, Pragma, Prefer, Priority, Range, Save-Data, "
        b"traceparent, tracestate, User-Agent, X-Request-ID, X-Requested-With",
    ),
    (b"access-control-max-age", b"86400"),
]
VARY = (b"vary", b"Accept, Accept-Encoding, Accept-Language")
CONDITIONS = frozenset({b"if-none-match", b"if-modified-since"})
PARAMETER_BYTES = 8 << 10
"""Of the query string of all but the endpoint, which reads it elsewhere."""
KEPT = frozenset({200, 301, 303})
KEPT_BY_304 = frozenset({b"cache-control", b"etag", b"vary", b"link", b"access-control-allow-origin"})


@dataclass(slots=True)
class Exchange:
    """A request's facts, for its handlers (``scope["mappe"]``) and for the log.

    Attributes:
        snapshot: the release that answers it, whatever is published meanwhile.
        fields: the request's header fields, repeated ones joined with a comma.
        route: the name under which it is counted.
        cost: "short" or "long" for one that ran a query.
        query: the hash of its query.
        framed: whether other sites may show the answer in a frame.
    """

    snapshot: Snapshot
    fields: dict[bytes, bytes]
    route: str = "other"
    cost: str = "none"
    query: str = ""
    framed: bool = False
    started: float = field(default_factory=time.perf_counter)

    def get(self, name: bytes) -> str | None:
        """A header field of the request, None where it is absent."""
        value = self.fields.get(name)
        return None if value is None else value.decode("latin-1")


class Front:
    """The outermost ASGI application.

    Attributes:
        app: answers what is not in the cache.
        direct: applications by path that need nothing of the framework's.
        failure: why it could not start.
    """

    def __init__(self, site: Site, app: ASGIApp, direct: Mapping[str, ASGIApp]) -> None:
        self.site, self.app, self.direct = site, app, direct
        self.failure: MappeError | None = None
        self.prefix = site.settings.path_prefix.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._live(scope, receive, send)
            return
        if (raw := self._below(scope["raw_path"])) != scope["raw_path"]:
            scope = {**scope, "raw_path": raw, "path": scope["path"][len(self.prefix) :]}
        fields = joined(scope["headers"])
        method = scope["method"]
        snapshot = self.site.current
        key = None
        if (problem := self._problem(scope, fields)) is not None:
            await self._refuse(problem, scope, receive, send)
            return
        if method in {"GET", "HEAD"}:
            key = cache_key(scope["raw_path"], scope["query_string"], fields)
            if (entry := snapshot.cache.get(key)) is not None:
                self.site.metrics.hit()
                await send_entry(entry, fields, scope, send, self.site.held)
                return
        elif method == "OPTIONS":
            await self._options(scope, send)
            return
        exchange = Exchange(snapshot, fields)
        scope["mappe"] = exchange
        answer = Answer(exchange, key, scope, send, self.site.held)
        with snapshot.in_use():
            await self._run(scope, receive, answer)

    def cached(self, method: bytes, target: bytes, headers: Headers, defaults: Headers) -> bytes | None:
        """A kept response as it goes over the wire, None where there is none."""
        if method not in {b"GET", b"HEAD"} or b"#" in target:
            return None
        fields = joined(headers)
        path, _, query = target.partition(b"?")
        entry = self.site.current.cache.get(cache_key(self._below(path), query, fields))
        if entry is None or len(entry.body) > PIECE:
            return None
        self.site.metrics.hit()
        status, kept, body = conditional(entry, fields, method.decode())
        lines = [b"%s: %s\r\n" % header for header in (*defaults, *kept)]
        return b"".join([STATUS_LINE[status], *lines, b"\r\n", body])

    def _below(self, path: bytes) -> bytes:
        """A path as it is without the prefix, which a proxy may have taken away already."""
        if self.prefix and (path == self.prefix or path.startswith(self.prefix + b"/")):
            return path[len(self.prefix) :]
        return path

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Start and stop; what a user can do something about is told in a sentence, not in a traceback."""

        async def tell(message: Message) -> None:
            failed = self.failure and message["type"] == "lifespan.startup.failed"
            await send({**message, "message": f"cannot start: {self.failure}"} if failed else message)

        await self.app(scope, receive, tell)

    async def _run(self, scope: Scope, receive: Receive, answer: Answer) -> None:
        exchange = answer.exchange
        try:
            app = self.direct.get(scope["path"], self.app)
            await app(scope, receive, answer.send)
        except (ClientGone, ClientDisconnect):
            self.site.metrics.gone.inc()
        except CutResponseError as error:
            logger.warning("response cut", route=exchange.route, reason=str(error))
            raise
        except Exception as error:
            if not answer.started:
                problem = Problem(500, "internal-error", "the server made a mistake")
                await problem.response()(scope, receive, answer.send)
            elif not answer.complete:
                # The connection is cut, so that nobody takes what was sent for the whole.
                logger.warning("response cut", route=exchange.route, reason=str(error))
                raise
            logger.exception("error", route=exchange.route, path=scope["path"])
        finally:
            seconds = time.perf_counter() - exchange.started
            self.site.metrics.misses.inc()
            self.site.metrics.answered(exchange.route, answer.status, exchange.cost, seconds)
            logger.info(
                "request",
                method=scope["method"],
                route=exchange.route,
                path=scope["path"],
                status=answer.status,
                seconds=round(seconds, 4),
                bytes=answer.bytes,
                cost=exchange.cost,
                query=exchange.query,
            )

    def _problem(self, scope: Scope, fields: Mapping[bytes, bytes]) -> Problem | None:
        """What is larger than what is parsed may be."""
        if (name := too_large(fields)) is not None:
            return Problem(431, "fields-too-large", f"the field {name} may have {FIELD_BYTES} bytes at most")
        if len(scope["query_string"]) > PARAMETER_BYTES and scope["path"] not in self.direct:
            detail = f"the parameters of an address may have {PARAMETER_BYTES} bytes at most"
            return Problem(414, "uri-too-long", detail)
        return None

    async def _refuse(self, problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
        scope["mappe"] = exchange = Exchange(self.site.current, {})
        answer = Answer(exchange, None, scope, send, self.site.held)
        await problem.response()(scope, receive, answer.send)

    async def _options(self, scope: Scope, send: Send) -> None:
        allow = b"GET, HEAD, OPTIONS"
        extra: Headers = []
        if scope["path"].rstrip("/") == "/sparql":
            allow = b"GET, HEAD, POST, QUERY, OPTIONS"
            extra = [(b"accept-query", b"application/sparql-query")]
        headers = [*ALWAYS, *PREFLIGHT, (b"allow", allow), *extra]
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


def cache_key(path: bytes, query: bytes, fields: dict[bytes, bytes]) -> Key:
    """What a kept response is found by: the target and what it was negotiated by."""
    return (
        path,
        query,
        fields.get(b"accept", b""),
        fields.get(b"accept-encoding", b""),
        fields.get(b"accept-language", b""),
    )


def conditional(entry: Entry, fields: Mapping[bytes, bytes], method: str) -> tuple[int, Headers, bytes]:
    """Status, fields and body of a whole response: as it is, without its body, or not modified."""
    if entry.etag and not CONDITIONS.isdisjoint(fields):
        modified = dict(entry.headers).get(b"last-modified", b"").decode("latin-1")
        if not_modified(fields, entry.etag, modified):
            return 304, [h for h in entry.headers if h[0] in KEPT_BY_304], b""
    return entry.status, entry.headers, b"" if method == "HEAD" else entry.body


async def send_entry(
    entry: Entry, fields: Mapping[bytes, bytes], scope: Scope, send: Send, held: Held
) -> None:
    """Answer with a whole response."""
    status, headers, body = conditional(entry, fields, scope["method"])
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await held.send(body, scope, send)


class Answer:
    """A response on its way out: encoded, tagged, kept if it may be."""

    def __init__(self, exchange: Exchange, key: Key | None, scope: Scope, send: Send, held: Held) -> None:
        self.exchange, self.key, self.method = exchange, key, scope["method"]
        self.started, self.complete, self.status, self.bytes = False, False, 0, 0
        self._scope, self._send, self._held = scope, send, held
        self._start: Message = {}
        self._compressor: codings.Compressor | None = None

    async def send(self, message: Message) -> None:
        """Take a message of the inner application."""
        if message["type"] == "http.response.start":
            self._start, self.status = message, message["status"]
        elif message["type"] == "http.response.body":
            body = message.get("body", b"")
            self.bytes += len(body)
            more = message.get("more_body", False)
            self.complete = not more
            if self.started:
                await self._continue(body, more)
            elif more:
                await self._begin(body)
            else:
                await self._whole(body)
        else:
            await self._send(message)

    def _encoding(self, headers: dict[bytes, bytes], size: int | None) -> str:
        if self.status == 206 or b"content-encoding" in headers:
            return "identity"
        media = headers.get(b"content-type", b"")
        return codings.choose(self.exchange.get(b"accept-encoding"), media, size)

    def _headers(self, headers: dict[bytes, bytes]) -> Headers:
        html = headers.get(b"content-type", b"").startswith(HTML)
        named = headers.keys()
        pages = FRAMED if self.exchange.framed and self.status == 200 else PAGES
        extra = [*ALWAYS, VARY, *(pages if html else ())]
        return [*headers.items(), *(h for h in extra if h[0] not in named)]

    async def _whole(self, body: bytes) -> None:
        headers = joined(self._start["headers"])
        coding = self._encoding(headers, len(body)) if body else "identity"
        tag = headers.get(b"etag", b"").decode("latin-1")
        if coding != "identity":
            compress = codings.compress
            big = len(body) > 1 << 18
            body = await asyncio.to_thread(compress, body, coding) if big else compress(body, coding)
            headers[b"content-encoding"] = coding.encode()
            headers[b"content-length"] = str(len(body)).encode()
            if tag:
                tag = encoded_tag(tag, coding)
                headers[b"etag"] = tag.encode("latin-1")
        entry = Entry(self.status, self._headers(headers), body, tag, self.exchange.route)
        self.started = True
        public = headers.get(b"cache-control", b"").startswith(b"public")
        if public and self.status in KEPT and self.key is not None and self.method == "GET":
            self.exchange.snapshot.cache.put(self.key, entry)
        await send_entry(entry, self.exchange.fields, self._scope, self._send, self._held)

    async def _begin(self, body: bytes) -> None:
        headers = joined(self._start["headers"])
        coding = self._encoding(headers, None)
        if coding != "identity":
            self._compressor = codings.compressor(coding)
            headers.pop(b"content-length", None)
            headers[b"content-encoding"] = coding.encode()
            if b"etag" in headers:
                headers[b"etag"] = encoded_tag(headers[b"etag"].decode("latin-1"), coding).encode()
        self.started = True
        await self._send({**self._start, "headers": self._headers(headers)})
        await self._continue(body, more=True)

    async def _continue(self, body: bytes, more: bool) -> None:
        if self._compressor is not None:
            body = self._compressor.compress(body) + (b"" if more else self._compressor.flush())
        if body or not more:
            await self._send({"type": "http.response.body", "body": body, "more_body": more})
