"""What `mappe add` and `mappe check` say of a municipality."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import astuple

from mappe_servizi.model.records import Correction, Document, OpenDecision
from mappe_servizi.pipeline.add.run import Added
from mappe_servizi.pipeline.open import Open


def told(added: Added) -> Iterator[str]:
    """The lines of a report."""
    for edition, given in added.placed:
        yield f"{edition}: {'added from ' + str(given.path) if given else 'it has this document already'}"
    if added.assumed:
        yield f"assumed in {added.folder / 'municipality.toml'}, until somebody has checked:"
        yield from (f"  {text}" for text in added.assumed)
    if added.drafted:
        rows = ", ".join(f"{count} of {file}" for file, count in sorted(added.drafted.items()))
        yield f"rows written: {rows}"
    for document in added.open.documents:
        yield _read(document)
    if not added.problems:
        yield from told_open(added.open)
        return
    yield _in_the_way(len(added.problems))
    for problem in added.problems:
        yield f"  {problem.error}"
        if problem.row is not None:
            yield f"    would be mended by: {_row(problem.row)}"
    if any(problem.row for problem in added.problems):
        yield "these rows stand in corrections.csv as questions: each holds when its curation says reviewed"


def _in_the_way(count: int) -> str:
    return f"{count} problem{' keeps' if count == 1 else 's keep'} it from being read:"


def _row(row: Correction) -> str:
    """A correction as its file has it."""
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow("" if value is None else value for value in astuple(row))
    return text.getvalue()


def told_open(found: Open) -> Iterator[str]:
    """What is wrong, and what is open."""
    if found.wrong:
        yield _in_the_way(len(found.wrong))
        yield from (f"  {error}" for error in found.wrong)
        return
    yield f"open: {found.count}"
    yield from _told_once(found.decisions)
    for lacks, count in sorted(found.uncurated.items()):
        yield f"  {count} {lacks}"
    for file, count in sorted(found.questions.items()):
        yield f"  {file}: {_counted(count, 'proposal')} {'waits' if count == 1 else 'wait'} for a decision"
    for file, count in sorted(found.values.items()):
        holds = "holds" if count == 1 else "hold"
        yield f"{file}: {_counted(count, 'proposal')} {holds} until somebody decides otherwise"


def _told_once(decisions: Iterable[tuple[Document, OpenDecision]]) -> Iterator[str]:
    """What is asked of the same words in several places is told where they stand first."""
    same: dict[tuple[object, ...], list[tuple[Document, OpenDecision]]] = {}
    for document, one in decisions:
        told = (document.municipality.edition, one.section, one.label, one.printed, one.year, one.asks)
        key = told if one.printed else (*told, one.lines)
        same.setdefault(key, []).append((document, one))
    for (document, one), *more in same.values():
        again = f" (and in {_counted(len(more), 'other place')})" if more else ""
        yield f"  {_place(document, one)}{again}: {one.asks}"


def _counted(count: int, what: str) -> str:
    """A number of things.

    >>> _counted(1, "area"), _counted(2, "area")
    ('1 area', '2 areas')
    """
    return f"{count} {what}{'' if count == 1 else 's'}"


def _read(document: Document) -> str:
    figures = [figure for sheet in document.maps for row in sheet.indicators for figure in row.figures]
    numbers = sum(figure.value is not None for figure in figures)
    return (
        f"edition {document.municipality.edition}: {_counted(len(document.maps), 'sheet')} of "
        f"{_counted(len(document.entries), 'service')} in {_counted(len(document.areas), 'area')}; "
        f"{_counted(len(figures), 'cell')} of figures, {numbers} of them numbers"
    )


def _place(document: Document, decision: OpenDecision) -> str:
    line = decision.lines[0]
    place = document.anchors[line - 1] if document.anchors else f"line {line}"
    service = f", service {decision.number}" if decision.number else ""
    printed = f" {decision.printed!r}" if decision.printed else ""
    year = f" ({decision.year})" if decision.year else ""
    label = f" {decision.label!r}" if decision.label and decision.label != decision.printed else ""
    return f"{document.municipality.edition}, {place}{service}, {decision.section}{label}{year}{printed}"
