"""The open decisions of a municipality, one after another: each with what the document prints beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from mappe_servizi.errors import InputErrors, MappeError
from mappe_servizi.instance import knowledge
from mappe_servizi.model.records import Document
from mappe_servizi.model.tables.codes import load_codes
from mappe_servizi.model.tables.edition import CORRECTIONS
from mappe_servizi.model.tables.rows import FileReading
from mappe_servizi.model.tables.sheet import read_sheet
from mappe_servizi.model.tables.table import Table
from mappe_servizi.model.tables.whole import declared, municipality_files
from mappe_servizi.reading.form import Form, load_form
from mappe_servizi.review.rows.item import Cells, Item, editable, key_of
from mappe_servizi.review.rows.questions import around, check, questions
from mappe_servizi.review.writing import locked, replace_file


@dataclass
class RowSession:
    """The review of a municipality's tables.

    Attributes:
        folder: data/municipalities/{ipa}.
        documents: its editions as they were read, by year; none where one cannot be read yet.
        reviewer: who decides.
        today: when.
    """

    folder: Path
    documents: Mapping[int, Document]
    reviewer: str
    today: Callable[[], str] = lambda: date.today().isoformat()
    _done: set[str] = field(default_factory=set)
    _form: Form = field(default_factory=lambda: load_form(knowledge("knowledge")))

    def items(self) -> list[Item]:
        """What is open now: questions of the documents, then proposals, the least sure first."""
        proposals = sorted(self._proposals(), key=lambda item: float(item.cells["probability"] or 0))
        found = [*self._questions(), *proposals]
        return [item for item in found if item.name not in self._done]

    def told(self) -> str:
        """How much there is to review: a question may be about several rows, and what holds is told apart."""
        items = self.items()
        asked, held = ([item for item in items if item.holds is holds] for holds in (False, True))
        told = f"{len({item.kind for item in asked})} questions about {len(asked)} rows"
        if held:
            steps = len({item.kind for item in held})
            told += f"; {len(held)} rows that hold already are accepted in {steps} times"
        return told

    def _proposals(self) -> Iterator[Item]:
        for home, path in municipality_files(self.folder):
            table = declared(home, path.name)
            if table is None or not table.drafted:
                continue
            for _, cells in _rows(path, table):
                if cells.get("curation") == "proposed" and not cells.get("reviewer"):
                    said = f"{cells.get('method', '')}, right in {cells.get('probability', '')} of such cases"
                    printed = self._lines(cells.get("evidence", ""), cells)
                    yield Item(table, path, key_of(table, cells), cells, said, printed)

    def _questions(self) -> Iterator[Item]:
        """What the documents print and no rule reads: a row of corrections.csv answers each."""
        for document in self.documents.values():
            path = document.municipality.edition_folder / CORRECTIONS.file
            taken = {cells["id"] for _, cells in _rows(path, CORRECTIONS)}
            yield from questions(document, path, taken, self._form)

    def _lines(self, evidence: str, cells: Mapping[str, str]) -> list[str]:
        """The lines of the newest document that a row rests on, or that print what it names."""
        if not self.documents:
            return [cells.get("printed", "")]
        document = self.documents[max(self.documents)]
        if found := re.match(r"lines? (\d+)", evidence):
            return around(document, int(found[1]))
        words = next((cells[name] for name in ("label", "name", "title", "printed") if cells.get(name)), "")
        line = next((n for n, text in enumerate(document.lines, start=1) if words and words in text), None)
        return around(document, line) if line else []

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
        if item.new:
            check(cells, self._form)
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
        one = next((item for item in found if item.name == name and (item.asked or not item.new)), None)
        if one is None:
            raise MappeError("this is decided already, or is asked alone")
        alike = [item for item in found if item.kind == one.kind and item.name not in leave]
        if not alike:
            raise MappeError("none of them is chosen")
        allowed = {column.name for column in editable(one)}
        answer = {
            column: value
            for column, value in (changed or {}).items()
            if column in allowed and value != one.cells.get(column, "")
        }
        if answer and len({item.cells.get("method") for item in alike}) > 1:
            raise MappeError("these are rows of several rules: tick those of one, or change one alone")
        told = {"curation": "reviewed", "reviewer": self.reviewer, "decided": self.today()}
        reviewed = {"status": "reviewed"} if "status" in one.cells else {}
        self._write([(item, item.cells | answer | told | reviewed) for item in alike])
        return f"{one.path.name}: {len(alike)} accepted" + (" with changes" if answer else "")

    def _write(self, decided: Sequence[tuple[Item, Cells]]) -> None:
        table, path = decided[0][0].table, decided[0][0].path
        with locked(path.parent):
            names = [column.name for column in table.columns]
            rows = [cells for _, cells in _rows(path, table)]
            before = {key_of(table, cells): i for i, cells in enumerate(rows)}
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


def _rows(path: Path, table: Table[Any]) -> Iterator[tuple[int, Cells]]:
    rows = read_sheet(path, [column.name for column in table.columns])
    if rows:
        header = [cell.strip() for cell in rows[0][1]]
        for line, cells in rows[1:]:
            if "".join(cells).strip():
                yield line, dict(zip(header, cells, strict=False))


def _check(table: Table[Any], path: Path, sheet: Sequence[Sequence[str]]) -> None:
    """Fail where a file would say what it may not.

    Raises:
        InputErrors: all of it.
    """
    reading = FileReading(table, path, load_codes(knowledge("ontology")) if table.names_codes else {})
    reading.rows([(n, list(cells)) for n, cells in enumerate(sheet, start=1)])
    if reading.errors:
        raise InputErrors(reading.errors)
