"""A chart to take away: as a file, or in a frame of somebody else's page."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from mappe_servizi.bases import DEFAULT_BASE
from mappe_servizi.errors import MappeError
from mappe_servizi.formats import PNG, SVG
from mappe_servizi.web.portal.assets import Assets
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.drawing import Picture
from mappe_servizi.web.portal.page import Download
from mappe_servizi.web.portal.texts import several
from mappe_servizi.web.served.iris import encode

EMBED = "/embed/"
VOCABULARIES = f"{DEFAULT_BASE}controlled-vocabulary/"
PARTS = "/parts"
"""Behind the path of a total's indicator: the picture of its parts."""
FONTS = ("titillium-regular.ttf", "titillium-700.ttf")
ZOOM = 2
"""Pixels of a PNG for one of the chart: sharp on a dense screen and on paper."""
FRAME_HEIGHT = 560
ABSENT = "PNG is not installed here: pip install 'mappe-servizi[pictures]'; .svg has the same picture"


class NotInstalled(MappeError):
    """What draws is not there."""


@dataclass(frozen=True, slots=True)
class Offers:
    """How a chart is taken away.

    Attributes:
        files: its formats.
        frame: its page for frames; ``paste`` is the line that puts it into somebody's page.
    """

    files: tuple[Download, ...]
    frame: str
    paste: str


def offers(context: PageContext, iri: str, title: str, chart: str = "") -> Offers:
    """The offers for a chart of an indicator, shared or not, in the language of the page.

    Args:
        context: the request.
        iri: of the indicator.
        title: of the chart.
        chart: ``PARTS``, or "" for its series.
    """
    rest, language = below(context, iri), context.language
    place, asked = f"{EMBED}{rest}{chart}", f"?lang={language}"
    paste = Markup(
        '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy" style="border:0"></iframe>'
    ).format(f"{context.state.settings.public_root}{place}{asked}", title, FRAME_HEIGHT)
    return Offers(files(context, iri, chart), context.href(f"{place}{asked}"), str(paste))


def files(context: PageContext, iri: str, chart: str = "") -> tuple[Download, ...]:
    """The same chart as files."""
    place, asked = f"{EMBED}{below(context, iri)}{chart}", f"?lang={context.language}"
    return tuple(Download(f.name, context.href(f"{place}.{f.suffix}{asked}"), f.media) for f in (SVG, PNG))


def picture_of(context: PageContext, iri: str) -> str:
    """The whole address of an indicator's chart as PNG, for those who show a page by a picture."""
    place = f"{EMBED}{below(context, iri)}.{PNG.suffix}"
    return f"{context.state.settings.public_root}{place}?lang={context.language}"


def below(context: PageContext, iri: str) -> str:
    """The part of an address that names a resource of the data, or a concept of a vocabulary."""
    return encode(iri.removeprefix(f"{context.base}data/").removeprefix(VOCABULARIES))


def told(context: PageContext, iri: str, *, what: str = "", service: str = "") -> Picture:
    """What a picture says beside its chart: what it shows, whose that is, its source, its licence.

    Args:
        context: the request.
        iri: of the indicator, or the address of what else is drawn.
        what: the picture shows of it, where that is not its figures.
        service: the name of the one service that it is of.
    """
    own = iri.startswith(f"{context.base}data/")  # else the figures are of all municipalities
    rights = context.snapshot.rights(iri) if own else context.snapshot.standing.whole
    holders = several([holder.name for holder in rights.holders], context.language)
    source = f"{context.translate('Fonte')}: {context.translate('mappe dei servizi')}"
    source += f", {holders}" if holders else ""
    source += f", {context.edition}" if context.edition else ""
    licence = f"{context.translate('Licenza')}: {rights.names}. " if rights.names else ""
    whose = ", ".join(filter(None, (service, holders))) if service else ""
    return Picture(what, whose, [f"{source}. {licence}{rights.statement[context.language]}", iri])


def png(svg: str, assets: Assets) -> bytes:
    """A picture as PNG, in the site's type.

    Raises:
        NotInstalled: nothing here can draw it.
    """
    try:
        from resvg_py import svg_to_bytes  # noqa: PLC0415  (an extra)
    except ImportError as error:
        raise NotInstalled(ABSENT) from error
    fonts = _fonts(assets)
    return bytes(svg_to_bytes(svg_string=svg, zoom=ZOOM, font_files=fonts, skip_system_fonts=bool(fonts)))


def _fonts(assets: Assets) -> list[str]:
    """Those that the assets have; none where they were not built."""
    return [str(path) for name in FONTS if (path := assets.file(name))]
