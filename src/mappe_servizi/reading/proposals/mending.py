"""What would mend a document that cannot be read: corrections of its rows, to be tried one after another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mappe_servizi.errors import InputError
from mappe_servizi.model.records import Correction
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.form import LABELS
from mappe_servizi.model.text import fold
from mappe_servizi.reading.corrections import DOCUMENT
from mappe_servizi.reading.defects import (
    NumberTwice,
    TwoTexts,
    WithoutEntry,
    WithoutName,
    WithoutSections,
    WithoutSheet,
)
from mappe_servizi.reading.form import written_of
from mappe_servizi.sources.block import Row

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Mender:
    """Makes corrections for the errors of one document.

    Attributes:
        rows: the document's.
        labels: the form's own word for each section and part of a heading.
        headers: the words above columns, that of a description first.
        written: what is written where the document says nothing, by its role.
        taken: the ids of corrections that there are.
    """

    rows: Sequence[Row]
    labels: Mapping[str, str]
    headers: Sequence[str]
    written: Mapping[str, str]
    taken: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, rows: Sequence[Row], knowledge: Path, taken: set[str]) -> Mender:
        """For a document.

        Raises:
            InputError, InputErrors: the words of the form cannot be used.
        """
        labels: dict[str, str] = {}
        path = knowledge / LABELS.file
        found = read_rows(LABELS, path)
        written = written_of(found, path)
        description = written["description"]
        for row in found:
            if row.use in {"section", "heading"}:
                labels.setdefault(row.role, row.text)
        headers = {row.text for row in found if row.use == "header"} - {description}
        return cls(rows, labels, (description, *sorted(headers)), written, taken)

    def candidates(self, error: InputError) -> Iterator[Correction]:
        """What may mend an error, the best first."""
        line = error.row
        at = next((i for i, r in enumerate(self.rows) if line and r.line >= line and r.kind == "cells"), None)
        if at is None:
            return
        row = self.rows[at]
        for changed, reads in (*self._mended(error.defect, at), (row, "")):
            yield self._reads(changed, reads, error.message)

    def _mended(self, defect: Exception | None, at: int) -> Iterator[tuple[Row, str]]:
        """The row that mends a defect, and what is to be read in its place."""
        row = self.rows[at]
        match defect:
            case WithoutSheet():
                yield row, f"{row.printed} {self.written['unpublished']}"
            case WithoutSections():
                last = self._last(at)
                yield last, f"{last.printed}¶{'¶'.join(self.labels[name] for name in defect.sections)}"
            case WithoutName():
                yield row, f"{row.printed}¶{self.labels[defect.role]}→{self.written['unnamed']}"
            case WithoutEntry():
                if index := self._last_of_index(at):
                    yield index, f"{index.printed}¶{self._next_number(at)}. {defect.heading}"
            case NumberTwice():
                new = max(self._next_number(at), defect.number + 1)
                yield row, row.printed.replace(str(defect.number), str(new), 1)
            case TwoTexts():
                yield row, f"{self.labels['segments']}→{self.headers[0]}¶{row.printed.lstrip('→')}"
            case _:
                if split := self._split_header(row):
                    yield row, split

    def _next_number(self, at: int) -> int:
        """The number after those that rows begin with, up to one."""
        begun = (r.printed[:4] for r in self.rows[:at])
        return 1 + max((int(n) for text in begun for n in _NUMBER.findall(text)), default=0)

    def _split_header(self, row: Row) -> str:
        """A row whose one cell prints two headers, with each in its own cell; "" for any other."""
        filled = [i for i, cell in enumerate(row.cells) if cell]
        words = row.cells[filled[0]].text if len(filled) == 1 else ""
        for header in self.headers:
            before = words.removesuffix(f" {header}")
            if before != words and before in {*self.headers, *self.labels.values()}:
                return "→" * filled[0] + f"{before}→{header}"
        return ""

    def _last(self, at: int) -> Row:
        """The last row of the sheet that a row stands in."""
        title = fold(self.labels["map"]).casefold()
        last = self.rows[at]
        for row in self.rows[at:]:
            if row.kind == "cells" and fold(row.cells[row.first].text).casefold() == title:
                break
            last = row if row.kind == "cells" else last
        return last

    def _last_of_index(self, at: int) -> Row | None:
        entries = [row for row in self.rows[:at] if row.kind == "cells" and re.match(r"\d+[.)]", row.printed)]
        return entries[-1] if entries else None

    def _reads(self, row: Row, reads: str, message: str) -> Correction:
        same = [one for one in self.rows if fold(one.printed) == fold(row.printed) and one.line <= row.line]
        number = 1
        while f"m{number:03}" in self.taken:
            number += 1
        self.taken.add(f"m{number:03}")
        return Correction(
            f"m{number:03}", None, DOCUMENT, row.printed, len(same), row.line, "rows", reads, message,
            f"line {row.line}",
        )  # fmt: skip
