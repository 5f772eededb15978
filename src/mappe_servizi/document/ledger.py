"""The account of every line of the document: what it is and what came from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from mappe_servizi.records import LedgerRow

KINDS = (
    "row",
    "continuation",
    "heading",
    "label",
    "header",
    "footnote",
    "duplicate",
    "markup",
    "separator",
    "blank",
)


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

    def tell(
        self,
        line: int,
        kind: str,
        number: int | None,
        section: str,
        records: Iterable[str] = (),
        stripped: Iterable[str] = (),
    ) -> None:
        """Say what a line is; of several rows on a line the most telling kind counts."""
        entry = self._entries[line - 1]
        if not entry.told or KINDS.index(kind) < KINDS.index(entry.kind):
            entry.kind, entry.number, entry.section = kind, number, section
        entry.told = True
        entry.records.update(dict.fromkeys(records))
        entry.stripped.extend(stripped)

    def untold(self) -> list[int]:
        """The lines that nobody accounted for."""
        return [i for i, entry in enumerate(self._entries, start=1) if not entry.told]

    def rows(self) -> tuple[LedgerRow, ...]:
        return tuple(
            LedgerRow(i, e.kind, e.number, e.section, tuple(e.records), tuple(e.stripped))
            for i, e in enumerate(self._entries, start=1)
        )
