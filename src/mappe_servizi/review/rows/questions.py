"""What a document prints and no rule reads, as rows of corrections.csv that would answer it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from mappe_servizi.checks.decisions import open_decisions
from mappe_servizi.model.records import Document, OpenDecision
from mappe_servizi.model.tables.edition import CORRECTIONS
from mappe_servizi.review.rows.item import Cells, Item

AROUND = 2
"""Lines of the document that are shown above and below."""
FIGURES = ("outputs", "users")
EMPTY_ROWS = "rows without figures"
_NUMBER = re.compile(r"\d[\d.]*(?:,\d+)?")
_COUNT = re.compile(r"reads = (\d+)")


def questions(document: Document, path: Path, taken: set[str]) -> Iterator[Item]:
    """The open decisions of an edition that a correction can close.

    Args:
        document: as it was read.
        path: its corrections.csv.
        taken: ids of its rows, which get the new ones.
    """
    number = 0
    for decision in open_decisions(document):
        answer = _answer(decision, document)
        if answer is None:
            continue
        while f"r{number:03}" in taken:
            number += 1
        taken.add(f"r{number:03}")
        cells = {
            "id": f"r{number:03}", "map": str(decision.number), "section": decision.section,
            "printed": decision.printed, "line": str(decision.lines[0]), **answer,
            "reason": "read by a person", "evidence": f"line {decision.lines[0]}",
        }  # fmt: skip
        key = (str(decision.number), decision.section, decision.printed, str(decision.year), cells["line"])
        yield Item(
            CORRECTIONS,
            path,
            key,
            cells,
            decision.asks,
            around(document, decision.lines[0]),
            new=True,
            asked=EMPTY_ROWS if answer["kind"] == "empty-row" else "",
        )


def _answer(decision: OpenDecision, document: Document) -> Cells | None:
    """What a correction would most likely say: kind, occurrence and what is read; None where none can."""
    if decision.section in FIGURES and decision.year is not None:
        found = _NUMBER.search(decision.printed)
        return {
            "kind": "number", "occurrence": str(_occurrence(decision, document)),
            "reads": found[0] if found else "",
        }  # fmt: skip
    if decision.section in FIGURES:
        count = _COUNT.search(decision.asks)
        kind = {"kind": "group", "reads": count[1]} if count else {"kind": "empty-row", "reads": ""}
        return kind | {"occurrence": str(_row(decision, document))}
    if decision.section == "personnel":
        return {"kind": "misprint", "occurrence": "1", "reads": decision.printed}
    return None


def _occurrence(decision: OpenDecision, document: Document) -> int:
    """Which of the cells that print the same it is, in its table."""
    sheet = document.map_of(decision.number or 0)
    rows = [row for row in (sheet.indicators if sheet else ()) if row.table == decision.section]
    same = [figure for row in rows for figure in row.figures if figure.raw == decision.printed]
    at = (n for n, one in enumerate(same, 1) if (one.year, one.lines) == (decision.year, decision.lines))
    return next(at, 1)


def _row(decision: OpenDecision, document: Document) -> int:
    """Which of the rows without figures that have the same label it is, in its table.

    Groups' headings count, too, each once.
    """
    sheet = document.map_of(decision.number or 0)
    rows = [row for row in (sheet.indicators if sheet else ()) if row.table == decision.section]
    empty = {row.lines[0] for row in rows if not row.figures and row.label.printed == decision.printed}
    heads = {row.group.lines[0] for row in rows if row.group and row.group.printed == decision.printed}
    return sum(line <= decision.lines[0] for line in empty | heads) or 1


def around(document: Document, line: int) -> list[str]:
    """The printed lines about one, each with its number."""
    first = max(1, line - AROUND)
    return [
        f"{n}{'→' if n == line else ' '} {text}"
        for n, text in enumerate(document.lines[first - 1 : line + AROUND], start=first)
    ]
