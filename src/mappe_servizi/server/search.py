"""``/search``: HTML for people, JSON for programs; and hits as VALUES for queries."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import Response

from mappe_servizi.query.errors import QueryError
from mappe_servizi.query.search import MAX_HITS, Hits
from mappe_servizi.server.conditional import caching
from mappe_servizi.server.front import Exchange
from mappe_servizi.server.negotiation import choose
from mappe_servizi.server.portal.highlight import KINDS, excerpt, mark, wanted
from mappe_servizi.server.portal.texts import translate
from mappe_servizi.server.problems import Problem, from_query_error
from mappe_servizi.server.site import Site, Snapshot
from mappe_servizi.server.views import Views, language_of

MAX_TEXT = 200
PAGE_SIZE = 20
MEDIA = ("application/json", "text/html")


class Search:
    """The handler."""

    def __init__(self, site: Site, views: Views) -> None:
        self.site, self.views = site, views

    async def search(self, request: Request) -> Response:
        """``/search?q=...&kind=...&page=...``."""
        exchange: Exchange = request.scope["mappe"]
        exchange.route = "search"
        media = choose(exchange.get(b"accept"), MEDIA)
        if media is None:
            raise Problem(406, "not-acceptable", f"searches are answered as {' or '.join(MEDIA)}")
        text, kind, number = parameters(request)
        try:
            hits = await exchange.snapshot.searcher.find(text, kind, PAGE_SIZE, (number - 1) * PAGE_SIZE)
        except QueryError as error:
            raise from_query_error(error) from error
        language = language_of(request)
        tag = exchange.snapshot.tag("search", text, kind, str(number), MEDIA[media], language)
        pages = max(1, -(-hits.total // PAGE_SIZE))
        if MEDIA[media] == "text/html":
            links = {hit.iri: exchange.snapshot.iris.link(hit.iri) or hit.iri for hit in hits.hits}
            stems = wanted(text, hits.instead)
            context = {
                "text": text,
                "title": text or translate("Ricerca", language),
                "kind": kind,
                "kinds": {name: translate(label, language) for name, label in KINDS.items()},
                "found": hits,
                "links": links,
                "marked": lambda label: mark(label, stems),
                "excerpts": {hit.iri: excerpt(hit.text, stems) for hit in hits.hits},
                "number_of_page": number,
                "last_page": pages,
            }
            return self.views.page(request, "search.html", language, context, tag)
        body = json.dumps(document(exchange.snapshot, text, hits, number, pages), ensure_ascii=False)
        response = Response(body.encode(), media_type="application/json")
        response.raw_headers.extend(caching(tag, self.site.settings.max_age))
        return response


def parameters(request: Request) -> tuple[str, str, int]:
    """The text, the kind and the number of the page.

    Raises:
        Problem: one of them is not as it must be.
    """
    text, kind = request.query_params.get("q", "").strip(), request.query_params.get("kind", "")
    page = request.query_params.get("page", "1")
    if len(text) > MAX_TEXT or len(kind) > MAX_TEXT:
        raise Problem(400, "bad-request", f"q may have {MAX_TEXT} characters at most")
    if not (page.isascii() and page.isdigit() and 0 < int(page[:9]) <= MAX_HITS // PAGE_SIZE):
        raise Problem(400, "bad-request", f"page must be a number from 1 to {MAX_HITS // PAGE_SIZE}")
    return text, kind, int(page)


def document(snapshot: Snapshot, text: str, hits: Hits, number: int, pages: int) -> dict[str, object]:
    """The JSON of a search."""
    return {
        "query": text,
        "total": hits.total,
        "totalIsMinimum": hits.total >= MAX_HITS,
        "page": number,
        "pages": pages,
        "instead": hits.instead,
        "hits": [
            {
                "iri": hit.iri,
                "label": hit.label,
                "kind": hit.kind,
                "text": hit.text,
                "score": round(hit.score, 4),
                "page": snapshot.iris.link(hit.iri),
            }
            for hit in hits.hits
        ],
    }


async def hit_values(snapshot: Snapshot, text: str) -> str:
    """The hits of a search as a VALUES clause, to be put after a query.

    Raises:
        QueryError: the search could not be made.
    """
    hits = await snapshot.searcher.find(text[:MAX_TEXT], "", MAX_HITS)
    rows = " ".join(f"(<{hit.iri}> {hit.score:.4f})" for hit in hits.hits)
    return f"\nVALUES (?hit ?score) {{ {rows} }}"
