"""What in the source does not add up, found by general rules, with the reviewed readings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from mappe_servizi.checks.consistency import coverage, forms, repeats, series, sums, texts
from mappe_servizi.checks.consistency.finding import Fact, Finding, Verdict
from mappe_servizi.errors import InputError, InputErrors
from mappe_servizi.model.records import Document
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.edition import FINDINGS

__all__ = ["Fact", "Finding", "check_verdicts", "find_all", "load_verdicts", "precision"]

Key = tuple[str, int, str, str, int | None]


def find_all(
    document: Document, verdicts: dict[Key, tuple[Verdict, str]], more: Iterable[Finding] = ()
) -> list[Finding]:
    """The findings of all rules in document order, each with its reading if it has one.

    Args:
        document: of an edition.
        verdicts: the reviewed readings.
        more: findings that do not come of this document alone.
    """
    found = []
    for finding in (*_find(document), *more):
        verdict = verdicts.get(finding.key)
        found.append(finding.read(*verdict) if verdict else finding)
    return sorted(found, key=lambda f: (f.number, f.facts[0].lines, f.rule, f.year or 0))


def _find(document: Document) -> Iterator[Finding]:
    seen: set[Key] = set()
    for module in (sums, repeats, series, coverage, forms, texts):
        for finding in module.find(document):
            if finding.key not in seen:
                seen.add(finding.key)
                yield finding


def load_verdicts(path: Path) -> dict[Key, tuple[Verdict, str]]:
    """The reviewed readings of an edition's findings: its findings.csv.

    Raises:
        InputError, InputErrors: a cell cannot be used.
    """
    rows = read_rows(FINDINGS, path)
    return {(row.rule, row.number, row.table, row.label, row.year): (row.verdict, row.why) for row in rows}


def check_verdicts(findings: list[Finding], verdicts: dict[Key, tuple[Verdict, str]], path: Path) -> None:
    """Fail where a reading is of a finding that is no more (mended, or worded in another way).

    Raises:
        InputErrors: with the readings to be removed.
    """
    known = {finding.key for finding in findings}
    stale = [key for key in verdicts if key not in known]
    if stale:
        raise InputErrors([InputError(f"no rule finds {key} any more", file=path) for key in stale])


def precision(findings: list[Finding]) -> tuple[int, int]:
    """How many of the decided findings are real, and how many are decided."""
    real = sum(f.verdict == "real" for f in findings)
    return real, real + sum(f.verdict == "false" for f in findings)
