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

_NUMBER = re.compile(r"(\d{1,3})\s*[.)]")
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")


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
    made: dict[tuple[str, int], str] = field(default_factory=dict)
    """What was proposed to be read in place of a row, by its text and how often it has come."""

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
                if split := self._split_header(row) or self._years(row):
                    yield row, split

    def _next_number(self, at: int) -> int:
        """The number after those that rows begin with, up to one."""
        begun = (_NUMBER.match(row.printed) for row in self.rows[:at])
        return 1 + max((int(found[1]) for found in begun if found), default=0)

    def _split_header(self, row: Row) -> str:
        """A row whose one cell prints two headers, with each in its own cell; "" for any other."""
        filled = [i for i, cell in enumerate(row.cells) if cell]
        words = row.cells[filled[0]].text if len(filled) == 1 else ""
        for header in self.headers:
            before = words.removesuffix(f" {header}")
            if before != words and before in {*self.headers, *self.labels.values()}:
                return "→" * filled[0] + f"{before}→{header}"
        return ""

    def _years(self, row: Row) -> str:
        """A row each of whose cells names one year, with the bare years; "" for any other."""
        found = [_YEAR.findall(cell.text) for cell in row.cells]
        years = [one[0] for one in found if one]
        named = all(len(set(one)) == 1 for one, cell in zip(found, row.cells, strict=True) if cell)
        if len(years) < 2 or not named or years != sorted(set(years)):
            return ""
        return "→".join(one[0] if one else "" for one in found)

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
        same_row = (row.printed, len(same))
        before = self.made.get(same_row, "")
        if reads.startswith(row.printed) and before.startswith(row.printed):
            reads += before.removeprefix(row.printed)  # two problems of one row are mended by one correction
        if reads:
            self.made[same_row] = reads
        number = 1
        while f"m{number:03}" in self.taken:
            number += 1
        self.taken.add(f"m{number:03}")
        return Correction(
            f"m{number:03}", None, DOCUMENT, row.printed, len(same), row.line, "rows", reads, message,
            f"line {row.line}",
        )  # fmt: skip
