"""Groups of figures as SQL: what makes the rows of an answer of those that count ``once``.

Each function gives the steps of a WITH clause; the last one is ``groups``: the keys, what is computed, what
is told of it (``TOLD``), and whether it may not be brought together (``stocks``, ``averages``, ``rates``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

TOLD: Final = """count(value) AS figures, count(*) FILTER (value IS NULL) AS missing,
    list_sort(list(DISTINCT unit) FILTER (value IS NOT NULL)) AS units,
    list_sort(list(DISTINCT counted) FILTER (value IS NOT NULL)) AS counted_things,
    count(DISTINCT year) FILTER (value IS NOT NULL) AS years"""
AVERAGES: Final = "coalesce(bool_or(periodKind = 'average') AND count(value) > 1, false) AS averages"
UNCHECKED: Final = "false AS stocks, false AS averages, false AS rates"


def summed(by: Sequence[str], function: str, *, adding: bool) -> str:
    """One function of the values of each group.

    Args:
        by: the names of the keys.
        function: of DuckDB.
        adding: whether it adds up, so that it must be seen what.
    """
    keys, grouped = grouping(by)
    checks = f"""coalesce(bool_or(periodKind = 'stock') AND count(DISTINCT year) > 1, false) AS stocks,
        {AVERAGES}, false AS rates"""
    return f"""groups AS (SELECT {keys}{function}(value) AS value, {checks if adding else UNCHECKED}, {TOLD}
        FROM spread{grouped} HAVING count(*) > 0)"""


def changed(by: Sequence[str], years: tuple[int, int] | None) -> str:
    """The difference between two years of the indicators that have a number in both.

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
        ends AS MATERIALIZED (SELECT * FROM bounded
          WHERE value IS NOT NULL AND year IN (first_year, last_year)),
        pairs AS (SELECT * FROM ends WHERE indicator IN
          (SELECT indicator FROM ends GROUP BY indicator HAVING min(year) < max(year))),
        groups AS (SELECT {keys}any_value(first_year) AS "first", any_value(last_year) AS "last",
          sum(value) FILTER (year = first_year) AS "from", sum(value) FILTER (year = last_year) AS "to",
          "to" - "from" AS change, CASE WHEN "from" > 0 THEN 100 * change / "from" END AS percent,
          false AS stocks, coalesce(bool_or(periodKind = 'average'), false) AS averages, false AS rates,
          {TOLD}
          FROM pairs{grouped} HAVING count(value) > 0)"""


def rated(by: Sequence[str]) -> str:
    """The sum for each 1,000 of a population, which counts once for each municipality.

    Args:
        by: the names of the keys.
    """
    keys, grouped = grouping(by)
    town = ", ".join(f'"{name}"' for name in (*by, "municipality", "year"))
    whom = "" if "denominator" in by else "any_value(denominator) AS denominator,"
    return f"""towns AS (SELECT *, CASE WHEN row_number() OVER (PARTITION BY {town}) = 1 THEN population END
          AS of_town FROM spread WHERE value IS NOT NULL),
        groups AS (SELECT {keys}1000 * sum(value) / sum(of_town) AS value, sum(value) AS total,
          sum(of_town) AS population, {whom}
          count(DISTINCT municipality) AS municipalities, false AS stocks, {AVERAGES},
          count(DISTINCT indicatorConcept) > 1 OR count(DISTINCT year) > 1 AS rates, {TOLD}
          FROM towns{grouped} HAVING count(value) > 0)"""


def grouping(by: Sequence[str]) -> tuple[str, str]:
    """The keys as the first columns of a SELECT, and its GROUP BY.

    >>> grouping(["year"]), grouping([])
    (('"year", ', ' GROUP BY "year"'), ('', ''))
    """
    keys = ", ".join(f'"{name}"' for name in by)
    return (f"{keys}, ", f" GROUP BY {keys}") if by else ("", "")
