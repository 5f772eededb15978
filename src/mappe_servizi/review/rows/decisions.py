"""The open decisions of a municipality, one after another: each with what the document prints beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from mappe_servizi.checks.decisions import open_decisions
from mappe_servizi.errors import InputErrors, MappeError
from mappe_servizi.instance import knowledge
from mappe_servizi.model.records import Document, OpenDecision
from mappe_servizi.model.tables.codes import load_codes
from mappe_servizi.model.tables.edition import CORRECTIONS
from mappe_servizi.model.tables.rows import FileReading
from mappe_servizi.model.tables.sheet import read_sheet
from mappe_servizi.model.tables.table import Column, Table
from mappe_servizi.model.tables.whole import declared, municipality_files
from mappe_servizi.reading.proposals.words import asked_together
from mappe_servizi.review.writing import locked, replace_file

AROUND = 2
"""Lines of the document that are shown above and below."""
TOLD = ("reason", "evidence", "curation", "method", "probability", "reviewer", "decided", "status")
"""Columns that a reviewer is not asked for."""
_FIGURES = ("outputs", "users")
Cells = dict[str, str]


@dataclass(frozen=True, slots=True)
class Item:
    """A decision to take.

    Attributes:
        table: that it is a row of.
        path: the file.
        key: the row's cells that tell it from others; of a row that is not there yet, all it has.
        cells: by column; those that may be changed first.
        said: what proposes it, or what is asked.
        printed: lines of the document, each with its number.
        new: whether the row is not in the file yet.
    """

    table: Table[Any]
    path: Path
    key: tuple[str, ...]
    cells: Cells
    said: str
    printed: Sequence[str] = ()
    new: bool = False

    @property
    def kind(self) -> tuple[str, ...]:
        """What is asked once: a table's rows by one rule; of one sheet, where the rule looks at no more."""
        if self.new:
            return (self.path.name, *self.key)
        return self.path.name, *asked_together(self.cells.get("method", ""), self.cells.get("service", ""))

    @property
    def name(self) -> str:
        """What tells it from others."""
        return "\0".join((str(self.path), *self.key))


@dataclass
class RowSession:
    """The review of a municipality's tables.

    Attributes:
        folder: data/municipalities/{ipa}.
        documents: its editions as they were read, by year.
        reviewer: who decides.
        today: when.
    """

    folder: Path
    documents: Mapping[int, Document]
    reviewer: str
    today: Callable[[], str] = lambda: date.today().isoformat()
    _done: set[str] = field(default_factory=set)

    def items(self) -> list[Item]:
        """What is open now: questions of the documents, then proposals, the least sure first."""
        proposals = sorted(self._proposals(), key=lambda item: float(item.cells["probability"] or 0))
        found = [*self._questions(), *proposals]
        return [item for item in found if item.name not in self._done]

    def told(self) -> str:
        """How much there is to review, of which some holds already; a question may be about several rows."""
        items = self.items()
        return f"{len({item.kind for item in items})} questions about {len(items)} rows"

    def _proposals(self) -> Iterator[Item]:
        for home, path in municipality_files(self.folder):
            table = declared(home, path.name)
            if table is None or not table.drafted:
                continue
            for _, cells in _rows(path, table):
                if cells.get("curation") == "proposed" and not cells.get("reviewer"):
                    said = f"{cells.get('method', '')}, right in {cells.get('probability', '')} of such cases"
                    printed = self._lines(cells.get("evidence", ""), cells)
                    yield Item(table, path, _key(table, cells), cells, said, printed)

    def _questions(self) -> Iterator[Item]:
        """Cells of figures that no rule reads: a row of corrections.csv answers each."""
        for document in self.documents.values():
            path = document.municipality.edition_folder / CORRECTIONS.file
            taken = {cells["id"] for _, cells in _rows(path, CORRECTIONS)}
            number = 0
            for decision in open_decisions(document):
                if decision.section not in _FIGURES or decision.year is None:
                    continue
                while f"r{number:03}" in taken:
                    number += 1
                taken.add(f"r{number:03}")
                cells = _correction(f"r{number:03}", decision, document)
                key = (str(decision.number), decision.section, decision.printed, str(decision.year))
                yield Item(
                    CORRECTIONS,
                    path,
                    key,
                    cells,
                    decision.asks,
                    _around(document, decision.lines[0]),
                    new=True,
                )

    def _lines(self, evidence: str, cells: Mapping[str, str]) -> list[str]:
        """The lines of the newest document that a row rests on, or that print what it names."""
        document = self.documents[max(self.documents)]
        if found := re.match(r"lines? (\d+)", evidence):
            return _around(document, int(found[1]))
        words = next((cells[name] for name in ("label", "name", "title", "printed") if cells.get(name)), "")
        line = next((n for n, text in enumerate(document.lines, start=1) if words and words in text), None)
        return _around(document, line) if line else []

    def decide(self, name: str, verdict: str, changed: Mapping[str, str]) -> str:
        """Write a decision; returns what was written.

        Args:
            name: the item's.
            verdict: accept, with what was changed; reject, and the proposal stays as one that does not hold.
            changed: cells by column.

        Raises:
            MappeError: there is no such item, or what was changed cannot be used.
        """
        item = next((one for one in self.items() if one.name == name), None)
        if item is None:
            raise MappeError("this is decided already")
        allowed = {column.name for column in editable(item)}
        cells = item.cells | {key: value for key, value in changed.items() if key in allowed}
        if verdict == "accept":
            told = {"curation": "reviewed"}
            if "status" in cells:
                told["status"] = "reviewed"
        elif verdict == "reject" and not item.new:
            told = {"curation": "proposed", "probability": "0"}
        elif verdict == "reject":
            self._done.add(item.name)
            return "left open"
        else:
            raise MappeError(f"no verdict: {verdict!r}")
        cells |= told | {"reviewer": self.reviewer, "decided": self.today()}
        self._write([(item, cells)])
        return f"{item.path.name}: {verdict}ed" + (" with changes" if changed and cells != item.cells else "")

    def accept_all(
        self, name: str, changed: Mapping[str, str] | None = None, leave: Collection[str] = ()
    ) -> str:
        """Accept the proposals that are asked together with an item.

        Args:
            name: the item's.
            changed: cells by column, as for a decision; what differs from the item's own goes into every row.
            leave: names of items that stay open.

        Raises:
            MappeError: there is no such item, nothing is left of its kind, or a cell cannot be used.
        """
        found = self.items()
        one = next((item for item in found if item.name == name and not item.new), None)
        if one is None:
            raise MappeError("this is decided already, or is no proposal")
        alike = [item for item in found if item.kind == one.kind and item.name not in leave]
        if not alike:
            raise MappeError("none of them is chosen")
        allowed = {column.name for column in editable(one)}
        answer = {
            column: value
            for column, value in (changed or {}).items()
            if column in allowed and value != one.cells.get(column, "")
        }
        told = {"curation": "reviewed", "reviewer": self.reviewer, "decided": self.today()}
        reviewed = {"status": "reviewed"} if "status" in one.cells else {}
        self._write([(item, item.cells | answer | told | reviewed) for item in alike])
        return f"{one.path.name}: {len(alike)} accepted" + (" with changes" if answer else "")

    def _write(self, decided: Sequence[tuple[Item, Cells]]) -> None:
        table, path = decided[0][0].table, decided[0][0].path
        with locked(path.parent):
            names = [column.name for column in table.columns]
            rows = [cells for _, cells in _rows(path, table)]
            before = {_key(table, cells): i for i, cells in enumerate(rows)}
            for item, cells in decided:
                if item.new:
                    rows.append(cells)
                else:
                    rows[before[item.key]] = cells
            header = list(dict.fromkeys([*(rows[0] if rows else ()), *names]))
            header = [name for name in header if name in names]
            sheet = [header, *([cells.get(name, "") for name in header] for cells in rows)]
            _check(table, path, sheet)
            replace_file(path, sheet)
        self._done |= {item.name for item, _ in decided if item.new}


def about(item: Item) -> str:
    """What a row is about, in the document's words."""
    named = (item.cells[name] for name in ("label", "name", "title", "printed") if item.cells.get(name))
    service = item.cells.get("service", "")
    return " · ".join(text for text in (service, next(named, "")) if text)


def editable(item: Item) -> list[Column]:
    """The columns that a reviewer may change: what the row decides, not what it is about."""
    keys = set(item.table.unique[0]) if item.table.unique and not item.new else set()
    about = {
        "service",
        "title",
        "label",
        "name",
        "printed",
        "table",
        "id",
        "map",
        "section",
        "occurrence",
        "line",
    }
    return [column for column in item.table.own if column.name not in keys | about | set(TOLD)]


def _correction(id_: str, decision: OpenDecision, document: Document) -> Cells:
    """The row of corrections.csv that answers for a cell of figures."""
    sheet = document.map_of(decision.number or 0)
    same = [
        figure
        for row in (sheet.indicators if sheet else ())
        if row.table == decision.section
        for figure in row.figures
        if figure.raw == decision.printed
    ]
    here = [
        n
        for n, figure in enumerate(same, 1)
        if figure.year == decision.year and figure.lines == decision.lines
    ]
    number = re.search(r"\d[\d.]*(?:,\d+)?", decision.printed)
    return {
        "id": id_, "map": str(decision.number), "section": decision.section, "printed": decision.printed,
        "occurrence": str(here[0] if here else 1), "line": str(decision.lines[0]), "kind": "number",
        "reads": number[0] if number else "", "reason": "read by a person",
        "evidence": f"line {decision.lines[0]}",
    }  # fmt: skip


def _around(document: Document, line: int) -> list[str]:
    first = max(1, line - AROUND)
    return [
        f"{n}{'→' if n == line else ' '} {text}"
        for n, text in enumerate(document.lines[first - 1 : line + AROUND], start=first)
    ]


def _rows(path: Path, table: Table[Any]) -> Iterator[tuple[int, Cells]]:
    rows = read_sheet(path, [column.name for column in table.columns])
    if rows:
        header = [cell.strip() for cell in rows[0][1]]
        for line, cells in rows[1:]:
            if "".join(cells).strip():
                yield line, dict(zip(header, cells, strict=False))


def _key(table: Table[Any], cells: Mapping[str, str]) -> tuple[str, ...]:
    names = {column.field: column.name for column in table.own}
    fields = table.unique[0] if table.unique else tuple(names)
    return tuple(cells.get(names[field], "") for field in fields)


def _check(table: Table[Any], path: Path, sheet: Sequence[Sequence[str]]) -> None:
    """Fail where a file would say what it may not.

    Raises:
        InputErrors: all of it.
    """
    reading = FileReading(table, path, load_codes(knowledge("ontology")) if table.names_codes else {})
    reading.rows([(n, list(cells)) for n, cells in enumerate(sheet, start=1)])
    if reading.errors:
        raise InputErrors(reading.errors)
