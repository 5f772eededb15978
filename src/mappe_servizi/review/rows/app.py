"""The local page of a municipality's open decisions; who may ask for it is as for the page of links."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mappe_servizi.errors import MappeError
from mappe_servizi.instance import knowledge
from mappe_servizi.model.tables.codes import load_codes
from mappe_servizi.review.local_page import LocalPage, body_of, run
from mappe_servizi.review.rows.decisions import RowSession
from mappe_servizi.review.rows.item import Item, about, editable


@dataclass(kw_only=True)
class RowsPage(LocalPage):
    """The page and its routes.

    Attributes:
        session: what is reviewed.
        afterwards: called once when the user has ended.
    """

    session: RowSession
    afterwards: Callable[[], None] = lambda: None
    page_file: str = "rows/page.html"

    def app(self) -> Starlette:
        """The application."""
        routes = [
            Route("/", self.kept(self.page)),
            Route("/item", self.kept(self._item)),
            Route("/decide", self.kept(self._decide), methods=["POST"]),
            Route("/bulk", self.kept(self._bulk), methods=["POST"]),
        ]
        return Starlette(routes=routes, lifespan=self._lifespan)

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        yield
        self.afterwards()

    async def _item(self, request: Request) -> Response:
        start = request.query_params.get("from", "0")
        return await self._answer(self._shown, int(start) if start.isdecimal() and len(start) < 7 else 0)

    async def _decide(self, request: Request) -> Response:
        said = await body_of(request)
        name, verdict, cells = said.get("name"), said.get("verdict"), said.get("cells", {})
        plain = isinstance(cells, dict) and all(isinstance(v, str) for v in cells.values())
        if not (isinstance(name, str) and isinstance(verdict, str) and plain):
            return JSONResponse({"error": "a decision has name, verdict and cells"}, 400)
        return await self._answer(self._decided, name, verdict, cells)

    async def _bulk(self, request: Request) -> Response:
        said = await body_of(request)
        cells, leave = said.get("cells", {}), said.get("leave", [])
        plain = isinstance(cells, dict) and isinstance(leave, list)
        if not (plain and all(isinstance(text, str) for text in (*cells.values(), *leave))):
            return JSONResponse({"error": "what is accepted in bulk has name, cells and leave"}, 400)
        return await self._answer(self._accepted, str(said.get("name")), cells, leave)

    async def _answer(self, function: Any, *given: Any) -> Response:
        try:
            return JSONResponse(await run_in_threadpool(function, *given))
        except MappeError as error:
            return JSONResponse({"error": str(error)}, 400)

    def _decided(self, name: str, verdict: str, cells: dict[str, str]) -> dict[str, Any]:
        return {"said": self.session.decide(name, verdict, cells), **self._shown(0)}

    def _accepted(self, name: str, cells: dict[str, str], leave: list[str]) -> dict[str, Any]:
        return {"said": self.session.accept_all(name, cells, leave), **self._shown(0)}

    def _shown(self, start: int) -> dict[str, Any]:
        items = self.session.items()
        if not items:
            return {"open": 0, "item": None}
        at = start % len(items)
        questions = len({item.kind for item in items if not item.holds})
        return {"open": len(items), "questions": questions, "at": at, "item": _plain(items[at], items)}


def _plain(item: Item, items: list[Item]) -> dict[str, Any]:
    """An item as JSON."""
    codes = load_codes(knowledge("ontology"))
    columns = editable(item)
    first = next((column.name for column in columns if item.cells.get(column.name)), "")
    names = {column.name for column in columns}
    return {
        "name": item.name,
        "table": item.path.name,
        "about": {key: value for key, value in item.cells.items() if key not in names and value},
        "fields": [
            {
                "name": column.name,
                "value": item.cells.get(column.name, ""),
                "says": column.kind.en,
                "allowed": sorted(codes.get(column.kind.vocabulary, ())) if column.kind.vocabulary else [],
            }
            for column in columns
        ],
        "said": item.said,
        "printed": list(item.printed),
        "alike": [
            {"name": one.name, "about": about(one), "value": one.cells.get(first, ""), "rule": one.rule}
            for one in items
            if one.kind == item.kind and (one.asked or not one.new)
        ],
    }


def serve(
    session: RowSession, port: int, tell: Callable[[str], None], afterwards: Callable[[], None]
) -> None:
    """Serve a session until the user ends it.

    Args:
        session: what is reviewed.
        port: of this machine.
        tell: takes a line for the user.
        afterwards: called once at the end.
    """
    page = RowsPage(session=session, port=port, afterwards=afterwards)

    def begun() -> None:
        tell(f"{session.told()}: {page.address}")
        tell("Keys: y accept, n reject, b accept all that are ticked, s skip, c change. End with Ctrl-C.")

    run(page.app(), port, begun)
