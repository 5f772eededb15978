"""What a document leaves open: told by the build, decided by rows of the maintained tables."""

from __future__ import annotations

from collections.abc import Iterator

from mappe_servizi.checks.consistency.finding import name_of, record_of
from mappe_servizi.model.records import Document, OpenDecision
from mappe_servizi.model.service_map import ServiceMap

_FIGURE = "the number of this cell: a row of corrections.csv of the kind number or figure"
_PERSONNEL = "the number of people: a row of corrections.csv of the kind misprint, with the number first"


def open_decisions(document: Document) -> tuple[OpenDecision, ...]:
    """Everything that no rule and no reviewed row tells, in document order.

    It is read off the records, so that what was redacted or suppressed there is so here.
    """
    found = [decision for sheet in document.maps for decision in (*_figures(sheet), *_personnel(sheet))]
    return tuple(
        sorted([*document.decisions, *found], key=lambda decision: (decision.lines, decision.year or 0))
    )


def _figures(sheet: ServiceMap) -> Iterator[OpenDecision]:
    for row in sheet.indicators:
        for figure in row.figures:
            if figure.status == "open":
                yield OpenDecision(
                    sheet.number, row.table, record_of(row), name_of(row), figure.year, figure.raw,
                    figure.lines, _FIGURE,
                )  # fmt: skip


def _personnel(sheet: ServiceMap) -> Iterator[OpenDecision]:
    people = sheet.personnel
    if people and people.open:
        yield OpenDecision(
            sheet.number, "personnel", "personnel", "", None, people.text.printed, people.text.lines,
            _PERSONNEL,
        )  # fmt: skip
