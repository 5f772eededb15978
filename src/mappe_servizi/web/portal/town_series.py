"""A shared indicator of several municipalities, year by year: against its population where that is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from markupsafe import Markup

from mappe_servizi.insights import NOTHING, TownComparison, within
from mappe_servizi.web.api.town_figures import plain, vocabulary
from mappe_servizi.web.portal import figures, multiples
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.drawing import on_page
from mappe_servizi.web.portal.multiples import Multiples
from mappe_servizi.web.portal.page import Ref
from mappe_servizi.web.portal.series import Chart, Point
from mappe_servizi.web.portal.texts import LocalizedText


@dataclass(frozen=True, slots=True)
class TownLine:
    """A municipality's years.

    Attributes:
        cells: of each year its measure, with the page of its figure; without one the reason why none.
    """

    town: Ref
    cells: Sequence[Ref]
    chart: Chart


@dataclass(frozen=True, slots=True)
class TownSeries:
    """Municipalities beside each other.

    Attributes:
        measure: what is compared: "ogni 1.000 residenti", or a unit.
        divided: whether it is known against a population.
        lines: all of them; those that a picture can hold are drawn.
    """

    measure: str
    divided: bool
    years: Sequence[str]
    lines: Sequence[TownLine]

    @property
    def several(self) -> bool:
        """Whether there are years to be compared."""
        return len(self.years) > 1

    @property
    def ranked(self) -> TownSeries:
        """The municipality with most in the newest year first, those without a number last."""
        newest = {line.town.iri: line.chart.points[-1].value for line in self.lines}
        by_most = sorted(
            self.lines, key=lambda line: (newest[line.town.iri] is None, -(newest[line.town.iri] or 0))
        )
        return replace(self, lines=by_most)

    def drawing(self, title: str) -> Multiples:
        """The picture of them."""
        shown = [line.chart for line in self.lines[: multiples.MOST]]
        return multiples.multiples(title, self.measure, shown)

    def panels(self, ident: str) -> list[tuple[Ref, Markup]]:
        """The same for a page, each by itself; ``ident`` is nobody else's there."""
        drawn = self.drawing("").panels
        shown = zip(self.lines, drawn, strict=False)
        return [(line.town, on_page(one, f"{ident}-{n}")) for n, (line, one) in enumerate(shown)]


def town_series(
    context: PageContext, compared: Iterable[TownComparison], towns: Sequence[Ref]
) -> TownSeries | None:
    """The years of one indicator; None where none of the municipalities has a figure that compares."""
    by_town: dict[str, dict[int, TownComparison]] = defaultdict(dict)
    for one in compared:
        by_town[one.figure.town][one.figure.year] = one
    known = [one for town in towns for one in by_town.get(town.iri, {}).values()]
    if not known:
        return None
    of = known[0].figure
    divided = any(one.per_thousand is not None for one in known)
    numbers = range(min(one.figure.year for one in known), max(one.figure.year for one in known) + 1)
    lines = [_line(context, town, [by_town[town.iri].get(year) for year in numbers], divided=divided)
        for town in towns if town.iri in by_town]  # fmt: skip
    return TownSeries(_measure(context, of.unit, of.divided_by, divided=divided), divided,
        [str(year) for year in numbers], lines)  # fmt: skip


def _measure(context: PageContext, unit: str, population: str, *, divided: bool) -> str:
    code = vocabulary("measurement-unit", unit)
    if not divided or population == NOTHING:
        return str(context.word(code))
    whom = within(context.word(vocabulary("denominator", population)).value)
    per = f"{context.translate('ogni 1.000')} {whom}"
    named = figures.unit_of(context, code)
    return f"{named} {per}" if named else per


def _line(
    context: PageContext, town: Ref, years: Sequence[TownComparison | None], *, divided: bool
) -> TownLine:
    cells, points = [], []
    first = next(one.figure.year - at for at, one in enumerate(years) if one is not None)
    for year, one in enumerate(years, first):
        rate = None if one is None else one.per_thousand
        if one is None:
            value, shown = None, context.translate("nessun dato che si confronti")
        elif divided and rate is None:
            value, shown = None, context.translate("popolazione non nota")
        elif rate is not None:
            value = rounded_rate(rate)
            shown = context.number(value)
        else:
            value, shown = Decimal(str(plain(one.figure.value))), context.number(plain(one.figure.value))
        href = context.link(one.figure.iri) if one is not None and value is not None else ""
        cells.append(Ref(LocalizedText(shown), href))
        points.append(Point(str(year), value, shown))
    return TownLine(town, cells, Chart(str(town), "", points, context.number))


def rounded_rate(rate: float) -> Decimal:
    """A rate per 1,000 as it is told: to hundredths, of small ones to ten-thousandths.

    >>> str(rounded_rate(84.4951)), str(rounded_rate(32.0)), str(rounded_rate(0.01234))
    ('84.5', '32', '0.0123')
    """
    places = Decimal("0.01" if rate >= 0.1 else "0.0001")
    return Decimal(str(rate)).quantize(places, ROUND_HALF_UP).normalize() + 0
