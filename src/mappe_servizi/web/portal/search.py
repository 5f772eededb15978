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
    stems = wanted(asked.q)

    def marked_passage(hit: Any) -> tuple[str, Markup]:
        of, piece = passage(hit, stems)
        return of, mark(piece, stems)

    return {
        "text": asked.q,
        "title": asked.q or translate("Ricerca", language),
        "kind": asked.kind,
        "kinds": {name: translate(name_of, language) for name, name_of in KINDS.items()},
        "filters": [(name, hits.kinds.get(name, 0)) for name in KINDS if _is_offered(name, asked.kind, hits)],
        "all": sum(hits.kinds.values()),
        "areas": [area.named(language) for area in hits.areas],
        "found": hits,
        "link": partial(link, snapshot),
        "label": lambda hit: mark(label(hit, language), stems),
        "passage": marked_passage,
        "number_of_page": asked.page,
        "last_page": pages,
    }


def _is_offered(kind: str, asked: str, hits: Hits) -> bool:
    """Whether a filter leads somewhere."""
    return kind == asked or (kind in FILTERS and kind in hits.kinds)
