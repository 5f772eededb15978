"""A report as people read it: one row for what several resources have in common."""

from __future__ import annotations

from itertools import groupby

from rich.table import Table

from mappe_servizi.checks.shacl.report import SEVERITIES, VIOLATION, WARNING, Report, ShapeResult

EXAMPLES = 3
COLOURS = {VIOLATION: "red", WARNING: "yellow"}


def table(report: Report) -> Table | str:
    """The results, alike ones in one row with the first resources they are about."""
    if not report.results:
        return "conforms: no violation, no warning"
    named = ((severity, report.counts.get(severity, 0)) for severity in SEVERITIES)
    summary = ", ".join(
        f"{count} {severity.lower()}{'s'[: count != 1]}" for severity, count in named if count
    )
    result = Table("severity", "count", "shape", "path", "message", "first of", caption=summary)
    for column in result.columns[2:]:
        column.overflow = "fold"
    for (severity, _, _), group in groupby(report.results, key=_alike):
        alike = list(group)
        one = alike[0]
        result.add_row(
            severity,
            str(len(alike)),
            _short(one.shape),
            _short(one.path),
            one.message,
            "\n".join(f"{_last(r.focus)}{f' = {r.value}' if r.value else ''}" for r in alike[:EXAMPLES]),
            style=COLOURS.get(severity),
        )
    return result


def _alike(result: ShapeResult) -> tuple[str, ...]:
    return (result.severity, f"{result.shape} {result.path}", f"{result.component} {result.message}")


def _short(iri: str) -> str:
    return iri.replace("#", "/").rsplit("/", 1)[-1]


def _last(iri: str) -> str:
    return iri.split("/data/", 1)[-1]
