"""The local page: served to this machine alone, and to nobody's page but its own."""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from importlib.resources import files

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from mappe_servizi.errors import MappeError
from mappe_servizi.formats import SVG
from mappe_servizi.linking.explain import waterfall
from mappe_servizi.review.session import VERDICTS, Session

HOST = "127.0.0.1"
MAX_BODY = 10_000
TOKEN = "x-review-token"  # noqa: S105 - the name of a header
Handler = Callable[[Request], Awaitable[Response]]


@dataclass
class ReviewApp:
    """The page and its routes.

    A request must name this machine as its host (a foreign name may be made to lead here) and carry
    the token, which stands only in the address that the command prints: other sites cannot know it.
    """

    session: Session
    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    @property
    def address(self) -> str:
        """What the user opens."""
        return f"http://{HOST}:{self.port}/?token={self.token}"

    def app(self) -> Starlette:
        """The application."""
        routes = [
            Route("/", self._kept(self._page)),
            Route("/pair", self._kept(self._pair)),
            Route("/explanation", self._kept(self._explanation)),
            Route("/decide", self._kept(self._decide), methods=["POST"]),
        ]
        return Starlette(routes=routes)

    def _kept(self, handler: Handler) -> Handler:
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

    async def _page(self, request: Request) -> Response:
        nonce = secrets.token_urlsafe(12)
        text = files(__package__).joinpath("page.html").read_text(encoding="utf-8").replace("NONCE", nonce)
        policy = (
            f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; "
            "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        return HTMLResponse(text, headers={"content-security-policy": policy})

    async def _pair(self, request: Request) -> Response:
        return JSONResponse({"pair": self.session.show(_number(request.query_params.get("from", "0")))})

    async def _explanation(self, request: Request) -> Response:
        """The drawing of why a pair is likely, made when it is asked for."""
        pair = self.session.show(_number(request.query_params.get("at", "0")))
        if pair is None:
            return JSONResponse({"error": "there is no such pair"}, 404)
        left, right = pair["left"], pair["right"]
        assert isinstance(left, dict)
        assert isinstance(right, dict)
        data = {
            "left": left["name"], "right": right["name"], "score": pair["probability"],
            "relation": "probability", "steps": pair["steps"],
        }  # fmt: skip
        return Response(waterfall(data), media_type=SVG.media)

    async def _decide(self, request: Request) -> Response:
        body = await request.body()
        try:
            given = json.loads(body[:MAX_BODY])
            at, verdict, note = int(given["at"]), given["verdict"], str(given.get("note", ""))[:500]
        except (ValueError, KeyError, TypeError):
            return JSONResponse({"error": "at and verdict are needed"}, 400)
        if verdict not in VERDICTS:
            return JSONResponse({"error": f"the verdict is one of {', '.join(VERDICTS)}"}, 400)
        try:
            said = await run_in_threadpool(self.session.decide, at, verdict, note)
        except MappeError as error:
            return JSONResponse({"error": str(error)}, 409)
        return JSONResponse({"said": said, "pair": self.session.show(at + 1)})


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def serve(session: Session, port: int, tell: Callable[[str], None]) -> None:
    """Serve a session until the user ends it."""
    import uvicorn  # noqa: PLC0415 - not needed to make the application

    review = ReviewApp(session, port)
    tell(f"{len(session.queue)} pairs are open: {review.address}")
    tell("Keys: y yes, n no, u unsure, s skip, e why. End with Ctrl-C; each decision is written at once.")
    uvicorn.run(review.app(), host=HOST, port=port, log_level="warning", access_log=False)
