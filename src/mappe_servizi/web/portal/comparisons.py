"""Comparisons: what a visitor chooses of them, and the users' figures by municipality, area and words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar

from starlette.responses import Response

from mappe_servizi.insights import relative
from mappe_servizi.web.api.views import Cell, View
from mappe_servizi.web.portal import editions, figures
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.multiples import MOST
from mappe_servizi.web.portal.page import Page, Ref
from mappe_servizi.web.portal.row_charts import AlikeRows, Named, alike
from mappe_servizi.web.portal.territory import WHOLE, ChosenTown, chosen_town, names
from mappe_servizi.web.portal.texts import LocalizedText, has_words, words_of
from mappe_servizi.web.served.results import Term, values

DOUBT = "GRAPH <BASE/graph/quality> { ?finding mds:restsOn ?f }"
USERS = {
    "row": f"""CHOSEN ?town mds:providesService ?s . ?s mds:hasIndicator ?i ; l0:name ?serviceLabel ;
        mds:inArea ?area .
        ?i a mds:UserIndicator ; l0:name ?name ;
        mds:indicatorRole ?role ; muapit:hasMeasurementUnit ?unit .
        OPTIONAL {{ ?i mds:counts ?counts }}
        OPTIONAL {{ ?i mds:groupName ?group }}
        {editions.position_of("?i", "CHOSEN ?town mds:providesService/mds:hasIndicator ?i .")}""",
    "figure": f"""CHOSEN ?town mds:providesService ?s . ?s mds:hasIndicator ?i . ?i a mds:UserIndicator .
        {figures.FIGURE}""",
    "doubt": f"""CHOSEN ?town mds:providesService ?s . ?s mds:hasIndicator ?i . ?i a mds:UserIndicator ;
        mds:hasFigure ?f . {DOUBT}""",
}
HIT = """{ SELECT DISTINCT ?i { ?i a mds:UserIndicator ; l0:name ?name . ?s mds:hasIndicator ?i ;
    l0:name ?serviceLabel OPTIONAL { ?i mds:groupName ?group }
    BIND(CONCAT(?name, " ", ?serviceLabel, " ", COALESCE(?group, "")) AS ?texts) FILTER(NAMED) } }"""
COLUMNS = ("municipality", "municipalityName", "service", "title", "indicator", "group", "label", "unit",
    "counted", "role")  # fmt: skip
"""What a file has of a row before its figures."""
CHANGES = {"growth": -1, "decline": 1}
"""Orders by change: the largest growth first, or the largest decline."""
MANY, FOUND = 400, 2000
"""Rows that are shown, and rows of many municipalities that words may find at most."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A row of a comparison: a service with one of its rows of figures.

    Attributes:
        change: from its first number to its last, in percent; None where either is doubted or no plain
            number, where the first is nothing, or both are shares themselves.
    """

    service: Ref
    town: Ref
    group: LocalizedText
    row: figures.FiguresRow
    change: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoicePage(Page):
    """What two comparisons have: the municipalities to choose from, the IRI of the chosen one.

    Attributes:
        ask: whether something is to be chosen first.
    """

    towns: Sequence[Ref]
    town: ChosenTown
    ask: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UsersPage(ChoicePage):
    """The rows of users, for a municipality, an area, some words, in an order.

    Attributes:
        areas: those to choose from: IRIs and names.
        total: how many rows there are; not all are shown.
        drawn: where they are few, those that count the same, on one scale.
    """

    template: ClassVar[str] = "explore_users.html"
    areas: Sequence[tuple[str, str]]
    area: str
    words: str
    sort: str
    years: Sequence[str]
    rows: Sequence[Compared]
    total: int
    drawn: Sequence[AlikeRows]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a visitor chose to compare.

    Attributes:
        towns: all municipalities.
        town: one of them, or all.
        area: the IRI of an area, "" for all.
        words: what the names have to contain.
    """

    towns: list[Ref]
    town: ChosenTown
    area: str
    words: str

    @property
    def many(self) -> bool:
        """Whether the rows of all municipalities are too many to be shown together."""
        return len(self.towns) > WHOLE

    def place(self, context: PageContext, town: Term) -> Ref:
        """A municipality of a row."""
        return next((ref for ref in self.towns if ref.iri == town.value), None) or context.ref(town)

    def narrowed(self, patterns: Mapping[str, str]) -> dict[str, str]:
        """Patterns of ?town and ?s, for the municipality that was chosen: it stands for ``CHOSEN``."""
        of_town = f"VALUES ?town {{ <{self.town.iri}> }}" if self.town.iri else ""
        return {name: pattern.replace("CHOSEN", of_town) for name, pattern in patterns.items()}


async def choice(context: PageContext) -> Choice:
    """The choice that an address tells."""
    query, every = context.request.query_params, await names(context)
    town = chosen_town(context, every, "town")
    return Choice(every, town, query.get("area", "")[:300], query.get("filter", "").strip()[:100])


async def users(context: PageContext) -> Response:
    """``/explore/users``: every row of users, by service and year; never a sum over rows."""
    chosen = await choice(context)
    ask = chosen.many and not chosen.town.iri and not words_of(chosen.words)
    found = (
        {"row": [], "figure": [], "doubt": []}
        if ask
        else await context.blocks(await _patterns(context, chosen))
    )
    rows = {row["i"].value: row for row in found["row"]}
    table = figures.table(context, found["row"], found["figure"], "user-indicator")
    doubted = {row["f"].value for row in found["doubt"]}
    compared, names = [], {}
    for of, one in ((group.name, one) for group in table.groups for one in group.rows):
        row = rows[one.iri]
        names[row["area"].value] = str(context.word(row["area"].value))
        if (chosen.area and row["area"].value != chosen.area) or not has_words(
            chosen.words, one.name.value, of.value, row["serviceLabel"].value
        ):
            continue
        service = context.ref(row["s"], row["serviceLabel"])
        change = _change(one, figures.last(row["unit"].value), doubted)
        compared.append(Compared(service, chosen.place(context, row["town"]), of, one, change))
    compared.sort(key=_order(context, table.years))
    few = compared if len(compared) <= MOST else []
    shown = UsersPage(
        title=context.translate("Utenti per servizio e anno"),
        section="/explore",
        breadcrumb=[],
        years=table.years,
        rows=compared[:MANY],
        total=len(compared),
        drawn=alike(context, table.years, [_named(one, towns=len(chosen.towns) > 1) for one in few]),
        areas=sorted(names.items(), key=lambda item: item[1]),
        ask=ask,
        towns=chosen.towns,
        town=chosen.town,
        area=chosen.area,
        words=chosen.words,
        sort=context.request.query_params.get("sort", "service"),
    )
    view = View(
        "users",
        (*COLUMNS, *table.years, "changePercent", "notes"),
        (_cells(table.years, one) for one in compared),
    )
    return await context.show(shown, view, str(context.exchange.get(b"accept-language")))


def _named(compared: Compared, *, towns: bool) -> Named:
    """A row with its service's name and, of several towns, its town's: rows are called alike."""
    row, town = compared.row, f", {compared.town}" if towns else ""
    return row, row.name._replace(value=f"{row.name}, {compared.service}{town}")


def _cells(years: Sequence[str], compared: Compared) -> Iterator[Cell]:
    """A row as a file has it: its numbers, and in one cell what is to be said of them."""
    row = compared.row
    yield from (figures.last(compared.town.iri), str(compared.town), compared.service.iri)
    yield from (str(compared.service), row.iri, str(compared.group), str(row.name))
    yield from (row.unit, str(row.counts), row.role)
    yield from (None if one is None else one.value for one in row.figures)
    yield compared.change
    said = zip(years, row.figures, strict=True)
    yield " | ".join(f"{year}: {one.note}" for year, one in said if one is not None and one.note)


async def _patterns(context: PageContext, chosen: Choice) -> dict[str, str]:
    """The patterns of what was chosen; of many municipalities only what has the words is read."""
    if chosen.town.iri or not chosen.many:
        return chosen.narrowed(USERS)
    named = " && ".join(f'CONTAINS(LCASE(?texts), "{word}")' for word in words_of(chosen.words))
    # Asked first and by itself: joined with the figures, the engine reads all of them.
    hits = (await context.blocks({"hit": HIT.replace("NAMED", named)}, FOUND))["hit"]
    these = f"VALUES ?i {{ {values(sorted({row['i'].value for row in hits}))} }} "
    return {
        "row": USERS["row"].replace("CHOSEN", these),
        "figure": these + figures.FIGURE,
        "doubt": f"{these} ?i mds:hasFigure ?f . {DOUBT}",
    }


def _change(row: figures.FiguresRow, unit: str, doubted: Collection[str]) -> Decimal | None:
    """The change from the first number of a row to the last, in percent to one place."""
    printed = [one for one in row.figures if one is not None]
    if len(printed) < 2:
        return None
    first, last = printed[0], printed[-1]
    if any(one.status_text or one.iri in doubted for one in (first, last)):
        return None
    if first.value is None or last.value is None:
        return None
    told = relative(float(last.value - first.value), float(first.value), unit)
    if told is None:
        return None
    percent = Decimal(str(told)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    whole = percent.to_integral_value()
    return whole if whole == percent else percent


def _value(row: figures.FiguresRow, index: int) -> Decimal | None:
    one = row.figures[index] if 0 <= index < len(row.figures) else None
    return None if one is None else one.value


def _order(context: PageContext, years: Iterable[str]) -> Callable[[Compared], tuple[Any, ...]]:
    """The order that ``?sort=`` asks for: by service, by change, or by the figures of a year.

    The largest come first, and what has no number last.
    """
    wished, known = context.request.query_params.get("sort", "service"), list(years)

    def by_service(item: Compared) -> tuple[Any, ...]:
        return (item.service.text.value.casefold(),)

    def by_year(item: Compared) -> tuple[Any, ...]:
        value = _value(item.row, known.index(wished))
        return (value is None, -(value or 0), item.service.text.value.casefold())

    if wished in CHANGES:
        sign = CHANGES[wished]
        return lambda item: (item.change is None, sign * (item.change or 0), *by_service(item))
    return by_year if wished in known else by_service
