"""The account of every line of the document: what it is and what came from it."""

from __future__ import annotations

from dataclasses import dataclass, field

from mappe_servizi.model.records import LedgerRow
from mappe_servizi.sources.block import Row

KINDS = (
    "row", "continuation", "duplicate", "heading", "label",
    "header", "footnote", "page", "markup", "separator", "blank",
)  # fmt: skip


@dataclass
class _Entry:
    kind: str = "blank"
    number: int | None = None
    section: str = ""
    records: dict[str, None] = field(default_factory=dict)
    stripped: list[str] = field(default_factory=list)
    told: bool = False


class Ledger:
    """Takes note of lines while they are read; ``rows`` fails where one was overlooked."""

    def __init__(self, lines: int) -> None:
        self._entries = [_Entry() for _ in range(lines)]

    def tell(self, row: Row, kind: str, place: tuple[int | None, str], *records: str) -> None:
        """Say what a row's line is; of several rows on a line the most telling kind counts.

        Args:
            row: the row.
            kind: one of KINDS.
            place: the map's number (None in the index) and the section.
            records: what came from it.
        """
        entry = self._entries[row.line - 1]
        if not entry.told or KINDS.index(kind) < KINDS.index(entry.kind):
            entry.kind, (entry.number, entry.section) = kind, place
        entry.told = True
        entry.records.update(dict.fromkeys(records))
        entry.stripped.extend(piece for piece in row.stripped if piece not in entry.stripped)

    def untold(self) -> list[int]:
        """The lines that nobody accounted for."""
        return [i for i, entry in enumerate(self._entries, start=1) if not entry.told]

    def rows(self) -> tuple[LedgerRow, ...]:
        """The whole account, a row a line."""
        return tuple(
            LedgerRow(i, e.kind, e.number, e.section, tuple(e.records), tuple(e.stripped))
            for i, e in enumerate(self._entries, start=1)
        )
