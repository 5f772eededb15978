"""The page of what municipalities share: a service or activity, with what each says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from starlette.responses import Response

from mappe_servizi.web.portal import delivery, figures
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.page import Crumb, Page, Ref
from mappe_servizi.web.portal.paging import ListPage, last_page, page_number
from mappe_servizi.web.portal.question import About
from mappe_servizi.web.portal.shared import OWNER, OwnService, definition, in_order, own_service
from mappe_servizi.web.portal.texts import LocalizedText, sentence
from mappe_servizi.web.served.results import Row, values

SERVICES: Final = 30
"""Services of a page, with all that they say: as many as are read, and weigh what a page may."""
_OF = """{ ?service mds:mainConcept|mds:coversConcept <IRI> } UNION { ?_row mds:ofActivity <IRI> .
    ?service mds:hasCentralElement|mds:hasAccessoryElement|mds:hasUserSegment|mds:hasIndicator ?_row }
    UNION { ?_row mds:ofActivity <IRI> ; roapit:forEntity ?service }
    ?town mds:providesService ?service"""
CONCEPT = About(
    {
        "self": "<IRI> skos:prefLabel ?label OPTIONAL { <IRI> skos:definition ?definition }",
        "word": "<IRI> skos:altLabel ?word",
        "above": "<IRI> skos:broader ?c",
        "below": "?c skos:broader <IRI>",
        "counted": "?c mds:ofServiceConcept <IRI>",
        "count": f"{{ SELECT (COUNT(DISTINCT ?service) AS ?n) {{ {_OF} }} }}",
        "service": f"""{{ SELECT ?service (MIN(?_label) AS ?_name) {{ {_OF} . ?town rdfs:label ?_label }}
        GROUP BY ?service ORDER BY ?_name ?service LIMIT ENTRIES OFFSET SKIPPED }}""",
    }
)
_ABOUT = "FILTER EXISTS {{ {} mds:ofActivity <IRI> }}"
_ELEMENT = "SERVICES ?service mds:hasCentralElement|mds:hasAccessoryElement ?e . " + _ABOUT.format("?e")
_SEGMENT = "SERVICES ?service mds:hasUserSegment ?e . " + _ABOUT.format("?e")
_INDICATOR = "SERVICES ?service mds:hasIndicator ?i . " + _ABOUT.format("?i")
SAID = About(
    {
        "main": f"SERVICES ?service mds:mainConcept <IRI> ; mds:conceptMatch ?match . {OWNER}",
        "covering": f"SERVICES ?service mds:coversConcept <IRI> . {OWNER}",
        "element": f"{_ELEMENT} ?e l0:name ?name . OPTIONAL {{ ?e l0:description ?text }} {OWNER}",
        "segment": f"{_SEGMENT} ?e l0:name ?name . OPTIONAL {{ ?e l0:description ?text }} {OWNER}",
        "indicator": figures.indicators(_INDICATOR),
        "figure": f"{_INDICATOR} {figures.FIGURE}",
        "other": f"{_INDICATOR} ?i mds:ofActivity ?c ; l0:name ?name . FILTER(?c != <IRI>)",
        "repeats": f"{_INDICATOR} ?i l0:name ?name ; mds:repeats ?of . ?of l0:name ?ofName",
        "provision": f"""SERVICES ?p roapit:forEntity ?service . {_ABOUT.format("?p")}
        ?service l0:name ?serviceLabel . {delivery.PROVISION}""",
    }
)
"""What some services say of it. The condition comes after the services, which are few: asked first, the
concept's rows would be those of all municipalities."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedServicePage(Page):
    """What municipalities share: a service or activity, and what each says of it.

    Attributes:
        words: what it is called too.
        above: what it is a part of; ``below`` are its parts.
        counted: the shared indicators that count it.
        part: the services of this page, which all below it is of; and where it stands.
        services: those that are it, and how well they match; ``covering`` are those that comprise it.
        elements: what is offered, its text, whose it is; so ``segments``.
        tables: "user" and "output", where there are such figures.
        others: rows of figures that speak of other activities too.
        repeats: rows that repeat another one, with that.
    """

    template: ClassVar[str] = "shared_service.html"
    paged: ClassVar[bool] = True
    heading: LocalizedText
    definition: LocalizedText
    words: Sequence[str]
    above: Sequence[Ref]
    below: Sequence[Ref]
    counted: Sequence[Ref]
    part: ListPage[str]
    services: Sequence[tuple[OwnService, Ref]]
    covering: Sequence[OwnService]
    elements: Sequence[tuple[Ref, LocalizedText, OwnService]]
    segments: Sequence[tuple[Ref, LocalizedText, OwnService]]
    tables: Mapping[str, figures.FiguresTable]
    others: Sequence[str]
    repeats: Sequence[tuple[str, str]]
    provisions: Sequence[delivery.Provision]


async def page(context: PageContext, iri: str) -> Response | None:
    """The page of a service or activity: what, for whom, how many and by whom the towns say of it.

    Raises:
        Problem: there is no such part of it.
    """
    number = page_number(context.request)
    part = {"ENTRIES": str(SERVICES), "SKIPPED": str((number - 1) * SERVICES)}
    found = await context.blocks(CONCEPT.of(iri, **part))
    if not found["self"]:
        return None
    last = last_page(number, int(found["count"][0]["n"].value), SERVICES)
    services = [row["service"].value for row in found["service"]]
    said = await context.blocks(SAID.of(iri, SERVICES=f"VALUES ?service {{ {values(services)} }}"))
    label, defined = context.best(row["label"] for row in found["self"]), definition(context, found["self"])
    shown = SharedServicePage(
        title=label.value,
        heading=label,
        section="/services",
        breadcrumb=[Crumb(context.translate("Servizi"), context.href("/services"))],
        definition=defined,
        words=sorted(
            {row["word"].value for row in found["word"] if row["word"].language == context.language}
        ),
        above=_concepts(context, found["above"]),
        below=_concepts(context, found["below"]),
        counted=_concepts(context, found["counted"]),
        description=sentence(
            context.translate("Servizio o attività dei comuni"),
            defined or label,
            *(row["serviceLabel"].value for row in in_order(said["main"])),
        ),
        part=ListPage(services, number, last),
        services=[
            (own_service(context, row), context.concept(row["match"].value)) for row in in_order(said["main"])
        ],
        covering=[own_service(context, row) for row in in_order(said["covering"])],
        elements=_things(context, said["element"]),
        segments=_things(context, said["segment"]),
        tables=figures.by_kind(context, said["indicator"], said["figure"]),
        others=sorted({context.text(row["name"]).value for row in said["other"]}),
        repeats=sorted({(row["name"].value, row["ofName"].value) for row in said["repeats"]}),
        provisions=delivery.provisions(context, said["provision"]),
        reuse_of=context.reuse(iri, label.value),
    )
    return context.render(shown, iri)


def _concepts(context: PageContext, rows: list[Row]) -> list[Ref]:
    found = [context.concept(iri) for iri in {row["c"].value for row in rows}]
    return sorted(found, key=lambda ref: ref.text.value.casefold())


def _things(context: PageContext, rows: list[Row]) -> list[tuple[Ref, LocalizedText, OwnService]]:
    return [
        (context.ref(row["e"], row["name"]), context.text(row.get("text")), own_service(context, row))
        for row in in_order(rows)
    ]
