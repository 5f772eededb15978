"""Repairs of a document as reviewed data: data/municipalities/{ipa}/editions/{year}/corrections.csv.

A correction is anchored on the map's number, the section, the printed text and its
occurrence there; the line is only a hint. One of the section "document" has no map and reaches any
row before anything is made of it: a sheet's title, its heading, a label, the index. What is printed is
compared with typography folded (model/text.py). Its kinds:

rows        a printed row (cells joined with "→") is read as the rows in ``reads`` (joined
            with "¶"; an empty ``reads`` reads as nothing);
group       a row without figures is the heading of the next ``reads`` rows;
empty-row   a row without figures is an indicator whose figures are not filled in;
misprint    inside any text, ``printed`` is read as ``reads``;
truncated   the text is cut off at ``printed``; ``reads`` is the whole text, where known;
figure      a cell of figures is read as ``reads``;
number      a cell of figures prints the number ``reads``, its other words are a note.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from mappe_servizi.model.records import Correction
from mappe_servizi.model.service_map import Text
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.edition import CORRECTIONS
from mappe_servizi.model.text import fold
from mappe_servizi.sources.block import Cell, Row, make_row
from mappe_servizi.sources.markup import clean

DOCUMENT = "document"
_TEXT_KINDS = frozenset({"misprint", "truncated"})


def load_corrections(path: Path) -> tuple[Correction, ...]:
    """Read the corrections of an edition; no file means none.

    Raises:
        InputError, InputErrors: a cell cannot be used.
    """
    return tuple(Correction(**asdict(row)) for row in read_rows(CORRECTIONS, path))


class Corrector:
    """Applies the corrections of one map (None: of the index) and knows which were used.

    Texts and rows must be offered in document order: that is how occurrences are counted.
    """

    def __init__(
        self, corrections: Iterable[Correction], number: int | None, *, everywhere: bool = False
    ) -> None:
        mine = [c for c in corrections if c.map == number]
        self._mine = [c for c in mine if (c.section == DOCUMENT) == everywhere]
        self._seen: Counter[str] = Counter()
        self.used: set[str] = set()

    @property
    def unused(self) -> list[Correction]:
        """The corrections whose anchor was not found."""
        return [c for c in self._mine if c.id not in self.used]

    def _hit(self, correction: Correction) -> bool:
        self._seen[correction.id] += 1
        if self._seen[correction.id] != correction.occurrence:
            return False
        self.used.add(correction.id)
        return True

    def rows(self, row: Row, section: str) -> list[Row]:
        """What a printed row is read as (mostly the row itself)."""
        found = self._first({"rows"}, section, row.printed)
        return _rewritten(row, found) if found else [row]

    def document(self, rows: Iterable[Row]) -> list[Row]:
        """The document's rows with the corrections that reach any of them."""
        if not self._mine:
            return list(rows)
        return [self._spelled(new) for row in rows for new in self.rows(row, DOCUMENT)]

    def _spelled(self, row: Row) -> Row:
        """A row with its misprints corrected; what it printed stays in the document's lines."""
        printed = row.printed
        for correction in self._mine:
            if correction.kind in _TEXT_KINDS and _found(correction.printed, printed) >= 0:
                if not self._hit(correction):
                    continue
                cells = [replace(c, **_spelling(c, correction)) for c in row.cells]
                ids = (*row.corrections, correction.id)
                row = replace(row, cells=tuple(cells), corrections=ids)
        return row

    def heading(self, label: str, section: str) -> Correction | None:
        """The reviewed reading of a row without figures."""
        return self._first({"group", "empty-row"}, section, label)

    def figure(self, raw: str, section: str) -> Correction | None:
        """The correction that says what a cell of figures is read as."""
        return self._first({"figure", "number"}, section, raw)

    def _first(self, kinds: Collection[str], section: str, printed: str) -> Correction | None:
        """The correction of a printed text; all of the same text count how often it has come."""
        same = [
            one
            for one in self._mine
            if one.kind in kinds and one.section == section and _same(one.printed, printed)
        ]
        hit = [one for one in same if self._hit(one)]
        return hit[0] if hit else None

    def text(self, text: Text, section: str) -> Text:
        """A text with the corrections that touch it."""
        value, ids = text.value, text.corrections
        for correction in self._mine:
            if correction.kind not in _TEXT_KINDS or correction.section != section:
                continue
            if _found(correction.printed, text.printed) >= 0 and self._hit(correction):
                value = _corrected(value, correction)
                ids = (*ids, correction.id)
        corrected = value if value != text.printed else None
        return replace(text, corrected=corrected, corrections=ids)


def _corrected(value: str, correction: Correction) -> str:
    if correction.kind == "truncated" and not correction.reads:
        return value
    at = _found(correction.printed, value)
    return value if at < 0 else value[:at] + correction.reads + value[at + len(correction.printed) :]


def _spelling(cell: Cell, correction: Correction) -> dict[str, Any]:
    parts = [_corrected(part, correction) for part in cell.parts]
    return {"text": " ".join(parts), "parts": tuple(parts)}


def _found(anchor: str, printed: str) -> int:
    """Where a text prints an anchor, -1 where it does not."""
    return fold(printed).find(fold(anchor))


def _same(anchor: str, printed: str) -> bool:
    """An anchor may be the beginning of a long text, closed with "…"."""
    anchor, printed = fold(anchor), fold(printed)
    return printed.startswith(anchor[:-1]) if anchor.endswith("…") else printed == anchor


def _rewritten(row: Row, correction: Correction) -> list[Row]:
    """The rows that a correction reads; "…" in a cell stands for the words between.

    Long texts need not be copied into the corrections file: ``a … b`` in ``reads`` takes
    what the printed row has from ``a`` to ``b``.
    """
    if not correction.reads:
        return [replace(row, kind="header", corrections=(correction.id,))]
    made = []
    for reads in correction.reads.split("¶"):
        cells = [clean(_fill(cell, row.printed)) for cell in reads.split("→")]
        new = make_row(row.line, cells)
        made.append(replace(new, corrections=(correction.id,), shared=row.shared, stripped=row.stripped))
    return made


def _fill(cell: str, printed: str) -> str:
    start, mark, end = cell.partition("…")
    if not mark:
        return cell
    begin = printed.find(start)
    stop = printed.find(end, begin + len(start)) if end else len(printed)
    if begin < 0 or stop < 0:
        return cell
    return printed[begin : stop + len(end)]
