"""The list of all providers, and the picture of who works in which areas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from markupsafe import Markup
from starlette.responses import Response

from mappe_servizi.outputs.statistics import FOREMOST, Statistics
from mappe_servizi.query.errors import ResultTooLargeError
from mappe_servizi.web.api.views import Cell, View, wished
from mappe_servizi.web.http.problems import from_query_error
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.flows import NARROW, WIDE, FlowEnd, Flows
from mappe_servizi.web.portal.page import Page, Ref
from mappe_servizi.web.portal.pictures import Offers, offers
from mappe_servizi.web.portal.territory import WHOLE
from mappe_servizi.web.portal.texts import has_words, words_of
from mappe_servizi.web.served.results import Row, values

PROVIDERS = {
    "agent": """?p a mds:ServiceProvision ; roapit:isRoleInTimeOf ?agent ; roapit:forEntity ?service .
        ?service mds:hasProvision ?p . ?p mds:statedIn/mds:isCurrent true .
        ?agent rdfs:label ?agentLabel . ?service l0:name ?serviceLabel ; mds:inArea ?area .
        OPTIONAL { ?agent covapit:hasLegalStatus ?form } OPTIONAL {
        ?p mds:provisionInstrument ?instrument }""",
}
NAMED = {
    "agent": """{ SELECT ?agent { ?agent a mds:ServiceProvider ; rdfs:label ?label
        FILTER(WORDS) FILTER EXISTS { ?p roapit:isRoleInTimeOf ?agent ; mds:statedIn/mds:isCurrent true } }
        GROUP BY ?agent ORDER BY ?agent }""",
}
"""Who has some words in the name."""
COUNTED = {
    "agent": """VALUES ?agent { THESE } ?agent rdfs:label ?agentLabel
        OPTIONAL { ?agent covapit:hasLegalStatus ?form }""",
    "count": """{ SELECT ?agent (COUNT(DISTINCT ?service) AS ?n) { VALUES ?agent { THESE }
        ?p roapit:isRoleInTimeOf ?agent . ?service mds:hasProvision ?p
        FILTER EXISTS { ?p mds:statedIn/mds:isCurrent true } } GROUP BY ?agent }""",
}
COLUMNS = ("provider", "name", "legalForm", "services", "serviceNames", "instruments")
FLOW_PROVIDERS, MANY, MAX_ROWS = 24, FOREMOST, 200_000


@dataclass(frozen=True, slots=True)
class ProviderEntry:
    """A provider in the list of all; its services are named where they are of few municipalities."""

    ref: Ref
    form: str
    count: int
    services: tuple[Ref, ...] = ()
    instruments: tuple[Ref, ...] = ()


EMBEDDED = "providers"
"""The drawing's address below ``/embed/``."""
SIZES = (WIDE, NARROW)
DRAWN = "Soggetti a sinistra, aree dei servizi a destra; la tabella che segue dice lo stesso"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvidersPage(Page):
    """All providers, or the first of those whose names have the words that are looked for.

    Attributes:
        total: how many there are; not all are shown.
        form: whether there is a form to look for them.
        offers: how the drawing is taken away.
        named: whether their services are, and a drawing shows their areas.
    """

    template: ClassVar[str] = "providers.html"
    providers: Sequence[ProviderEntry]
    total: int
    words: str
    form: bool
    drawing: Markup
    offers: Offers | None
    named: bool


async def page(context: PageContext) -> Response:
    """``/providers``: every provider, what it does and where; and a drawing of who works in which area.

    Of many municipalities those that deliver most, or that words find, with the numbers of their services.
    """
    words = context.request.query_params.get("filter", "").strip()[:100]
    counts, flows, taken = await context.counted(), Markup(), None
    few = counts.municipalities <= WHOLE
    if few:
        rows = (await context.blocks(PROVIDERS, MAX_ROWS))["agent"]
        found = _of_few(context, rows)
        drawn = _drawing(context, _foremost(found), rows)
        flows = Markup().join(replace(drawn, title=context.translate(DRAWN), size=s).linked() for s in SIZES)
        taken = offers(context, EMBEDDED, drawn.title) if found else None
        wanted = [p for p in found if has_words(words, p.ref.text.value)]
        total = len(wanted)
    else:
        wanted, total = await _of_many(context, words, counts)
    shown = ProvidersPage(
        title=context.translate("Chi svolge i servizi"),
        section="/providers",
        providers=wanted[:MANY],
        total=total,
        words=words,
        form=not few or bool(words) or total > MANY,
        drawing=flows,
        offers=taken,
        named=few,
    )
    return await context.show(shown, View("providers", COLUMNS, map(_cells, wanted)))


def _of_few(context: PageContext, rows: list[Row]) -> list[ProviderEntry]:
    """All providers, those with most services first."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row["agent"].value, []).append(row)
    found = []
    for same in grouped.values():
        instruments = sorted({row["instrument"].value for row in same if "instrument" in row})
        services = tuple(context.distinct(same, "service", "serviceLabel"))
        of = context.ref(same[0]["agent"], same[0]["agentLabel"]), _form(context, same[0])
        instruments_of = tuple(context.concept(iri) for iri in instruments)
        found.append(ProviderEntry(*of, len(services), services, instruments_of))
    return sorted(found, key=_place)


async def _of_many(context: PageContext, words: str, counts: Statistics) -> tuple[list[ProviderEntry], int]:
    """Those that deliver most, or the first that words find; and how many there are.

    Raises:
        Problem: a file of more is asked for (507).
    """
    these, total, known = list(counts.providers), counts.delivering, counts.providers
    if looked_for := words_of(words):
        named = " && ".join(f'CONTAINS(LCASE(?label), "{word}")' for word in looked_for)
        hits = (await context.blocks({"agent": NAMED["agent"].replace("WORDS", named)}, MAX_ROWS))["agent"]
        these, total, known = [row["agent"].value for row in hits[:MANY]], len(hits), {}
    if total > len(these) and wished(context.request) is not None:
        every = context.href("/csv/engagements.csv")
        said = f"these are {total} providers, and a file has {MANY}: {every} has all of them"
        raise from_query_error(ResultTooLargeError(said))
    patterns = {n: p.replace("THESE", values(these)) for n, p in COUNTED.items() if n == "agent" or not known}
    found = await context.blocks(patterns)
    known = known or {row["agent"].value: int(row["n"].value) for row in found["count"]}
    first = {row["agent"].value: row for row in reversed(found["agent"])}
    entries = [
        ProviderEntry(context.ref(row["agent"], row["agentLabel"]), _form(context, row), known.get(iri, 0))
        for iri, row in first.items()
    ]
    return sorted(entries, key=_place), total


def _form(context: PageContext, row: Row) -> str:
    return str(context.word(row["form"].value)) if "form" in row else ""


def _place(one: ProviderEntry) -> tuple[int, str, str]:
    return -one.count, one.ref.text.value.casefold(), one.ref.iri


def _cells(one: ProviderEntry) -> Iterator[Cell]:
    yield from (one.ref.iri, str(one.ref), one.form, one.count)
    yield from (" | ".join(map(str, names)) for names in (one.services, one.instruments))


def _foremost(found: list[ProviderEntry]) -> list[ProviderEntry]:
    """The providers with most services, as many as a drawing can hold; of equals all or none."""
    if len(found) <= FLOW_PROVIDERS:
        return found
    least = found[FLOW_PROVIDERS].count
    return [p for p in found[:FLOW_PROVIDERS] if p.count > least] or found[:FLOW_PROVIDERS]


def _drawing(context: PageContext, providers: list[ProviderEntry], rows: list[Row]) -> Flows:
    """Providers on the left, areas on the right, a band for each pair."""
    names = {provider.ref.iri: index for index, provider in enumerate(providers)}
    counts: dict[tuple[int, str], set[str]] = {}
    for row in rows:
        if row["agent"].value in names:
            pair = names[row["agent"].value], row["area"].value
            counts.setdefault(pair, set()).add(row["p"].value)
    areas = list(dict.fromkeys(area for _, area in sorted(counts)))
    links = [(a, areas.index(area), len(found)) for (a, area), found in sorted(counts.items())]
    of_provider: Counter[int] = Counter()
    of_area: Counter[int] = Counter()
    for provider, area, number in links:
        of_provider[provider] += number
        of_area[area] += number
    return Flows(
        context.translate("Chi lavora in quali aree"),
        [
            FlowEnd(str(one.ref.text), context.kept(one.ref.href), of_provider[index])
            for index, one in enumerate(providers)
        ],
        [
            FlowEnd(str(context.word(area)), context.kept(context.link(area)), of_area[index])
            for index, area in enumerate(areas)
        ],
        links,
    )


async def drawing(context: PageContext) -> Flows | None:
    """The drawing by itself; None where no provider is named, or there are too many for one."""
    if (await context.counted()).municipalities > WHOLE:
        return None
    rows = (await context.blocks(PROVIDERS, MAX_ROWS))["agent"]
    found = _of_few(context, rows)
    return _drawing(context, _foremost(found), rows) if found else None
