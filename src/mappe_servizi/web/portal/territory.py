"""The pages of a municipality and of an area of its services, and the list of all services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from starlette.responses import Response

from mappe_servizi.web.api.views import wished
from mappe_servizi.web.http.problems import Problem
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.figures import last
from mappe_servizi.web.portal.page import Crumb, Page, Ref
from mappe_servizi.web.portal.paging import ListPage, part_of
from mappe_servizi.web.portal.question import About
from mappe_servizi.web.portal.schema_org.organization import organization
from mappe_servizi.web.portal.texts import LocalizedText, head_title, sentence, town_name
from mappe_servizi.web.served.results import Row

SERVICE = """?s l0:name ?label ; mds:inArea ?area . ?town mds:providesService ?s .
    ?map mds:describesService ?s ; mds:indexNumber ?number ; mds:isPublished ?published ;
    mds:edition ?edition ."""
POSITION = "?area a mds:ServiceArea ; l0:positionInSequence ?position"
AREA = About(
    {
        "self": "<IRI> a mds:ServiceArea ; rdfs:label ?label ",
        "service": SERVICE.replace("mds:inArea ?area", "mds:inArea <IRI>"),
        "town": "?s mds:inArea <IRI> . ?town mds:providesService ?s ; rdfs:label ?townLabel",
    }
)
COUNTED = ("hasUserSegment", "hasIndicator", "hasProvision", "hasDeliveryStructure")
"""What a municipality's page counts, by the properties that lead from its services to it."""
TOWN = About(
    {
        "self": "<IRI> covapit:IPAcode ?ipa ; rdfs:label ?label",
        "service": SERVICE.replace("?town mds:providesService", "<IRI> mds:providesService"),
        **{
            kind: f"{{ SELECT (COUNT(*) AS ?n) {{ <IRI> mds:providesService/mds:{kind} ?thing }} }}"
            for kind in COUNTED
        },
        "area": f"?s mds:inArea ?area . <IRI> mds:providesService ?s . {POSITION}",
    }
)
TOWNS = {
    "town": """{ SELECT ?town ?townLabel (COUNT(DISTINCT ?s) AS ?n) {
        ?town mds:providesService ?s ; rdfs:label ?townLabel } GROUP BY ?town ?townLabel }"""
}
NAMES = {
    "town": """?town covapit:IPAcode ?code ; rdfs:label ?townLabel
        FILTER EXISTS { ?town mds:providesService ?s }"""
}
MOST = 50_000
"""Rows of municipalities that a page reads: Italy has 7,896, each with a name in two languages."""
ALL = {"service": SERVICE, "area": POSITION}
NAMED_BY = "whole name, IPA code or IRI"
SHOWN = 100
"""Characters of a name that nobody has, said again to who wrote it."""
WHOLE = 5
"""Municipalities whose services are all on one page; of more, their names and numbers are."""


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """A service in a list."""

    ref: Ref
    number: int
    published: bool
    edition: str
    area: str
    town: str


@dataclass(slots=True)
class AreaEntry:
    """An area with its services."""

    ref: Ref
    position: int
    services: list[ServiceEntry] = field(default_factory=list)


def listed(context: PageContext, rows: Iterable[Row], area: str = "", town: str = "") -> list[ServiceEntry]:
    """The services, each once and as in its newest map, in the order of the maps."""
    found: dict[str, ServiceEntry] = {}
    for row in sorted(rows, key=lambda r: r["edition"].value):
        of_area = row["area"].value if "area" in row else area
        of_town = row["town"].value if "town" in row else town
        found[row["s"].value] = ServiceEntry(
            context.ref(row["s"], row["label"]),
            int(row["number"].value),
            row["published"].value == "true",
            row["edition"].value,
            of_area,
            of_town,
        )
    return sorted(found.values(), key=lambda s: (s.town, s.number, s.ref.iri))


def areas(
    context: PageContext, services: Iterable[ServiceEntry], positions: Iterable[Row]
) -> list[AreaEntry]:
    """The areas with their services, in the index's order."""
    places = {row["area"].value: int(row["position"].value) for row in positions}
    found: dict[str, AreaEntry] = {}
    for service in services:
        area = found.setdefault(
            service.area, AreaEntry(context.concept(service.area), places.get(service.area, 0))
        )
        area.services.append(service)
    return sorted(found.values(), key=lambda a: (a.position, a.ref.iri))


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaPage(Page):
    """An area with its services; ``towns`` have it, mostly one."""

    template: ClassVar[str] = "area.html"
    heading: LocalizedText
    towns: Sequence[Ref]
    services: Sequence[ServiceEntry]


async def area_page(context: PageContext, iri: str) -> Response | None:
    """The page of an area, None where there is no such one."""
    found = await context.about(AREA, iri)
    if not found["self"]:
        return None
    label = context.best(row["label"] for row in found["self"])
    towns = {row["town"].value: context.ref(row["town"], row["townLabel"]) for row in found["town"]}
    services = listed(context, found["service"], area=iri)
    shown = AreaPage(
        title=label.value,
        head_title=head_title(
            label.value,
            *(town_name(str(town)) for town in towns.values()),
            kind=context.translate("area"),
        ),
        description=sentence(f"{context.translate('Area dei servizi')}: {label}", *(s.ref for s in services)),
        heading=label,
        section="/services",
        breadcrumb=[Crumb(town.text, town.href) for town in list(towns.values())[:1]],
        towns=list(towns.values()),
        services=services,
        reuse_of=context.reuse(iri, label.value, context.csv("services", area=label.value)),
    )
    return context.render(shown, iri)


@dataclass(frozen=True, slots=True, kw_only=True)
class MunicipalityPage(Page):
    """A municipality with its services by area; ``counts`` is by ``COUNTED``."""

    template: ClassVar[str] = "municipality.html"
    heading: LocalizedText
    ipa: str
    areas: Sequence[AreaEntry]
    services: Sequence[ServiceEntry]
    unpublished: Sequence[ServiceEntry]
    counts: Mapping[str, int]


async def town_page(context: PageContext, iri: str) -> Response | None:
    """The page of a municipality, None where there is no such one."""
    found = await context.about(TOWN, iri)
    if not found["self"]:
        return None
    label = context.best(row["label"] for row in found["self"])
    counts = {kind: int(found[kind][0]["n"].value) for kind in COUNTED}
    services = listed(context, found["service"], town=iri)
    shown = MunicipalityPage(
        title=label.value,
        heading=label,
        breadcrumb=[Crumb(context.translate("Servizi"), context.href("/services"))],
        section="/services",
        ipa=found["self"][0]["ipa"].value,
        areas=areas(context, services, found["area"]),
        services=services,
        unpublished=[s for s in services if not s.published],
        counts=counts,
        json_ld=organization(context, iri, label.value, public=True),
        reuse_of=context.reuse(
            iri, label.value, context.csv("services", municipality=found["self"][0]["ipa"].value)
        ),
    )
    return context.render(shown, iri)


def towns(context: PageContext, rows: Iterable[Row]) -> list[tuple[Ref, int]]:
    """The municipalities by name, with the numbers of their services."""
    found = {
        row["town"].value: (context.ref(row["town"], row["townLabel"]), int(row["n"].value)) for row in rows
    }
    return sorted(found.values(), key=lambda town: by_name(town[0]))


def by_name(town: Ref) -> tuple[str, str]:
    """Where a municipality stands among others."""
    return town.text.value.casefold(), town.iri


async def names(context: PageContext) -> list[Ref]:
    """The municipalities by name."""
    found = {
        row["town"].value: context.ref(row["town"], row["townLabel"])
        for row in (await context.blocks(NAMES, MOST))["town"]
    }
    return sorted(found.values(), key=by_name)


def named(every: Iterable[Ref], text: str) -> str:
    """The IRI of the municipality that a text names, "" where it names none, or several.

    Args:
        every: the municipalities.
        text: an IRI, an IPA code, or a name with or without "Comune di".
    """
    wished = text.strip().casefold()
    found = [
        town.iri
        for town in every
        if wished in {town.iri.casefold(), last(town.iri).casefold()}
        or wished in {str(town).casefold(), town_name(str(town)).casefold()}
    ]
    return found[0] if len(found) == 1 else ""


@dataclass(frozen=True, slots=True)
class ChosenTown:
    """A municipality that an address names.

    Attributes:
        iri: "" where it names none.
        unknown: what it says where nobody is called so, "" otherwise.
    """

    iri: str
    unknown: str = ""


def chosen_town(context: PageContext, every: Iterable[Ref], name: str) -> ChosenTown:
    """The municipality that a parameter names.

    Raises:
        Problem: a file is asked for, and the parameter names nobody (400).
    """
    text = context.request.query_params.get(name, "").strip()
    iri = named(every, text)
    if iri or not text:
        return ChosenTown(iri)
    if wished(context.request) is not None:
        raise Problem(
            400, "bad-request", f"{name} must be one municipality's {NAMED_BY}, not {text[:SHOWN]!r}"
        )
    return ChosenTown("", text[:SHOWN])


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicesPage(Page):
    """Every service by municipality and area; of many municipalities only how many each has."""

    template: ClassVar[str] = "services.html"
    paged: ClassVar[bool] = True
    towns: Sequence[tuple[Ref, Sequence[AreaEntry]]]
    counted: ListPage[tuple[Ref, int]]


async def all_services(context: PageContext) -> Response:
    """``/services``: every service, by municipality and area; of many municipalities only their list."""
    every, by_town = towns(context, (await context.blocks(TOWNS, MOST))["town"]), []
    if len(every) <= WHOLE:
        found = await context.blocks(ALL)
        services = listed(context, found["service"])
        for town, _ in every:
            own = [service for service in services if service.town == town.iri]
            by_town.append((town, areas(context, own, found["area"])))
    shown = ServicesPage(
        title=context.translate("Servizi"),
        section="/services",
        towns=by_town,
        counted=part_of(context.request, [] if by_town else every),
    )
    return context.render(shown)
