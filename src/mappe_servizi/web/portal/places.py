"""The pages of offices, places and channels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from starlette.responses import Response

from mappe_servizi.web.portal import figures, quotes
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.page import Crumb, Ref
from mappe_servizi.web.portal.question import About
from mappe_servizi.web.portal.schema_org import place as place_markup
from mappe_servizi.web.portal.texts import LocalizedText, head_title, town_name

PLACE = About(
    {
        "self": """<IRI> rdfs:label ?label . OPTIONAL { <IRI> clvapit:hasAddress ?address .
        ?address clvapit:fullAddress ?full }
        OPTIONAL { <IRI> l0:description ?description } OPTIONAL { <IRI> mds:facilityKind ?kind }
        OPTIONAL { <IRI> mds:channelKind ?kind } OPTIONAL { <IRI> smapit:URL ?url }
        OPTIONAL { <IRI> mds:locatedAt ?at . ?at rdfs:label ?atLabel }
        OPTIONAL { <IRI> mds:ofInstitute ?institute . ?institute rdfs:label ?instituteLabel }
        OPTIONAL { <IRI> <http://schema.org/openingHoursSpecification> ?hours .
        ?hours rdfs:label ?hoursLabel }""",
        "structure": """?d mds:deliveredThrough <IRI> . ?service mds:hasDeliveryStructure ?d ;
        l0:name ?serviceLabel . ?d l0:name ?name""",
        "service": "?service cpsvapit:hasChannel <IRI> ; l0:name ?serviceLabel",
        "indicator": figures.indicators("?i mds:ofPlace <IRI> ."),
        "figure": f"?i mds:ofPlace <IRI> . {figures.FIGURE}",
        "segment": "?i mds:ofPlace <IRI> ; mds:countsSegment ?s . ?s l0:name ?sLabel",
        "provider": """?d mds:deliveredThrough <IRI> . ?service mds:hasDeliveryStructure ?d ;
        mds:hasProvision ?p . ?p mds:statedIn/mds:isCurrent true ; roapit:isRoleInTimeOf ?agent .
        ?agent l0:name ?agentLabel""",
        "inside": "?other mds:locatedAt <IRI> . ?other rdfs:label ?label",
        "entry": "<IRI> mds:hasEntry ?entry . ?entry mds:printedName ?printed",
        "quote": "{ "
        + quotes.pattern("<IRI>")
        + " } UNION { <IRI> mds:hasEntry ?e . "
        + quotes.pattern("?e")
        + " } UNION "
        "{ ?d mds:deliveredThrough <IRI> . " + quotes.pattern("?d") + " }",
        **place_markup.PATTERNS,
    }
)
KINDS = {"office": "ufficio", "place": "luogo", "channel": "canale"}
"""What has such a page, by the concepts of the IRIs."""
OWN = 2
"""Steps of an IRI behind its concept to a thing of a municipality: that, and the thing's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacePage(place_markup.MarkedPlace):
    """An office, place or channel.

    Attributes:
        inside: what is in it.
        tables: "user" and "output": the rows that count what happens there; ``segments`` are whom they count.
        providers: who delivers the services that are found there, wherever.
        printed: how the document calls it.
    """

    template: ClassVar[str] = "place.html"
    heading: LocalizedText
    address: LocalizedText
    institute: Ref | None
    hours: LocalizedText
    inside: Sequence[Ref]
    tables: Mapping[str, figures.FiguresTable]
    segments: Sequence[Ref]
    providers: Sequence[Ref]
    printed: Sequence[str]


async def page(context: PageContext, iri: str) -> Response | None:
    """The page of an office, place or channel, None where there is no such one."""
    found = await context.about(PLACE, iri)
    if not found["self"]:
        return None
    head = found["self"][0]
    label = context.best(row["label"] for row in found["self"])
    kind, *steps = iri.removeprefix(f"{context.base}data/").split("/")
    town = town_name(context.snapshot.standing.town_of(iri, context.base))
    url = head["url"].value if "url" in head else ""
    shown = PlacePage(
        title=label.value,
        head_title=head_title(label.value, town, kind=context.translate(KINDS[kind])),
        heading=label,
        noindex=len(steps) > OWN,  # a part of another: its address
        section="/services",
        breadcrumb=[Crumb(context.translate("Servizi"), context.href("/services"))],
        address=context.text(head.get("full")),
        description=context.text(head.get("description")).value,
        kind=context.concept(head["kind"].value) if "kind" in head else None,
        url=url if url.startswith(("http://", "https://")) else "",
        located_at=context.ref(head["at"], head["atLabel"]) if "at" in head else None,
        institute=context.ref(head["institute"], head["instituteLabel"]) if "institute" in head else None,
        hours=context.text(head.get("hoursLabel")),
        services=context.distinct([*found["structure"], *found["service"]], "service", "serviceLabel"),
        inside=context.distinct(found["inside"], "other", "label"),
        tables=figures.by_kind(context, found["indicator"], found["figure"]),
        segments=context.distinct(found["segment"], "s", "sLabel"),
        providers=context.distinct(found["provider"], "agent", "agentLabel"),
        printed=sorted({row["printed"].value for row in found["entry"]}),
        quotes=quotes.read(context, found["quote"]),
        reuse_of=context.reuse(
            iri, label.value, context.csv("places", place=iri) if f"{context.base}data/place/" in iri else ""
        ),
    )
    json_ld = place_markup.place(context, iri, shown, found)
    return context.render(replace(shown, json_ld=json_ld), iri)
