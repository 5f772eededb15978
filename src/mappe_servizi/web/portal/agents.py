"""The pages of providers, offices, places and channels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from starlette.responses import Response

from mappe_servizi.web.portal import figures, quotes
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.delivery import PROVISION, Provision, provisions
from mappe_servizi.web.portal.editions import NOW, holding
from mappe_servizi.web.portal.page import Crumb, Page, Ref
from mappe_servizi.web.portal.question import About
from mappe_servizi.web.portal.schema_org import place as place_markup
from mappe_servizi.web.portal.schema_org.organization import organization
from mappe_servizi.web.portal.texts import LocalizedText, head_title, sentence, town_name
from mappe_servizi.web.served.results import Row

ORGANIZATION = About(
    {
        "self": """<IRI> rdfs:label ?label . OPTIONAL { <IRI> covapit:hasLegalStatus ?form }
        OPTIONAL { <IRI> mds:seat ?seat . ?seat rdfs:label ?seatLabel } OPTIONAL {
        <IRI> covapit:orgAcronym ?acronym }
        OPTIONAL { <IRI> mds:organizationQuality ?quality } OPTIONAL {
        <IRI> mds:decisionCertainty ?certainty }
        OPTIONAL { <IRI> skos:editorialNote ?note } OPTIONAL { <IRI> mds:inHouseCompanyOf ?owner .
        ?owner rdfs:label ?ownerLabel }""",
        "alias": "<IRI> skos:altLabel ?alias",
        "link": """GRAPH <BASE/graph/links> {
        ?link owl:annotatedSource <IRI> ; owl:annotatedProperty ?relation ;
        owl:annotatedTarget ?other ; mds:linkStatus ?status
        FILTER(?relation != covapit:hasAlternativeIdentifier) }""",
        "identifier": """<IRI> covapit:hasAlternativeIdentifier ?id . ?id l0:identifier ?value ;
        mds:identifierKind ?kind ; mds:decisionCertainty ?sure . OPTIONAL { ?id dct:source ?source }""",
        "provision": """?p roapit:isRoleInTimeOf <IRI> ; roapit:forEntity ?service .
        ?service l0:name ?serviceLabel ; mds:hasProvision ?p . """
        + PROVISION
        + NOW,
        "member": "<IRI> org:hasMember ?other . ?other rdfs:label ?label",
        "grouping": "?other org:hasMember <IRI> . ?other rdfs:label ?label",
        "via": "?p mds:viaGrouping <IRI> ; roapit:forEntity ?service . ?service l0:name ?serviceLabel . "
        + PROVISION
        + NOW,
        "structure": """?d mds:deliveredThrough <IRI> . ?service mds:hasDeliveryStructure ?d ;
        l0:name ?serviceLabel . ?d l0:name ?name""",
        "quote": "{ "
        + quotes.pattern("<IRI>")
        + " } UNION { ?p roapit:isRoleInTimeOf <IRI> . "
        + quotes.pattern("?p")
        + " }",
    }
)
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
        "structure": ORGANIZATION["structure"],
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


@dataclass(frozen=True, slots=True)
class IdentifierEntry:
    """A number that others know a provider by; ``code`` is its kind in the vocabulary."""

    code: str
    kind: Ref
    value: str
    certain: bool
    certainty: Ref
    source: LocalizedText


def _identifiers(context: PageContext, rows: Iterable[Row]) -> list[IdentifierEntry]:
    found = [
        IdentifierEntry(
            row["kind"].value.rsplit("/", 1)[-1],
            context.concept(row["kind"].value),
            row["value"].value,
            row["sure"].value.endswith("/certain"),
            context.concept(row["sure"].value),
            context.text(row.get("source")),
        )
        for row in rows
    ]
    return sorted(found, key=lambda i: (i.code, i.value))


@dataclass(frozen=True, slots=True)
class LinkEntry:
    """What of others a provider is linked to, or is not."""

    relation: Ref
    other: str
    status: Ref


def _links(context: PageContext, rows: Iterable[Row]) -> list[LinkEntry]:
    found = [
        LinkEntry(
            context.concept(row["relation"].value), row["other"].value, context.concept(row["status"].value)
        )
        for row in rows
    ]
    return sorted(found, key=lambda link: (link.status.iri, link.other))


def distinct(context: PageContext, rows: Iterable[Row], name: str, label: str) -> list[Ref]:
    """What some rows name, each once, by label."""
    found = {row[name].value: context.ref(row[name], row[label]) for row in rows if name in row}
    return sorted(found.values(), key=lambda r: (r.text.value.casefold(), r.iri))


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationPage(Page):
    """A provider or grouping.

    Attributes:
        form: its legal form.
        owner: the municipality whose in-house company it is.
        certainty: how certain it is who it is, None where nobody doubts it.
        links: what of others' lists it is linked to.
        structures: the services that name it among what delivers them.
    """

    template: ClassVar[str] = "organization.html"
    heading: LocalizedText
    form: Ref | None
    seat: Ref | None
    acronym: LocalizedText
    qualities: Sequence[str]
    owner: Ref | None
    certainty: Ref | None
    note: LocalizedText
    identifiers: Sequence[IdentifierEntry]
    links: Sequence[LinkEntry]
    aliases: Sequence[str]
    provisions: Sequence[Provision]
    members: Sequence[Ref]
    groupings: Sequence[Ref]
    structures: Sequence[Ref]


async def organization_page(context: PageContext, iri: str) -> Response | None:
    """The page of a provider or grouping, None where there is no such one."""
    found = await context.about(ORGANIZATION, iri)
    if not found["self"]:
        return None
    head = found["self"][0]
    label = context.best(row["label"] for row in found["self"])
    identifiers = _identifiers(context, found["identifier"])
    done = provisions(context, holding([*found["provision"], *found["via"]]))
    kind = context.translate("Soggetto che svolge attività per i servizi")
    shown = OrganizationPage(
        title=label.value,
        head_title=head_title(label.value, context.translate("Chi svolge i servizi")),
        description=sentence(f"{kind}: {label}", *(one.activity for one in done)),
        heading=label,
        section="/providers",
        breadcrumb=[Crumb(context.translate("Chi li svolge"), context.href("/providers"))],
        form=context.concept(head["form"].value) if "form" in head else None,
        seat=context.ref(head["seat"], head["seatLabel"]) if "seat" in head else None,
        acronym=context.text(head.get("acronym")),
        qualities=sorted({row["quality"].value for row in found["self"] if "quality" in row}),
        owner=context.ref(head["owner"], head["ownerLabel"]) if "owner" in head else None,
        certainty=context.concept(head["certainty"].value) if "certainty" in head else None,
        note=context.text(head.get("note")),
        identifiers=identifiers,
        links=_links(context, found["link"]),
        aliases=sorted({row["alias"].value for row in found["alias"]}),
        provisions=done,
        members=distinct(context, found["member"], "other", "label"),
        groupings=distinct(context, found["grouping"], "other", "label"),
        structures=distinct(context, found["structure"], "service", "serviceLabel"),
        quotes=quotes.read(context, found["quote"]),
        json_ld=organization(
            context,
            iri,
            label.value,
            public=False,
            codes=[(i.code, i.value) for i in identifiers if i.certain],
        ),
        reuse_of=context.reuse(iri, label.value, context.csv("engagements", provider=iri)),
    )
    return context.render(shown, iri)


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


async def place_page(context: PageContext, iri: str) -> Response | None:
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
        services=distinct(context, [*found["structure"], *found["service"]], "service", "serviceLabel"),
        inside=distinct(context, found["inside"], "other", "label"),
        tables=figures.by_kind(context, found["indicator"], found["figure"]),
        segments=distinct(context, found["segment"], "s", "sLabel"),
        providers=distinct(context, found["provider"], "agent", "agentLabel"),
        printed=sorted({row["printed"].value for row in found["entry"]}),
        quotes=quotes.read(context, found["quote"]),
        reuse_of=context.reuse(
            iri, label.value, context.csv("places", place=iri) if f"{context.base}data/place/" in iri else ""
        ),
    )
    json_ld = place_markup.place(context, iri, shown, found)
    return context.render(replace(shown, json_ld=json_ld), iri)
