"""What robots read: robots.txt, the sitemap, and the description of the search for browsers."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from starlette.responses import Response

from mappe_servizi.formats import HTML, TEXT, XML
from mappe_servizi.web.http.conditions import caching
from mappe_servizi.web.http.negotiation import LANGUAGES
from mappe_servizi.web.http.problems import not_found
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.quality import is_code
from mappe_servizi.web.portal.territory import MOST
from mappe_servizi.web.served.iris import encode

MAX_ADDRESSES = 50_000 // len(LANGUAGES)
"""Of pages: a sitemap may have 50,000 addresses, and each language of a page is one."""
PAGES = (
    "/",
    "/services",
    "/providers",
    "/explore/users",
    "/explore/personnel",
    "/quality",
    "/about",
    "/api/",
)
TOWNS = {"town": "{ SELECT DISTINCT ?ipa { ?town mds:providesService ?any ; covapit:IPAcode ?ipa } }"}
SITE = """{ ?s covapit:IPAcode ?ipa FILTER EXISTS { ?s mds:providesService ?any } }
        UNION { ?s a mds:ServiceProvider }"""
PARTS = {"part": "{ SELECT (COUNT(DISTINCT ?s) AS ?n) { SITE } }".replace("SITE", SITE)}
ROOM = MAX_ADDRESSES - len(PAGES)
"""Municipalities and providers of one of the site's sitemaps."""
PART = "{ SELECT DISTINCT ?s { SITE } ORDER BY ?s LIMIT ROOM OFFSET FROM }"
TOWN = {
    "service": '?town covapit:IPAcode "IPA" ; mds:providesService ?s',
    "area": '?town covapit:IPAcode "IPA" ; mds:providesService/mds:inArea ?s',
    "segment": '?town covapit:IPAcode "IPA" ; mds:providesService/mds:hasUserSegment ?s',
    "indicator": '?town covapit:IPAcode "IPA" ; mds:providesService/mds:hasIndicator ?s',
}
PART_NAME = re.compile(r"site-([2-9]|[1-9][0-9]{1,4})")
"""Of the site's sitemaps after the first; an index may have 50,000."""
SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"


def _answer(context: PageContext, body: str, media: str, name: str) -> Response:
    response = Response(body, media_type=media)
    response.raw_headers.extend(caching(context.snapshot.tag(name), context.state.settings.max_age))
    return response


async def robots(context: PageContext) -> Response:
    """``/robots.txt``: persons' pages and machine interfaces are not for search engines."""
    prefix = context.iris.prefix
    closed = ("/page/person/", "/data/person/", "/doc/", "/search", "/api/", "/reconcile")
    lines = [
        "User-agent: *",
        *(f"Disallow: {prefix}{path}" for path in closed),
        f"Sitemap: {_root(context)}/sitemap.xml",
    ]
    return _answer(context, "\n".join(lines) + "\n", TEXT.media, "robots")


async def sitemap(context: PageContext) -> Response:
    """``/sitemap.xml``: the sitemaps, one of the site and one of each municipality."""
    found = await context.blocks(TOWNS | PARTS, MOST, labelled=False)
    towns = sorted({row["ipa"].value for row in found["town"]})
    count = int(found["part"][0]["n"].value)
    more = range(2, -(-count // ROOM) + 1)
    names = ["site", *(f"site-{number}" for number in more), *(ipa for ipa in towns if ipa != "site")]
    return _sitemap(
        context, "sitemap", [f"{_root(context)}/sitemap/{encode(name)}.xml" for name in names], "index"
    )


async def site(context: PageContext, number: int = 1) -> Response:
    """``/sitemap/site.xml``: the site's own pages, the municipalities and the providers.

    What has no room there is in ``/sitemap/site-2.xml`` and so on.

    Raises:
        Problem: there is no such part.
    """
    own = [_root(context) + path for path in PAGES] if number == 1 else []
    part = PART.replace("SITE", SITE).replace("ROOM", str(ROOM)).replace("FROM", str((number - 1) * ROOM))
    places = [*own, *await _pages(context, {"s": part})]
    if not places:
        raise not_found(f"there is no part {number} of the site's map")
    return _sitemap(context, "url", _in_languages(places), f"site-{number}")


async def town(context: PageContext, ipa: str) -> Response:
    """``/sitemap/{ipa}.xml``: the pages of a municipality's services; none of a person.

    Raises:
        Problem: there is no such municipality.
    """
    patterns = {name: pattern.replace('"IPA"', f'"{ipa}"') for name, pattern in TOWN.items()}
    places = await _pages(context, patterns) if is_code(ipa) else []
    if not places:
        raise not_found(f"there is no municipality {ipa!r}")
    places += [f"{_root(context)}/quality/{ipa}", f"{_root(context)}/brief/{ipa}"]
    return _sitemap(context, "url", _in_languages(places), ipa)


def _in_languages(places: list[str]) -> list[str]:
    """Pages by the address that each language of them calls its own."""
    return [f"{place}?lang={language}" for place in places for language in LANGUAGES]


async def _pages(context: PageContext, patterns: dict[str, str]) -> list[str]:
    found = await context.blocks(patterns, MAX_ADDRESSES + 1, labelled=False)
    data, every = f"{context.base}data/", {row["s"].value for rows in found.values() for row in rows}
    iris = sorted(iri for iri in every if iri.startswith(data))
    return [f"{_root(context)}/page/{encode(iri[len(data) :])}" for iri in iris]


def _root(context: PageContext) -> str:
    return context.renderer.root(context.snapshot)


def _sitemap(context: PageContext, kind: str, places: list[str], name: str) -> Response:
    """A sitemap ("url"), or an index of them ("sitemap")."""
    release = context.snapshot.release
    day = f"<lastmod>{release.modified[:10]}</lastmod>" if release is not None and release.modified else ""
    entries = "".join(f"<{kind}><loc>{escape(place)}</loc>{day}</{kind}>\n" for place in places)
    root = "urlset" if kind == "url" else "sitemapindex"
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{SITEMAPS}">\n{entries}</{root}>\n'
    return _answer(context, body, XML.media, f"sitemap {name}")


async def opensearch(context: PageContext) -> Response:
    """``/opensearch.xml``: how a browser's search field asks here."""
    template = f"{context.base}search?q={{searchTerms}}"
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">'
        "<ShortName>Mappe servizi</ShortName><Description>Mappe dei servizi dei comuni</Description>"
        f'<Url type="{HTML.media}" template={quoteattr(template)}/></OpenSearchDescription>\n'
    )
    return _answer(context, body, "application/opensearchdescription+xml", "opensearch")
