"""The start page, the ways into the comparisons, and the page about the site."""

from __future__ import annotations

from starlette.responses import Response

from mappe_servizi.formats import N_QUADS
from mappe_servizi.model.outputs.declared import DUMP
from mappe_servizi.web.portal import schema_org
from mappe_servizi.web.portal.context import Visit
from mappe_servizi.web.portal.territory import TOWNS, WHOLE, towns

WHAT = "Che cosa fa il comune, per chi, quanto, come e con chi: le mappe dei servizi come dati aperti."
HOME = {
    **TOWNS,
    "published": """{ SELECT (COUNT(DISTINCT ?s) AS ?n) {
        ?map mds:isPublished true ; mds:describesService ?s } }""",
    "area": """{ SELECT ?area ?position (COUNT(DISTINCT ?s) AS ?n) { ?s mds:inArea ?area .
        ?area l0:positionInSequence ?position } GROUP BY ?area ?position }""",
    "audience": """{ SELECT ?audience (COUNT(DISTINCT ?service) AS ?n) { ?s mds:coversAudience ?audience .
        ?service mds:hasUserSegment ?s } GROUP BY ?audience }""",
    "provider": """{ SELECT ?agent ?agentLabel (COUNT(DISTINCT ?service) AS ?n) {
        ?service mds:hasProvision ?p .
        ?p roapit:isRoleInTimeOf ?agent . ?agent rdfs:label ?agentLabel }
        GROUP BY ?agent ?agentLabel ORDER BY DESC(?n) ?agent LIMIT 12 }""",
    "figures": "{ SELECT (COUNT(?f) AS ?n) { ?f a mds:YearlyFigure } }",
}
TILES = 60


async def home(visit: Visit) -> Response:
    """``/``: what this is, and the ways in."""
    found = await visit.blocks(HOME)
    every = towns(visit, found["town"])
    areas = sorted(found["area"], key=lambda r: (int(r["position"].value), r["area"].value))
    audiences = sorted(found["audience"], key=lambda r: (-int(r["n"].value), r["audience"].value))
    context = {
        "title": visit("Mappe dei servizi dei comuni italiani"),
        "description": visit(WHAT),
        "section": "/",
        "towns": every[:TILES],
        "more_towns": len(every) > TILES,
        # The areas are a municipality's own: those of many side by side say nothing.
        "areas": [(visit.concept(r["area"].value), int(r["n"].value)) for r in areas]
        if len(every) <= WHOLE
        else [],
        "audiences": [(visit.concept(r["audience"].value), int(r["n"].value)) for r in audiences],
        "providers": [(visit.ref(r["agent"], r["agentLabel"]), int(r["n"].value)) for r in found["provider"]],
        "counts": [
            (sum(n for _, n in every), visit("servizi")),
            (int(found["published"][0]["n"].value), visit("mappe pubblicate")),
            (int(found["figures"][0]["n"].value), visit("cifre annuali")),
            (len(every), visit("comuni") if len(every) != 1 else visit("comune")),
        ],
        "json_ld": schema_org.dataset(
            visit,
            f"{visit.base}data/",
            "Mappe dei servizi",
            visit(WHAT),
            {visit.base + DUMP.path: N_QUADS.media},
        ),
    }
    return visit.render("home.html", context)


async def explore(visit: Visit) -> Response:
    """``/explore``: what can be compared."""
    await visit.read_words()
    return visit.render("explore.html", {"title": visit("Confronta ed esplora"), "section": "/explore"})


async def about(visit: Visit) -> Response:
    """``/about``: what this site is, who is behind it, how to reuse its data, accessibility."""
    release = visit.snapshot.release
    context = {
        "title": visit("Che cosa è questo sito"),
        "section": "/about",
        "release": release,
        "publisher": visit.snapshot.standing.publisher,
        "rights": visit.snapshot.standing.whole,
        "parts": _parts(visit),
    }
    return visit.render("about.html", context)


def _parts(visit: Visit) -> list[tuple[str, str]]:
    """Each municipality with its licence, where they have several."""
    standing, release = visit.snapshot.standing, visit.snapshot.release
    if release is None or len(standing.whole.licences) < 2:
        return []
    return [(town["name"], standing.of(town["ipa"]).names) for town in release.facts["municipalities"]]
