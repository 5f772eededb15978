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
from mappe_servizi.review.rows.decisions import Item, RowSession, editable


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
        name = (await body_of(request)).get("name")
        return await self._answer(lambda: {"said": self.session.accept_all(str(name)), **self._shown(0)})

    async def _answer(self, function: Any, *given: Any) -> Response:
        try:
            return JSONResponse(await run_in_threadpool(function, *given))
        except MappeError as error:
            return JSONResponse({"error": str(error)}, 400)

    def _decided(self, name: str, verdict: str, cells: dict[str, str]) -> dict[str, Any]:
        return {"said": self.session.decide(name, verdict, cells), **self._shown(0)}

    def _shown(self, start: int) -> dict[str, Any]:
        items = self.session.items()
        if not items:
            return {"open": 0, "item": None}
        at = start % len(items)
        return {"open": len(items), "at": at, "item": _plain(items[at], items)}


def _plain(item: Item, items: list[Item]) -> dict[str, Any]:
    """An item as JSON."""
    codes = load_codes(knowledge("ontology"))
    columns = editable(item)
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
        "alike": 0 if item.new else sum(one.kind == item.kind and not one.new for one in items),
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
    tell(f"{len(session.items())} decisions are open: {page.address}")
    tell("Keys: y accept, n reject, b accept all alike, s skip, c change. End with Ctrl-C.")
    run(page.app(), port)
