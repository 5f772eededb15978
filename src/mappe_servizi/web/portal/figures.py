"""Yearly figures as tables: rows by group, each with its role, so that nobody adds a total to its parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup, escape

from mappe_servizi.web.portal import charts
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.editions import position_of
from mappe_servizi.web.portal.series import Chart, Point
from mappe_servizi.web.portal.texts import LocalizedText
from mappe_servizi.web.served.results import Row, Term

COUNT = "/measurement-unit/count"
EMPTY = Markup()
NOTHING = LocalizedText("")
TOTALS = ("total", "subtotal")
LAST = 1 << 30
"""The place of a row that the current map no longer has."""
MARKS = {"missing": "n.d.", "estimate": "~", "estimated": "~", "provisional": "p"}

NAMED = """?i mds:indicatorRole ?role ; l0:name ?name ; muapit:hasMeasurementUnit ?unit .
  OPTIONAL { ?i mds:counts ?counts } OPTIONAL { ?i mds:groupName ?group }"""
VALUE = """?f mds:rawText ?raw ; sdmx-dimension:refPeriod ?year ; sdmx-attribute:obsStatus ?status .
  OPTIONAL { ?f sdmx-measure:obsValue ?value } OPTIONAL { ?f mds:note ?note }"""
FIGURE = f"?i mds:hasFigure ?f . ?f mds:isCurrent true . {VALUE}"
"""What ?i has, of all editions what holds; a pattern that binds ?i stands before them."""


def indicators(anchor: str, more: str = "") -> str:
    """What a table has of its rows.

    Args:
        anchor: a pattern that binds ?i.
        more: a pattern of what else is asked of its ?_entry.
    """
    return f"{anchor} {NAMED} {position_of('?i', anchor, more)}"


@dataclass(frozen=True, slots=True)
class FigureCell:
    """One figure of one year.

    Attributes:
        shown: the number as readers write it, or what the source prints where there is none.
        value: the number.
        status_text: what is to be said of it, each part in its language; empty for an ordinary one.
        mark: a short sign for that.
    """

    iri: str
    href: str
    shown: str
    value: Decimal | None
    status_text: Markup = EMPTY
    mark: str = ""

    @property
    def note(self) -> str:
        """What is to be said of it beside its number: what is printed where there is none."""
        return self.status_text.striptags() if self.value is not None else self.shown


@dataclass(frozen=True, slots=True)
class FiguresRow:
    """One indicator with its figures, one a year."""

    iri: str
    href: str
    name: LocalizedText
    role: str
    role_text: LocalizedText
    unit: str
    counts: LocalizedText
    figures: Sequence[FigureCell | None]
    spark: Markup
    findings: int = 0

    @property
    def series(self) -> bool:
        """Whether it has numbers of more than one year."""
        return sum(f is not None and f.value is not None for f in self.figures) > 1

    @property
    def largest(self) -> Decimal:
        """Its largest number."""
        return max(
            (f.value for f in self.figures if f is not None and f.value is not None), default=Decimal(0)
        )


@dataclass(frozen=True, slots=True)
class Group:
    """The rows under one heading of the source's table."""

    name: LocalizedText
    rows: list[FiguresRow]


@dataclass(frozen=True, slots=True)
class FiguresTable:
    """A table of figures as the source has it, in its order."""

    years: Sequence[str]
    groups: Sequence[Group]

    @property
    def rows(self) -> list[FiguresRow]:
        """All rows."""
        return [row for group in self.groups for row in group.rows]

    def drawn(self, most: int) -> list[tuple[LocalizedText, FiguresRow]]:
        """The rows to draw with their groups' names: totals, or else plain counts.

        Of too many, those with the largest figures. Rows of other units (hours, euros, shares) are
        not drawn beside counts of people or things.
        """
        rows = [(group.name, row) for group in self.groups for row in group.rows if row.series]
        totals = [item for item in rows if item[1].role == "total"]
        plain = [item for item in rows if not item[1].unit and item[1].role != "breakdown"]
        chosen = totals or plain or rows[:1]
        least = sorted((row.largest for _, row in chosen), reverse=True)[:most]
        return [item for item in chosen if item[1].largest in least][:most]

    def key_figures(self, most: int) -> list[tuple[FiguresRow, LocalizedText, str, FigureCell]]:
        """The newest numbers of the first rows to draw, with their years; and of a total, what it is of."""
        found = []
        for group, row in self.drawn(most):
            newest = [
                (year, one)
                for year, one in zip(self.years, row.figures, strict=True)
                if one and one.value is not None
            ]
            of = (group or row.counts) if row.role in TOTALS else NOTHING
            found += [(row, of, *newest[-1])] if newest else []
        return found


def counted(context: PageContext, thing: Term | None) -> LocalizedText:
    """What an indicator counts; nobody may have decided yet."""
    return context.word(thing.value) if thing else LocalizedText(context.translate("da decidere"))


def last(iri: str) -> str:
    """The last part of an IRI, which for a year or a code is all that is wanted.

    >>> last("https://e.org/controlled-vocabulary/year/2019")
    '2019'
    """
    return iri.rstrip("/").rsplit("/", 1)[-1]


def figure(context: PageContext, row: Row) -> FigureCell:
    """A figure from a row of ``FIGURE``."""
    raw, status = row["raw"].value, last(row["status"].value)
    value = Decimal(row["value"].value) if "value" in row else None
    shown = raw if value is None else context.number(value)
    said = EMPTY if status == "normal" else escape(context.word(row["status"].value))
    if "note" in row:
        note = escape(context.text(row["note"]))
        said = said + ": " + note if said else note
    mark = MARKS.get(status, "*") if said and value is not None else ""
    return FigureCell(row["f"].value, context.link(row["f"].value), shown, value, said, mark)


def unit_of(context: PageContext, iri: str) -> str:
    """The unit as it stands beside a name; a plain count needs none."""
    return "" if iri.endswith(COUNT) else str(context.word(iri))


def table(  # noqa: PLR0913 - what it is made from
    context: PageContext,
    indicators: Iterable[Row],
    figures: Iterable[Row],
    concept: str,
    *,
    findings: Mapping[str, int] | None = None,
    told: Iterable[str] = (),
) -> FiguresTable:
    """The table of one kind of indicators ("output-indicator", "user-indicator"), in the source's order.

    Its years are those of the figures, and those that the documents are ``told`` to tell of, without a gap.
    """
    space = f"{context.base}data/{concept}/"
    known = {row["i"].value: row for row in indicators if row["i"].value.startswith(space)}
    by_year: dict[tuple[str, str], Row] = {}
    for row in figures:
        if (indicator := row["i"].value) in known:
            by_year[indicator, last(row["year"].value)] = row
    years = without_gaps({*(year for _, year in by_year), *told})
    groups: list[Group] = []
    printed = {indicator for indicator, _ in by_year}
    shown = [row for iri, row in known.items() if iri in printed or "position" in row]
    for row in sorted(shown, key=_order):
        name = context.text(row.get("group"))
        if not groups or groups[-1].name != name:
            groups.append(Group(name, []))
        cells = [by_year.get((row["i"].value, year)) for year in years]
        found = [None if cell is None else figure(context, cell) for cell in cells]
        own = sum((findings or {}).get(f.iri, 0) for f in found if f is not None)
        groups[-1].rows.append(_row(context, row, found, own))
    return FiguresTable(years, groups)


def by_kind(
    context: PageContext, indicators: Sequence[Row], figures: Sequence[Row]
) -> dict[str, FiguresTable]:
    """Rows of several services as tables, "user" and "output", where there are such rows."""
    tables = {name: table(context, indicators, figures, f"{name}-indicator") for name in ("user", "output")}
    return {name: found for name, found in tables.items() if found.groups}


def without_gaps(years: set[str]) -> list[str]:
    """The years from the first to the last.

    >>> without_gaps({"2018", "2020"}), without_gaps(set())
    (['2018', '2019', '2020'], [])
    """
    numbers = [int(year) for year in years]
    return [f"{year:04}" for year in range(min(numbers), max(numbers) + 1)] if numbers else []


def _order(row: Row) -> tuple[int, str]:
    """In the order of the current map, then what it no longer has."""
    return int(row["position"].value) if "position" in row else LAST, row["i"].value


def _row(context: PageContext, row: Row, found: list[FigureCell | None], findings: int) -> FiguresRow:
    iri, role = row["i"].value, row["role"].value
    return FiguresRow(
        iri,
        context.link(iri),
        context.text(row["name"]),
        last(role),
        context.word(role),
        unit_of(context, row["unit"].value),
        counted(context, row.get("counts")),
        found,
        charts.spark([None if f is None else f.value for f in found]),
        findings,
    )


def chart(context: PageContext, years: Sequence[str], row: FiguresRow, title: str = "") -> Chart:
    """The chart of one row; a year that the document prints nothing of says so."""
    absent = context.translate("nessun dato nel documento")
    return Chart(
        title or f"{row.name}: {context.translate('cifre per anno')}",
        row.unit or str(row.counts),
        [
            Point(year, None if f is None else f.value, absent if f is None else f.shown)
            for year, f in zip(years, row.figures, strict=True)
        ],
        context.number,
    )
