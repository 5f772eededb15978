"""Each request counted and logged, with what went wrong in answering it."""

from __future__ import annotations

import time

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mappe_servizi.web.errors import ClientGone, CutResponseError
from mappe_servizi.web.http.exchange import exchange_of
from mappe_servizi.web.http.messages import Outgoing
from mappe_servizi.web.http.problems import Problem
from mappe_servizi.web.logs import logger
from mappe_servizi.web.metrics import Metrics


class AccessLog:
    """Counts and logs what is not answered from the cache; a mistake of ours is answered as such."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        exchange, answer = exchange_of(scope), Watched(send)
        try:
            await self.app(scope, receive, answer)
        except (ClientGone, ClientDisconnect):
            self.metrics.gone.inc()
        except CutResponseError as error:
            logger.warning("response cut", route=exchange.route, reason=str(error))
            raise
        except Exception as error:
            if not answer.started:
                problem = Problem(500, "internal-error", "the server made a mistake")
                await problem.response()(scope, receive, answer)
            elif not answer.complete:
                # The connection is cut, so that nobody takes what was sent for the whole.
                logger.warning("response cut", route=exchange.route, reason=str(error))
                raise
            logger.exception("error", route=exchange.route, path=scope["path"])
        finally:
            seconds = time.perf_counter() - exchange.started
            self.metrics.misses.inc()
            self.metrics.answered(exchange.route, answer.status, exchange.cost, seconds)
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


class Watched(Outgoing):
    """A response whose status, size and end are known; until a piece of its body is there it may be another.

    Attributes:
        bytes: of the body, before its coding.
    """

    def __init__(self, send: Send) -> None:
        super().__init__(send)
        self.status, self.bytes, self.started, self.complete = 0, 0, False, False

    async def begin(self, start: Message, body: Message) -> None:
        """Note that it began."""
        self.status, self.started = start["status"], True
        self._count(body)
        await super().begin(start, body)

    async def proceed(self, body: Message) -> None:
        """Note a further piece."""
        self._count(body)
        await super().proceed(body)

    def _count(self, body: Message) -> None:
        self.bytes += len(body.get("body", b""))
        self.complete = not body.get("more_body", False)
