"""``/embed/...``: a chart of an indicator by itself, as a page for frames, as SVG, as PNG."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
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
from mappe_servizi.web.portal.drawing import Drawing, Picture, alone, on_page
from mappe_servizi.web.portal.indicator import IndicatorSeries
from mappe_servizi.web.portal.page import Page
from mappe_servizi.web.portal.pictures import PARTS

CONCEPTS = ("output-indicator", "user-indicator")


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedPage(Page):
    """A chart for somebody else's page.

    Attributes:
        picture: what is said beside it.
        legend: what its signs stand for.
        address: the whole address of the page of the figures.
    """

    template: ClassVar[str] = "embed.html"
    chart: Markup
    picture: Picture
    legend: Sequence[str]
    address: str


class Embed:
    """The handler; PNG are drawn one at a time, in a thread: each takes some 50 ms of a processor."""

    def __init__(self, assets: Assets) -> None:
        self.assets = assets
        self._turn = asyncio.Semaphore(1)

    async def answer(self, context: PageContext, path: str) -> Response:
        """The chart that a path below ``/embed/`` names, in the format of its suffix.

        Raises:
            Problem: there is no such indicator, or nothing to be drawn (404); PNG is not installed (501).
        """
        stem, kind = _split(path)
        rest = stem.removesuffix(PARTS)
        iri = f"{context.base}data/{rest}"
        known = await indicator.read(context, iri) if rest.partition("/")[0] in CONCEPTS else None
        chart = _chart(context, known, parts=rest != stem) if known else None
        if known is None or chart is None:
            raise not_found(f"there is no chart of {stem}")
        what = context.translate("Di che cosa è fatta") if rest != stem else ""
        picture = pictures.told(context, iri, known.owner["serviceLabel"].value, what)
        context.exchange.framed = True
        if kind:
            return await self._file(context, chart, picture, path)
        public = context.state.settings.public_root
        address = f"{public}{pictures.page_of(context, iri)}"
        page = EmbeddedPage(
            title=chart.title,
            chart=on_page(chart, chart.kind),
            picture=picture,
            legend=chart.legend,
            address=address,
            noindex=True,
        )
        return context.render(page, stem)

    async def _file(self, context: PageContext, chart: Drawing, picture: Picture, path: str) -> Response:
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


def _chart(context: PageContext, known: IndicatorSeries, *, parts: bool) -> Drawing | None:
    """The series of an indicator, or the picture of its parts; None where nothing is to be drawn."""
    if not parts:
        return known.chart(context, known.whole)
    made = known.composed(context)
    return made.drawing if made else None


def _split(path: str) -> tuple[str, str]:
    """A path without the suffix of a picture, and that suffix.

    >>> _split("user-indicator/c_d150/asili-nido/posti.png"), _split("user-indicator/c_d150/a/b")
    (('user-indicator/c_d150/asili-nido/posti', 'png'), ('user-indicator/c_d150/a/b', ''))
    """
    stem, _, suffix = path.rpartition(".")
    return (stem, suffix) if suffix in {SVG.suffix, PNG.suffix} else (path, "")
