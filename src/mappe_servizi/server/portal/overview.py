"""The start page, the comparisons and the page about the site."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from markupsafe import Markup
from starlette.responses import Response

from mappe_servizi.server.portal import charts, figures, schema_org
from mappe_servizi.server.portal.territory import ALL, areas, listed
from mappe_servizi.server.portal.visit import Ref, Visit

WHAT = "Che cosa fa il comune, per chi, quanto, come e con chi: le mappe dei servizi come dati aperti."
HOME = {
    **ALL,
    "audience": """{ SELECT ?audience (COUNT(DISTINCT ?service) AS ?n) { ?s mds:coversAudience ?audience .
        ?service mds:hasUserSegment ?s } GROUP BY ?audience }""",
    "provider": """{ SELECT ?agent ?agentLabel (COUNT(DISTINCT ?service) AS ?n) {
        ?service mds:hasProvision ?p .
        ?p roapit:isRoleInTimeOf ?agent . ?agent rdfs:label ?agentLabel }
        GROUP BY ?agent ?agentLabel ORDER BY DESC(?n) ?agent LIMIT 12 }""",
    "figures": "{ SELECT (COUNT(?f) AS ?n) { ?f a mds:YearlyFigure } }",
}
USERS = {
    "row": """?s mds:hasIndicator ?i ; rdfs:label ?serviceLabel ; mds:inArea ?area .
        ?i a mds:UserIndicator ; l0:name ?name ;
        mds:indicatorRole ?role ; mds:counts ?counts ; muapit:hasMeasurementUnit ?unit .
        OPTIONAL { ?i mds:groupName ?group } OPTIONAL { ?i mds:hasEntry ?entry .
        ?entry l0:positionInSequence ?position }""",
    "figure": f"?s mds:hasIndicator ?i . ?i a mds:UserIndicator . {figures.FIGURE}",
}
PERSONNEL = {
    "row": """?s mds:hasPersonnel ?p ; rdfs:label ?serviceLabel ; mds:inArea ?area . ?p mds:rawText ?raw .
        OPTIONAL { ?p mds:staffCount ?staff } OPTIONAL { ?p mds:municipalStaff ?municipal }
        OPTIONAL { ?p mds:externalStaff ?external } OPTIONAL { ?p mds:otherStaff ?other }""",
    "form": "?s mds:hasManagement ?m . ?m mds:managementForm ?form",
}
CITIZENS, MANY = 14, 400


async def home(visit: Visit) -> Response:
    """``/``: what this is, and the ways in."""
    found = await visit.blocks(HOME)
    services = listed(visit, found["service"])
    towns = {row["town"].value: visit.ref(row["town"], row["townLabel"]) for row in found["town"]}
    audiences = sorted(found["audience"], key=lambda r: (-int(r["n"].value), r["audience"].value))
    context = {
        "title": visit("Mappe dei servizi dei comuni italiani"),
        "description": visit(WHAT),
        "section": "/",
        "towns": sorted(towns.values(), key=lambda t: str(t.text)),
        "areas": areas(visit, services, found["area"])[:60],
        "audiences": [(visit.concept(r["audience"].value), int(r["n"].value)) for r in audiences[:CITIZENS]],
        "providers": [(visit.ref(r["agent"], r["agentLabel"]), int(r["n"].value)) for r in found["provider"]],
        "counts": [
            (len(services), visit("servizi")),
            (sum(s.published for s in services), visit("mappe pubblicate")),
            (int(found["figures"][0]["n"].value), visit("cifre annuali")),
            (len(towns), visit("comuni") if len(towns) != 1 else visit("comune")),
        ],
        "json_ld": schema_org.dataset(
            f"{visit.base}data/",
            "Mappe dei servizi",
            visit(WHAT),
            {f"{visit.base}dump/mappe-servizi.nq": "application/n-quads"},
        ),
    }
    return visit.render("home.html", context)


@dataclass(frozen=True, slots=True)
class Compared:
    """A row of a comparison: a service with one of its rows of figures."""

    service: Ref
    row: figures.FigureRow
    meter: Markup


def _filtered(visit: Visit) -> tuple[str, str]:
    """The words and the area that the visitor filters by."""
    words = visit.request.query_params.get("filter", "").strip()[:100]
    area = visit.request.query_params.get("area", "")[:300]
    return words, area


def _matches(words: str, *texts: str) -> bool:
    wanted = re.findall(r"\w+", words.casefold())
    text = " ".join(texts).casefold()
    return all(word in text for word in wanted)


async def users(visit: Visit) -> Response:
    """``/explore/users``: every row of users, by service and year; never a sum over rows."""
    found = await visit.blocks(USERS)
    words, area = _filtered(visit)
    rows = {row["i"].value: row for row in found["row"]}
    table = figures.table(visit, found["row"], found["figure"], "user-indicator")
    compared, names = [], {}
    tops = {
        index: max((_value(r, index) or Decimal(0) for r in table.rows if not r.unit), default=Decimal(0))
        for index in range(len(table.years))
    }
    for one in table.rows:
        row = rows[one.iri]
        names[row["area"].value] = str(visit.word(row["area"].value))
        if (area and row["area"].value != area) or not _matches(
            words, one.name.value, row["serviceLabel"].value
        ):
            continue
        latest = _value(one, len(table.years) - 1)
        bar = charts.meter(latest, tops[len(table.years) - 1]) if not one.unit else Markup("")
        compared.append(Compared(visit.ref(row["s"], row["serviceLabel"]), one, bar))
    compared.sort(key=_order(visit, table.years))
    context = {
        "title": visit("Utenti per servizio e anno"),
        "section": "/explore",
        "breadcrumb": [],
        "csv": visit.csv("observations", table="users"),
        "years": table.years,
        "rows": compared[:MANY],
        "total": len(compared),
        "areas": sorted(names.items(), key=lambda item: item[1]),
        "words": words,
        "area": area,
        "sort": visit.request.query_params.get("sort", "service"),
    }
    return visit.render("explore_users.html", context, str(visit.exchange.get(b"accept-language")))


def _value(row: figures.FigureRow, index: int) -> Decimal | None:
    one = row.figures[index] if 0 <= index < len(row.figures) else None
    return None if one is None else one.value


def _order(visit: Visit, years: Iterable[str]) -> Callable[[Compared], tuple[Any, ...]]:
    """The order that ``?sort=`` asks for: by service, or by the figures of a year, the largest first."""
    wished, known = visit.request.query_params.get("sort", "service"), list(years)

    def by_service(item: Compared) -> tuple[Any, ...]:
        return (item.service.text.value.casefold(),)

    def by_year(item: Compared) -> tuple[Any, ...]:
        value = _value(item.row, known.index(wished))
        return (value is None, -(value or 0), item.service.text.value.casefold())

    return by_year if wished in known else by_service


async def personnel(visit: Visit) -> Response:
    """``/explore/personnel``: the staff of each service, and how it is managed."""
    found = await visit.blocks(PERSONNEL)
    forms: dict[str, set[str]] = {}
    for row in found["form"]:
        forms.setdefault(row["s"].value, set()).add(row["form"].value)
    by_service = sorted(found["row"], key=lambda r: r["serviceLabel"].value.casefold())
    if visit.request.query_params.get("sort") == "staff":
        by_service.sort(key=lambda r: -Decimal(r["staff"].value) if "staff" in r else Decimal(1))
    top = max((Decimal(r["staff"].value) for r in by_service if "staff" in r), default=Decimal(0))
    context = {
        "title": visit("Personale per servizio"),
        "section": "/explore",
        "rows": [
            {
                "service": visit.ref(row["s"], row["serviceLabel"]),
                "area": visit.concept(row["area"].value),
                "raw": row["raw"].value,
                "numbers": [
                    visit.number(row[name].value) if name in row else ""
                    for name in ("staff", "municipal", "external", "other")
                ],
                "meter": charts.meter(Decimal(row["staff"].value), top) if "staff" in row else "",
                "forms": [visit.concept(iri) for iri in sorted(forms.get(row["s"].value, ()))],
            }
            for row in by_service
        ],
    }
    return visit.render("explore_personnel.html", context)


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
        "publisher": "",
    }
    return visit.render("about.html", context)
