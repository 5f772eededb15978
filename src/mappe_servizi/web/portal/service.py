"""The page of a service: what it does, for whom, how much, how, by whom, and what does not add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from starlette.responses import Response

from mappe_servizi.insights import Statement, brief_of_service
from mappe_servizi.web.portal import conditions, editions, figures, quotes, statements
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.delivery import (
    PROVISIONS,
    STRUCTURES,
    StructureEntry,
    provisions,
    structures,
)
from mappe_servizi.web.portal.findings import OF_SERVICE, FindingEntry, findings
from mappe_servizi.web.portal.page import Crumb, NamedPart, Ref
from mappe_servizi.web.portal.quality import officer_page
from mappe_servizi.web.portal.question import About
from mappe_servizi.web.portal.row_charts import RowChart, of_table
from mappe_servizi.web.portal.schema_org import service as schema_org
from mappe_servizi.web.portal.schema_org.document import script
from mappe_servizi.web.portal.texts import LocalizedText, head_title, town_name
from mappe_servizi.web.served.results import Row, best_label

PATTERNS = {
    "self": """<IRI> rdfs:label ?label ; mds:inArea ?area . ?town mds:providesService <IRI> ;
        rdfs:label ?townLabel .
        OPTIONAL { <IRI> mds:lastStatedIn ?last } OPTIONAL { <IRI> l0:description ?description }""",
    "type": "<IRI> a ?type . FILTER(?type IN (cpsvapit:PublicService, cpsvapit:InternalOrganizationService))",
    "edition": "?every mds:describesService <IRI> ; mds:edition ?edition",
    "newest": """{ SELECT (MAX(?any) AS ?edition) { ?town mds:providesService <IRI> ;
        mds:providesService/mds:lastStatedIn ?any } }""",
    "map": """?map mds:describesService <IRI> ; mds:isCurrent true ; mds:edition ?edition ;
        mds:indexNumber ?number ; mds:isPublished ?published .
        OPTIONAL { ?map mds:printedName ?printed } OPTIONAL { ?map mds:footnote ?footnote }""",
    "responsible": """<IRI> mds:hasResponsibility ?r . ?r HOLDS ; roapit:withRole ?role ;
        roapit:isRoleInTimeOf ?person .
        ?person cpvapit:fullName ?name . ?role rdfs:label ?roleLabel""",
    "element": """VALUES ?kind { mds:hasCentralElement mds:hasAccessoryElement } <IRI> ?kind ?e .
        ?e HOLDS ; l0:name ?name ; l0:positionInSequence ?position .
        OPTIONAL { ?e l0:description ?description }""",
    "criterion": """<IRI> mds:segmentedBy ?c . ?c HOLDS ; rdfs:label ?label OPTIONAL {
        ?c l0:positionInSequence ?position }""",
    "segment": """<IRI> mds:hasUserSegment ?s . ?s l0:name ?name .
        OPTIONAL { ?s l0:description ?description } OPTIONAL { ?s mds:coversAudience ?audience }
        ?s mds:hasEntry ?_entry . ?_entry HOLDS ; l0:positionInSequence ?position""",
    "indicator": statements.indicators("<IRI> mds:hasIndicator ?i ."),
    "figure": f"<IRI> mds:hasIndicator ?i . {statements.FIGURE}",
    "part": f"<IRI> mds:hasIndicator ?i . {statements.PARTS}",
    "doubt": f"{statements.DOUBT} ?f mds:ofService <IRI>",
    "management": """<IRI> mds:hasManagement ?m . ?m HOLDS ; mds:managementForm ?form .
        OPTIONAL { ?m mds:note ?note }""",
    "personnel": """<IRI> mds:hasPersonnel ?p . ?p HOLDS ; mds:rawText ?raw .
        OPTIONAL { ?p mds:staffCount ?staff }
        OPTIONAL { ?p mds:municipalStaff ?municipal } OPTIONAL { ?p mds:externalStaff ?external }
        OPTIONAL { ?p mds:otherStaff ?other }""",
    "coproduction": """<IRI> mds:hasCoProduction ?c . ?c HOLDS ; l0:name ?name ;
        roapit:isRoleInTimeOf ?group .
        OPTIONAL { ?c mds:roleName ?roleName } OPTIONAL { ?c l0:positionInSequence ?position }""",
    "condition": conditions.PATTERN,
    "provision": f"?p HOLDS . {PROVISIONS}",
    "structure": f"?d HOLDS . {STRUCTURES}",
    "finding": OF_SERVICE,
    "quote": "{ ?map mds:describesService <IRI> ; mds:isCurrent true ; mds:edition ?edition . "
    + quotes.pattern("<IRI>", "dct:isPartOf/mds:edition ?_edition ;")
    + " FILTER(?_edition = ?edition) } UNION { ?map mds:describesService <IRI> ; mds:isCurrent true . "
    + quotes.pattern("?map")
    + " }",
    **schema_org.PATTERNS,
}


CURRENT = About({name: pattern.replace("HOLDS", editions.HOLDS) for name, pattern in PATTERNS.items()})
"""What the page of a service asks of what holds."""


@dataclass(frozen=True, slots=True)
class Staff:
    """The personnel as printed, and the numbers that it says; "" for those that it does not."""

    raw: str
    all: str
    municipal: str
    external: str
    other: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePage(schema_org.MarkedService):
    """A service as its map, or one edition of it, states it.

    Attributes:
        printed_title: the title as printed, where the heading is a translation of it.
        map: None where no map that holds describes it.
        newest: the newest edition of the municipality where it no longer states the service, else "".
        responsible: who answers for it, and as what.
        conditions: what it takes and what it costs, by heading.
        tables: "users" and "outputs"; of each some rows are in ``charts``, with their groups' names, and
            all in a table that is to be had as ``csv``.
        said: what its figures say when they are put beside each other.
        seat: the first place of delivery that has an address.
        contacts: how the service is reached: its channels, as the map names them.
        officer: the page of what its officer can check.
    """

    template: ClassVar[str] = "service.html"
    heading: LocalizedText
    printed_title: str
    map: editions.MapNumber | None
    editions: Sequence[editions.EditionEntry]
    newest: str
    published: bool
    responsible: Sequence[tuple[Ref, LocalizedText]]
    central: Sequence[NamedPart]
    accessory: Sequence[NamedPart]
    criteria: Sequence[Ref]
    conditions: Sequence[tuple[str, Sequence[NamedPart]]]
    tables: Mapping[str, figures.FiguresTable]
    charts: Mapping[str, Sequence[RowChart]]
    said: Sequence[statements.StatementEntry]
    management: Sequence[tuple[Ref, LocalizedText]]
    personnel: Staff | None
    coproduction: Sequence[tuple[Ref, LocalizedText]]
    structures: Sequence[StructureEntry]
    seat: tuple[Ref, LocalizedText] | None
    contacts: Sequence[Ref]
    csv: Mapping[str, str]
    findings: Sequence[FindingEntry]
    officer: str


def position(row: Row) -> tuple[int, str]:
    """Where a row stands in the source."""
    return (int(row["position"].value) if "position" in row else 0, next(iter(row.values())).value)


def _parts(context: PageContext, rows: list[Row], key: str) -> list[NamedPart]:
    """Rows with a name, a description and audiences, each thing once."""
    grouped: dict[str, list[Row]] = {}
    for row in sorted(rows, key=position):
        grouped.setdefault(row[key].value, []).append(row)
    found = []
    for same in grouped.values():
        first = same[0]
        audiences = dict.fromkeys(row["audience"].value for row in same if "audience" in row)
        found.append(
            NamedPart(
                context.ref(first[key], first["name"]),
                context.text(first.get("description")),
                tuple(context.concept(iri) for iri in audiences),
            )
        )
    return found


async def page(context: PageContext, iri: str) -> Response | None:
    """The page, None where there is no such service."""
    year = editions.wished(context)
    found = await context.about(About(editions.of_edition(CURRENT, year)) if year else CURRENT, iri)
    if year and not found["map"]:  # an edition that does not state the service
        found = await context.about(CURRENT, iri)
    if not found["self"]:
        return None
    head = found["self"][0]
    label = context.best(row["label"] for row in found["self"])
    printed = best_label([row["label"] for row in found["self"]], "it") or head["label"]
    about = findings(context, found["finding"])
    marks = Counter(figure for finding in about for figure in finding.figures)
    tables = {
        name: figures.table(
            context, found["indicator"], found["figure"], f"{concept}-indicator", findings=marks
        )
        for name, concept in (("users", "user"), ("outputs", "output"))
    }
    charts = {name: of_table(context, table, f"chart-{name}") for name, table in tables.items()}
    maps = sorted(found["map"], key=lambda row: row["edition"].value)
    places = structures(context, found["structure"])
    shown = ServicePage(
        title=label.value,
        head_title=_head_title(context, label.value, maps, head),
        heading=label,
        printed_title="" if label.language == "it" else printed.value,
        description=context.text(head.get("description")).value[:300],
        section="/services",
        breadcrumb=crumbs(context, head),
        summary=context.best([row["description"] for row in found["self"] if "description" in row]),
        area=context.concept(head["area"].value),
        town=context.ref(head["town"], head["townLabel"]),
        internal=any("Internal" in row["type"].value for row in found["type"]),
        map=editions.map_number(maps[-1]) if maps else None,
        editions=editions.offered(context, iri, (row["edition"].value for row in found["edition"])),
        newest=_newest(found["newest"], head),
        published=not maps or maps[-1]["published"].value == "true",
        responsible=_responsible(context, found["responsible"]),
        central=_parts(
            context, [r for r in found["element"] if r["kind"].value.endswith("hasCentralElement")], "e"
        ),
        accessory=_parts(
            context, [r for r in found["element"] if r["kind"].value.endswith("AccessoryElement")], "e"
        ),
        criteria=[context.ref(r["c"], r["label"]) for r in sorted(found["criterion"], key=position)],
        segments=_parts(context, found["segment"], "s"),
        conditions=conditions.read(context, found["condition"]),
        tables=tables,
        charts=charts,
        said=[statements.entry(context, one) for one in brief_of_service(_said(context, iri, year, found))],
        management=[
            (context.concept(r["form"].value), context.text(r.get("note"))) for r in found["management"]
        ],
        personnel=_staff(found["personnel"][0]) if found["personnel"] else None,
        coproduction=[
            (context.ref(r["group"], r["name"]), context.text(r.get("roleName")))
            for r in sorted(found["coproduction"], key=position)
        ],
        provisions=provisions(context, found["provision"]),
        structures=places,
        seat=next((seat for place in places for seat in place.through if seat[1].value), None),
        contacts=_contacts(context, places),
        csv={name: context.csv("observations", service=iri, table=name, current="true") for name in tables},
        findings=about,
        quotes=quotes.read(context, found["quote"]),
        officer=officer_page(context, iri.rsplit("/", 2)[-2], iri),
        reuse_of=context.reuse(
            iri, f"{label}, {head['townLabel'].value}", context.csv("services", service=iri)
        ),
    )
    document = schema_org.service(context, iri, shown, found)
    metatag = None if shown.internal else script(schema_org.metatag(document))
    return context.render(replace(shown, json_ld=script(document), metatag=metatag), iri, year)


def _said(
    context: PageContext, iri: str, year: str, found: Mapping[str, Sequence[Row]]
) -> Sequence[Statement]:
    """What the figures of an edition say, or those that hold."""
    kept = None if year else context.snapshot.insights.get(iri)
    return (kept or statements.of_page(iri, found)).statements


def _head_title(context: PageContext, label: str, maps: list[Row], head: Row) -> str:
    """With the number of the map: two services of a municipality may be called the same."""
    town = town_name(context.text(head["townLabel"]).value)
    number = f"{context.translate('mappa')} {maps[-1]['number'].value}" if maps else ""
    return head_title(label, town, number)


def _staff(row: Row) -> Staff:
    names = ("raw", "staff", "municipal", "external", "other")
    return Staff(*(row[name].value if name in row else "" for name in names))


def _contacts(context: PageContext, places: Sequence[StructureEntry]) -> list[Ref]:
    """The channels that a service is reached by, each once."""
    channels = f"{context.base}data/channel/"
    through = (target for place in places for target, _ in place.through)
    return list({one.iri: one for one in through if one.iri.startswith(channels)}.values())


def _newest(rows: list[Row], head: Row) -> str:
    """The newest edition of the municipality where it no longer states the service, else ""."""
    newest = rows[0]["edition"].value if rows and "edition" in rows[0] else ""
    return newest if "last" in head and head["last"].value < newest else ""


def crumbs(context: PageContext, head: Row) -> list[Crumb]:
    """The way to a service: its municipality and area."""
    return [
        Crumb(context.text(head["townLabel"]), context.link(head["town"].value)),
        Crumb(context.word(head["area"].value), context.link(head["area"].value)),
    ]


def _responsible(context: PageContext, rows: list[Row]) -> list[tuple[Ref, LocalizedText]]:
    """Who answers for the service, and as what."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row["r"].value, []).append(row)
    return [
        (context.ref(same[0]["person"], same[0]["name"]), context.best(row["roleLabel"] for row in same))
        for same in grouped.values()
    ]
