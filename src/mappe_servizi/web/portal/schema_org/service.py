"""A service as schema.org has it, and as the national model of municipal sites asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.delivery import Provision
from mappe_servizi.web.portal.page import NamedPart, Page, Ref
from mappe_servizi.web.portal.schema_org.document import (
    ADDRESS,
    HOURS,
    address,
    hours,
    sentences,
    told,
    web_page,
)
from mappe_servizi.web.portal.texts import LocalizedText
from mappe_servizi.web.served.results import Row

PATTERNS = {
    "served": "<IRI> dct:spatial ?area . ?area rdfs:label ?label",
    "channel": f"""<IRI> cpsvapit:hasChannel ?channel . ?channel mds:channelKind ?kind ; rdfs:label ?label .
        OPTIONAL {{ ?channel smapit:URL ?url }} OPTIONAL {{ ?channel {HOURS} }}""",
    "location": f"""<IRI> mds:hasDeliveryStructure ?d . ?d HOLDS ;
        mds:deliveredThrough|mds:deliveredThrough/mds:locatedAt ?place .
        ?place clvapit:hasAddress ?address ; rdfs:label ?label . ?address {ADDRESS}
        OPTIONAL {{ ?place {HOURS} }}""",
    "output": "<IRI> cpsv:produces ?output . ?output rdfs:label ?label",
}
"""What the page of a service does not ask for itself; HOLDS as there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedService(Page):
    """What the page of a service shows and its markup tells too; ``internal``: it is none for the public."""

    summary: LocalizedText
    area: Ref
    town: Ref
    internal: bool
    segments: Sequence[NamedPart]
    provisions: Sequence[Provision]


def service(
    context: PageContext, iri: str, page: MarkedService, found: Mapping[str, list[Row]]
) -> dict[str, Any]:
    """A service as a GovernmentService, an internal one as a Service.

    Args:
        context: of its page.
        iri: the service.
        page: what it shows.
        found: the rows of ``PATTERNS``.
    """
    town = {
        "@type": "GovernmentOrganization",
        "@id": page.town.iri,
        "name": str(page.town.text),
    }
    others = {p.provider.iri: p.provider for p in page.provisions}
    operators = [
        {"@type": "Organization", "@id": other, "name": str(provider.text)}
        for other, provider in sorted(others.items())
    ]
    public = not page.internal
    return told(
        {
            "@type": "GovernmentService" if public else "Service",
            "@id": iri,
            "name": page.title,
            "url": iri,
            "mainEntityOfPage": web_page(context, iri),
            "serviceType": str(page.area.text),
            "provider": town,
            "serviceOperator": (operators or town) if public else "",
            "description": sentences(str(page.summary)),
            "areaServed": _areas(context, found["served"]),
            "audience": [
                {"@type": "Audience", "name": str(s.ref.text), "audienceType": str(s.ref.text)}
                for s in page.segments
            ],
            "availableChannel": [
                *_channels(context, found["channel"]),
                *_locations(context, found["location"]),
            ],
            "serviceOutput": [
                {"@type": "Thing", "@id": output, "name": name}
                for output, name in _named(context, found["output"], "output").items()
            ],
        }
    )


def metatag(whole: Mapping[str, Any]) -> dict[str, Any]:
    """The same as the national model of municipal sites has it: one audience, one operator, one channel.

    Recommendation R.SI.1.1 of the model's validator: name, serviceType, serviceOperator.name,
    areaServed.name, audience.name, availableChannel with serviceUrl and serviceLocation (name and address
    with streetAddress, postalCode, addressLocality). What the map does not print is not made up: it stays
    out.
    """
    audiences, channels = _list(whole.get("audience")), _list(whole.get("availableChannel"))
    names = "; ".join(audience["name"] for audience in audiences)
    return told(
        {key: whole.get(key) for key in ("@type", "@id", "name", "url", "serviceType")}
        | {
            "serviceOperator": whole["provider"],
            "areaServed": _list(whole.get("areaServed"))[:1],
            "audience": {"@type": "Audience", "name": names, "audienceType": names} if names else None,
            "availableChannel": _channel(channels),
        }
    )


def _channel(channels: list[dict[str, Any]]) -> dict[str, Any]:
    """Of several channels one: the address to write to, and the place of which most is known."""
    online = [channel for channel in channels if "serviceUrl" in channel]
    here = [channel for channel in channels if "serviceLocation" in channel]
    here.sort(key=lambda channel: len(channel["serviceLocation"]["address"]), reverse=True)
    chosen: dict[str, Any] = {}
    for channel in [*here[:1], *online[:1]] or channels[:1]:
        chosen |= channel
    return chosen


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _grouped(rows: Iterable[Row], name: str) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: row[name].value):
        grouped.setdefault(row[name].value, []).append(row)
    return grouped


def _named(context: PageContext, rows: Iterable[Row], name: str) -> dict[str, str]:
    """The label of each thing by IRI."""
    return {
        iri: context.best({row["label"] for row in same}).value for iri, same in _grouped(rows, name).items()
    }


def _areas(context: PageContext, rows: Iterable[Row]) -> list[dict[str, str]]:
    return [
        {"@type": "AdministrativeArea", "@id": iri, "name": name}
        for iri, name in _named(context, rows, "area").items()
    ]


def _channels(context: PageContext, rows: Iterable[Row]) -> list[dict[str, Any]]:
    return [
        told(
            {
                "@type": "ServiceChannel",
                "@id": iri,
                "name": context.best({row["label"] for row in same}).value,
                "serviceUrl": same[0]["url"].value if "url" in same[0] else "",
                "availableLanguage": "it",
            }
        )
        for iri, same in _grouped(rows, "channel").items()
    ]


def _locations(context: PageContext, rows: Iterable[Row]) -> list[dict[str, Any]]:
    return [
        {
            "@type": "ServiceChannel",
            "name": (name := context.best({row["label"] for row in same}).value),
            "availableLanguage": "it",
            "serviceLocation": told(
                {
                    "@type": "Place",
                    "@id": iri,
                    "name": name,
                    "address": address(same[0]),
                    "openingHoursSpecification": hours(same),
                }
            ),
        }
        for iri, same in _grouped(rows, "place").items()
    ]
