"""Totals against their parts, breakdowns against what they divide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

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
from mappe_servizi.model.records import Document
from mappe_servizi.model.service_map import Indicator, ServiceMap, Table

Rows = dict[tuple[Table, int], Indicator]


def find(document: Document) -> Iterator[Finding]:
    """All the findings about sums."""
    for sheet in document.maps:
        rows = {(i.table, i.position): i for i in sheet.indicators}
        for indicator in sheet.indicators:
            for year in document.years:
                yield from _total(sheet, indicator, rows, year)
                yield from _breakdown(sheet, indicator, rows, year)
        yield from _divisions(sheet, document.years)


def _facts(sheet: ServiceMap, indicators: Iterable[Indicator], year: int) -> tuple[Fact, ...]:
    return tuple(fact_of(sheet, i, f) for i in indicators if (f := figure_in(i, year)))


def _total(sheet: ServiceMap, total: Indicator, rows: Rows, year: int) -> Iterator[Finding]:
    """A total that its parts do not add up to.

    Where a part is not known, the known ones can only be too many.
    """
    value = value_in(total, year)
    if not total.total_of or value is None:
        return
    parts = [rows[total.table, position] for position in total.total_of]
    known = [v for part in parts if (v := value_in(part, year)) is not None]
    if not known:
        return
    summed = sum(known, Decimal(0))
    if summed == value or (len(known) < len(parts) and summed < value):
        return
    yield Finding(
        "total-of-parts", "error", sheet.number, total.table, record_of(total), name_of(total), year,
        shown(value), shown(summed),
        f"Il totale «{name_of(total)}» del {year} è {shown(value)}, ma le sue parti sommano {shown(summed)}.",
        f"The total «{name_of(total)}» of {year} is {in_english(value)}, "
        f"but its parts add up to {in_english(summed)}.",
        _facts(sheet, (total, *parts), year),
    )  # fmt: skip


def _breakdown(sheet: ServiceMap, part: Indicator, rows: Rows, year: int) -> Iterator[Finding]:
    """A part that is greater than the whole it divides."""
    if part.breakdown_of is None:
        return
    whole = rows[part.table, part.breakdown_of]
    small, great = value_in(part, year), value_in(whole, year)
    if small is None or great is None or small <= great or part.unit != whole.unit:
        return
    yield Finding(
        "part-exceeds-whole", "error", sheet.number, part.table, record_of(part), name_of(part), year,
        shown(small), f"≤ {shown(great)}",
        f"«{name_of(part)}» ({shown(small)} nel {year}) supera «{name_of(whole)}» ({shown(great)}), "
        "di cui è parte.",
        f"«{name_of(part)}» ({in_english(small)} in {year}) exceeds «{name_of(whole)}» "
        f"({in_english(great)}), of which it is a part.",
        _facts(sheet, (part, whole), year),
    )  # fmt: skip


def _divisions(sheet: ServiceMap, years: Iterable[int]) -> Iterator[Finding]:
    """Breakdowns that divide a whole without remainder in some years and not in others."""
    wholes: dict[tuple[str, int], list[Indicator]] = {}
    for part in sheet.indicators:
        if part.breakdown_of is not None:
            wholes.setdefault((part.table, part.breakdown_of), []).append(part)
    for (table, position), parts in wholes.items():
        whole = next(i for i in sheet.indicators if (i.table, i.position) == (table, position))
        if whole.total_of or len(parts) < 2:
            continue
        sums = {year: _sum(parts, year) for year in years}
        values = {year: value_in(whole, year) for year in years}
        both = [y for y in years if sums[y] is not None and values[y] is not None]
        equal = [y for y in both if sums[y] == values[y]]
        if len(equal) < 2:
            continue
        for year in (y for y in both if y not in equal):
            is_, adds = values[year] or Decimal(0), sums[year] or Decimal(0)
            printed, summed = shown(is_), shown(adds)
            yield Finding(
                "breakdown-disagrees", "warning", sheet.number, table, record_of(whole),
                name_of(whole), year, printed, summed,
                f"Negli altri anni le parti di «{name_of(whole)}» sommano il totale; nel {year} sommano "
                f"{summed} invece di {printed}.",
                f"In the other years the parts of «{name_of(whole)}» add up to it; in {year} they add up to "
                f"{in_english(adds)} instead of {in_english(is_)}.",
                _facts(sheet, (whole, *parts), year),
            )  # fmt: skip


def _sum(parts: Iterable[Indicator], year: int) -> Decimal | None:
    values = [value_in(part, year) for part in parts]
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if len(known) == len(values) else None
