"""The page of a service: what it does, for whom, how much, how, by whom, and what does not add up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from starlette.responses import Response

from mappe_servizi.web.portal import editions, figures, quotes, schema_org
from mappe_servizi.web.portal.context import Crumb, Ref, Visit
from mappe_servizi.web.portal.delivery import PROVISIONS, STRUCTURES, provisions, structures
from mappe_servizi.web.portal.findings import OF_SERVICE, findings
from mappe_servizi.web.portal.texts import Text
from mappe_servizi.web.served.query_client import Row

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
        ?s mds:hasEntry ?entry . ?entry HOLDS ; l0:positionInSequence ?position""",
    "indicator": f"<IRI> mds:hasIndicator ?i . {figures.INDICATOR}",
    "figure": f"<IRI> mds:hasIndicator ?i . {figures.FIGURE}",
    "management": """<IRI> mds:hasManagement ?m . ?m HOLDS ; mds:managementForm ?form .
        OPTIONAL { ?m mds:note ?note }""",
    "personnel": """<IRI> mds:hasPersonnel ?p . ?p HOLDS ; mds:rawText ?raw .
        OPTIONAL { ?p mds:staffCount ?staff }
        OPTIONAL { ?p mds:municipalStaff ?municipal } OPTIONAL { ?p mds:externalStaff ?external }
        OPTIONAL { ?p mds:otherStaff ?other }""",
    "coproduction": """<IRI> mds:hasCoProduction ?c . ?c HOLDS ; l0:name ?name ;
        roapit:isRoleInTimeOf ?group .
        OPTIONAL { ?c mds:roleName ?roleName } OPTIONAL { ?c l0:positionInSequence ?position }""",
    "provision": f"?p HOLDS . {PROVISIONS}",
    "structure": f"?d HOLDS . {STRUCTURES}",
    "finding": OF_SERVICE,
    "quote": "?map mds:describesService <IRI> ; mds:isCurrent true ; mds:edition ?edition . { "
    + quotes.pattern("<IRI>")
    + " GRAPH <BASE/graph/provenance> { ?lines dct:isPartOf/mds:edition ?edition } } UNION { "
    + quotes.pattern("?map")
    + " }",
}


def patterns(iri: str, year: str = "") -> dict[str, str]:
    """The patterns of one service's page: of what holds, or of one edition."""
    named = {
        name: pattern.replace("<IRI>", f"<{iri}>").replace("HOLDS", editions.HOLDS)
        for name, pattern in PATTERNS.items()
    }
    return editions.of_edition(named, year)


CHARTS = 3
"""Charts of one table at most; all its figures are in the table below them."""
STAFF = ("raw", "staff", "municipal", "external", "other")


@dataclass(frozen=True, slots=True)
class Part:
    """An element, segment or co-producing group of a service."""

    ref: Ref
    description: Text
    notes: tuple[Ref, ...] = ()


def position(row: Row) -> tuple[int, str]:
    """Where a row stands in the source."""
    return (int(row["position"].value) if "position" in row else 0, next(iter(row.values())).value)


def _parts(visit: Visit, rows: list[Row], key: str) -> list[Part]:
    """Rows with a name, a description and audiences, each thing once."""
    grouped: dict[str, list[Row]] = {}
    for row in sorted(rows, key=position):
        grouped.setdefault(row[key].value, []).append(row)
    found = []
    for same in grouped.values():
        first = same[0]
        audiences = dict.fromkeys(row["audience"].value for row in same if "audience" in row)
        found.append(
            Part(
                visit.ref(first[key], first["name"]),
                visit.text(first.get("description")),
                tuple(visit.concept(iri) for iri in audiences),
            )
        )
    return found


async def page(visit: Visit, iri: str) -> Response | None:
    """The page, None where there is no such service."""
    year = editions.wished(visit)
    found = await visit.blocks(patterns(iri, year))
    if year and not found["map"]:  # an edition that does not state the service
        found = await visit.blocks(patterns(iri))
    if not found["self"]:
        return None
    head = found["self"][0]
    label = visit.best(row["label"] for row in found["self"])
    about = findings(visit, found["finding"])
    marks = Counter(figure for finding in about for figure in finding.figures)
    tables = {
        name: figures.table(visit, found["indicator"], found["figure"], f"{concept}-indicator", marks)
        for name, concept in (("users", "user"), ("outputs", "output"))
    }
    charts = {
        name: [
            (group, row, figures.chart(visit, table.years, row, f"chart-{name}-{number}"))
            for number, (group, row) in enumerate(table.drawn(CHARTS))
        ]
        for name, table in tables.items()
    }
    maps = sorted(found["map"], key=lambda row: row["edition"].value)
    context = {
        "title": label.value,
        "heading": label,
        "description": visit.text(head.get("description")).value[:300],
        "section": "/services",
        "breadcrumb": crumbs(visit, head),
        "summary": visit.best([row["description"] for row in found["self"] if "description" in row]),
        "area": visit.concept(head["area"].value),
        "town": visit.ref(head["town"], head["townLabel"]),
        "internal": any("Internal" in row["type"].value for row in found["type"]),
        "map": maps[-1] if maps else None,
        "editions": editions.offered(visit, iri, (row["edition"].value for row in found["edition"])),
        "newest": _newest(found["newest"], head),
        "published": not maps or maps[-1]["published"].value == "true",
        "map_ref": visit.link(maps[-1]["map"].value) if maps else "",
        "responsible": _responsible(visit, found["responsible"]),
        "central": _parts(
            visit, [r for r in found["element"] if r["kind"].value.endswith("hasCentralElement")], "e"
        ),
        "accessory": _parts(
            visit, [r for r in found["element"] if r["kind"].value.endswith("AccessoryElement")], "e"
        ),
        "criteria": [visit.ref(r["c"], r["label"]) for r in sorted(found["criterion"], key=position)],
        "segments": _parts(visit, found["segment"], "s"),
        "tables": tables,
        "charts": charts,
        "management": [
            (visit.concept(r["form"].value), visit.text(r.get("note"))) for r in found["management"]
        ],
        "personnel": {name: found["personnel"][0].get(name) for name in STAFF}
        if found["personnel"]
        else None,
        "coproduction": [
            (visit.ref(r["group"], r["name"]), visit.text(r.get("roleName")))
            for r in sorted(found["coproduction"], key=position)
        ],
        "provisions": provisions(visit, found["provision"]),
        "structures": structures(visit, found["structure"]),
        "csv": {name: visit.csv("observations", service=iri, table=name, current="true") for name in tables},
        "findings": about,
        "quotes": quotes.read(visit, found["quote"]),
        "reuse_of": visit.reuse(
            iri, f"{label}, {head['townLabel'].value}", visit.csv("services", service=iri)
        ),
    }
    context["json_ld"] = schema_org.service(visit, iri, context)
    return visit.render("service.html", context, iri, year)


def _newest(rows: list[Row], head: Row) -> str:
    """The newest edition of the municipality where it no longer states the service, else ""."""
    newest = rows[0]["edition"].value if rows and "edition" in rows[0] else ""
    return newest if "last" in head and head["last"].value < newest else ""


def crumbs(visit: Visit, head: Row) -> list[Crumb]:
    """The way to a service: its municipality and area."""
    return [
        Crumb(visit.text(head["townLabel"]), visit.link(head["town"].value)),
        Crumb(visit.word(head["area"].value), visit.link(head["area"].value)),
    ]


def _responsible(visit: Visit, rows: list[Row]) -> list[tuple[Ref, Text]]:
    """Who answers for the service, and as what."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row["r"].value, []).append(row)
    return [
        (visit.ref(same[0]["person"], same[0]["name"]), visit.best(row["roleLabel"] for row in same))
        for same in grouped.values()
    ]
