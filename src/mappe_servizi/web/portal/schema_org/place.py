"""A place, office or channel as schema.org has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from mappe_servizi.web.portal.context import PageContext, Ref
from mappe_servizi.web.portal.schema_org.document import ADDRESS, HOURS, address, hours, script, web_page
from mappe_servizi.web.served.results import Row

PATTERNS = {
    "postal": f"<IRI> clvapit:hasAddress ?address . ?address {ADDRESS}",
    "open": f"<IRI> {HOURS}",
}
"""What the page of a place does not ask for itself."""
TYPES = {"office": "GovernmentOffice", "channel": "ServiceChannel"}
"""The classes of schema.org by our kinds of IRIs; all else is a Place."""


def place(
    context: PageContext, iri: str, shown: Mapping[str, Any], found: Mapping[str, Sequence[Row]]
) -> Markup:
    """A place, office or channel.

    Args:
        context: of its page.
        iri: the place.
        shown: what its page shows.
        found: the rows of ``PATTERNS``.
    """
    type_ = TYPES.get(iri.removeprefix(f"{context.base}data/").split("/", 1)[0], "Place")
    services: list[Ref] = shown["services"]
    document = {
        "@type": type_,
        "@id": iri,
        "name": shown["title"],
        "description": shown["description"],
        "url": iri,
        "mainEntityOfPage": web_page(context, iri),
        "additionalType": shown["kind"].iri if shown["kind"] else "",
    }
    if type_ == "ServiceChannel":
        document |= {
            "serviceUrl": shown["url"],
            "availableLanguage": "it",
            "providesService": [
                {"@type": "Service", "@id": one.iri, "name": one.text.value} for one in services
            ],
        }
    else:
        within = shown["located_at"]
        document |= {
            "address": [address(row) for row in found["postal"][:1]],
            "openingHoursSpecification": hours(found["open"]),
            "containedInPlace": {"@type": "Place", "@id": within.iri, "name": within.text.value}
            if within
            else None,
        }
    return script(document)
