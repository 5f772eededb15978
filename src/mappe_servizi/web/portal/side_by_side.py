"""Two municipalities side by side: the services that both have, and their figures by shared indicator."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice
from typing import ClassVar

from markupsafe import Markup
from starlette.responses import Response

from mappe_servizi.insights import NOTHING, TownComparison, relative, within
from mappe_servizi.web.api import town_figures
from mappe_servizi.web.api.town_figures import plain, vocabulary
from mappe_servizi.web.api.views import Cell, View
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.figures import COUNT, last
from mappe_servizi.web.portal.page import Page, Ref
from mappe_servizi.web.portal.territory import ChosenTown, chosen_town, names
from mappe_servizi.web.portal.texts import LocalizedText
from mappe_servizi.web.portal.town_series import TownSeries, rounded_rate, town_series
from mappe_servizi.web.served.results import Row, values

SERVICE = """?town mds:providesService ?s . ?s mds:mainConcept ?main ; l0:name ?serviceLabel ."""
SIDE = ("municipality", "municipalityName", "value", "changePercent", "population", "perThousand", "figure")
COLUMNS = ("concept", "label", "unit", "year", "denominator", *SIDE,
    *(f"with{name[0].upper()}{name[1:]}" for name in SIDE))  # fmt: skip

DRAWN = 12
"""Indicators that are drawn; each has a page of its own, with all municipalities."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one municipality has of an indicator in a year.

    Attributes:
        change: since the first year that both have, in percent; None where that says nothing.
        per_thousand: as readers write it, "" where there is none.
    """

    town: Ref
    figure: Ref
    compared: TownComparison
    change: Decimal | None
    per_thousand: str


@dataclass(frozen=True, slots=True)
class SharedRow:
    """An indicator that both have, in the last year that both have it, and the first.

    Attributes:
        population: what it is divided by, empty where it compares as it is.
        series: both year by year.
    """

    indicator: Ref
    unit: str
    first: int
    year: int
    population: LocalizedText
    sides: Sequence[Side]
    series: TownSeries | None

    @property
    def divided(self) -> bool:
        """Whether both are known against their populations, so that these go first."""
        return all(side.per_thousand for side in self.sides)


@dataclass(frozen=True, slots=True)
class YearByYear:
    """An indicator of both, drawn."""

    indicator: Ref
    series: TownSeries
    panels: Sequence[tuple[Ref, Markup]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SideBySidePage(Page):
    """Two municipalities.

    Attributes:
        towns: to choose from; those that the address names are ``town`` and ``other``.
        pair: the chosen, none while there are not two.
        services: shared services, with those of each of the two.
        rows: what both count; those per 1,000 first.
        years: of the first of them, both year by year, drawn on one scale.
    """

    template: ClassVar[str] = "explore_towns.html"
    towns: Sequence[Ref]
    town: ChosenTown
    other: ChosenTown
    pair: Sequence[Ref]
    services: Sequence[tuple[Ref, Sequence[Sequence[Ref]]]]
    rows: Sequence[SharedRow]
    years: Sequence[YearByYear]


async def page(context: PageContext) -> Response:
    """``/explore/towns``: two municipalities; the only two where there are no more."""
    every = await names(context)
    town, other = (chosen_town(context, every, name) for name in ("town", "with"))
    pair = _pair(every, town, other)
    found: Mapping[str, list[Row]] = {"figure": [], "service": []}
    if pair:
        these = f"VALUES ?town {{ {values(town.iri for town in pair)} }} "
        found = await context.blocks({"figure": these + town_figures.FIGURE, "service": these + SERVICE})
    rows = list(_rows(context, pair, town_figures.read(found["figure"])))
    shown = SideBySidePage(
        title=context.translate("Due comuni a confronto"),
        section="/explore",
        towns=every,
        town=ChosenTown(pair[0].iri, town.unknown) if pair else town,
        other=ChosenTown(pair[1].iri, other.unknown) if pair else other,
        pair=pair,
        services=list(_services(context, pair, found["service"])),
        rows=rows,
        years=list(islice(_drawn(rows), DRAWN)),
    )
    return await context.show(shown, View("two-municipalities", COLUMNS, map(_cells, rows)))


def _pair(every: Sequence[Ref], first: ChosenTown, second: ChosenTown) -> Sequence[Ref]:
    """The two that the address names, or the only two."""
    known = {town.iri: town for town in every}
    if first.iri and second.iri and first.iri != second.iri:
        return [known[first.iri], known[second.iri]]
    return every if len(every) == 2 else ()


def _services(
    context: PageContext, pair: Sequence[Ref], rows: Iterable[Row]
) -> Iterator[tuple[Ref, Sequence[Sequence[Ref]]]]:
    """The shared services of which each has one."""
    found: dict[str, dict[str, dict[str, Ref]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows:
        found[row["main"].value][row["town"].value][row["s"].value] = context.ref(
            row["s"], row["serviceLabel"]
        )
    concepts = [context.concept(iri) for iri, of in found.items() if len(of) == len(pair)]
    for concept in sorted(concepts, key=_name):
        yield concept, [sorted(found[concept.iri][town.iri].values(), key=_name) for town in pair]


def _drawn(rows: Iterable[SharedRow]) -> Iterator[YearByYear]:
    """The rows of more than one year."""
    for number, row in enumerate(rows):
        if row.series is not None and row.series.several:
            yield YearByYear(row.indicator, row.series, row.series.panels(f"row-{number}"))


def _name(ref: Ref) -> tuple[str, str]:
    return str(ref).casefold(), ref.iri


def _rows(context: PageContext, pair: Sequence[Ref], found: Iterable[TownComparison]) -> Iterator[SharedRow]:
    """The indicators that both have in one year."""
    by_concept: dict[str, dict[str, dict[int, TownComparison]]] = defaultdict(lambda: defaultdict(dict))
    for one in found:
        by_concept[one.figure.concept][one.figure.town][one.figure.year] = one
    rows = [
        _row(context, pair, [of[town.iri] for town in pair], sorted(years))
        for of in by_concept.values()
        if len(of) == len(pair) and (years := set.intersection(*map(set, of.values())))
    ]
    yield from sorted(rows, key=lambda row: (not row.divided, *_name(row.indicator)))


def _row(
    context: PageContext,
    pair: Sequence[Ref],
    sides: Sequence[Mapping[int, TownComparison]],
    years: Sequence[int],
) -> SharedRow:
    first, year = years[0], years[-1]
    figure = sides[0][year].figure
    unit = vocabulary("measurement-unit", figure.unit)
    divided = figure.divided_by != NOTHING
    return SharedRow(
        context.concept(vocabulary("indicator-concept", figure.concept)),
        "" if unit.endswith(COUNT) else str(context.word(unit)),
        first,
        year,
        _within(context.word(vocabulary("denominator", figure.divided_by)) if divided else LocalizedText("")),
        [_side(context, *both, first, year) for both in zip(pair, sides, strict=True)],
        town_series(context, [one for of in sides for one in of.values()], pair),
    )


def _within(name: LocalizedText) -> LocalizedText:
    return name._replace(value=within(name.value))


def _side(context: PageContext, town: Ref, of: Mapping[int, TownComparison], first: int, year: int) -> Side:
    one, before = of[year].figure, of[first].figure
    told = relative(one.value - before.value, before.value, one.unit) if first < year else None
    rate = of[year].per_thousand
    return Side(
        town,
        Ref(LocalizedText(context.number(plain(one.value))), context.link(one.iri), one.iri),
        of[year],
        None if told is None else _rounded(told),
        "" if rate is None else context.number(rounded_rate(rate)),
    )


def _rounded(percent: float) -> Decimal:
    return Decimal(str(percent)).quantize(Decimal("0.1"), ROUND_HALF_UP).normalize() + 0


def _cells(row: SharedRow) -> Iterator[Cell]:
    head = row.sides[0].compared.figure
    yield from (head.concept, str(row.indicator), head.unit, row.year, head.divided_by)
    for side in row.sides:
        population = side.compared.population
        yield from (last(side.town.iri), str(side.town), plain(side.compared.figure.value), side.change)
        yield plain(population.value) if population else None
        rate = side.compared.per_thousand
        yield from (None if rate is None else round(rate, 6), side.compared.figure.iri)
