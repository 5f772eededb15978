"""The page of a segment: who it is, what it is offered, how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from starlette.responses import Response

from mappe_servizi.web.portal import editions, figures, quotes
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.page import Crumb, Page, Ref
from mappe_servizi.web.portal.paging import ENTRIES, ListPage, last_page, page_number
from mappe_servizi.web.portal.question import About
from mappe_servizi.web.portal.texts import SITE_NAME, LocalizedText, head_title, sentence, town_name

SEGMENT = About(
    {
        "self": "<IRI> rdfs:label ?label . OPTIONAL { <IRI> l0:description ?description }",
        "service": """?service mds:hasUserSegment|dct:audience <IRI> ; l0:name ?serviceLabel ;
            mds:inArea ?area""",
        "role": """?c roapit:isRoleInTimeOf <IRI> ; roapit:forEntity ?service .
        ?service l0:name ?serviceLabel ; mds:inArea ?area .
        OPTIONAL { ?c mds:roleName ?roleName }""",
        "town": f"""?service mds:hasUserSegment <IRI> . ?town mds:providesService ?service ;
        rdfs:label ?townLabel . {editions.NUMBER} {editions.position_of("<IRI>")}""",
        "audience": "<IRI> mds:coversAudience ?audience",
        "indicator": figures.indicators("?i mds:countsSegment <IRI> ."),
        "figure": f"?i mds:countsSegment <IRI> . {figures.FIGURE}",
        "quote": "<IRI> mds:hasEntry ?_entry . " + quotes.pattern("?_entry"),
    }
)
_SEGMENT = """?s mds:coversAudience <IRI> ; rdfs:label ?label . ?service mds:hasUserSegment ?s ;
        l0:name ?serviceLabel . ?town mds:providesService ?service ; rdfs:label ?townLabel"""
GROUP = About(
    {
        "self": "<IRI> rdfs:label ?label . OPTIONAL { <IRI> skos:definition ?definition }",
        "count": f"{{ SELECT (COUNT(*) AS ?n) {{ {_SEGMENT} }} }}",
        "segment": f"""{{ SELECT ?s ?label ?service ?serviceLabel ?town ?townLabel {{ {_SEGMENT} }}
        ORDER BY LCASE(?serviceLabel) ?label ?s LIMIT ENTRIES OFFSET SKIPPED }}""",
    }
)
"""Of many municipalities a part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentPage(Page):
    """A segment: who it is, which groups it covers, its roles in a service, the rows that count it."""

    template: ClassVar[str] = "segment.html"
    heading: LocalizedText
    service: Ref
    summary: LocalizedText
    audiences: Sequence[Ref]
    roles: Sequence[LocalizedText]
    table: figures.FiguresTable


async def segment_page(context: PageContext, iri: str) -> Response | None:
    """The page of a segment, None where there is no such one."""
    found = await context.about(SEGMENT, iri)
    owners = [*found["service"], *found["role"]]
    if not found["self"] or not owners:
        return None
    head, owner = found["self"][0], owners[0]
    label = context.best(row["label"] for row in found["self"])
    audiences = sorted({row["audience"].value for row in found["audience"]})
    service = context.ref(owner["service"], owner["serviceLabel"])
    town = context.snapshot.standing.town_of(iri, context.base)
    town = town or context.best([row["townLabel"] for row in found["town"]]).value
    place = ".".join(r[name].value for r in found["town"][:1] for name in ("number", "position") if name in r)
    covered = [context.concept(audience) for audience in audiences]
    shown = SegmentPage(
        title=label.value,
        head_title=head_title(
            label.value, service, town_name(town), kind=context.translate("segmento"), place=place
        ),
        description=context.text(head.get("description")).value
        or sentence(f"{context.translate('Segmento di utenza di')} {service.text}", town, *covered),
        heading=label,
        section="/services",
        breadcrumb=[
            Crumb(context.word(owner["area"].value), context.link(owner["area"].value)),
            context.crumb(owner["service"], owner["serviceLabel"]),
        ],
        service=service,
        summary=context.text(head.get("description")),
        audiences=covered,
        roles=list(
            dict.fromkeys(context.text(row.get("roleName")) for row in found["role"] if "roleName" in row)
        ),
        table=figures.table(context, found["indicator"], found["figure"], "user-indicator"),
        quotes=quotes.read(context, found["quote"]),
        reuse_of=context.reuse(
            iri, f"{label}, {owner['serviceLabel'].value}", context.csv("segments", segment=iri)
        ),
    )
    return context.render(shown, iri)


@dataclass(frozen=True, slots=True, kw_only=True)
class AudiencePage(Page):
    """A group of the vocabulary: a part of the services for it, each with its segment and municipality."""

    template: ClassVar[str] = "audience.html"
    paged: ClassVar[bool] = True
    heading: LocalizedText
    definition: LocalizedText
    rows: ListPage[tuple[Ref, Ref, Ref]]


async def group_page(context: PageContext, iri: str) -> Response | None:
    """The page of an audience group of the vocabulary: the services for it, None where there is none."""
    number = page_number(context.request)
    part = {"ENTRIES": str(ENTRIES), "SKIPPED": str((number - 1) * ENTRIES)}
    found = await context.blocks(GROUP.of(iri, **part))
    if not found["self"]:
        return None
    label = context.best(row["label"] for row in found["self"])
    last = last_page(number, int(found["count"][0]["n"].value))
    rows = sorted(found["segment"], key=lambda r: (r["serviceLabel"].value.casefold(), r["label"].value))
    definition = context.best([row["definition"] for row in found["self"] if "definition" in row])
    shown = AudiencePage(
        title=label.value,
        head_title=head_title(label.value, SITE_NAME, kind=context.translate("gruppo di utenti")),
        description=definition.value
        or sentence(
            f"{context.translate('Servizi per')}: {label}", *(row["serviceLabel"].value for row in rows)
        ),
        heading=label,
        section="/services",
        breadcrumb=[Crumb(context.translate("Servizi"), context.href("/services"))],
        definition=definition,
        rows=ListPage(
            [
                (
                    context.ref(row["service"], row["serviceLabel"]),
                    context.ref(row["s"], row["label"]),
                    context.ref(row["town"], row["townLabel"]),
                )
                for row in rows
            ],
            number,
            last,
        ),
        reuse_of=context.reuse(iri, label.value),
    )
    return context.render(shown, iri)
