"""What robots read: robots.txt, the sitemap, and the description of the search for browsers."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from starlette.responses import Response

from mappe_servizi.server.conditional import caching
from mappe_servizi.server.iris import encode
from mappe_servizi.server.portal.visit import Visit

MAX_ADDRESSES = 50_000
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
LISTED = """{ ?s a mds:MunicipalService } UNION { ?s covapit:IPAcode ?ipa } UNION { ?s a mds:ServiceArea }
    UNION { ?s a mds:UserSegment } UNION { ?s a mds:ServiceIndicator } UNION { ?s a mds:ServiceProvider }"""


def _answer(visit: Visit, body: str, media: str, name: str) -> Response:
    response = Response(body, media_type=media)
    response.raw_headers.extend(caching(visit.snapshot.tag(name), visit.site.settings.max_age))
    return response


async def robots(visit: Visit) -> Response:
    """``/robots.txt``: persons' pages and machine interfaces are not for search engines."""
    prefix, base = visit.iris.prefix, visit.base
    closed = ("/page/person/", "/data/person/", "/doc/", "/search", "/api/", "/reconcile")
    lines = [
        "User-agent: *",
        *(f"Disallow: {prefix}{path}" for path in closed),
        f"Sitemap: {base}sitemap.xml",
    ]
    return _answer(visit, "\n".join(lines) + "\n", "text/plain", "robots")


async def sitemap(visit: Visit) -> Response:
    """``/sitemap.xml``: the canonical addresses of the pages; none of a person."""
    rows = (await visit.blocks({"s": LISTED}, MAX_ADDRESSES))["s"]
    base = visit.base.rstrip("/")
    iris = sorted({row["s"].value for row in rows if row["s"].value.startswith(f"{visit.base}data/")})
    places = [f"{base}{path}" for path in PAGES]
    places += [f"{visit.base}page/{encode(iri[len(visit.base) + len('data/') :])}" for iri in iris]
    release = visit.snapshot.release
    day = f"<lastmod>{release.modified[:10]}</lastmod>" if release is not None and release.modified else ""
    urls = "".join(f"<url><loc>{escape(place)}</loc>{day}</url>\n" for place in places[:MAX_ADDRESSES])
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n'
    )
    return _answer(visit, body, "application/xml", "sitemap")


async def opensearch(visit: Visit) -> Response:
    """``/opensearch.xml``: how a browser's search field asks here."""
    template = f"{visit.base}search?q={{searchTerms}}"
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">'
        "<ShortName>Mappe servizi</ShortName><Description>Mappe dei servizi dei comuni</Description>"
        f'<Url type="text/html" template={quoteattr(template)}/></OpenSearchDescription>\n'
    )
    return _answer(visit, body, "application/opensearchdescription+xml", "opensearch")
