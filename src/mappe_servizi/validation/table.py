"""A report as people read it: one row for what several resources have in common."""

from __future__ import annotations

from itertools import groupby

from rich.table import Table

from mappe_servizi.validation.report import SEVERITIES, VIOLATION, WARNING, Report, Result

EXAMPLES = 3
COLOURS = {VIOLATION: "red", WARNING: "yellow"}


def table(report: Report) -> Table | str:
    """The results, alike ones in one row with the first resources they are about."""
    if not report.results:
        return "conforms: no violation, no warning"
    count = report.counts
    summary = ", ".join(f"{count[s]} {s.lower()}" for s in SEVERITIES if count.get(s))
    result = Table("severity", "count", "shape", "path", "message", "first of", caption=summary)
    for (severity, _, _), group in groupby(report.results, key=_alike):
        alike = list(group)
        one = alike[0]
        result.add_row(
            severity,
            str(len(alike)),
            _short(one.shape),
            _short(one.path),
            " / ".join(one.messages),
            "\n".join(f"{_last(r.focus)}{f' = {r.value}' if r.value else ''}" for r in alike[:EXAMPLES]),
            style=COLOURS.get(severity),
        )
    return result


def _alike(result: Result) -> tuple[str, ...]:
    return (result.severity, f"{result.shape} {result.path}", f"{result.component} {result.messages}")


def _short(iri: str) -> str:
    return iri.replace("#", "/").rsplit("/", 1)[-1]


def _last(iri: str) -> str:
    return iri.split("/data/", 1)[-1]
