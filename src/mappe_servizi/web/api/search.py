"""``/search``: HTML for people, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from mappe_servizi.query.errors import QueryError
from mappe_servizi.query.formats import HTML, ROWS
from mappe_servizi.query.search import MAX_HITS, Hit, Hits, Named
from mappe_servizi.web.api.highlight import excerpt, has_wanted, wanted
from mappe_servizi.web.http.conditions import caching
from mappe_servizi.web.http.exchange import exchange_of
from mappe_servizi.web.http.offers import language_of, offered
from mappe_servizi.web.http.paging import beside
from mappe_servizi.web.http.parameters import number, single, text
from mappe_servizi.web.http.problems import from_query_error, not_found
from mappe_servizi.web.served.snapshot import Snapshot
from mappe_servizi.web.served.state import ApplicationState

MAX_TEXT = 200
PAGE_SIZE = 20


class Question(NamedTuple):
    """What is looked for: words, a kind of things or "", and which page of the hits."""

    words: str
    kind: str
    page: int


Page = Callable[[Request, Question, Hits, int, str | None], Response]
"""Shows hits to people: the request, what was asked, what was found, of how many pages, its entity tag."""


class Search:
    """The handler."""

    def __init__(self, state: ApplicationState, page: Page) -> None:
        self.state, self.page = state, page

    async def search(self, request: Request) -> Response:
        """``/search?q=...&kind=...&page=...``."""
        exchange = exchange_of(request.scope)
        exchange.route = "search"
        format_, media = offered(request, (ROWS, HTML), what="a search")
        question = parameters(request)
        words, kind, page = question
        try:
            hits = await exchange.snapshot.searcher.find(words, kind, PAGE_SIZE, (page - 1) * PAGE_SIZE)
        except QueryError as error:
            raise from_query_error(error) from error
        language = language_of(request)
        tag = exchange.snapshot.tag("search", words, kind, str(page), format_.name, language)
        pages = max(1, -(-hits.total // PAGE_SIZE))
        if page > pages:
            raise not_found(f"this search has no page {page}; the last one is {pages}")
        stems = wanted(words, hits.instead)
        if format_ is HTML:
            return self.page(request, question, hits, pages, tag)
        head = {
            "query": words,
            "total": hits.total,
            "totalIsMinimum": hits.total >= MAX_HITS,
            "page": page,
            "limit": PAGE_SIZE,
            "pages": pages,
            **beside(request, page, min(pages, MAX_HITS // PAGE_SIZE)),
            "instead": hits.instead,
        }
        found = [document(exchange.snapshot, hit, language, stems) for hit in hits.hits]
        body = json.dumps(head | {"hits": found}, ensure_ascii=False)
        response = Response(body.encode(), media_type=media)
        response.raw_headers.extend(caching(tag, self.state.settings.max_age))
        return response


def parameters(request: Request) -> Question:
    """The text, the kind and the number of the page.

    Raises:
        Problem: one of them is not as it must be.
    """
    values = single(request.query_params.multi_items())
    wanted_text = text("q", values.get("q", ""), MAX_TEXT).strip()
    kind = text("kind", values.get("kind", ""), MAX_TEXT)
    return Question(wanted_text, kind, number(values, "page", 1, MAX_HITS // PAGE_SIZE))


def label(hit: Hit, language: str) -> str:
    """What a hit is called in a language, in Italian if there is nothing else."""
    return hit.english if language == "en" and hit.english else hit.label


def passage(hit: Hit, wanted_stems: Collection[str]) -> tuple[str, str]:
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


def document(snapshot: Snapshot, hit: Hit, language: str, wanted_stems: Collection[str]) -> dict[str, object]:
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


def _named(snapshot: Snapshot, named: Named | None) -> dict[str, str] | None:
    if named is None:
        return None
    return {"iri": named.iri, "label": named.label, "page": link(snapshot, named.iri)}
