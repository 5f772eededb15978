"""Repairs of a document as reviewed data: data/municipalities/{ipa}/editions/{year}/corrections.csv.

A correction is anchored on the map's number, the section, the printed text and its
occurrence there; the line is only a hint. Its kinds:

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
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path

from mappe_servizi.model.records import Correction, Text
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.municipality import CORRECTIONS
from mappe_servizi.reading.markup import clean
from mappe_servizi.reading.rows import Row, make_row

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

    def __init__(self, corrections: Iterable[Correction], number: int | None) -> None:
        self._mine = [c for c in corrections if c.map == number]
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
        for correction in self._mine:
            if correction.kind != "rows" or correction.section != section:
                continue
            if _same(correction.printed, row.printed) and self._hit(correction):
                return _rewritten(row, correction)
        return [row]

    def heading(self, label: str, section: str) -> Correction | None:
        """The reviewed reading of a row without figures."""
        for correction in self._mine:
            mine = correction.kind in {"group", "empty-row"} and correction.section == section
            if mine and _same(correction.printed, label) and self._hit(correction):
                return correction
        return None

    def figure(self, raw: str, section: str) -> Correction | None:
        """The correction that says what a cell of figures is read as."""
        for correction in self._mine:
            mine = correction.kind in {"figure", "number"} and correction.section == section
            if mine and _same(correction.printed, raw) and self._hit(correction):
                return correction
        return None

    def text(self, text: Text, section: str) -> Text:
        """A text with the corrections that touch it."""
        value, ids = text.value, text.corrections
        for correction in self._mine:
            if correction.kind not in _TEXT_KINDS or correction.section != section:
                continue
            if correction.printed in text.printed and self._hit(correction):
                value = _corrected(value, correction)
                ids = (*ids, correction.id)
        corrected = value if value != text.printed else None
        return replace(text, corrected=corrected, corrections=ids)


def _corrected(value: str, correction: Correction) -> str:
    if correction.kind == "truncated" and not correction.reads:
        return value
    return value.replace(correction.printed, correction.reads, 1)


def _same(anchor: str, printed: str) -> bool:
    """An anchor may be the beginning of a long text, closed with "…"."""
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
