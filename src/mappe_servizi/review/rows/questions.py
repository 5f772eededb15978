"""What a document prints and no rule reads, as rows of corrections.csv that would answer it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from mappe_servizi.checks.decisions import open_decisions
from mappe_servizi.errors import MappeError
from mappe_servizi.model.records import Document, OpenDecision
from mappe_servizi.model.tables.edition import CORRECTIONS
from mappe_servizi.reading.form import Form
from mappe_servizi.reading.numbers import Unreadable, has_digit, read_figure, read_told
from mappe_servizi.review.rows.item import Cells, Item

AROUND = 2
"""Lines of the document that are shown above and below."""
FIGURES = ("outputs", "users")
EMPTY_ROWS = "rows without figures"
_NUMBER = re.compile(r"(?<![\w.,/–-])(?!(?:19|20)\d\d\b)(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?(?=$|[\s()+;])")
"""A number that stands for itself: what touches letters or another number, and a year, is for a person."""
NOT_KNOWN = "n.d."
_COUNT = re.compile(r"reads = (\d+)")


def questions(document: Document, path: Path, taken: set[str], form: Form) -> Iterator[Item]:
    """The open decisions of an edition that a correction can close.

    Args:
        document: as it was read.
        path: its corrections.csv.
        taken: ids of its rows, which get the new ones.
        form: its words.
    """
    number = 0
    for decision in open_decisions(document):
        answer = _answer(decision, document, form)
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


def _answer(decision: OpenDecision, document: Document, form: Form) -> Cells | None:
    """What a correction would most likely say: kind, occurrence and what is read; None where none can."""
    if decision.section in FIGURES and decision.year is not None:
        found, occurrence = _NUMBER.search(decision.printed), str(_occurrence(decision, document))
        if not found and not has_digit(decision.printed):
            return {"kind": "figure", "occurrence": occurrence, "reads": NOT_KNOWN}
        sure = found and not form.changes_number(decision.printed[found.end() :])
        return {"kind": "number", "occurrence": occurrence, "reads": found[0] if found and sure else ""}
    if decision.section in FIGURES:
        count = _COUNT.search(decision.asks)
        kind = {"kind": "group", "reads": count[1]} if count else {"kind": "empty-row", "reads": ""}
        return kind | {"occurrence": str(_row(decision, document))}
    if decision.section == "personnel":
        return {"kind": "misprint", "occurrence": "1", "reads": decision.printed}
    return None


def check(cells: Mapping[str, str], form: Form) -> None:
    """Fail where a row would keep the document from being read.

    Raises:
        MappeError: what it reads is no number, of the cell that prints it, or no count of rows.
    """
    kind, reads, printed = cells["kind"], cells["reads"].strip(), cells["printed"]
    try:
        if kind == "number":
            read_told(printed, reads, form)
        elif kind == "figure":
            read_figure(reads, form)
    except Unreadable as error:
        raise MappeError(f"reads: {error}") from None
    if kind == "group" and not reads.isdecimal():
        raise MappeError("reads: a group has a number of rows")


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
