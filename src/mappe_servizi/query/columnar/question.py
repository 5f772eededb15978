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
from mappe_servizi.query.columnar.held import FIGURES_TABLE, SORTED_TABLE, TEXTS

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
COUNTED: Final = ("thing", "again", "year", "value")
"""Columns by which figures are counted, and what repeats another once."""
GROUPED: Final = (*COUNTED, "alike")
"""Columns that any group is made of, beside its keys."""
RATED: Final = ("municipality", "indicatorConcept", "denominator", "population")
"""Columns that rates are made of, beside these."""
UNSORTED: Final = frozenset({*LISTS.values(), "totalOf", "units", "counted_things"})
"""Columns of lists, which have no order."""
BAD: Final = "len(units) > 1 OR stocks OR averages OR rates"
"""Of a group that may not be brought together."""
DIVIDED: Final = f"population IS NOT NULL AND unit NOT IN ({', '.join(map(repr, sorted(NOT_PARTS)))})"
"""Figures that are divided by a population (decision 0055)."""
UNDIVIDED: Final = f"""SELECT count(*), count(*) FILTER ({DIVIDED}), count(denominator),
    list_sort(list(DISTINCT denominator) FILTER (denominator <> 'none')),
    bool_or(EXISTS (SELECT 1 FROM sorted AS other WHERE other.municipality = asked.municipality
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
        needed = quoted(self._needed())
        with_ = f"""WITH chosen AS MATERIALIZED (SELECT {needed} FROM {SORTED_TABLE}{_where(wanted)}),
            marked AS MATERIALIZED (SELECT *, {once} AS counts FROM chosen AS one),
            facts AS (SELECT count(*) FILTER (NOT counts) AS repeated_,
              count(*) FILTER (counts AND value IS NULL) AS missing_ FROM marked)"""
        statements = self._of_groups(with_) if self.aggregated else self._of_figures(with_, conditions)
        undivided = f"WITH asked AS (SELECT * FROM {SORTED_TABLE}{_where(conditions)}) {UNDIVIDED}"
        job = {
            "columns": self.columns,
            "values": values,
            **statements,
            "undivided": undivided if self.measure == RATE else None,
        }
        return json.dumps(job)

    def _of_groups(self, with_: str) -> dict[str, str]:
        """The statements about groups, of what is ``chosen``."""
        with_ = f"{with_}, spread AS ({self._spread()}), {self._groups()}"
        ordered = f"ORDER BY {', '.join([*self._sorted(), quoted(self.by) or '1'])}{self._window()}"
        own, keys = self._own(), quoted(self.by) or "'' AS whole"
        told = f"SELECT {keys}, units, stocks, averages, rates, years FROM groups WHERE {BAD} LIMIT 1"
        of_all = f"count(*) OVER (), bool_or({BAD}) OVER (), repeated_, missing_"
        return {
            "rows": f"{with_} SELECT {own} FROM groups {ordered}",
            "page": f"{with_} SELECT {own}, {of_all} FROM groups, facts {ordered}",
            "facts": f"{with_} SELECT (SELECT count(*) FROM groups), false, repeated_, missing_ FROM facts",
            "wrong": f"{with_} {told}",
        }

    def _of_figures(self, with_: str, conditions: Sequence[str]) -> dict[str, str | None]:
        """The statements about the figures themselves: only those of a page are read as a whole."""
        all_of = f"FROM {FIGURES_TABLE}{_where(conditions)}"
        # Without an order DuckDB keeps that of the file, and reads no more than it gives.
        ordered = f" ORDER BY {', '.join([*self._sorted(), 'place'])}" if self.sort else ""
        places = f"SELECT place {all_of}{ordered}{self._window()}"
        page = f"FROM {FIGURES_TABLE} SEMI JOIN places USING (place)"
        own, in_order = self._own(), f"ORDER BY {', '.join([*self._sorted(), 'place'])}"
        facts = "(SELECT count(*) FROM chosen), false, repeated_, missing_"
        return {
            "rows": f"SELECT {own} {all_of}{ordered}"
            if self.limit is None
            else f"WITH places AS ({places}) SELECT {own} {page} {in_order}",
            "page": f"{with_}, places AS ({places}) SELECT {own}, {facts} {page}, facts {in_order}",
            "facts": f"{with_} SELECT {facts} FROM facts",
            "wrong": None,
        }

    def _own(self) -> str:
        """The columns of the answer."""
        return ", ".join(map(_published, self.columns))

    def _sorted(self) -> list[str]:
        """What rows are sorted by before their keys, or the order of the documents."""
        return [f'"{name}" {"DESC" if descends else "ASC"} NULLS LAST' for name, descends in self.sort]

    def _window(self) -> str:
        return "" if self.limit is None else f" LIMIT {int(self.limit)} OFFSET {int(self.offset)}"

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
            conditions.append("leaf")
        return conditions, values

    def _needed(self) -> list[str]:
        """The columns that are read: DuckDB plans sooner with few."""
        if not self.aggregated:
            return [*COUNTED]
        rate = RATED if self.measure == RATE else ()
        return [*dict.fromkeys((*(LISTS.get(name, name) for name in self.by), *GROUPED, *rate))]

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


def _where(conditions: Sequence[str]) -> str:
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


def quoted(names: Sequence[str]) -> str:
    """Names of columns for SQL; each is one of ours.

    >>> quoted(["year", "group"])
    '"year", "group"'
    """
    return ", ".join(f'"{name}"' for name in names)
