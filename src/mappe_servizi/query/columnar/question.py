"""A question about figures as SQL: fixed text, and values that are bound and never a part of it.

What may not be added up is refused in the worker, which sees the figures (``Checks``): unlike units, stocks
of several years, averages. What repeats another row of the selection counts once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_args

from mappe_servizi.errors import MappeError
from mappe_servizi.model.outputs.figures import COLUMNS

Measure = Literal["sum", "mean", "min", "max", "count", "change"]
MEASURES: Final = get_args(Measure)
ADDING: Final = frozenset({"sum", "change"})
"""The measures that add figures up."""
VALUES: Final = (
    "municipality", "istat", "province", "region", "edition", "area", "kind", "serviceConcept", "table",
    "indicatorConcept", "unit", "counted", "role", "periodKind", "year", "status", "curation",
)  # fmt: skip
"""Columns that a filter compares as they are."""
THINGS: Final = ("service", "indicator")
"""Columns of IRIs; a filter may give the end of one."""
LISTS: Final = {"activity": "activities", "audience": "audiences"}
"""Filters and groups by the columns of lists that they look into."""
GROUPS: Final = (
    "municipality", "istat", "province", "region", "edition", "area", "kind", "service", "title",
    "serviceConcept", "table", "indicator", "label", "group", "indicatorConcept", "unit", "counted", "role",
    "periodKind", "year", *LISTS,
)  # fmt: skip
"""What rows can be brought together by."""
ORDER: Final = 'municipality, edition, "number", sourceLine, "table", indicator, year'
"""As the documents print figures."""
LEAVES: Final = "(role = 'item' OR (role = 'total' AND len(totalOf) = 0))"
"""Rows that may stand beside each other in a sum: items, and totals of which no part is printed."""
ONCE: Final = """SELECT * FROM chosen AS one WHERE repeats IS NULL OR NOT EXISTS
    (SELECT 1 FROM chosen AS other WHERE other.indicator = one.repeats AND other.year = one.year)"""
"""What repeats another row of the selection is counted with that."""


@dataclass(frozen=True, slots=True)
class FiguresQuestion:
    """What is asked.

    Attributes:
        filters: values by name of ``VALUES``, ``THINGS`` or ``LISTS``; any of them will do.
        words: each stands in title, group or label.
        by: names of ``GROUPS``; with none and no measure the figures themselves are asked for.
        measure: of the figures of a group; None for the figures themselves.
        years: the first and the last year of a change; None for those that there are.
        every_edition: also figures that a newer edition has replaced.
        descending: the largest first, where groups are asked for.
        limit: of rows, None for all.
        offset: rows before the first one.
    """

    filters: Mapping[str, Sequence[str | int]] = field(default_factory=dict)
    words: Sequence[str] = ()
    by: Sequence[str] = ()
    measure: Measure | None = None
    years: tuple[int, int] | None = None
    every_edition: bool = False
    descending: bool = False
    limit: int | None = None
    offset: int = 0

    def __post_init__(self) -> None:
        unknown = [*(self.filters.keys() - {*VALUES, *THINGS, *LISTS}), *(set(self.by) - {*GROUPS})]
        if unknown:
            raise MappeError(f"no column of figures: {sorted(unknown)[0]!r}")

    @property
    def aggregated(self) -> bool:
        """Whether groups are asked for, and not figures."""
        return self.measure is not None or bool(self.by)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the answer."""
        if not self.aggregated:
            return COLUMNS
        change = (
            ("first", "last", "from", "to", "change", "percent") if self.measure == "change" else ("value",)
        )
        return (*self.by, *change, "figures", "missing", "units", "counted_things")

    def job(self) -> str:
        """The job of a worker: its statements with the values that they bind.

        ``rows`` has the columns of the answer; in ``page`` four more stand behind them: how many rows there
        are, whether one of them may not be brought together, how many figures repeat others, how many have
        no number. ``wrong`` says what is not brought together, None where nothing is.
        """
        chosen, values = self._chosen()
        with_ = f"WITH chosen AS MATERIALIZED ({chosen}), once AS MATERIALIZED ({ONCE})"
        facts = """(SELECT count(*) FROM chosen) - (SELECT count(*) FROM once),
            (SELECT count(*) FROM once WHERE value IS NULL)"""
        if self.aggregated:
            source, with_ = "groups", f"{with_}, {self._groups()}"
            first = ("change" if self.measure == "change" else "value") if self.descending else ""
            order = (
                ", ".join(filter(None, (f"{first} DESC NULLS LAST" if first else "", quoted(self.by)))) or "1"
            )
            bad = "len(units) > 1 OR stocks OR averages"
        else:
            source, order, bad = "chosen", ORDER, "false"
        own = quoted(self.columns)
        window = "" if self.limit is None else f" LIMIT {int(self.limit)} OFFSET {int(self.offset)}"
        rows = f"FROM {source} ORDER BY {order}{window}"
        keys = quoted(self.by) or "'' AS whole"
        job = {
            "columns": self.columns,
            "values": values,
            "rows": f"{with_} SELECT {own} {rows}",
            "page": f"{with_} SELECT {own}, count(*) OVER (), bool_or({bad}) OVER (), {facts} {rows}",
            "facts": f"{with_} SELECT (SELECT count(*) FROM {source}), false, {facts}",
            "wrong": f"{with_} SELECT {keys}, units, stocks, averages, years FROM groups WHERE {bad} LIMIT 1"
            if self.aggregated
            else None,
        }
        return json.dumps(job)

    def _chosen(self) -> tuple[str, dict[str, Any]]:
        """The figures that are meant, and the values that this binds."""
        conditions, values = [] if self.every_edition else ["current"], dict[str, Any]()
        for name, wanted in self.filters.items():
            values[f"f_{name}"] = [*wanted]
            given = f"$f_{name}"
            if name in LISTS:
                conditions.append(f"list_has_any({LISTS[name]}, {given})")
            elif name in THINGS:
                ends = f"list_contains({given}, regexp_extract({name}, '[^/]*$'))"
                conditions.append(f"(list_contains({given}, {name}) OR {ends})")
            else:
                conditions.append(f'list_contains({given}, "{name}")')
        for number, word in enumerate(self.words):
            values[f"w_{number}"] = word
            text = """concat_ws(' ', title, "group", label)"""
            conditions.append(f"contains(lower(strip_accents({text})), lower(strip_accents($w_{number})))")
        if self.aggregated and "role" not in self.filters:
            conditions.append(LEAVES)
        return f"SELECT * FROM figures WHERE {' AND '.join(conditions) or 'true'}", values

    def _groups(self) -> str:
        """What makes ``groups`` of what counts ``once``: a row a group, with what is checked of it."""
        unnested = [f'unnest({LISTS[name]}) AS "{name}"' for name in self.by if name in LISTS]
        spread = f"SELECT *, {', '.join(unnested)} FROM once" if unnested else "SELECT * FROM once"
        told = """count(value) AS figures, count(*) FILTER (value IS NULL) AS missing,
            list_sort(list(DISTINCT unit) FILTER (value IS NOT NULL)) AS units,
            list_sort(list(DISTINCT counted) FILTER (value IS NOT NULL)) AS counted_things,
            count(DISTINCT year) FILTER (value IS NOT NULL) AS years"""
        keys = f"{quoted(self.by)}, " if self.by else ""
        grouped = f" GROUP BY {quoted(self.by)}" if self.by else ""
        if self.measure == "change":
            first, last = self._bounds()
            both = f"""both_years AS (SELECT *, {first} AS first_year, {last} AS last_year FROM spread),
                pairs AS (SELECT * FROM both_years AS one WHERE value IS NOT NULL AND first_year < last_year
                  AND year IN (first_year, last_year) AND EXISTS (SELECT 1 FROM both_years AS other
                  WHERE other.indicator = one.indicator AND other.value IS NOT NULL
                  AND other.year = first_year + last_year - one.year))"""
            sums = """any_value(first_year) AS "first", any_value(last_year) AS "last",
                sum(value) FILTER (year = first_year) AS "from", sum(value) FILTER (year = last_year) AS "to",
                "to" - "from" AS change, CASE WHEN "from" > 0 THEN 100 * change / "from" END AS percent,
                false AS stocks, coalesce(bool_or(periodKind = 'average'), false) AS averages"""
            return f"""spread AS ({spread}), {both},
                groups AS (SELECT {keys}{sums}, {told} FROM pairs{grouped} HAVING count(value) > 0)"""
        measure = self.measure or "sum"
        function, adding = "avg" if measure == "mean" else measure, measure in ADDING
        stocks = "coalesce(bool_or(periodKind = 'stock') AND count(DISTINCT year) > 1, false)"
        averages = "coalesce(bool_or(periodKind = 'average') AND count(value) > 1, false)"
        return f"""spread AS ({spread}),
            groups AS (SELECT {keys}{function}(value) AS value, {stocks if adding else "false"} AS stocks,
              {averages if adding else "false"} AS averages, {told}
              FROM spread{grouped} HAVING count(*) > 0)"""

    def _bounds(self) -> tuple[str, str]:
        if self.years is not None:
            return str(int(self.years[0])), str(int(self.years[1]))
        over = "FILTER (value IS NOT NULL) OVER ()"
        return f"min(year) {over}", f"max(year) {over}"


def quoted(names: Sequence[str]) -> str:
    """Names of columns for SQL; each is one of ours.

    >>> quoted(["year", "group"])
    '"year", "group"'
    """
    return ", ".join(f'"{name}"' for name in names)
