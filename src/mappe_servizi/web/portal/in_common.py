"""Who works in several municipalities: for what, and by which instrument."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from starlette.responses import Response

from mappe_servizi.web.api.views import Cell, View
from mappe_servizi.web.portal.comparisons import MANY
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.delivery import PROVISION, Provision, provisions
from mappe_servizi.web.portal.figures import last
from mappe_servizi.web.portal.page import Page, Ref
from mappe_servizi.web.portal.territory import WHOLE, ChosenTown, chosen_town, names
from mappe_servizi.web.served.results import Row

WORKS = """?one a mds:ServiceProvision ; roapit:isRoleInTimeOf ?agent ; roapit:forEntity ?of ;
    mds:statedIn/mds:isCurrent true . ?any mds:providesService ?of"""
SHARED = f"""{{ SELECT ?agent {{ CHOSEN {WORKS} }} GROUP BY ?agent HAVING(COUNT(DISTINCT ?any) > 1) }}
    ?p a mds:ServiceProvision ; roapit:forEntity ?service ; mds:statedIn/mds:isCurrent true .
    ?service l0:name ?serviceLabel . ?town mds:providesService ?service ; l0:name ?townLabel .
    WHERE {PROVISION}"""
COLUMNS = ("provider", "providerName", "municipality", "municipalityName", "service", "title", "activity",
    "instrument")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shared:
    """A provider of several municipalities, with what it does in each."""

    provider: Ref
    towns: list[tuple[Ref, list[Provision]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedProvidersPage(Page):
    """Who works in several municipalities.

    Attributes:
        towns: all of them; those that were chosen are ``town`` and ``other``.
        ask: whether two are to be chosen first.
        total: how many providers there are; not all are shown.
    """

    template: ClassVar[str] = "explore_providers.html"
    towns: Sequence[Ref]
    town: ChosenTown
    other: ChosenTown
    ask: bool
    shared: Sequence[Shared]
    total: int


async def providers(context: PageContext) -> Response:
    """``/explore/providers``: who works in two municipalities, or in more than one where none is chosen."""
    every = await names(context)
    town, other = (chosen_town(context, every, name) for name in ("town", "with"))
    chosen = [one.iri for one in (town, other) if one.iri]
    ask = len(every) > WHOLE and len(set(chosen)) < 2
    found = [] if ask or len(every) < 2 else (await context.blocks({"p": _pattern(chosen)}))["p"]
    shared = list(_shared(context, found))
    shown = SharedProvidersPage(
        title=context.translate("Chi lavora in più comuni"),
        section="/explore",
        towns=every,
        town=town,
        other=other,
        ask=ask,
        shared=shared[:MANY],
        total=len(shared),
    )
    view = View("providers-in-several-municipalities", COLUMNS, _cells(shared))
    return await context.show(shown, view)


def _cells(shared: Iterable[Shared]) -> Iterator[Sequence[Cell]]:
    for one in shared:
        for town, done in one.towns:
            of = (one.provider.iri, str(one.provider), last(town.iri), str(town))
            for p in done:
                service = (p.service.iri, str(p.service)) if p.service else ("", "")
                instruments = " | ".join(map(str, p.instruments)) or str(p.instrument)
                yield *of, *service, str(p.activity), instruments


def _pattern(chosen: list[str]) -> str:
    """The provisions of the providers that work in all chosen municipalities, or in several."""
    if len(set(chosen)) < 2:
        narrowed = SHARED.replace("CHOSEN", "").replace("WHERE", "")
        also = f"FILTER EXISTS {{ {_renamed(WORKS)} FILTER(?there = <{chosen[0]}>) }}" if chosen else ""
        return f"{narrowed} {also}"
    these = " ".join(f"<{iri}>" for iri in chosen)
    return SHARED.replace("CHOSEN", f"VALUES ?any {{ {these} }}").replace(
        "WHERE", f"VALUES ?town {{ {these} }}"
    )


def _renamed(pattern: str) -> str:
    return pattern.replace("?one", "?its").replace("?of", "?thing").replace("?any", "?there")


def _shared(context: PageContext, rows: Iterable[Row]) -> Iterable[Shared]:
    by_agent: dict[str, list[Row]] = {}
    for row in rows:
        by_agent.setdefault(row["agent"].value, []).append(row)
    for its in sorted(by_agent.values(), key=lambda rows: rows[0]["agentLabel"].value.casefold()):
        by_town: dict[str, list[Row]] = {}
        for row in sorted(its, key=lambda row: row["townLabel"].value):
            by_town.setdefault(row["town"].value, []).append(row)
        done = [
            (context.ref(rows[0]["town"], rows[0]["townLabel"]), provisions(context, rows))
            for rows in by_town.values()
        ]
        yield Shared(context.ref(its[0]["agent"], its[0]["agentLabel"]), done)
