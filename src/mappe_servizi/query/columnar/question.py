"""A question about figures as SQL: fixed text, and values that are bound and never a part of it.

What may not be brought together is refused in the worker, which sees the figures (``refusals``): unlike
units, stocks of several years, averages, rates of several indicators. What repeats another row of the
selection counts once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_args

from mappe_servizi.errors import MappeError
from mappe_servizi.insights.statements import NOT_PARTS
from mappe_servizi.model.outputs.figures import COLUMNS
from mappe_servizi.query.columnar.grouping import changed, rated, summed
from mappe_servizi.query.columnar.held import TEXTS

Measure = Literal["sum", "mean", "min", "max", "count", "change", "perThousand"]
MEASURES: Final = get_args(Measure)
RATE: Final = "perThousand"
COMPUTED: Final[dict[str, tuple[str, ...]]] = {
    "change": ("first", "last", "from", "to", "change", "percent"),
    RATE: ("value", "total", "population", "denominator", "municipalities"),
}
"""The columns of what a measure computes, where they are more than its value."""
TOLD: Final = ("figures", "missing", "units", "counted_things")
"""The columns of what is told of every group."""
VALUES: Final = (
    "municipality", "istat", "province", "region", "edition", "area", "kind", "serviceConcept", "table",
    "indicatorConcept", "denominator", "unit", "counted", "role", "periodKind", "year", "status", "curation",
)  # fmt: skip
"""Columns that a filter compares as they are."""
THINGS: Final = ("service", "indicator")
"""Columns of IRIs; a filter may give the end of one."""
LISTS: Final = {"activity": "activities", "audience": "audiences"}
"""Filters and groups by the columns of lists that they look into."""
GROUPS: Final = (
    "municipality", "istat", "province", "region", "edition", "area", "kind", "service", "title",
    "serviceConcept", "table", "indicator", "label", "group", "indicatorConcept", "denominator", "unit",
    "counted", "role", "periodKind", "year", *LISTS,
)  # fmt: skip
"""What rows can be brought together by."""
GROUPED: Final = ("thing", "again", "year", "value", "unit", "counted", "periodKind")
"""Columns that any group is made of, beside its keys."""
RATED: Final = ("municipality", "indicatorConcept", "denominator", "population")
"""Columns that rates are made of, beside these."""
UNSORTED: Final = frozenset({*LISTS.values(), "totalOf", "units", "counted_things"})
"""Columns of lists, which have no order."""
ORDER: Final = 'municipality, edition, "number", sourceLine, "table", indicator, year'
"""As the documents print figures."""
LEAVES: Final = "(role = 'item' OR (role = 'total' AND len(totalOf) = 0))"
"""Rows that may stand beside each other in a sum: items, and totals of which no part is printed."""
BAD: Final = "len(units) > 1 OR stocks OR averages OR rates"
"""Of a group that may not be brought together."""
DIVIDED: Final = f"population IS NOT NULL AND unit NOT IN ({', '.join(map(repr, sorted(NOT_PARTS)))})"
"""Figures that are divided by a population (decision 0055)."""
UNDIVIDED: Final = f"""SELECT count(*), count(*) FILTER ({DIVIDED}), count(denominator),
    list_sort(list(DISTINCT denominator) FILTER (denominator <> 'none')),
    bool_or(EXISTS (SELECT 1 FROM figures AS other WHERE other.municipality = asked.municipality
      AND other.year = asked.year AND other.denominator = asked.denominator AND other.population IS NOT NULL))
    FROM asked"""
"""Of the figures that are asked for: how many they are, are divided, and are of a shared indicator; by whom
these would be divided, and whether that population is known for one of them."""
ONCE: Final = """(again IS NULL OR NOT EXISTS
    (SELECT 1 FROM chosen AS other WHERE other.thing = one.again AND other.year = one.year))"""
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
        sort: columns of the answer, and whether each descends; rows that are alike stay in the order of the
            keys or of the documents. What has no value comes last.
        limit: of rows, None for all.
        offset: rows before the first one.
    """

    filters: Mapping[str, Sequence[str | int]] = field(default_factory=dict)
    words: Sequence[str] = ()
    by: Sequence[str] = ()
    measure: Measure | None = None
    years: tuple[int, int] | None = None
    every_edition: bool = False
    sort: Sequence[tuple[str, bool]] = ()
    limit: int | None = None
    offset: int = 0

    def __post_init__(self) -> None:
        unknown = [*(self.filters.keys() - {*VALUES, *THINGS, *LISTS}), *(set(self.by) - {*GROUPS})]
        unknown += [name for name, _ in self.sort if name not in self.sortable]
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
        computed = COMPUTED.get(self.measure or "", ("value",))
        return tuple(dict.fromkeys((*self.by, *computed, *TOLD)))

    @property
    def sortable(self) -> tuple[str, ...]:
        """The columns of the answer that it can be sorted by."""
        return tuple(name for name in self.columns if name not in UNSORTED)

    def job(self) -> str:
        """The job of a worker: its statements with the values that they bind.

        ``rows`` has the columns of the answer; in ``page`` four more stand behind them: how many rows there
        are, whether one of them may not be brought together, how many figures repeat others, how many have
        no number. ``wrong`` says what is not brought together, ``undivided`` why nothing is divided by a
        population; None where nothing can be wrong.
        """
        conditions, values = self._conditions()
        wanted = [*conditions, DIVIDED] if self.measure == RATE else conditions
        once = "true" if self.measure == RATE else ONCE
        with_ = f"""WITH chosen AS MATERIALIZED ({_figures(wanted, self._needed())}),
            marked AS MATERIALIZED (SELECT *, {once} AS counts FROM chosen AS one),
            facts AS (SELECT count(*) FILTER (NOT counts) AS repeated_,
              count(*) FILTER (counts AND value IS NULL) AS missing_ FROM marked)"""
        source, bad = ("groups", BAD) if self.aggregated else ("chosen", "false")
        if self.aggregated:
            with_ = f"{with_}, spread AS ({self._spread()}), {self._groups()}"
        own = ", ".join(map(_published, self.columns))
        told_of_all = f"count(*) OVER (), bool_or({bad}) OVER (), repeated_, missing_"
        window = "" if self.limit is None else f" LIMIT {int(self.limit)} OFFSET {int(self.offset)}"
        ordered = f"ORDER BY {self._order()}{window}"
        rows, page = f"FROM {source} {ordered}", f"FROM {source}, facts {ordered}"
        keys = quoted(self.by) or "'' AS whole"
        told = f"SELECT {keys}, units, stocks, averages, rates, years FROM groups WHERE {BAD} LIMIT 1"
        job = {
            "columns": self.columns,
            "values": values,
            "rows": f"{with_} SELECT {own} {rows}",
            "page": f"{with_} SELECT {own}, {told_of_all} {page}",
            "facts": f"{with_} SELECT (SELECT count(*) FROM {source}), false, repeated_, missing_ FROM facts",
            "wrong": f"{with_} {told}" if self.aggregated else None,
            "undivided": f"WITH asked AS ({_figures(conditions, '*')}) {UNDIVIDED}"
            if self.measure == RATE
            else None,
        }
        return json.dumps(job)

    def _order(self) -> str:
        chosen = [f'"{name}" {"DESC" if descends else "ASC"} NULLS LAST' for name, descends in self.sort]
        return ", ".join([*chosen, (quoted(self.by) or "1") if self.aggregated else ORDER])

    def _conditions(self) -> tuple[list[str], dict[str, Any]]:
        """Which figures are meant, and the values that this binds."""
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
        if self.aggregated and self.measure != RATE and "role" not in self.filters:
            conditions.append(LEAVES)
        return conditions, values

    def _needed(self) -> str:
        """The columns that are read: DuckDB plans sooner with few."""
        if not self.aggregated:
            return "*"
        rate = RATED if self.measure == RATE else ()
        return quoted([*dict.fromkeys((*(LISTS.get(name, name) for name in self.by), *GROUPED, *rate))])

    def _spread(self) -> str:
        """What counts once, a row for each group of a list that it is in."""
        unnested = "".join(f', unnest({LISTS[name]}) AS "{name}"' for name in self.by if name in LISTS)
        return f"SELECT *{unnested} FROM marked WHERE counts"

    def _groups(self) -> str:
        if self.measure == "change":
            return changed(self.by, self.years)
        if self.measure == RATE:
            return rated(self.by)
        return summed(self.by, self.measure or "sum")


def _published(name: str) -> str:
    """A column of the answer: what a worker holds as an enumeration is a text."""
    return f'"{name}"::VARCHAR AS "{name}"' if name in TEXTS else f'"{name}"'


def _figures(conditions: Sequence[str], columns: str) -> str:
    return f"SELECT {columns} FROM figures WHERE {' AND '.join(conditions) or 'true'}"


def quoted(names: Sequence[str]) -> str:
    """Names of columns for SQL; each is one of ours.

    >>> quoted(["year", "group"])
    '"year", "group"'
    """
    return ", ".join(f'"{name}"' for name in names)
