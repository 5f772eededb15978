"""A report as people read it: one row for what several resources have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

from mappe_servizi.checks.shacl.report import EXAMPLES, SEVERITIES, VIOLATION, WARNING, Report, ShapeResult
from mappe_servizi.terminal import print_table

COLOURS = {VIOLATION: "red", WARNING: "yellow"}
COLUMNS = ("severity", "count", "shape", "path", "message", "first of")


def print_report(report: Report) -> None:
    """Print the results, alike ones in one row with the first resources they are about."""
    if report.results:
        rows = [_row([*group]) for _, group in groupby(report.results, key=_alike)]
        print_table(COLUMNS, rows, styles={n: COLOURS.get(row[0]) for n, row in enumerate(rows)})


def summary(report: Report) -> str:
    """How many results there are of each severity."""
    named = ((severity, report.counts.get(severity, 0)) for severity in SEVERITIES)
    counts = ", ".join(f"{count} {severity.lower()}{'s'[: count != 1]}" for severity, count in named if count)
    return counts or "conforms: no violation, no warning"


def as_json(report: Report) -> dict[str, Any]:
    """The results one by one, for programs."""
    return {"counts": dict(report.counts), "results": [asdict(result) for result in report.results]}


def _row(alike: Sequence[ShapeResult]) -> tuple[str, ...]:
    one = alike[0]
    focused = (f"{_last(r.focus)}{f' = {r.value}' if r.value else ''}" for r in alike[:EXAMPLES])
    return (
        one.severity, str(len(alike)), _short(one.shape), _short(one.path), one.message, ", ".join(focused),
    )  # fmt: skip


def _alike(result: ShapeResult) -> tuple[str, ...]:
    return (result.severity, f"{result.shape} {result.path}", f"{result.component} {result.message}")


def _short(iri: str) -> str:
    return iri.replace("#", "/").rsplit("/", 1)[-1]


def _last(iri: str) -> str:
    return iri.split("/data/", 1)[-1]
