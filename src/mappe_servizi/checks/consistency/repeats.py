"""The same figure given twice, differently: rows and sums that agree in the other years."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from mappe_servizi.checks.consistency.finding import (
    Fact,
    Finding,
    fact_of,
    figure_in,
    in_english,
    name_of,
    record_of,
    shown,
    value_in,
)
from mappe_servizi.model.records import Area, Document
from mappe_servizi.model.service_map import Indicator, ServiceMap
from mappe_servizi.model.text import normal

# Below this a coincidence of two numbers says little about what they count; rows of the same
# name need less to be the same.
MIN_VALUE = {"given-twice": 20, "sum-elsewhere": 20, "given-in-two-maps": 5}
Values = dict[int, Decimal]


@dataclass(frozen=True)
class Series:
    """A row's figures, or the sum of a table's items, as one series over the years."""

    sheet: ServiceMap
    table: str
    name: str
    values: Values
    rows: tuple[Indicator, ...]

    @property
    def record(self) -> str:
        """The row as the ledger names it, or the sum of its table."""
        return record_of(self.rows[0]) if len(self.rows) == 1 else f"{self.table}:sum"

    def facts(self, year: int) -> tuple[Fact, ...]:
        """The printed figures of a year."""
        return tuple(fact_of(self.sheet, i, f) for i in self.rows if (f := figure_in(i, year)))


def find(document: Document) -> Iterator[Finding]:
    """All the findings about figures given twice."""
    sums: list[tuple[Series, Series]] = []
    totals: list[tuple[Area, Series]] = []
    rows: list[tuple[Area, Series]] = []
    areas = {entry.number: entry.area for entry in document.entries}
    for sheet in document.maps:
        outputs = [_row(sheet, i, document.years) for i in sheet.indicators if i.table == "outputs"]
        users = [_row(sheet, i, document.years) for i in sheet.indicators if i.table == "users"]
        pairs = [(a, b) for a in outputs for b in users if a.rows[0].unit == b.rows[0].unit]
        yield from _differences("given-twice", pairs, document.years)
        sums += _sums(sheet, outputs, users, document.years)
        rows += [(areas[sheet.number], row) for row in outputs if row.rows[0].role != "breakdown"]
        if total := _sum(sheet, users, document.years):
            totals.append((areas[sheet.number], total))
    sums += [
        (row, total)
        for area, row in rows
        for other, total in totals
        if area == other and row.sheet.number != total.sheet.number
    ]
    yield from _differences("sum-elsewhere", sums, document.years)
    yield from _differences("given-in-two-maps", _namesakes(document), document.years)


def _row(sheet: ServiceMap, indicator: Indicator, years: Sequence[int]) -> Series:
    values = {year: value for year in years if (value := value_in(indicator, year)) is not None}
    return Series(sheet, indicator.table, name_of(indicator), values, (indicator,))


def _sums(
    sheet: ServiceMap, outputs: list[Series], users: list[Series], years: Sequence[int]
) -> list[tuple[Series, Series]]:
    """Each row beside the sum of the items of the other table, the two sums beside each other."""
    total = {"outputs": _sum(sheet, outputs, years), "users": _sum(sheet, users, years)}
    pairs = []
    for rows, other in ((outputs, total["users"]), (users, total["outputs"])):
        if other:
            pairs += [(row, other) for row in rows if row.rows[0].role != "breakdown"]
    if total["outputs"] and total["users"]:
        pairs.append((total["users"], total["outputs"]))
    return pairs


def _sum(sheet: ServiceMap, rows: list[Series], years: Sequence[int]) -> Series | None:
    """The sum of the items of a table, where there are several and all are counts."""
    items = [row.rows[0] for row in rows if row.rows[0].role == "item" and row.rows[0].unit == "count"]
    if len(items) < 2:
        return None
    values = {}
    for year in years:
        known = [value for i in items if (value := value_in(i, year)) is not None]
        if len(known) == len(items):
            values[year] = sum(known, Decimal(0))
    table = items[0].table
    name = "somma delle voci di output" if table == "outputs" else "somma degli utenti seguiti"
    return Series(sheet, table, name, values, tuple(items))


def _namesakes(document: Document) -> list[tuple[Series, Series]]:
    """Rows of two maps with the same label, which counts the same thing."""
    rows = [_row(s, i, document.years) for s in document.maps for i in s.indicators if i.label.value]
    keyed = [((normal(r.rows[0].label.value), r.rows[0].counted, r.rows[0].group), r) for r in rows]
    return [
        (a, b)
        for (key, a), (other, b) in combinations(keyed, 2)
        if key == other and a.sheet.number != b.sheet.number
    ]


def _differences(
    rule: str, pairs: Sequence[tuple[Series, Series]], years: Sequence[int]
) -> Iterator[Finding]:
    """A year in which two series differ that are equal in (nearly) all the others."""
    for a, b in pairs:
        both = [year for year in years if year in a.values and year in b.values]
        equal = [year for year in both if a.values[year] == b.values[year]]
        if (
            len(equal) < 2
            or all(a.values[year] < MIN_VALUE[rule] for year in equal)
            or len(equal) == len(both)
        ):
            continue
        if len({a.values[year] for year in equal}) == 1 and rule != "given-in-two-maps":
            continue  # a constant agrees with anything
        for year in (year for year in both if year not in equal):
            yield _difference(rule, a, b, year)


def _difference(rule: str, a: Series, b: Series, year: int) -> Finding:
    printed, expected = shown(a.values[year]), shown(b.values[year])
    is_, other = in_english(a.values[year]), in_english(b.values[year])
    elsewhere_it = f" della mappa {b.sheet.number}" if b.sheet.number != a.sheet.number else ""
    elsewhere_en = f" of map {b.sheet.number}" if b.sheet.number != a.sheet.number else ""
    return Finding(
        rule, "warning", a.sheet.number, a.table, a.record, a.name, year, printed, expected,
        f"«{a.name}» e «{b.name}»{elsewhere_it} coincidono negli altri anni; nel {year} sono {printed} e "
        f"{expected}.",
        f"«{a.name}» and «{b.name}»{elsewhere_en} agree in the other years; in {year} they are {is_} and "
        f"{other}.",
        (*a.facts(year), *b.facts(year)),
    )  # fmt: skip
