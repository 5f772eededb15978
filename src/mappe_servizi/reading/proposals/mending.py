"""What would mend a document that cannot be read: corrections of its rows, to be tried one after another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mappe_servizi.model.records import Correction
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.form import LABELS
from mappe_servizi.model.text import fold
from mappe_servizi.reading.corrections import DOCUMENT
from mappe_servizi.reading.form import written_of
from mappe_servizi.sources.block import Row

_ENTRY = re.compile(r"no sheet for the entry")
_LACKS = re.compile(r"the sheet lacks the sections ([a-z, ]+): cut off")
_HEADING = re.compile(r"the sheet's heading names no (service|responsible)")
_NO_ENTRY = re.compile(r"the sheet (['\"])(?P<title>.*)\1 matches no entry of the index")
_TWICE = re.compile(r"the number (\d+) stands twice in the index")
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

    def candidates(self, message: str, line: int) -> Iterator[Correction]:
        """What may mend an error, the best first."""
        at = next((i for i, row in enumerate(self.rows) if row.line >= line and row.kind == "cells"), None)
        if at is None:
            return
        row = self.rows[at]
        if _ENTRY.search(message):
            yield self._reads(row, f"{row.printed} {self.written['unpublished']}", message)
        elif found := _LACKS.search(message):
            last = self._last(at)
            labels = "¶".join(self.labels[name.strip()] for name in found[1].split(","))
            yield self._reads(last, f"{last.printed}¶{labels}", message)
        elif found := _HEADING.search(message):
            yield self._reads(
                row, f"{row.printed}¶{self.labels[found[1]]}→{self.written['unnamed']}", message
            )
        elif found := _NO_ENTRY.search(message):
            if index := self._last_of_index(at):
                number = 1 + max(
                    (int(n) for r in self.rows[:at] for n in _NUMBER.findall(r.printed[:4])), default=0
                )
                yield self._reads(index, f"{index.printed}¶{number}. {found['title']}", message)
        elif found := _TWICE.search(message):
            number = 1 + max(
                (int(n) for r in self.rows[:at] for n in _NUMBER.findall(r.printed[:4])), default=0
            )
            yield self._reads(
                row, row.printed.replace(found[1], str(max(number, int(found[1]) + 1)), 1), message
            )
        elif split := self._split_header(row):
            yield self._reads(row, split, message)
        yield self._reads(row, "", message)

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
