"""``/search``: HTML for people, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from typing import Annotated, Final

from fastapi import Query
from pydantic import ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from typing_extensions import TypedDict

from mappe_servizi.query.errors import QueryError
from mappe_servizi.query.formats import CSV, HTML, ROWS, TSV, XLSX
from mappe_servizi.query.search import MAX_HITS, Hit, Hits, Named
from mappe_servizi.web.api.highlight import excerpt, has_wanted, wanted
from mappe_servizi.web.api.views import View, as_file
from mappe_servizi.web.http.conditions import caching
from mappe_servizi.web.http.exchange import exchange_of
from mappe_servizi.web.http.negotiation import LANGUAGES
from mappe_servizi.web.http.offers import Offer, language_of, offered
from mappe_servizi.web.http.paging import beside
from mappe_servizi.web.http.parameters import Parameters, Whole
from mappe_servizi.web.http.problems import from_query_error, not_found
from mappe_servizi.web.http.routes import TypedRoute, answers
from mappe_servizi.web.served.snapshot import Snapshot
from mappe_servizi.web.served.state import ApplicationState

MAX_TEXT = 200
PAGE_SIZE = 20
TABLES: Final = (CSV, TSV, XLSX)
OFFERED: Final = (ROWS, HTML, *TABLES)
COLUMNS: Final = ("iri", "label", "kind", "text", "owner", "ownerLabel", "municipality", "municipalityLabel")
"""Of a table of hits."""


class SearchParameters(Parameters):
    """What is looked for."""

    model_config = ConfigDict(str_strip_whitespace=True)

    q: str = Field("", max_length=MAX_TEXT, description="Le parole da cercare.")
    kind: str = Field(
        "", max_length=MAX_TEXT, description="Solo le cose di questo tipo, per esempio public-service."
    )
    page: Annotated[int, Whole(1, MAX_HITS // PAGE_SIZE)] = Field(1, description="Numero della pagina, da 1.")
    lang: str = Field(
        default_factory=str,
        json_schema_extra={"enum": list(LANGUAGES)},
        description="La lingua; vince su Accept-Language.",
    )
    format: str = Field(
        default_factory=str,
        json_schema_extra={"enum": [format_.name for format_ in OFFERED]},
        description="Il formato; vince sul campo Accept.",
    )


class NamedDocument(TypedDict):
    """A thing with its page."""

    iri: str
    label: str
    page: str


class HitDocument(TypedDict):
    """What was found, with the piece of its texts that has the words."""

    iri: str
    label: str
    kind: str
    text: str
    score: float
    page: str | None
    owner: NamedDocument | None
    otherOwners: int
    municipality: NamedDocument | None


class SearchResult(TypedDict):
    """A page of hits.

    ``kinds`` has how many hits there are of each kind, whatever kind was asked for. ``instead`` has the words
    that nothing has, with those that are spelt nearly so; they are never looked for: ``offer`` is the text
    with the nearest in their place, where that finds something. ``areas`` is where to look if nothing is
    found.
    """

    query: str
    total: int
    totalIsMinimum: bool
    page: int
    limit: int
    pages: int
    next: str | None
    previous: str | None
    kinds: dict[str, int]
    instead: dict[str, tuple[str, ...]]
    offer: str | None
    areas: list[NamedDocument]
    hits: list[HitDocument]


Page = Callable[[Request, SearchParameters, Hits, int, str | None], Response]
"""Shows hits to people: the request, what was asked, what was found, of how many pages, its entity tag."""


class Search:
    """The handler."""

    def __init__(self, state: ApplicationState, page: Page) -> None:
        self.state, self.page = state, page

    def routes(self) -> list[BaseRoute]:
        """The one address."""
        return [
            TypedRoute(
                "/search",
                self.search,
                "search",
                operation_id="search",
                tags=["search"],
                summary="Cerca per parole",
                description="Servizi, segmenti, indicatori, fornitori, luoghi: per le parole dei loro testi.",
                responses=answers(SearchResult, HTML.media, *(format_.media for format_ in TABLES)),
            )
        ]

    async def search(self, request: Request, parameters: Annotated[SearchParameters, Query()]) -> Response:
        """``/search?q=...&kind=...&page=...``."""
        exchange = exchange_of(request.scope)
        format_, media = offered(request, OFFERED, what="a search")
        words, kind, page = parameters.q, parameters.kind, parameters.page
        language = language_of(request)
        if format_ in TABLES:
            return await self._table(request, parameters, (format_, media), language)
        hits = await _find(request, words, kind, PAGE_SIZE, (page - 1) * PAGE_SIZE)
        tag = exchange.snapshot.tag("search", words, kind, str(page), format_.name, language)
        pages = max(1, -(-hits.total // PAGE_SIZE))
        if page > pages:
            raise not_found(f"this search has no page {page}; the last one is {pages}")
        stems = wanted(words)
        if format_ is HTML:
            return self.page(request, parameters, hits, pages, tag)
        places = beside(request, page, min(pages, MAX_HITS // PAGE_SIZE))
        result: SearchResult = {
            "query": words,
            "total": hits.total,
            "totalIsMinimum": hits.total >= MAX_HITS,
            "page": page,
            "limit": PAGE_SIZE,
            "pages": pages,
            "next": places["next"],
            "previous": places["previous"],
            "kinds": dict(hits.kinds),
            "instead": dict(hits.unknown),
            "offer": hits.offer or None,
            "areas": [reference(exchange.snapshot, area.named(language)) for area in hits.areas],
            "hits": [document(exchange.snapshot, hit, language, stems) for hit in hits.hits],
        }
        body = json.dumps(result, ensure_ascii=False)
        response = Response(body.encode(), media_type=media)
        response.raw_headers.extend(caching(tag, self.state.settings.max_age))
        return response

    async def _table(
        self, request: Request, asked: SearchParameters, offer: Offer, language: str
    ) -> Response:
        """All hits, which have no pages in a table."""
        snapshot = exchange_of(request.scope).snapshot
        hits = await _find(request, asked.q, asked.kind, MAX_HITS, 0)
        stems = wanted(asked.q)
        rows = (_cells(document(snapshot, hit, language, stems)) for hit in hits.hits)
        tag = snapshot.tag("search", asked.q, asked.kind, offer[1], language)
        return await as_file(View("search", COLUMNS, rows), offer, tag, self.state.settings.max_age)


async def _find(request: Request, words: str, kind: str, limit: int, offset: int) -> Hits:
    try:
        return await exchange_of(request.scope).snapshot.searcher.find(words, kind, limit, offset)
    except QueryError as error:
        raise from_query_error(error) from error


def _cells(hit: HitDocument) -> Iterator[str]:
    yield from (hit["iri"], hit["label"], hit["kind"], hit["text"])
    for of in (hit["owner"], hit["municipality"]):
        yield from (of["iri"], of["label"]) if of is not None else ("", "")


def label(hit: Hit, language: str) -> str:
    """What a hit is called in a language, in Italian if there is nothing else."""
    return hit.english if language == "en" and hit.english else hit.label


def passage(hit: Hit, wanted_stems: AbstractSet[str]) -> tuple[str, str]:
    """The language and the piece of a hit's texts that has what was looked for.

    English texts are names only: they are shown where just they have a word, and Italian ones not.
    """
    english = not has_wanted(hit.text, wanted_stems) and has_wanted(hit.english_text, wanted_stems)
    return (
        ("en", excerpt(hit.english_text, wanted_stems))
        if english
        else ("it", excerpt(hit.text, wanted_stems))
    )


def link(snapshot: Snapshot, iri: str) -> str:
    """The page of something found."""
    return snapshot.iris.link(iri) or iri


def document(snapshot: Snapshot, hit: Hit, language: str, wanted_stems: AbstractSet[str]) -> HitDocument:
    """The JSON of a hit."""
    return {
        "iri": hit.iri,
        "label": label(hit, language),
        "kind": hit.kind,
        "text": passage(hit, wanted_stems)[1],
        "score": round(hit.score, 4),
        "page": snapshot.iris.link(hit.iri),
        "owner": _named(snapshot, hit.owner),
        "otherOwners": hit.others,
        "municipality": _named(snapshot, hit.municipality),
    }


def _named(snapshot: Snapshot, named: Named | None) -> NamedDocument | None:
    if named is None:
        return None
    return reference(snapshot, named)


def reference(snapshot: Snapshot, named: Named) -> NamedDocument:
    """The JSON of something that is only named."""
    return {"iri": named.iri, "label": named.label, "page": link(snapshot, named.iri)}
