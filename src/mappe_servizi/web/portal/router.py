"""Which page is whose: by the concept in a resource's IRI, or by an address of the site."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from mappe_servizi.bases import rest_of
from mappe_servizi.web.api.queries import Api
from mappe_servizi.web.http.offers import named_only_html
from mappe_servizi.web.portal import (
    agents,
    audiences,
    catalogue,
    comparisons,
    gallery,
    indicator,
    overview,
    quality,
    robots,
    service,
    shared,
    territory,
)
from mappe_servizi.web.portal.context import Visit, Vocabularies
from mappe_servizi.web.portal.views import Views
from mappe_servizi.web.served.state import Site

Typed = Callable[[Visit, str], Awaitable[Response | None]]
Plain = Callable[[Visit], Awaitable[Response]]
PAGES: dict[str, Typed] = {
    "municipality": territory.town_page,
    "area": territory.area_page,
    "public-service": service.page,
    "segment": audiences.segment_page,
    "output-indicator": indicator.series,
    "user-indicator": indicator.series,
    "measurement": indicator.one_figure,
    "organization": agents.organization_page,
    "office": agents.place_page,
    "place": agents.place_page,
    "channel": agents.place_page,
}
"""The kinds of resources that have a page of their own; the others show their properties."""
CONCEPTS: dict[str, Typed] = {
    "audience-group": audiences.group_page,
    "service-concept": shared.service_page,
    "indicator-concept": shared.indicator_page,
}
"""The vocabularies whose concepts have a page of what the municipalities say of them."""


class Portal:
    """The handlers of the pages."""

    def __init__(self, site: Site, views: Views) -> None:
        self.site, self.views = site, views
        self.vocabularies = Vocabularies(site.settings.max_age)
        self.api = Api(site)

    def visit(self, request: Request, route: str) -> Visit:
        """A visitor's request, counted under a name."""
        request.scope["mappe"].route = route
        return Visit(request, self.site, self.views, self.vocabularies)

    async def resource(self, request: Request, iri: str) -> Response | None:
        """The page that a resource's kind has, None where there is none."""
        if request.query_params.get("view") == "all" or "page" in request.query_params:
            return None
        visit = self.visit(request, request.scope["mappe"].route)
        path = rest_of(visit.base, iri) or ""
        if path.startswith("controlled-vocabulary/"):
            scheme, _, code = path.removeprefix("controlled-vocabulary/").partition("/")
            return await CONCEPTS[scheme](visit, iri) if code and scheme in CONCEPTS else None
        kind, _, rest = path.removeprefix("data/").partition("/")
        page = PAGES.get(kind)
        return None if page is None or not path.startswith("data/") or not rest else await page(visit, iri)

    def plain(self, page: Plain, route: str) -> Callable[[Request], Awaitable[Response]]:
        """The handler of a page that only depends on its address."""

        async def handler(request: Request) -> Response:
            if route != "robots":
                named_only_html(request)
            return await page(self.visit(request, route))

        return handler

    async def quality(self, request: Request) -> Response:
        """``/quality/{ipa}``."""
        return await quality.one(self.visit(request, "quality"), request.path_params["ipa"])

    async def town_sitemap(self, request: Request) -> Response:
        """``/sitemap/{ipa}.xml``."""
        return await robots.town(self.visit(request, "robots"), request.path_params["ipa"])

    async def catalogue(self, request: Request) -> Response:
        """``/catalogue``, for people."""
        return await catalogue.page(self.visit(request, "catalogue"))

    async def editor(self, request: Request) -> Response:
        """``/sparql`` without a query, for people."""
        return await gallery.editor(self.visit(request, "sparql-form"), self.api)

    async def operations(self, request: Request) -> Response:
        """``/api/``."""
        return await gallery.operations_page(self.visit(request, "api"), self.api)

    async def openapi(self, request: Request) -> Response:
        """``/api/openapi.json``."""
        return gallery.openapi_document(request, self.visit(request, "api"), self.api)

    def routes(self) -> list[tuple[str, Callable[[Request], Awaitable[Response]]]]:
        """The addresses of the site's own pages."""
        return [
            ("/", self.plain(overview.home, "home")),
            ("/services", self.plain(territory.all_services, "services")),
            ("/providers", self.plain(agents.providers_page, "providers")),
            ("/explore", self.plain(overview.explore, "explore")),
            ("/explore/users", self.plain(comparisons.users, "explore")),
            ("/explore/personnel", self.plain(comparisons.personnel, "explore")),
            ("/quality", self.plain(quality.every, "quality")),
            ("/quality/{ipa}", self.quality),
            ("/about", self.plain(overview.about, "about")),
            ("/api/", self.operations),
            ("/api/openapi.json", self.openapi),
            ("/api/{name}", self.api.call),
            ("/robots.txt", self.plain(robots.robots, "robots")),
            ("/sitemap.xml", self.plain(robots.sitemap, "robots")),
            ("/sitemap/site.xml", self.plain(robots.site, "robots")),
            ("/sitemap/{ipa}.xml", self.town_sitemap),
            ("/opensearch.xml", self.plain(robots.opensearch, "robots")),
        ]
