"""Comparisons: the users' figures and the personnel of services, by municipality, area and words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from markupsafe import Markup
from starlette.responses import Response

from mappe_servizi.web.portal import charts, editions, figures
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.page import Page, Ref
from mappe_servizi.web.portal.territory import TOWNS, WHOLE, towns
from mappe_servizi.web.portal.texts import LocalizedText, has_words, words_of
from mappe_servizi.web.served.results import Term, values

USERS = {
    "row": f"""?town mds:providesService ?s . ?s mds:hasIndicator ?i ; l0:name ?serviceLabel ;
        mds:inArea ?area .
        ?i a mds:UserIndicator ; l0:name ?name ;
        mds:indicatorRole ?role ; muapit:hasMeasurementUnit ?unit .
        OPTIONAL {{ ?i mds:counts ?counts }}
        OPTIONAL {{ ?i mds:groupName ?group }} {editions.position_of("?i")}""",
    "figure": f"""?town mds:providesService ?s . ?s mds:hasIndicator ?i . ?i a mds:UserIndicator .
        {figures.FIGURE}""",
}
HIT = """{ SELECT DISTINCT ?i { ?i a mds:UserIndicator ; l0:name ?name . ?s mds:hasIndicator ?i ;
    l0:name ?serviceLabel OPTIONAL { ?i mds:groupName ?group }
    BIND(CONCAT(?name, " ", ?serviceLabel, " ", COALESCE(?group, "")) AS ?texts) FILTER(NAMED) } }"""
PERSONNEL = {
    "row": """?town mds:providesService ?s . ?s mds:hasPersonnel ?p ; l0:name ?serviceLabel ;
        mds:inArea ?area . ?p mds:statedIn/mds:isCurrent true ; mds:rawText ?raw .
        OPTIONAL { ?p mds:staffCount ?staff } OPTIONAL { ?p mds:municipalStaff ?municipal }
        OPTIONAL { ?p mds:externalStaff ?external } OPTIONAL { ?p mds:otherStaff ?other }""",
    "form": "?town mds:providesService ?s . ?s mds:hasManagement ?m . ?m mds:managementForm ?form ; "
    "mds:statedIn/mds:isCurrent true",
}
MANY, MOST = 400, 2000
"""Rows that are shown, and rows of many municipalities that words may find at most."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A row of a comparison: a service with one of its rows of figures."""

    service: Ref
    town: Ref
    group: LocalizedText
    row: figures.FiguresRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoicePage(Page):
    """What two comparisons have: the municipalities to choose from, the IRI of the chosen one.

    Attributes:
        ask: whether something is to be chosen first.
        csv: where all the rows are.
    """

    towns: Sequence[Ref]
    town: str
    ask: bool
    csv: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UsersPage(ChoicePage):
    """The rows of users, for a municipality, an area, some words, in an order.

    Attributes:
        areas: those to choose from: IRIs and names.
        total: how many rows there are; not all are shown.
    """

    template: ClassVar[str] = "explore_users.html"
    areas: Sequence[tuple[str, str]]
    area: str
    words: str
    sort: str
    years: Sequence[str]
    rows: Sequence[Compared]
    total: int


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A service with its personnel.

    Attributes:
        raw: as printed.
        numbers: all, the municipality's, external, others; "" where the map does not say.
        meter: the first of them as a bar.
        forms: how the service is managed.
    """

    service: Ref
    town: Ref
    area: Ref
    raw: str
    numbers: Sequence[str]
    meter: Markup
    forms: Sequence[Ref]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonnelPage(ChoicePage):
    """The personnel of each service."""

    template: ClassVar[str] = "explore_personnel.html"
    rows: Sequence[StaffRow]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a visitor chose to compare.

    Attributes:
        towns: all municipalities, with the numbers of their services.
        town: the IRI of one of them, "" for all.
        area: the IRI of an area, "" for all.
        words: what the names have to contain.
    """

    towns: list[tuple[Ref, int]]
    town: str
    area: str
    words: str

    @property
    def many(self) -> bool:
        """Whether the rows of all municipalities are too many to be shown together."""
        return len(self.towns) > WHOLE

    def place(self, context: PageContext, town: Term) -> Ref:
        """A municipality of a row."""
        return next((ref for ref, _ in self.towns if ref.iri == town.value), None) or context.ref(town)

    def narrowed(self, patterns: Mapping[str, str]) -> dict[str, str]:
        """Patterns of ?town and ?s, for the municipality that was chosen."""
        of_town = f"VALUES ?town {{ <{self.town}> }} " if self.town else ""
        return {name: of_town + pattern for name, pattern in patterns.items()}

    @property
    def places(self) -> list[Ref]:
        """The municipalities to choose from."""
        return [town for town, _ in self.towns]


async def choice(context: PageContext) -> Choice:
    """The choice that an address tells; one of several municipalities that is none is left out."""
    query, every = context.request.query_params, towns(context, (await context.blocks(TOWNS))["town"])
    wished = query.get("town", "")
    town = wished if len(every) > 1 and wished in {town.iri for town, _ in every} else ""
    return Choice(every, town, query.get("area", "")[:300], query.get("filter", "").strip()[:100])


async def users(context: PageContext) -> Response:
    """``/explore/users``: every row of users, by service and year; never a sum over rows."""
    chosen = await choice(context)
    ask = chosen.many and not chosen.town and not words_of(chosen.words)
    found = {"row": [], "figure": []} if ask else await context.blocks(await _patterns(context, chosen))
    rows = {row["i"].value: row for row in found["row"]}
    table = figures.table(context, found["row"], found["figure"], "user-indicator")
    compared, names = [], {}
    for of, one in ((group.name, one) for group in table.groups for one in group.rows):
        row = rows[one.iri]
        names[row["area"].value] = str(context.word(row["area"].value))
        if (chosen.area and row["area"].value != chosen.area) or not has_words(
            chosen.words, one.name.value, of.value, row["serviceLabel"].value
        ):
            continue
        service = context.ref(row["s"], row["serviceLabel"])
        compared.append(Compared(service, chosen.place(context, row["town"]), of, one))
    compared.sort(key=_order(context, table.years))
    shown = UsersPage(
        title=context.translate("Utenti per servizio e anno"),
        section="/explore",
        breadcrumb=[],
        csv=context.csv("observations", table="users", **_of_town(chosen)),
        years=table.years,
        rows=compared[:MANY],
        total=len(compared),
        areas=sorted(names.items(), key=lambda item: item[1]),
        ask=ask,
        towns=chosen.places,
        town=chosen.town,
        area=chosen.area,
        words=chosen.words,
        sort=context.request.query_params.get("sort", "service"),
    )
    return context.render(shown, str(context.exchange.get(b"accept-language")))


async def _patterns(context: PageContext, chosen: Choice) -> dict[str, str]:
    """The patterns of what was chosen; of many municipalities only what has the words is read."""
    if chosen.town or not chosen.many:
        return chosen.narrowed(USERS)
    named = " && ".join(f'CONTAINS(LCASE(?texts), "{word}")' for word in words_of(chosen.words))
    # Asked first and by itself: joined with the figures, the engine reads all of them.
    hits = (await context.blocks({"hit": HIT.replace("NAMED", named)}, MOST))["hit"]
    these = f"VALUES ?i {{ {values(sorted({row['i'].value for row in hits}))} }} "
    return {"row": these + USERS["row"], "figure": these + figures.FIGURE}


def _of_town(chosen: Choice) -> dict[str, str]:
    """The parameter of the tables for the municipality that was chosen."""
    return {"municipality": figures.last(chosen.town)} if chosen.town else {}


def _value(row: figures.FiguresRow, index: int) -> Decimal | None:
    one = row.figures[index] if 0 <= index < len(row.figures) else None
    return None if one is None else one.value


def _order(context: PageContext, years: Iterable[str]) -> Callable[[Compared], tuple[Any, ...]]:
    """The order that ``?sort=`` asks for: by service, or by the figures of a year, the largest first."""
    wished, known = context.request.query_params.get("sort", "service"), list(years)

    def by_service(item: Compared) -> tuple[Any, ...]:
        return (item.service.text.value.casefold(),)

    def by_year(item: Compared) -> tuple[Any, ...]:
        value = _value(item.row, known.index(wished))
        return (value is None, -(value or 0), item.service.text.value.casefold())

    return by_year if wished in known else by_service


async def personnel(context: PageContext) -> Response:
    """``/explore/personnel``: the staff of each service, and how it is managed."""
    chosen = await choice(context)
    ask = chosen.many and not chosen.town
    found = await context.blocks(chosen.narrowed(PERSONNEL)) if not ask else {"row": [], "form": []}
    forms: dict[str, set[str]] = {}
    for row in found["form"]:
        forms.setdefault(row["s"].value, set()).add(row["form"].value)
    by_service = sorted(found["row"], key=lambda r: r["serviceLabel"].value.casefold())
    if context.request.query_params.get("sort") == "staff":
        by_service.sort(key=lambda r: -Decimal(r["staff"].value) if "staff" in r else Decimal(1))
    top = max((Decimal(r["staff"].value) for r in by_service if "staff" in r), default=Decimal(0))
    shown = PersonnelPage(
        title=context.translate("Personale per servizio"),
        section="/explore",
        csv=context.csv("personnel", **_of_town(chosen))
        if chosen.town
        else context.href("/csv/personnel.csv"),
        ask=ask,
        towns=chosen.places,
        town=chosen.town,
        rows=[
            StaffRow(
                service=context.ref(row["s"], row["serviceLabel"]),
                town=chosen.place(context, row["town"]),
                area=context.concept(row["area"].value),
                raw=row["raw"].value,
                numbers=[
                    context.number(row[name].value) if name in row else ""
                    for name in ("staff", "municipal", "external", "other")
                ],
                meter=charts.meter(Decimal(row["staff"].value), top) if "staff" in row else Markup(),
                forms=[context.concept(iri) for iri in sorted(forms.get(row["s"].value, ()))],
            )
            for row in by_service
        ],
    )
    return context.render(shown)
