"""The header fields that every answer has: for other sites' programs, for browsers, for caches."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mappe_servizi import formats
from mappe_servizi.web.http.cors import READABLE
from mappe_servizi.web.http.exchange import Exchange, exchange_of
from mappe_servizi.web.http.fields import joined
from mappe_servizi.web.http.negotiation import VARY
from mappe_servizi.web.http.security import ALWAYS, FRAMED, PAGES

HTML = formats.HTML.media.encode()
EVERY = [*READABLE, *ALWAYS, VARY]


class AnswerHeaders:
    """Adds to an answer's fields those that it has not named itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        exchange = exchange_of(scope)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": completed(message, exchange)}
            await send(message)

        await self.app(scope, receive, sending)


def completed(start: Message, exchange: Exchange) -> list[tuple[bytes, bytes]]:
    """The fields of an answer with those that every answer has."""
    headers = joined(start["headers"])
    html = headers.get(b"content-type", b"").startswith(HTML)
    pages = FRAMED if exchange.framed and start["status"] == 200 else PAGES
    extra = [*EVERY, *pages] if html else EVERY
    return [*headers.items(), *(field for field in extra if field[0] not in headers)]
