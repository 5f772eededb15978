"""The local page of links between organisations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mappe_servizi.errors import MappeError
from mappe_servizi.formats import SVG
from mappe_servizi.linking.explain import waterfall
from mappe_servizi.review.links.session import VERDICTS, LinkSession
from mappe_servizi.review.local_page import LocalPage, body_of, run


@dataclass(kw_only=True)
class LinksPage(LocalPage):
    """The page and its routes."""

    session: LinkSession
    page_file: str = "links/page.html"

    def app(self) -> Starlette:
        """The application."""
        routes = [
            Route("/", self.kept(self.page)),
            Route("/pair", self.kept(self._pair)),
            Route("/explanation", self.kept(self._explanation)),
            Route("/decide", self.kept(self._decide), methods=["POST"]),
        ]
        return Starlette(routes=routes)

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
        given = await body_of(request)
        try:
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


def serve(session: LinkSession, port: int, tell: Callable[[str], None]) -> None:
    """Serve a session until the user ends it."""
    review = LinksPage(session=session, port=port)

    def begun() -> None:
        tell(f"{len(session.queue)} pairs are open: {review.address}")
        tell("Keys: y yes, n no, u unsure, s skip, e why. End with Ctrl-C; each decision is written at once.")

    run(review.app(), port, begun)
