"""The pages of an indicator with its series, and of one figure."""

from __future__ import annotations

from starlette.responses import Response

from mappe_servizi.web.portal import figures, quotes
from mappe_servizi.web.portal.agents import distinct
from mappe_servizi.web.portal.context import Crumb, PageContext
from mappe_servizi.web.portal.findings import FINDING, findings
from mappe_servizi.web.portal.schema_org import indicator as schema_org

OWNER = """?service mds:hasIndicator ?i ; l0:name ?serviceLabel ; mds:inArea ?area ."""
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
        muapit:hasMeasurementUnit ?unit
        OPTIONAL { ?i mds:counts ?counts } OPTIONAL { ?i mds:groupName ?group }""",
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


async def series(context: PageContext, iri: str) -> Response | None:
    """The page of an indicator, None where there is no such one."""
    found = await context.blocks(_of(SERIES, iri))
    if not found["self"] or not found["indicator"]:
        return None
    owner, concept = found["self"][0], iri.removeprefix(f"{context.base}data/").split("/", 1)[0]
    table = figures.table(context, found["indicator"], found["figure"], concept)
    row = table.rows[0]
    group = context.text(found["indicator"][0].get("group"))
    whole = f"{row.name} ({group})" if group else row.name.value
    csv = context.csv("observations", indicator=iri, current="true")
    shown = {
        "title": whole,
        "heading": row.name,
        "group": group,
        "section": "/services",
        "breadcrumb": [
            Crumb(context.word(owner["area"].value), context.link(owner["area"].value)),
            context.crumb(owner["service"], owner["serviceLabel"]),
        ],
        "service": context.ref(owner["service"], owner["serviceLabel"]),
        "users": concept == "user-indicator",
        "row": row,
        "table": table,
        "chart": figures.chart(context, table.years, row, "series") if any(f for f in row.figures) else "",
        "wholes": distinct(context, found["whole"], "other", "label"),
        "parts": distinct(context, found["part"], "other", "label"),
        "segments": [context.ref(r["segment"], r["label"]) for r in found["segment"]],
        "match": next((context.word(r["match"].value) for r in found["segment"] if "match" in r), ""),
        "csv": csv,
        "quotes": quotes.read(context, found["quote"]),
        "reuse_of": context.reuse(iri, f"{whole}, {owner['serviceLabel'].value}", csv),
    }
    shown["json_ld"] = schema_org.indicator(context, iri, shown)
    return context.render("indicator.html", shown, iri)


async def one_figure(context: PageContext, iri: str) -> Response | None:
    """The page of a figure, None where there is no such one."""
    found = await context.blocks(_of(FIGURE, iri))
    same = found["figure"]
    if not found["self"] or not same:
        return None
    owner, year = found["self"][0], figures.last(same[0]["year"].value)
    one, indicator = figures.figure(context, same[0]), found["indicator"][0]
    name, group = context.text(indicator["name"]), context.text(indicator.get("group"))
    whole = f"{name} ({group})" if group else name.value
    shown = {
        "title": f"{whole}, {year}",
        "group": group,
        "section": "/services",
        "breadcrumb": [
            Crumb(context.word(owner["area"].value), context.link(owner["area"].value)),
            context.crumb(owner["service"], owner["serviceLabel"]),
            Crumb(name, context.link(owner["i"].value)),
        ],
        "crumb_title": year,
        "name": context.ref(owner["i"], indicator["name"]),
        "year": year,
        "figure": one,
        "raw": same[0]["raw"].value,
        "unit": context.concept(indicator["unit"].value),
        "counts": figures.counted(context, indicator.get("counts")),
        "role": context.concept(indicator["role"].value),
        "role_code": figures.last(indicator["role"].value),
        "service": context.ref(owner["service"], owner["serviceLabel"]),
        "stated": [context.ref(r["map"], r["label"]) for r in found["stated"]],
        "superseded": any(r["current"].value == "false" for r in found["current"]),
        "others": [
            (context.link(r["other"].value), r["edition"].value, r["raw"].value, r["current"].value == "true")
            for r in sorted(found["other"], key=lambda r: r["edition"].value, reverse=True)
        ],
        "findings": findings(context, found["finding"]),
        "corrections": [
            (
                context.link(r["c"].value),
                r["printed"].value,
                r["reads"].value if "reads" in r else "",
                r["reason"].value,
            )
            for r in found["correction"]
        ],
        "quotes": quotes.read(context, found["quote"]),
        "reuse_of": context.reuse(iri, f"{whole}, {year}, {owner['serviceLabel'].value}"),
    }
    return context.render("figure.html", shown, iri)
