"""A place, office or channel as schema.org has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.page import Page, Ref
from mappe_servizi.web.portal.schema_org.document import ADDRESS, HOURS, address, hours, script, web_page
from mappe_servizi.web.served.results import Row

PATTERNS = {
    "postal": f"<IRI> clvapit:hasAddress ?address . ?address {ADDRESS}",
    "open": f"<IRI> {HOURS}",
}
"""What the page of a place does not ask for itself."""
TYPES = {"office": "GovernmentOffice", "channel": "ServiceChannel"}
"""The classes of schema.org by our kinds of IRIs; all else is a Place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedPlace(Page):
    """What the page of a place shows and its markup tells too; ``located_at`` is the place that it is in."""

    kind: Ref | None
    url: str
    located_at: Ref | None
    services: Sequence[Ref]


def place(context: PageContext, iri: str, page: MarkedPlace, found: Mapping[str, Sequence[Row]]) -> Markup:
    """A place, office or channel.

    Args:
        context: of its page.
        iri: the place.
        page: what it shows.
        found: the rows of ``PATTERNS``.
    """
    type_ = TYPES.get(iri.removeprefix(f"{context.base}data/").split("/", 1)[0], "Place")
    document: dict[str, Any] = {
        "@type": type_,
        "@id": iri,
        "name": page.title,
        "description": page.description,
        "url": iri,
        "mainEntityOfPage": web_page(context, iri),
        "additionalType": page.kind.iri if page.kind else "",
    }
    if type_ == "ServiceChannel":
        document |= {
            "serviceUrl": page.url,
            "availableLanguage": "it",
            "providesService": [
                {"@type": "Service", "@id": one.iri, "name": one.text.value} for one in page.services
            ],
        }
    else:
        within = page.located_at
        document |= {
            "address": [address(row) for row in found["postal"][:1]],
            "openingHoursSpecification": hours(found["open"]),
            "containedInPlace": {"@type": "Place", "@id": within.iri, "name": within.text.value}
            if within
            else None,
        }
    return script(document)
