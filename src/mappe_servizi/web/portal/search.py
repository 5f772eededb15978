"""The page of a search's hits, with the words that were looked for marked."""

from __future__ import annotations

from functools import partial
from typing import Any

from markupsafe import Markup

from mappe_servizi.query.search import Hits
from mappe_servizi.web.api.highlight import FILTERS, KINDS, mark, wanted
from mappe_servizi.web.api.search import SearchParameters, label, link, passage
from mappe_servizi.web.portal.texts import translate
from mappe_servizi.web.served.snapshot import Snapshot


def shown(
    snapshot: Snapshot, asked: SearchParameters, hits: Hits, pages: int, language: str
) -> dict[str, Any]:
    """What the page shows."""
    stems = wanted(asked.q, hits.instead)

    def marked_passage(hit: Any) -> tuple[str, Markup]:
        of, piece = passage(hit, stems)
        return of, mark(piece, stems)

    return {
        "text": asked.q,
        "title": asked.q or translate("Ricerca", language),
        "kind": asked.kind,
        "kinds": {name: translate(name_of, language) for name, name_of in KINDS.items()},
        "filters": FILTERS | {asked.kind},
        "found": hits,
        "link": partial(link, snapshot),
        "label": lambda hit: mark(label(hit, language), stems),
        "passage": marked_passage,
        "number_of_page": asked.page,
        "last_page": pages,
    }
