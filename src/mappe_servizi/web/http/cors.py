"""Cross-origin requests: every answer may be read by any site's programs, and none has credentials."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import ASGIApp, Receive, Scope, Send

from mappe_servizi.web.http.security import ALWAYS
from mappe_servizi.web.served.cache import Headers

READABLE: Headers = [
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"Accept-Query, Accept-Ranges, Allow, Content-Disposition, Content-Encoding, Content-Range, Date, "
        b"ETag, Link, Location, Preference-Applied, Retry-After, Server, Vary, X-Robots-Tag",
    ),
]
PREFLIGHT: Headers = [
    # What browsers' programs may send: a list, since a wildcard would let any page that a person in a
    # municipality's network visits forge the fields by which proxies tell who somebody is (Forwarded, ...).
    (b"access-control-allow-methods", b"GET, HEAD, POST, QUERY, OPTIONS"),
    (
        b"access-control-allow-headers",
        b"Accept, Accept-Datetime, Accept-Language, Accept-Profile, Api-User-Agent, Authorization, "
        b"Cache-Control, Content-Language, Content-Type, DNT, If-Match, If-Modified-Since, If-None-Match, "
        b"If-Range, If-Unmodified-Since, Last-Event-ID, Mcp-Method, Mcp-Name, MCP-Protocol-Version, "
        b"Mcp-Session-Id, Pragma, Prefer, Priority, Range, Save-Data, "
        b"traceparent, tracestate, User-Agent, X-Request-ID, X-Requested-With",
    ),
    (b"access-control-max-age", b"86400"),
]
ALLOW: Headers = [(b"allow", b"GET, HEAD, OPTIONS")]


class Preflight:
    """Answers OPTIONS.

    Attributes:
        app: answers other methods.
        allowing: the fields about methods of paths that take others than pages do.
    """

    def __init__(self, app: ASGIApp, allowing: Mapping[str, Headers]) -> None:
        self.app, self.allowing = app, allowing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        if scope["method"] != "OPTIONS":
            await self.app(scope, receive, send)
            return
        headers = [*READABLE, *ALWAYS, *PREFLIGHT, *self.allowing.get(scope["path"].rstrip("/"), ALLOW)]
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
