"""The page of a provider or grouping: who it is, and what it does for which services."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from starlette.responses import Response

from mappe_servizi.web.portal import quotes
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.delivery import PROVISION, Provision, provisions
from mappe_servizi.web.portal.editions import HOLDS
from mappe_servizi.web.portal.page import Crumb, Page, Ref
from mappe_servizi.web.portal.paging import ENTRIES, ListPage, last_page, page_number
from mappe_servizi.web.portal.question import About
from mappe_servizi.web.portal.schema_org.organization import organization
from mappe_servizi.web.portal.texts import LocalizedText, head_title, sentence
from mappe_servizi.web.served.results import Row, values

_DOES = """{ ?p roapit:isRoleInTimeOf <IRI> . ?_service mds:hasProvision ?p }
    UNION { ?p mds:viaGrouping <IRI> }"""
_NAMED_IN = "?_d mds:deliveredThrough <IRI> ; l0:name ?_structure . ?service mds:hasDeliveryStructure ?_d ."
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
        "count": f"{{ SELECT (COUNT(DISTINCT ?p) AS ?n) {{ {_DOES} STATED }} }}",
        "provision": f"""{{ SELECT DISTINCT ?p {{ {_DOES} STATED }} ORDER BY ?p
        LIMIT ENTRIES OFFSET SKIPPED }}""",
        "member": "<IRI> org:hasMember ?other . ?other rdfs:label ?label",
        "grouping": "?other org:hasMember <IRI> . ?other rdfs:label ?label",
        "structure": f"""{{ SELECT ?service (MIN(?_name) AS ?serviceLabel) {{ {_NAMED_IN}
        ?service l0:name ?_name }} GROUP BY ?service
        ORDER BY ?serviceLabel ?service LIMIT {ENTRIES + 1} }}""",
        "quote": f"""{{ SELECT ?lines ?first ?last ?quoted {{ {quotes.pattern("<IRI>")} }}
        ORDER BY ?first ?last ?lines LIMIT {quotes.MAX_QUOTES} }}""",
    }
)
"""A provider may work in all municipalities: of what it does a part is read, ``STATED`` as a map tells it."""
DOES = About(
    {
        "provision": f"SOME ?p roapit:forEntity ?service . ?service l0:name ?serviceLabel . {PROVISION}",
        "quote": f"SOME {quotes.pattern('?p')}",
    }
)
"""Some of what a provider does."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationPage(Page):
    """A provider or grouping.

    Attributes:
        form: its legal form.
        owner: the municipality whose in-house company it is.
        certainty: how certain it is who it is, None where nobody doubts it.
        links: what of others' lists it is linked to.
        part: those of its provisions that this page has, and where it stands.
        structures: the services that name it among what delivers them; ``more`` than there is room for?
    """

    template: ClassVar[str] = "organization.html"
    paged: ClassVar[bool] = True
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
    part: ListPage[str]
    provisions: Sequence[Provision]
    members: Sequence[Ref]
    groupings: Sequence[Ref]
    structures: Sequence[Ref]
    more: bool


async def _organization(
    context: PageContext, iri: str, number: int
) -> tuple[dict[str, list[Row]], ListPage[str]]:
    """What is known of a provider, and a part of what it does: as current maps tell it, or as others did."""
    part = {"ENTRIES": str(ENTRIES), "SKIPPED": str((number - 1) * ENTRIES)}
    for stated in (f"FILTER EXISTS {{ ?p {HOLDS} }}", ""):
        found = await context.blocks(ORGANIZATION.of(iri, STATED=stated, **part))
        count = int(found["count"][0]["n"].value)
        if count or not found["self"]:
            break
    some = [row["p"].value for row in found["provision"]]
    if some:
        done = await context.blocks(DOES.of(iri, SOME=f"VALUES ?p {{ {values(some)} }}"))
        found |= {"provision": done["provision"], "quote": [*found["quote"], *done["quote"]]}
    return found, ListPage(some, number, last_page(number, count))


async def page(context: PageContext, iri: str) -> Response | None:
    """The page of a provider or grouping, None where there is no such one.

    Raises:
        Problem: there is no such part of it.
    """
    found, part = await _organization(context, iri, page_number(context.request))
    if not found["self"]:
        return None
    head = found["self"][0]
    label = context.best(row["label"] for row in found["self"])
    identifiers = _identifiers(context, found["identifier"])
    done = provisions(context, found["provision"])
    named_in = context.distinct(found["structure"], "service", "serviceLabel")
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
        part=part,
        provisions=done,
        members=context.distinct(found["member"], "other", "label"),
        groupings=context.distinct(found["grouping"], "other", "label"),
        structures=named_in[:ENTRIES],
        more=len(named_in) > ENTRIES,
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
