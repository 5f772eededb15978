"""Groups of figures as SQL: what makes the rows of an answer of the figures that are ``spread`` over groups.

Each function gives the steps of a WITH clause; the last one is ``groups``: the keys, what is computed, what
is told of it (``TOLD``), and whether it may not be brought together (``stocks``, ``averages``, ``rates``).
A step before it has ``parts`` of groups, alike in all that is told: DISTINCT within an aggregate would read
the figures once for each of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

PART: Final = """alike AS alike_, year AS year_, count(value) AS figures_, count(*) AS rows_"""
TOLD: Final = """sum(figures_)::BIGINT AS figures, sum(rows_ - figures_)::BIGINT AS missing,
    list_sort(list_distinct(list(unit_) FILTER (figures_ > 0))) AS units,
    list_sort(list_distinct(list(counted_) FILTER (figures_ > 0))) AS counted_things,
    len(list_distinct(list(year_) FILTER (figures_ > 0))) AS years"""
STOCKS: Final = "coalesce(bool_or(periodKind_ = 'stock') AND min(year_) < max(year_), false) AS stocks"
AVERAGES: Final = "coalesce(bool_or(periodKind_ = 'average') AND sum(figures_) > 1, false) AS averages"
FUNCTIONS: Final = {
    "sum": ("sum(value)", "sum(part)"),
    "mean": ("sum(value)", "sum(part) / sum(figures_)"),
    "min": ("min(value)", "min(part)"),
    "max": ("max(value)", "max(part)"),
    "count": ("count(value)", "sum(part)::BIGINT"),
}
"""Of a measure, what is computed of the figures of a part, and of the parts of a group."""


def summed(by: Sequence[str], measure: str) -> str:
    """One function of the values of each group.

    Args:
        by: the names of the keys.
        measure: of ``FUNCTIONS``.
    """
    keys, grouped = grouping(by)
    of_part, of_group = FUNCTIONS[measure]
    checks = f"{STOCKS}, {AVERAGES}" if measure == "sum" else "false AS stocks, false AS averages"
    return f"""parts AS (SELECT {keys}{PART}, {of_part} AS part FROM spread GROUP BY ALL),
        groups AS (SELECT {keys}{of_group} AS value, {checks}, false AS rates, {TOLD}
          FROM parts JOIN alikes USING (alike_){grouped} HAVING count(*) > 0)"""


def changed(by: Sequence[str], years: tuple[int, int] | None) -> str:
    """The difference between two years of the indicators that have a number in both, of one unit.

    Args:
        by: the names of the keys.
        years: the first and the last one, None for those that the figures have.
    """
    keys, grouped = grouping(by)
    if years is None:
        over = "FILTER (value IS NOT NULL) OVER ()"
        first, last = f"min(year) {over}", f"max(year) {over}"
    else:
        first, last = map(str, map(int, years))
    return f"""bounded AS (SELECT *, {first} AS first_year, {last} AS last_year FROM spread),
        pairs AS (SELECT {keys}thing, alike AS alike_, any_value(first_year) AS year_,
            any_value(last_year) AS last_year_, count(*) AS rows_,
            sum(value) FILTER (year = first_year) AS from_, sum(value) FILTER (year = last_year) AS to_
          FROM bounded WHERE value IS NOT NULL AND year IN (first_year, last_year)
          GROUP BY {keys}thing, alike HAVING min(year) < max(year)),
        parts AS (SELECT {keys}alike_, year_, last_year_, sum(from_) AS from_,
            sum(to_) AS to_, sum(rows_) AS rows_, sum(rows_) AS figures_ FROM pairs GROUP BY ALL),
        groups AS (SELECT {keys}any_value(year_) AS "first", any_value(last_year_) AS "last",
            sum(from_) AS "from", sum(to_) AS "to", "to" - "from" AS change,
            CASE WHEN "from" > 0 THEN 100 * change / "from" END AS percent, false AS stocks,
            coalesce(bool_or(periodKind_ = 'average'), false) AS averages, false AS rates, {TOLD}
          FROM parts JOIN alikes USING (alike_){grouped} HAVING count(*) > 0)"""


def rated(by: Sequence[str]) -> str:
    """The sum for each 1,000 of a population, which counts once for each municipality.

    Args:
        by: the names of the keys.
    """
    keys, grouped = grouping(by)
    town = ", ".join(f'"{name}"' for name in (*by, "municipality", "year"))
    whom = "" if "denominator" in by else "any_value(whom_) AS denominator,"
    return f"""towns AS (SELECT *, CASE WHEN row_number() OVER (PARTITION BY {town}) = 1 THEN population END
            AS of_town FROM spread WHERE value IS NOT NULL),
        parts AS (SELECT {keys}{PART}, municipality AS town_, indicatorConcept AS concept_,
            denominator AS whom_, sum(value) AS part, sum(of_town) AS of_town_ FROM towns GROUP BY ALL),
        groups AS (SELECT {keys}1000 * sum(part) / sum(of_town_) AS value, sum(part) AS total,
            sum(of_town_) AS population, {whom} len(list_distinct(list(town_))) AS municipalities,
            false AS stocks, {AVERAGES},
            len(list_distinct(list(concept_))) > 1 OR min(year_) < max(year_) AS rates, {TOLD}
          FROM parts JOIN alikes USING (alike_){grouped} HAVING count(*) > 0)"""


def grouping(by: Sequence[str]) -> tuple[str, str]:
    """The keys as the first columns of a SELECT, and its GROUP BY.

    >>> grouping(["year"]), grouping([])
    (('"year", ', ' GROUP BY "year"'), ('', ''))
    """
    keys = ", ".join(f'"{name}"' for name in by)
    return (f"{keys}, ", f" GROUP BY {keys}") if by else ("", "")
