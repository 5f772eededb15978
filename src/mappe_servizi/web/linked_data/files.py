"""The files of a release: ``/dump/``, ``/csv/``, ``/report/`` and their listings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from mappe_servizi.errors import InputError
from mappe_servizi.formats import format_of
from mappe_servizi.model.outputs.lookup import find, instead
from mappe_servizi.releases.opened import Release
from mappe_servizi.rights import Rights, Standing
from mappe_servizi.web.http import codings
from mappe_servizi.web.http.conditions import encoded_tag, failed_precondition, is_range, not_modified
from mappe_servizi.web.http.exchange import Exchange, exchange_of
from mappe_servizi.web.http.offers import language_of
from mappe_servizi.web.http.problems import Problem, not_found
from mappe_servizi.web.linked_data.resources import licence_links, link_field
from mappe_servizi.web.logs import logger
from mappe_servizi.web.portal.page import Page
from mappe_servizi.web.portal.paging import FILES, ListPage, part_of
from mappe_servizi.web.portal.renderer import PageRenderer
from mappe_servizi.web.portal.texts import translate
from mappe_servizi.web.served.contents import Contents
from mappe_servizi.web.served.state import ApplicationState

LISTINGS = {
    "csv": "Tabelle CSV",
    "dump": "Archivi RDF",
    "report": "Rapporti",
    "tables": "Tabelle in altri formati",
}
"""What the files of a directory are, to readers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingPage(Page):
    """The files of a directory: their names, and how many bytes they have."""

    template: ClassVar[str] = "listing.html"
    paged: ClassVar[bool] = True
    files: ListPage[tuple[str, int]]


class ReleaseFile(FileResponse):
    """A file or parts of it; a Range field that is none of bytes is left out, as RFC 9110 asks.

    Its headers tell of the file as it was published, so a file that is not as it was is not sent.
    """

    def __init__(
        self,
        path: Path,
        described: Mapping[str, Any],
        contents: Contents,
        headers: dict[str, str],
        media: str,
    ) -> None:
        super().__init__(path, headers=headers, media_type=media)
        self._published, self._described, self._contents = path, described, contents

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer.

        Raises:
            Problem: the file is not what was published (503).
        """
        try:
            await self._contents.check(self._published, self._described)
        except InputError as error:
            logger.error("file spoilt", reason=str(error))
            detail = f"{self._published.name} is not here as it was published"
            raise Problem(503, "damaged", detail, {"retry-after": "60"}) from error
        fields = [h for h in scope["headers"] if h[0] != b"range" or is_range(h[1].decode("latin-1"))]
        await super().__call__({**scope, "headers": fields}, receive, send)


class Files:
    """The handlers of a release's published files: those that its manifest names."""

    def __init__(self, state: ApplicationState, renderer: PageRenderer) -> None:
        self.state, self.renderer = state, renderer

    async def listing(self, request: Request) -> Response:
        """``/dump/``, ``/csv/`` or ``/report/``: what there is."""
        exchange, release, directory = self._asked(request)
        files = [
            (path.removeprefix(f"{directory}/"), facts["bytes"])
            for path, facts in sorted(release.files.items())
            if path.startswith(f"{directory}/")
        ]
        language = language_of(request)
        part = part_of(request, files, FILES)
        tag = exchange.snapshot.tag("listing", directory, language, str(part.number))
        named = LISTINGS.get(directory)
        title = translate(named, language) if named else f"/{directory}/"
        return self.renderer.page(request, ListingPage(title=title, files=part), language, tag)

    async def file(self, request: Request) -> Response:
        """A file that is served under its own path."""
        exchange, release, _ = self._asked(request)
        return self.send(exchange, release, request.scope["path"][1:])

    def send(
        self, exchange: Exchange, release: Release, name: str, *, media: str = "", caching: str = ""
    ) -> Response:
        """A published file of a release, or a part of it (Range).

        Raises:
            Problem: the release has no such file, or has it in another format now (301).
        """
        facts = release.files.get(name)
        if facts is None:
            if (now := instead(name)) in release.files:
                detail = f"{name} is no longer made: {now} says the same"
                raise Problem(301, "gone", detail, {"location": now.rpartition("/")[2]})
            raise not_found(f"this release has no file {name}")
        headers = {
            "etag": f'"{facts["sha256"]}"',
            "cache-control": caching or f"public, max-age={self.state.settings.max_age}",
            "last-modified": exchange.snapshot.modified,
        }
        current = release is exchange.snapshot.release
        standing = exchange.snapshot.standing if current else Standing.read(release.facts)
        if links := licence_links(rights_of(name, standing)):
            headers["link"] = link_field(links)
        media = media or format_of(name).content_type
        coding = codings.choose(exchange.get(b"accept-encoding"), media.encode(), facts["bytes"])
        sent = encoded_tag(headers["etag"], coding)
        if known := not_modified(exchange.fields, headers["etag"], headers["last-modified"], sent):
            return Response(status_code=304, headers=headers | {"etag": known})
        if failed_precondition(exchange.fields, headers["etag"], headers["last-modified"]):
            raise Problem(412, "precondition-failed", f"{name} is not as the request supposes")
        return ReleaseFile(release.path / name, facts, self.state.contents, headers, media)

    def _asked(self, request: Request) -> tuple[Exchange, Release, str]:
        exchange = exchange_of(request.scope)
        directory = request.scope["path"].split("/", 2)[1]
        exchange.route = directory
        if exchange.snapshot.release is None:
            raise not_found("this server answers from a remote endpoint and has no files; ask /sparql")
        return exchange, exchange.snapshot.release, directory


def rights_of(name: str, standing: Standing) -> Rights:
    """What holds for a file: a dump may be of one municipality, or of the vocabularies."""
    output = find(name)
    if output is None:
        return standing.whole
    if output.knowledge:
        return standing.knowledge
    return standing.of((output.match(name) or {}).get("municipality", ""))
