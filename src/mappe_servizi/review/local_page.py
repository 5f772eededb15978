"""What every local page is: served to this machine alone, and to nobody's page but its own."""

from __future__ import annotations

import json
import secrets
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from mappe_servizi.errors import MappeError

HOST = "127.0.0.1"
MAX_BODY = 20_000
TOKEN = "x-review-token"  # noqa: S105 - the name of a header
Handler = Callable[[Request], Awaitable[Response]]


@dataclass(kw_only=True)
class LocalPage:
    """A page and who may ask for it.

    A request must name this machine as its host (a foreign name may be made to lead here) and carry
    the token, which stands only in the address that the command prints: other sites cannot know it.
    """

    port: int
    page_file: str
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    @property
    def address(self) -> str:
        """What the user opens."""
        return f"http://{HOST}:{self.port}/?token={self.token}"

    def kept(self, handler: Handler) -> Handler:
        """A handler that answers to nobody else."""

        async def guarded(request: Request) -> Response:
            given = request.headers.get(TOKEN) or request.query_params.get("token", "")
            hosts = {f"{name}:{self.port}" for name in (HOST, "localhost")}
            if request.headers.get("host") not in hosts or not secrets.compare_digest(
                given.encode(), self.token.encode()
            ):
                return JSONResponse({"error": "open the address that the command printed"}, 403)
            if request.method == "POST" and TOKEN not in request.headers:
                return JSONResponse({"error": "the token must be a header"}, 403)
            response = await handler(request)
            response.headers["cache-control"] = "no-store"
            response.headers["referrer-policy"] = "no-referrer"
            return response

        return guarded

    async def page(self, request: Request) -> Response:
        """The page itself, whose script and style are its own."""
        nonce = secrets.token_urlsafe(12)
        text = files(__package__).joinpath(self.page_file).read_text(encoding="utf-8").replace("NONCE", nonce)
        policy = (
            f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; "
            "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        return HTMLResponse(text, headers={"content-security-policy": policy})


async def body_of(request: Request) -> dict[str, Any]:
    """A request's JSON object; {} where it is none."""
    data = b""
    async for part in request.stream():
        data += part
        if len(data) > MAX_BODY:
            return {}
    try:
        found = json.loads(data)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def run(app: Starlette, port: int, tell: Callable[[], None]) -> None:
    """Serve until the user ends it; ``tell`` says where, once somebody who goes there is answered.

    Raises:
        MappeError: the port is taken.
    """
    import uvicorn  # noqa: PLC0415 - not needed to make the application

    try:
        listening = socket.create_server((HOST, port))
    except OSError as error:
        raise MappeError(f"port {port} cannot be listened on: {error.strerror}") from error
    with listening:
        tell()
        config = uvicorn.Config(app, log_level="warning", access_log=False)
        uvicorn.Server(config).run(sockets=[listening])
