"""The start page, the ways into the comparisons, and the page about the site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from starlette.responses import Response

from mappe_servizi.formats import N_QUADS
from mappe_servizi.model.outputs.declared import DUMP
from mappe_servizi.model.records import SLUG
from mappe_servizi.releases.opened import Release
from mappe_servizi.rights import Agent
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.page import Page, Ref
from mappe_servizi.web.portal.schema_org import catalogue as schema_org
from mappe_servizi.web.portal.territory import WHOLE, by_name
from mappe_servizi.web.served.results import values

WHAT = "Che cosa fa il comune, per chi, quanto, come e con chi: le mappe dei servizi come dati aperti."
COMPARED = "Utenti, personale e soggetti dei servizi dei comuni, a confronto."
TILES, AREAS = 60, 500
"""Municipalities on the start page, of names in two languages at most; areas that are read for it."""
HOME = {
    "town": f"""{{ SELECT ?town ?townLabel {{ ?town covapit:IPAcode ?code ; rdfs:label ?townLabel
        FILTER EXISTS {{ ?town mds:providesService ?any }} }}
        ORDER BY LCASE(?townLabel) ?town LIMIT {2 * TILES + 2} }}""",
    "provider": "VALUES ?agent { PROVIDERS } ?agent rdfs:label ?agentLabel",
}
OF_FEW = {
    "area": f"""{{ SELECT ?area ?position (COUNT(DISTINCT ?s) AS ?n) {{ ?s mds:inArea ?area .
        ?area l0:positionInSequence ?position }} GROUP BY ?area ?position LIMIT {AREAS} }}""",
}
"""What else is asked where the municipalities are few: areas are a municipality's own."""
FOREMOST = 12
"""Providers on the start page."""
MANY = 100
"""Municipalities whose documents are listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage(Page):
    """The start page: the ways in, each with the number of its services.

    Attributes:
        areas: none where the municipalities are many.
        counts: how many things of some kinds there are.
    """

    template: ClassVar[str] = "home.html"
    towns: Sequence[Ref]
    more_towns: bool
    areas: Sequence[tuple[Ref, int]]
    audiences: Sequence[tuple[Ref, int]]
    providers: Sequence[tuple[Ref, int]]
    counts: Sequence[tuple[int, str]]


async def home(context: PageContext) -> Response:
    """``/``: what this is, and the ways in."""
    counts = await context.counted()
    foremost = list(counts.providers)[:FOREMOST]
    patterns = HOME | (OF_FEW if counts.municipalities <= WHOLE else {})
    found = await context.blocks({n: p.replace("PROVIDERS", values(foremost)) for n, p in patterns.items()})
    towns = {r["town"].value: context.ref(r["town"], r["townLabel"]) for r in found["town"]}
    areas = sorted(found.get("area", ()), key=lambda r: (int(r["position"].value), r["area"].value))
    names = {r["agent"].value: context.ref(r["agent"], r["agentLabel"]) for r in reversed(found["provider"])}
    shown = HomePage(
        title=context.translate("Mappe dei servizi dei comuni italiani"),
        description=context.translate(WHAT),
        section="/",
        towns=sorted(towns.values(), key=by_name)[:TILES],
        more_towns=counts.municipalities > TILES,
        areas=[(context.concept(r["area"].value), int(r["n"].value)) for r in areas],
        audiences=[(context.concept(iri), n) for iri, n in counts.audiences.items()],
        providers=[(names[iri], counts.providers[iri]) for iri in foremost if iri in names],
        counts=[
            (counts.services, context.translate("servizi")),
            (counts.published, context.translate("mappe pubblicate")),
            (counts.figures, context.translate("cifre annuali")),
            (
                counts.municipalities,
                context.translate("comuni") if counts.municipalities != 1 else context.translate("comune"),
            ),
        ],
        json_ld=schema_org.dataset(
            context,
            f"{context.base}data/",
            "Mappe dei servizi",
            context.translate(WHAT),
            {context.base + DUMP.path: N_QUADS.media},
        ),
    )
    return context.render(shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplorePage(Page):
    """What can be compared."""

    template: ClassVar[str] = "explore.html"


async def explore(context: PageContext) -> Response:
    """``/explore``: what can be compared."""
    await context.read_words()
    return context.render(
        ExplorePage(
            title=context.translate("Confronta ed esplora"),
            description=context.translate(COMPARED),
            section="/explore",
        )
    )


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A document that a municipality's data were read from."""

    href: str
    town: str
    edition: str
    title: str
    author: str
    homepage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutPage(Page):
    """What this site is, who is behind it, how to reuse its data.

    Attributes:
        release: None for a remote endpoint.
        parts: each municipality with its licence, where they have several.
    """

    template: ClassVar[str] = "about.html"
    release: Release | None
    publisher: Agent | None
    parts: Sequence[tuple[str, str]]
    documents: Sequence[SourceDocument]


async def about(context: PageContext) -> Response:
    """``/about``: what this site is, who is behind it, how to reuse its data, accessibility."""
    release = context.snapshot.release
    shown = AboutPage(
        title=context.translate("Che cosa è questo sito"),
        section="/about",
        release=release,
        publisher=context.snapshot.standing.publisher,
        parts=_parts(context),
        documents=_documents(context),
    )
    return context.render(shown)


def _documents(context: PageContext) -> list[SourceDocument]:
    """The documents of a release that says what was read."""
    release = context.snapshot.release
    towns = release.facts.get("municipalities", [])[:MANY] if release is not None else []
    return [_document(context, town) for town in towns if isinstance(town.get("document"), dict)]


def _document(context: PageContext, town: Mapping[str, Any]) -> SourceDocument:
    said, edition = town["document"], str(town["document"].get("edition", ""))
    iri = f"{context.base}data/document/{town['ipa']}/{edition}/{SLUG}"
    return SourceDocument(
        context.link(iri),
        town["name"],
        edition,
        said.get("title", ""),
        said.get("author", ""),
        town.get("homepage", ""),
    )


def _parts(context: PageContext) -> list[tuple[str, str]]:
    """Each municipality with its licence, where they have several."""
    standing, release = context.snapshot.standing, context.snapshot.release
    if release is None or len(standing.whole.licences) < 2:
        return []
    return [(town["name"], standing.of(town["ipa"]).names) for town in release.facts["municipalities"][:MANY]]
