"""``/embed/...``: a chart of an indicator by itself, as a page for frames, as SVG, as PNG."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from mappe_servizi.formats import PNG, SVG
from mappe_servizi.web.http.conditions import caching
from mappe_servizi.web.http.problems import Problem, not_found
from mappe_servizi.web.portal import indicator, pictures, providers, shared_indicator
from mappe_servizi.web.portal.assets import Assets
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.drawing import Drawing, Picture, alone, on_page
from mappe_servizi.web.portal.page import Page
from mappe_servizi.web.portal.pictures import PARTS

CONCEPTS, SHARED = ("output-indicator", "user-indicator"), "indicator-concept"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedPage(Page):
    """A chart for somebody else's page.

    Attributes:
        picture: what is said beside it.
        legend: what its signs stand for.
        address: the whole address of the page of the figures.
        printed: whether the title and the legend are the document's, in its language.
    """

    template: ClassVar[str] = "embed.html"
    chart: Markup
    picture: Picture
    legend: Sequence[str]
    address: str
    printed: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """A chart with what is said beside it.

    Attributes:
        page: where its figures are, below the root.
        printed: whether its title is one that the document prints.
        framed: the chart in the sizes of a page, where it has several.
    """

    chart: Drawing
    picture: Picture
    page: str
    printed: bool
    framed: Sequence[Drawing] = ()


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
        found = await _found(context, stem)
        if found is None:
            raise not_found(f"there is no chart of {stem}")
        context.exchange.framed = True
        if kind:
            return await self._file(context, found.chart, found.picture, path)
        chart, language = found.chart, context.language
        page = EmbeddedPage(
            title=chart.title,
            chart=Markup().join(on_page(one, f"chart-{n}") for n, one in enumerate(found.framed or [chart])),
            picture=found.picture,
            legend=chart.legend,
            address=f"{context.state.settings.public_root}{found.page}?lang={language}",
            printed=found.printed,
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


async def _found(context: PageContext, stem: str) -> Taken | None:
    """What a path below ``/embed/`` names; None where there is nothing to be drawn."""
    if stem == providers.EMBEDDED:
        return await _of_providers(context)
    concept = stem.partition("/")[0]
    if concept in CONCEPTS:
        return await _of_indicator(context, stem.removesuffix(PARTS), parts=stem.endswith(PARTS))
    return await _of_shared_indicator(context, stem) if concept == SHARED else None


async def _of_indicator(context: PageContext, stem: str, *, parts: bool) -> Taken | None:
    iri = f"{context.base}data/{stem}"
    known = await indicator.read(context, iri)
    if known is None:
        return None
    chart: Drawing | None
    if parts:
        made = await known.composed(context)
        chart = made.drawing if made else None
    else:
        chart = known.chart(context, known.whole)
    what = context.translate("Di che cosa è fatta") if parts else ""
    picture = pictures.told(context, iri, what=what, service=known.owner["serviceLabel"].value)
    page = f"/page/{pictures.below(context, iri)}"
    return Taken(chart, picture, page, printed=True) if chart else None


async def _of_providers(context: PageContext) -> Taken | None:
    drawing = await providers.drawing(context)
    if drawing is None:
        return None
    page = f"/{providers.EMBEDDED}"
    said = context.translate("Attività svolte: più la linea è larga, più sono")
    picture = pictures.told(context, f"{context.state.settings.public_root}{page}", what=said)
    both = [replace(drawing, size=size) for size in providers.SIZES]
    return Taken(drawing, picture, page, printed=False, framed=both)


async def _of_shared_indicator(context: PageContext, stem: str) -> Taken | None:
    iri = f"{pictures.VOCABULARIES}{stem}"
    found = await shared_indicator.drawing(context, iri)
    if found is None:
        return None
    picture = pictures.told(context, iri, what=found[1])
    page = f"/controlled-vocabulary/{pictures.below(context, iri)}"
    return Taken(found[0], picture, page, printed=False)


def _split(path: str) -> tuple[str, str]:
    """A path without the suffix of a picture, and that suffix.

    >>> _split("user-indicator/c_d150/asili-nido/posti.png"), _split("user-indicator/c_d150/a/b")
    (('user-indicator/c_d150/asili-nido/posti', 'png'), ('user-indicator/c_d150/a/b', ''))
    """
    stem, _, suffix = path.rpartition(".")
    return (stem, suffix) if suffix in {SVG.suffix, PNG.suffix} else (path, "")
