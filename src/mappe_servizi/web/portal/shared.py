"""The pages of what municipalities share: a service or activity, and an indicator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from mappe_servizi.web.portal import delivery, figures
from mappe_servizi.web.portal.context import Crumb, Ref, Visit
from mappe_servizi.web.portal.texts import Text
from mappe_servizi.web.served.query_client import Row

_OWNER = "?service rdfs:label ?serviceLabel . ?town mds:providesService ?service ; rdfs:label ?townLabel"
SERVICE = {
    "self": "<IRI> skos:prefLabel ?label OPTIONAL { <IRI> skos:definition ?definition }",
    "word": "<IRI> skos:altLabel ?word",
    "above": "<IRI> skos:broader ?c",
    "below": "?c skos:broader <IRI>",
    "counted": "?c mds:ofServiceConcept <IRI>",
    "service": f"?service mds:mainConcept <IRI> ; mds:conceptMatch ?match . {_OWNER}",
    "covering": f"?service mds:coversConcept <IRI> . {_OWNER}",
    "element": f"""?e mds:ofActivity <IRI> ; l0:name ?name . OPTIONAL {{ ?e l0:description ?text }}
        ?service mds:hasCentralElement|mds:hasAccessoryElement ?e . {_OWNER}""",
    "segment": f"""?e mds:ofActivity <IRI> ; l0:name ?name . OPTIONAL {{ ?e l0:description ?text }}
        ?service mds:hasUserSegment ?e . {_OWNER}""",
    "indicator": f"?i mds:ofActivity <IRI> . {figures.INDICATOR}",
    "figure": f"?i mds:ofActivity <IRI> . {figures.FIGURE}",
    "other": "?i mds:ofActivity <IRI>, ?c ; l0:name ?name . FILTER(?c != <IRI>)",
    "repeats": "?i mds:ofActivity <IRI> ; l0:name ?name ; mds:repeats ?of . ?of l0:name ?ofName",
    "provision": f"""?p mds:ofActivity <IRI> ; roapit:forEntity ?service . ?service rdfs:label ?serviceLabel .
        {delivery.PROVISION}""",
}
INDICATOR = {
    "self": """<IRI> skos:prefLabel ?label ; mds:ofServiceConcept ?of ; mds:counts ?counts ;
        muapit:hasMeasurementUnit ?unit ; mds:denominator ?denominator ; mds:periodKind ?period ;
        mds:aggregation ?aggregation OPTIONAL { <IRI> skos:definition ?definition }""",
    "figure": """?f a mds:ComparableFigure ; mds:indicatorConcept <IRI> ; sdmx-dimension:refArea ?area ;
        sdmx-dimension:refPeriod ?year ; sdmx-measure:obsValue ?value . ?area rdfs:label ?areaLabel""",
    "row": f"""?i mds:indicatorConcept <IRI> ; mds:conceptMatch ?match ; rdfs:label ?name .
        ?service mds:hasIndicator ?i . {_OWNER}""",
}


def _of(patterns: Mapping[str, str], iri: str) -> dict[str, str]:
    return {name: pattern.replace("<IRI>", f"<{iri}>") for name, pattern in patterns.items()}


async def service_page(visit: Visit, iri: str) -> Response | None:
    """The page of a service or activity: what, for whom, how many and by whom the towns say of it."""
    found = await visit.blocks(_of(SERVICE, iri))
    if not found["self"]:
        return None
    label = visit.best(row["label"] for row in found["self"])
    tables = {
        name: figures.table(visit, found["indicator"], found["figure"], f"{name}-indicator")
        for name in ("user", "output")
    }
    context = _head(visit, found["self"], label) | {
        "words": sorted({row["word"].value for row in found["word"]}),
        "above": _concepts(visit, found["above"]),
        "below": _concepts(visit, found["below"]),
        "counted": _concepts(visit, found["counted"]),
        "services": [
            (_owner(visit, row), visit.concept(row["match"].value)) for row in _sorted(found["service"])
        ],
        "covering": [_owner(visit, row) for row in _sorted(found["covering"])],
        "elements": _things(visit, found["element"]),
        "segments": _things(visit, found["segment"]),
        "tables": {name: table for name, table in tables.items() if table.groups},
        "others": sorted({visit.text(row["name"]).value for row in found["other"]}),
        "repeats": sorted({(row["name"].value, row["ofName"].value) for row in found["repeats"]}),
        "provisions": delivery.provisions(visit, found["provision"]),
        "reuse_of": visit.reuse(iri, label.value),
    }
    return visit.render("shared_service.html", context, iri)


async def indicator_page(visit: Visit, iri: str) -> Response | None:
    """The page of a shared indicator: the towns beside each other, and the rows that say it."""
    found = await visit.blocks(_of(INDICATOR, iri))
    if not found["self"]:
        return None
    label, head = visit.best(row["label"] for row in found["self"]), found["self"][0]
    years = sorted({figures.last(row["year"].value) for row in found["figure"]})
    cells = {(row["area"].value, figures.last(row["year"].value)): row for row in found["figure"]}
    areas = {row["area"].value: row["areaLabel"] for row in found["figure"]}
    context = _head(visit, found["self"], label) | {
        "about": visit.concept(head["of"].value),
        "facts": [
            (visit("Che cosa conta"), visit.word(head["counts"].value)),
            (visit("Unità"), visit.word(head["unit"].value)),
            (visit("Si rapporta a"), visit.word(head["denominator"].value)),
            (visit("Consistenza o flusso"), visit.word(head["period"].value)),
            (visit("Come si uniscono i valori"), visit.word(head["aggregation"].value)),
        ],
        "years": years,
        "towns": [
            (visit.text(areas[area]), [_cell(visit, cells.get((area, year))) for year in years])
            for area in sorted(areas, key=lambda area: areas[area].value.casefold())
        ],
        "rows": [
            (visit.ref(row["i"], row["name"]), _owner(visit, row), visit.concept(row["match"].value))
            for row in _sorted(found["row"])
        ],
        "reuse_of": visit.reuse(iri, label.value),
    }
    return visit.render("shared_indicator.html", context, iri)


def _head(visit: Visit, rows: list[Row], label: Text) -> dict[str, Any]:
    return {
        "title": label.value,
        "heading": label,
        "section": "/services",
        "breadcrumb": [Crumb(visit("Servizi"), visit.href("/services"))],
        "definition": visit.best([row["definition"] for row in rows if "definition" in row]),
    }


def _cell(visit: Visit, row: Row | None) -> Ref | None:
    return None if row is None else Ref(Text(visit.number(row["value"].value)), visit.link(row["f"].value))


def _concepts(visit: Visit, rows: list[Row]) -> list[Ref]:
    found = [visit.concept(iri) for iri in {row["c"].value for row in rows}]
    return sorted(found, key=lambda ref: ref.text.value.casefold())


def _sorted(rows: list[Row]) -> list[Row]:
    """Each town's services together, each row once."""
    once = {tuple(sorted((k, v.value) for k, v in row.items())): row for row in rows}
    return sorted(once.values(), key=lambda r: (r["townLabel"].value.casefold(), r["serviceLabel"].value))


def _owner(visit: Visit, row: Row) -> tuple[Ref, Ref]:
    return visit.ref(row["service"], row["serviceLabel"]), visit.ref(row["town"], row["townLabel"])


def _things(visit: Visit, rows: list[Row]) -> list[tuple[Ref, Text, tuple[Ref, Ref]]]:
    return [
        (visit.ref(row["e"], row["name"]), visit.text(row.get("text")), _owner(visit, row))
        for row in _sorted(rows)
    ]
