"""The order in which a request passes what every request passes; its answer comes back the other way."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from starlette.types import ASGIApp

from mappe_servizi.web.http.access_log import AccessLog
from mappe_servizi.web.http.caching import ResponseCaching
from mappe_servizi.web.http.codings import ContentCodings
from mappe_servizi.web.http.conditions import ConditionalRequests
from mappe_servizi.web.http.cors import Preflight
from mappe_servizi.web.http.exchange import Exchanges
from mappe_servizi.web.http.headers import AnswerHeaders
from mappe_servizi.web.http.limits import RequestLimits
from mappe_servizi.web.http.unread import Buffered, SendBuffers
from mappe_servizi.web.served.cache import Headers
from mappe_servizi.web.served.state import ApplicationState


def middlewares(
    app: ASGIApp,
    state: ApplicationState,
    buffers: SendBuffers,
    unbounded: Collection[str],
    allowing: Mapping[str, Headers],
) -> tuple[ASGIApp, ResponseCaching]:
    """The application with what stands around it, from the inside to the outside; and its cache.

    Args:
        app: what answers.
        state: what is served.
        buffers: count what slow readers leave unread.
        unbounded: paths that bound their parameters themselves.
        allowing: the fields about methods of paths that take others than pages do.
    """
    app = AccessLog(app, state.metrics)
    app = ContentCodings(app)
    app = AnswerHeaders(app)
    app = Preflight(app, allowing)
    cache = ResponseCaching(app, state)
    app = RequestLimits(cache, AnswerHeaders, unbounded)
    app = ConditionalRequests(app)
    app = Buffered(app, buffers)
    return Exchanges(app, state), cache
