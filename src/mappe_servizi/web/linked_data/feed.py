"""The handlers of ``/feed`` (Atom, Linked Data Event Streams) and of earlier releases."""

from __future__ import annotations

import asyncio
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from mappe_servizi.errors import MappeError
from mappe_servizi.formats import ATOM, TURTLE
from mappe_servizi.model.outputs.declared import RELEASES, STREAM, STREAM_PAGE
from mappe_servizi.releases.feed import STREAMS
from mappe_servizi.releases.opened import Release, open_release
from mappe_servizi.releases.withdrawal import is_withdrawn
from mappe_servizi.web.http.exchange import Exchange, exchange_of
from mappe_servizi.web.http.offers import language_of
from mappe_servizi.web.http.problems import Problem, not_found
from mappe_servizi.web.http.routes import TypedRoute, answers
from mappe_servizi.web.linked_data.files import Files, ListingPage
from mappe_servizi.web.portal.paging import FILES, part_of
from mappe_servizi.web.portal.texts import translate

IMMUTABLE = "public, max-age=86400, immutable"
"""A page of the feed changes only where a redaction makes it; a day later everyone has it."""

MAX_DIGITS = 9


class Feed:
    """The handlers."""

    def __init__(self, files: Files) -> None:
        self.files, self.state, self.renderer = files, files.state, files.renderer

    def routes(self) -> list[BaseRoute]:
        """Their addresses; those of the feed's index are in the API's document."""
        return [
            TypedRoute(
                "/feed",
                self.atom,
                "feed",
                operation_id="feed",
                tags=["feed"],
                summary="I rilasci, come feed Atom",
                responses=answers(None, ATOM.media, said="Il feed."),
            ),
            TypedRoute(
                "/feed/{stream}",
                self.stream,
                "feed",
                operation_id="feed_stream",
                tags=["feed"],
                summary=f"La radice di un flusso di eventi: {', '.join(STREAMS)}",
                responses=answers(None, TURTLE.media, said="La radice, che porta alle pagine."),
            ),
            Route("/feed/{stream}/{number}", self.page),
            Route("/release/{number}/", self.listing),
            Route("/release/{number}/{path:path}", self.file),
        ]

    async def atom(self, request: Request) -> Response:
        """``/feed``: the releases, as an Atom feed."""
        exchange, release = self._current(request, "feed")
        return self.files.send(exchange, release, RELEASES.path)

    async def stream(self, request: Request, stream: str) -> Response:
        """``/feed/{stream}``: the root of an event stream; or a file of the feed by its own name."""
        exchange, release = self._current(request, "feed")
        path = request.scope["path"][1:]
        return self.files.send(
            exchange, release, path if path in release.files else STREAM.filled(stream=stream)
        )

    async def page(self, request: Request) -> Response:
        """``/feed/{stream}/{number}``: a page of an event stream."""
        exchange, release = self._current(request, "feed")
        stream, number = request.path_params["stream"], request.path_params["number"].removesuffix(".ttl")
        if stream not in STREAMS:
            raise not_found(f"there is no stream {stream}; there are {', '.join(STREAMS)}")
        return self.files.send(
            exchange, release, STREAM_PAGE.filled(stream=stream, number=number), caching=IMMUTABLE
        )

    async def listing(self, request: Request) -> Response:
        """``/release/{number}/``: the files of a release."""
        release = await self._numbered(request)
        number = request.path_params["number"]
        files = [(name, facts["bytes"]) for name, facts in sorted(release.files.items())]
        language = language_of(request)
        title = f"{translate('Rilascio dei dati', language)} {number}"
        shown = ListingPage(title=title, files=part_of(request, files, FILES))
        return self.renderer.page(request, shown, language)

    async def file(self, request: Request) -> Response:
        """``/release/{number}/{path}``: a file of a release."""
        release, path = await self._numbered(request), request.path_params["path"]
        if path.startswith(f"{STREAM.folder}/") and path not in release.files:
            path += f".{TURTLE.suffix}"  # root and pages of a stream name each other without a suffix
        return self.files.send(exchange_of(request.scope), release, path)

    def _current(self, request: Request, route: str) -> tuple[Exchange, Release]:
        exchange = exchange_of(request.scope)
        exchange.route = route
        release = exchange.snapshot.release
        if release is None or release.number is None:
            raise not_found("what is served here is no numbered release, and has no feed")
        return exchange, release

    async def _numbered(self, request: Request) -> Release:
        """The release of the number asked for; it stands beside the current one.

        Raises:
            Problem: there is none (404), or it was withdrawn (410).
        """
        _, current = self._current(request, "release")
        number = number_of(request.path_params["number"])
        link = current.path.parent / str(number)
        if not link.exists():
            raise not_found(f"there is no release {number}")
        return await self._opened(link, number)

    async def _opened(self, link: Path, number: int) -> Release:
        if is_withdrawn(link):
            raise Problem(410, "gone", f"release {number} was withdrawn: it had what must not be published")
        try:
            return await asyncio.to_thread(open_release, link, wait=False)
        except MappeError as error:
            raise not_found(f"release {number} cannot be read") from error


def number_of(text: str) -> int:
    """The number of a release, as its address has it.

    Raises:
        Problem: there is no such number.

    >>> number_of("12")
    12
    """
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS and text == str(int(text))):
        raise not_found("a release has a number from 1")
    return int(text)
