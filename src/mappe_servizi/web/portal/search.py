"""The page of a search's hits, with the words that were looked for marked."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from mappe_servizi.query.search import Hit, Hits, Named
from mappe_servizi.web.api.highlight import FILTERS, KINDS, mark, wanted
from mappe_servizi.web.api.search import SearchParameters, label, link, passage
from mappe_servizi.web.portal.page import Page, Ref
from mappe_servizi.web.portal.texts import LocalizedText, translate
from mappe_servizi.web.served.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class HitEntry:
    """What was found.

    Attributes:
        language: of its label, "" for that of the page.
        kind: what it is, in words.
        owner: the service that it belongs to, None for none; ``others`` is how many more there are.
        piece: what of its texts has the words, "" where the label says the same; of a ``piece_language``.
    """

    href: str
    label: Markup
    language: str
    kind: str
    owner: Ref | None
    others: int
    municipality: Ref | None
    piece: Markup
    piece_language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage(Page):
    """A page of hits.

    Attributes:
        kind: the one that is asked for, "" for all; ``kinds`` has the filters: code, name, how many hits.
        all: how many hits there are of all kinds; ``total`` of the one that is asked for.
        unknown: words that no text has.
        offer: what may have been meant.
        areas: where to look where little is found.
    """

    template: ClassVar[str] = "search.html"
    paged: ClassVar[bool] = True
    text: str
    kind: str
    filters: Sequence[tuple[str, str, int]]
    all: int
    total: int
    unknown: Sequence[str]
    offer: str
    areas: Sequence[Ref]
    hits: Sequence[HitEntry]
    number_of_page: int
    last_page: int


def page(snapshot: Snapshot, asked: SearchParameters, hits: Hits, pages: int, language: str) -> SearchPage:
    """The page of some hits.

    Args:
        snapshot: what was searched.
        asked: for what.
        hits: what was found.
        pages: how many there are.
        language: of the page.
    """
    stems = wanted(asked.q)
    return SearchPage(
        title=asked.q or translate("Ricerca", language),
        text=asked.q,
        kind=asked.kind,
        filters=[
            (name, translate(called, language), hits.kinds.get(name, 0))
            for name, called in KINDS.items()
            if _is_offered(name, asked.kind, hits)
        ],
        all=sum(hits.kinds.values()),
        total=hits.total,
        unknown=list(hits.unknown),
        offer=hits.offer,
        areas=[_ref(snapshot, area.named(language)) for area in hits.areas],
        hits=[_entry(snapshot, hit, stems, language) for hit in hits.hits],
        number_of_page=asked.page,
        last_page=pages,
    )


def _is_offered(kind: str, asked: str, hits: Hits) -> bool:
    """Whether a filter leads somewhere."""
    return kind == asked or (kind in FILTERS and kind in hits.kinds)


def _entry(snapshot: Snapshot, hit: Hit, stems: AbstractSet[str], language: str) -> HitEntry:
    called = mark(label(hit, language), stems)
    of, text = passage(hit, stems)
    piece = mark(text, stems)
    return HitEntry(
        href=link(snapshot, hit.iri),
        label=called,
        language="it" if language == "en" and not hit.english else "",
        kind=translate(KINDS[hit.kind], language) if hit.kind in KINDS else hit.kind,
        owner=_ref(snapshot, hit.owner) if hit.owner else None,
        others=hit.others,
        municipality=_ref(snapshot, hit.municipality) if hit.municipality else None,
        piece=piece if piece != called else Markup(),
        piece_language=of if of != language else "",
    )


def _ref(snapshot: Snapshot, named: Named) -> Ref:
    return Ref(LocalizedText(named.label), link(snapshot, named.iri), named.iri)
