"""``/embed/...``: an indicator's chart by itself, as a page for frames, as SVG, as PNG."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from mappe_servizi.formats import PNG, SVG
from mappe_servizi.web.http.conditions import caching
from mappe_servizi.web.http.problems import Problem, not_found
from mappe_servizi.web.portal import indicator, pictures
from mappe_servizi.web.portal.assets import Assets
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.page import Page
from mappe_servizi.web.portal.series import Chart, Picture, alone, on_page

CONCEPTS = ("output-indicator", "user-indicator")


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedPage(Page):
    """A chart for somebody else's page.

    Attributes:
        picture: what is said beside it.
        address: the whole address of the page of the figures.
    """

    template: ClassVar[str] = "embed.html"
    chart: Markup
    picture: Picture
    address: str


class Embed:
    """The handler; PNG are drawn one at a time, in a thread: each takes some 50 ms of a processor."""

    def __init__(self, assets: Assets) -> None:
        self.assets = assets
        self._turn = asyncio.Semaphore(1)

    async def answer(self, context: PageContext, path: str) -> Response:
        """The chart of the indicator that a path below ``/embed/`` names, in the format of its suffix.

        Raises:
            Problem: there is no such indicator, or nothing to be drawn (404); PNG is not installed (501).
        """
        stem, kind = _split(path)
        iri = f"{context.base}data/{stem}"
        known = await indicator.read(context, iri) if stem.partition("/")[0] in CONCEPTS else None
        chart = known.chart(context, known.whole) if known else None
        if known is None or chart is None:
            raise not_found(f"there is no chart of {stem}")
        picture = pictures.told(context, iri, known.owner["serviceLabel"].value)
        context.exchange.framed = True
        if kind:
            return await self._file(context, chart, picture, path)
        public = context.state.settings.public_root
        address = f"{public}{pictures.page_of(context, iri)}"
        page = EmbeddedPage(
            title=known.whole, chart=on_page(chart, "series"), picture=picture, address=address, noindex=True
        )
        return context.render(page, iri)

    async def _file(self, context: PageContext, chart: Chart, picture: Picture, path: str) -> Response:
        svg = alone(chart, picture)
        tag = context.snapshot.tag("embed", path, context.language)
        media, body = SVG.content_type, svg.encode()
        if path.endswith(f".{PNG.suffix}"):
            async with self._turn:
                try:
                    media, body = PNG.media, await run_in_threadpool(pictures.png, svg, self.assets)
                except pictures.NotInstalled as error:
                    raise Problem(501, "not-installed", str(error)) from error
        response = Response(body, media_type=media)
        response.headers["content-language"] = context.language
        max_age = context.state.settings.max_age
        response.raw_headers.extend(caching(tag, max_age, context.snapshot.modified))
        return response


def _split(path: str) -> tuple[str, str]:
    """A path without the suffix of a picture, and that suffix.

    >>> _split("user-indicator/c_d150/asili-nido/posti.png"), _split("user-indicator/c_d150/a/b")
    (('user-indicator/c_d150/asili-nido/posti', 'png'), ('user-indicator/c_d150/a/b', ''))
    """
    stem, _, suffix = path.rpartition(".")
    return (stem, suffix) if suffix in {SVG.suffix, PNG.suffix} else (path, "")
