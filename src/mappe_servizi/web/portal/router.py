"""Which page is whose: by the concept in a resource's IRI, or by an address of the site."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from mappe_servizi.bases import rest_of
from mappe_servizi.query.search import Hits
from mappe_servizi.web.api.queries import QueryApi
from mappe_servizi.web.api.search import SearchParameters
from mappe_servizi.web.http.exchange import exchange_of
from mappe_servizi.web.http.offers import language_of, named_only_html
from mappe_servizi.web.portal import (
    any_resource,
    audiences,
    brief,
    catalogue,
    comparisons,
    figure,
    gallery,
    in_common,
    indicator,
    llms,
    officer,
    ontology,
    organizations,
    overview,
    parts,
    personnel,
    places,
    problems,
    providers,
    quality,
    robots,
    search,
    service,
    shared_indicator,
    shared_service,
    side_by_side,
    territory,
)
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.embed import Embed
from mappe_servizi.web.portal.page import PARTS
from mappe_servizi.web.portal.pictures import EMBED
from mappe_servizi.web.portal.renderer import PageRenderer
from mappe_servizi.web.portal.vocabulary import VocabularyLabels
from mappe_servizi.web.served.state import ApplicationState

Typed = Callable[[PageContext, str], Awaitable[Response | None]]
Plain = Callable[[PageContext], Awaitable[Response]]
PAGES: dict[str, Typed] = {
    "municipality": territory.town_page,
    "area": territory.area_page,
    "public-service": service.page,
    "segment": audiences.segment_page,
    "output-indicator": indicator.series,
    "user-indicator": indicator.series,
    "measurement": figure.page,
    "organization": organizations.page,
    "office": places.page,
    "place": places.page,
    "channel": places.page,
    **dict.fromkeys(PARTS, parts.page),
}
"""The kinds of resources that have a page of their own, or are part of one; others show their properties."""
CONCEPTS: dict[str, Typed] = {
    "audience-group": audiences.group_page,
    "service-concept": shared_service.page,
    "indicator-concept": shared_indicator.page,
}
"""The vocabularies whose concepts have a page of what the municipalities say of them."""
PAGED: frozenset[Typed] = frozenset(
    {organizations.page, audiences.group_page, shared_service.page, shared_indicator.page}
)
"""Pages of several parts: of other resources, a further page is one of all their properties."""


def page_of(path: str) -> Typed | None:
    """The page of a kind of resources, None for kinds that have none.

    >>> page_of("data/area/c_d150/scuola").__name__, page_of("data/person/c_d150/x")
    ('area_page', None)
    """
    kind, _, rest = path.partition("/")
    if kind == "data":
        concept, _, rest = rest.partition("/")
        return PAGES.get(concept) if rest else None
    if kind == "controlled-vocabulary":
        scheme, _, code = rest.partition("/")
        return CONCEPTS.get(scheme) if code else None
    return ontology.page if kind == "onto" else None


class Portal:
    """The handlers of the pages."""

    def __init__(self, state: ApplicationState, renderer: PageRenderer, api: QueryApi) -> None:
        self.state, self.renderer = state, renderer
        self.vocabularies = VocabularyLabels(state.settings.max_age)
        self.api = api
        self.embed = Embed(renderer.assets)

    def context(self, request: Request, route: str) -> PageContext:
        """A visitor's request, counted under a name."""
        exchange_of(request.scope).route = route
        return PageContext(request, self.state, self.renderer, self.vocabularies)

    async def resource(self, request: Request, iri: str) -> Response:
        """The page of a resource: that of its kind, or the one that any has.

        Raises:
            Problem: there is no such resource (404), or it was withdrawn (410).
        """
        context = self.context(request, exchange_of(request.scope).route)
        page = page_of(rest_of(context.base, iri) or "")
        of_all = "page" in request.query_params and page not in PAGED
        if page is not None and not of_all and request.query_params.get("view") != "all":
            shown = await page(context, iri)
            if shown is not None:
                return shown
        return await any_resource.page(context, iri)

    def chosen(self, page: Plain, route: str) -> Callable[[Request], Awaitable[Response]]:
        """The handler of a page whose rows a visitor chooses, which are to be had as files too."""

        async def handler(request: Request) -> Response:
            return await page(self.context(request, route))

        return handler

    def plain(self, page: Plain, route: str) -> Callable[[Request], Awaitable[Response]]:
        """The handler of a page that only depends on its address."""

        async def handler(request: Request) -> Response:
            if route != "robots":
                named_only_html(request)
            return await page(self.context(request, route))

        return handler

    async def quality(self, request: Request) -> Response:
        """``/quality/{ipa}``."""
        return await quality.one(self.context(request, "quality"), request.path_params["ipa"])

    async def brief(self, request: Request) -> Response:
        """``/brief/{ipa}``."""
        return await brief.page(self.context(request, "brief"), request.path_params["ipa"])

    async def officer(self, request: Request) -> Response:
        """``/quality/{ipa}/{service}``."""
        named = request.path_params
        return await officer.page(self.context(request, "quality"), named["ipa"], named["service"])

    async def embedded(self, request: Request) -> Response:
        """``/embed/...``."""
        return await self.embed.answer(self.context(request, "embed"), request.path_params["path"])

    async def town_sitemap(self, request: Request) -> Response:
        """``/sitemap/{ipa}.xml``; ``/sitemap/site-2.xml`` and so on."""
        context, name = self.context(request, "robots"), request.path_params["ipa"]
        part = robots.PART_NAME.fullmatch(name)
        return await (robots.site(context, int(part[1])) if part else robots.town(context, name))

    def hits(
        self, request: Request, asked: SearchParameters, hits: Hits, pages: int, tag: str | None
    ) -> Response:
        """``/search``, for people."""
        language = language_of(request)
        page = search.page(exchange_of(request.scope).snapshot, asked, hits, pages, language)
        return self.renderer.page(request, page, language, tag)

    async def catalogue(self, request: Request) -> Response:
        """``/catalogue``, for people."""
        return await catalogue.page(self.context(request, "catalogue"))

    async def editor(self, request: Request) -> Response:
        """``/sparql`` without a query, for people."""
        return await gallery.editor(self.context(request, "sparql-form"), self.api)

    async def operations(self, request: Request) -> Response:
        """``/api/``."""
        return await gallery.operations_page(self.context(request, "api"), self.api)

    def routes(self) -> list[tuple[str, Callable[[Request], Awaitable[Response]]]]:
        """The addresses of the site's own pages."""
        return [
            ("/", self.plain(overview.home, "home")),
            ("/services", self.plain(territory.all_services, "services")),
            ("/providers", self.chosen(providers.page, "providers")),
            ("/explore", self.plain(overview.explore, "explore")),
            ("/explore/users", self.chosen(comparisons.users, "explore")),
            ("/explore/personnel", self.chosen(personnel.page, "explore")),
            ("/explore/providers", self.chosen(in_common.providers, "explore")),
            ("/explore/towns", self.chosen(side_by_side.page, "explore")),
            ("/quality", self.plain(quality.every, "quality")),
            ("/quality/{ipa}", self.quality),
            ("/brief/{ipa}", self.brief),
            ("/quality/{ipa}/{service}", self.officer),
            ("/problems", self.plain(problems.kinds, "problems")),
            ("/about", self.plain(overview.about, "about")),
            (f"{EMBED}{{path:path}}", self.embedded),
            ("/api/", self.operations),
            ("/robots.txt", self.plain(robots.robots, "robots")),
            ("/llms.txt", self.plain(llms.page, "robots")),
            ("/sitemap.xml", self.plain(robots.sitemap, "robots")),
            ("/sitemap/site.xml", self.plain(robots.site, "robots")),
            ("/sitemap/{ipa}.xml", self.town_sitemap),
            ("/opensearch.xml", self.plain(robots.opensearch, "robots")),
        ]
