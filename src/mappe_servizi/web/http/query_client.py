"""Questions of the server's own to the engine, for a request's client."""

from __future__ import annotations

from starlette.requests import Request

from mappe_servizi.query.engine import Result
from mappe_servizi.query.errors import QueryError
from mappe_servizi.query.formats import JSON, Format
from mappe_servizi.web.http.clients import WhileConnected, client_key
from mappe_servizi.web.http.exchange import exchange_of
from mappe_servizi.web.http.problems import from_query_error
from mappe_servizi.web.served.results import Row, canonical, parse_rows, run_whole


async def ask_rows(request: Request, query: str) -> list[Row]:
    """The rows of a query, for a request's client; its cost is noted in the exchange.

    Raises:
        Problem: the query failed.
    """
    rows = parse_rows((await ask(request, query)).body)
    return rows if exchange_of(request.scope).snapshot.immutable else canonical(rows)


async def ask(request: Request, query: str, format_: Format = JSON) -> Result:
    """The whole result of a query, for a request's client.

    Raises:
        Problem: the query failed.
        ClientGone: the client left.
    """
    exchange = exchange_of(request.scope)
    try:
        async with WhileConnected(request.receive):
            result = await run_whole(exchange.snapshot, query, client_key(request.scope), format_)
    except QueryError as error:
        raise from_query_error(error) from error
    exchange.cost = result.cost
    return result
