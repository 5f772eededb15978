"""The pages of an indicator with its series, and of one figure."""

from __future__ import annotations

from starlette.responses import Response

from mappe_servizi.web.portal import figures, quotes
from mappe_servizi.web.portal.agents import distinct
from mappe_servizi.web.portal.context import Crumb, Visit
from mappe_servizi.web.portal.findings import FINDING, findings

OWNER = """?service mds:hasIndicator ?i ; rdfs:label ?serviceLabel ; mds:inArea ?area ."""
SERIES = {
    "self": f"BIND(<IRI> AS ?i) {OWNER}",
    "indicator": f"BIND(<IRI> AS ?i) {figures.INDICATOR}",
    "figure": f"BIND(<IRI> AS ?i) {figures.FIGURE}",
    "part": "<IRI> mds:totalOf|^mds:breakdownOf ?other . ?other rdfs:label ?label",
    "whole": "<IRI> mds:breakdownOf|^mds:totalOf ?other . ?other rdfs:label ?label",
    "segment": """<IRI> mds:countsSegment ?segment . ?segment rdfs:label ?label . OPTIONAL {
        <IRI> mds:segmentMatch ?match }""",
    "quote": "<IRI> mds:hasEntry ?entry . ?entry mds:statedIn/mds:isCurrent true . "
    + quotes.pattern("?entry"),
}
FIGURE = {
    "self": f"BIND(<IRI> AS ?f) ?f mds:ofIndicator ?i . {OWNER}",
    "indicator": """<IRI> mds:ofIndicator ?i . ?i l0:name ?name ; mds:indicatorRole ?role ;
        mds:counts ?counts ; muapit:hasMeasurementUnit ?unit OPTIONAL { ?i mds:groupName ?group }""",
    "figure": f"BIND(<IRI> AS ?f) {figures.VALUE}",
    "current": "<IRI> mds:isCurrent ?current",
    "other": """<IRI> mds:ofIndicator/mds:hasFigure ?other ; sdmx-dimension:refPeriod ?period .
        ?other sdmx-dimension:refPeriod ?period ; mds:edition ?edition ; mds:rawText ?raw ;
        mds:isCurrent ?current . FILTER(?other != <IRI>)""",
    "stated": "<IRI> mds:statedIn ?map ; mds:edition ?edition . ?map rdfs:label ?label",
    "finding": f"GRAPH <BASE/graph/quality> {{ ?q mds:restsOn <IRI> }} {FINDING}",
    "correction": """GRAPH <BASE/graph/provenance> { <IRI> mds:correctedBy ?c .
        ?c mds:printedText ?printed ; mds:reason ?reason
        OPTIONAL { ?c mds:readsAs ?reads } }""",
    "quote": quotes.pattern("<IRI>"),
}


def _of(patterns: dict[str, str], iri: str) -> dict[str, str]:
    return {name: pattern.replace("<IRI>", f"<{iri}>") for name, pattern in patterns.items()}


async def series(visit: Visit, iri: str) -> Response | None:
    """The page of an indicator, None where there is no such one."""
    found = await visit.blocks(_of(SERIES, iri))
    if not found["self"] or not found["indicator"]:
        return None
    owner, concept = found["self"][0], iri.removeprefix(f"{visit.base}data/").split("/", 1)[0]
    table = figures.table(visit, found["indicator"], found["figure"], concept)
    row = table.rows[0]
    group = visit.text(found["indicator"][0].get("group"))
    whole = f"{row.name} ({group})" if group else row.name.value
    csv = visit.csv("observations", indicator=iri, current="true")
    context = {
        "title": whole,
        "heading": row.name,
        "group": group,
        "section": "/services",
        "breadcrumb": [
            Crumb(visit.word(owner["area"].value), visit.link(owner["area"].value)),
            Crumb(visit.text(owner["serviceLabel"]), visit.link(owner["service"].value)),
        ],
        "service": visit.ref(owner["service"], owner["serviceLabel"]),
        "users": concept == "user-indicator",
        "row": row,
        "table": table,
        "chart": figures.chart(visit, table.years, row, "series") if any(f for f in row.figures) else "",
        "wholes": distinct(visit, found["whole"], "other", "label"),
        "parts": distinct(visit, found["part"], "other", "label"),
        "segments": [visit.ref(r["segment"], r["label"]) for r in found["segment"]],
        "match": next((visit.word(r["match"].value) for r in found["segment"] if "match" in r), ""),
        "csv": csv,
        "quotes": quotes.read(visit, found["quote"]),
        "reuse_of": visit.reuse(iri, f"{whole}, {owner['serviceLabel'].value}", csv),
    }
    return visit.render("indicator.html", context, iri)


async def one_figure(visit: Visit, iri: str) -> Response | None:
    """The page of a figure, None where there is no such one."""
    found = await visit.blocks(_of(FIGURE, iri))
    same = found["figure"]
    if not found["self"] or not same:
        return None
    owner, year = found["self"][0], figures.last(same[0]["year"].value)
    one, indicator = figures.figure(visit, same[0]), found["indicator"][0]
    name, group = visit.text(indicator["name"]), visit.text(indicator.get("group"))
    whole = f"{name} ({group})" if group else name.value
    context = {
        "title": f"{whole}, {year}",
        "group": group,
        "section": "/services",
        "breadcrumb": [
            Crumb(visit.word(owner["area"].value), visit.link(owner["area"].value)),
            Crumb(visit.text(owner["serviceLabel"]), visit.link(owner["service"].value)),
            Crumb(name, visit.link(owner["i"].value)),
        ],
        "crumb_title": year,
        "name": visit.ref(owner["i"], indicator["name"]),
        "year": year,
        "figure": one,
        "raw": same[0]["raw"].value,
        "unit": visit.concept(indicator["unit"].value),
        "counts": visit.word(indicator["counts"].value),
        "role": visit.concept(indicator["role"].value),
        "role_code": figures.last(indicator["role"].value),
        "service": visit.ref(owner["service"], owner["serviceLabel"]),
        "stated": [visit.ref(r["map"], r["label"]) for r in found["stated"]],
        "superseded": any(r["current"].value == "false" for r in found["current"]),
        "others": [
            (visit.link(r["other"].value), r["edition"].value, r["raw"].value, r["current"].value == "true")
            for r in sorted(found["other"], key=lambda r: r["edition"].value, reverse=True)
        ],
        "findings": findings(visit, found["finding"]),
        "corrections": [
            (
                visit.link(r["c"].value),
                r["printed"].value,
                r["reads"].value if "reads" in r else "",
                r["reason"].value,
            )
            for r in found["correction"]
        ],
        "quotes": quotes.read(visit, found["quote"]),
        "reuse_of": visit.reuse(iri, f"{whole}, {year}, {owner['serviceLabel'].value}"),
    }
    return visit.render("figure.html", context, iri)
