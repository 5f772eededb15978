"""The list of all providers, and the picture of who works in which areas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup
from starlette.responses import Response

from mappe_servizi.web.api.views import Cell, View
from mappe_servizi.web.portal import charts
from mappe_servizi.web.portal.agents import distinct
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.page import Page, Ref
from mappe_servizi.web.portal.texts import has_words
from mappe_servizi.web.served.results import Row

PROVIDERS = {
    "agent": """?p a mds:ServiceProvision ; roapit:isRoleInTimeOf ?agent ; roapit:forEntity ?service .
        ?service mds:hasProvision ?p . ?p mds:statedIn/mds:isCurrent true .
        ?agent rdfs:label ?agentLabel . ?service l0:name ?serviceLabel ; mds:inArea ?area .
        OPTIONAL { ?agent covapit:hasLegalStatus ?form } OPTIONAL {
        ?p mds:provisionInstrument ?instrument }""",
}
COLUMNS = ("provider", "name", "legalForm", "services", "serviceNames", "instruments")
FLOW_PROVIDERS, MANY, MAX_ROWS = 24, 400, 200_000


@dataclass(frozen=True, slots=True)
class ProviderEntry:
    """A provider in the list of all."""

    ref: Ref
    form: str
    services: tuple[Ref, ...]
    instruments: tuple[Ref, ...]
    provisions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvidersPage(Page):
    """All providers, or the first of those whose names have the words that are looked for.

    Attributes:
        total: how many there are; not all are shown.
        form: whether there is a form to look for them.
    """

    template: ClassVar[str] = "providers.html"
    providers: Sequence[ProviderEntry]
    total: int
    words: str
    form: bool
    drawing: Markup


async def page(context: PageContext) -> Response:
    """``/providers``: every provider, what it does and where; and a drawing of who works in which area."""
    rows = (await context.blocks(PROVIDERS, MAX_ROWS))["agent"]
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row["agent"].value, []).append(row)
    found = []
    for same in grouped.values():
        instruments = sorted({row["instrument"].value for row in same if "instrument" in row})
        found.append(
            ProviderEntry(
                context.ref(same[0]["agent"], same[0]["agentLabel"]),
                str(context.word(same[0]["form"].value)) if "form" in same[0] else "",
                tuple(distinct(context, same, "service", "serviceLabel")),
                tuple(context.concept(iri) for iri in instruments),
                len({row["p"].value for row in same}),
            )
        )
    found.sort(key=lambda p: (-len(p.services), p.ref.text.value.casefold(), p.ref.iri))
    words = context.request.query_params.get("filter", "").strip()[:100]
    wanted = [p for p in found if has_words(words, p.ref.text.value)]
    shown = ProvidersPage(
        title=context.translate("Chi svolge i servizi"),
        section="/providers",
        providers=wanted[:MANY],
        total=len(wanted),
        words=words,
        form=bool(words) or len(found) > MANY,
        drawing=_drawing(context, _foremost(found), rows),
    )
    return await context.show(shown, View("providers", COLUMNS, map(_cells, wanted)))


def _cells(one: ProviderEntry) -> Iterator[Cell]:
    yield from (one.ref.iri, str(one.ref), one.form, len(one.services))
    yield from (" | ".join(map(str, names)) for names in (one.services, one.instruments))


def _foremost(found: list[ProviderEntry]) -> list[ProviderEntry]:
    """The providers with most services, as many as a drawing can hold; of equals all or none."""
    if len(found) <= FLOW_PROVIDERS:
        return found
    least = len(found[FLOW_PROVIDERS].services)
    return [p for p in found[:FLOW_PROVIDERS] if len(p.services) > least] or found[:FLOW_PROVIDERS]


def _drawing(context: PageContext, providers: list[ProviderEntry], rows: list[Row]) -> Markup:
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
    return charts.flows(
        [
            charts.FlowEnd(str(one.ref.text), context.kept(one.ref.href), of_provider[index])
            for index, one in enumerate(providers)
        ],
        [
            charts.FlowEnd(str(context.word(area)), context.kept(context.link(area)), of_area[index])
            for index, area in enumerate(areas)
        ],
        links,
        context.translate(
            "Soggetti a sinistra, aree dei servizi a destra; la tabella che segue dice lo stesso"
        ),
    )
