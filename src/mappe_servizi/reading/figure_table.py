"""A table of figures while it is being read."""

from __future__ import annotations

from dataclasses import dataclass, field

from mappe_servizi.model.service_map import Text
from mappe_servizi.reading.sections import PlacedRow
from mappe_servizi.reading.tables import GatheredText


@dataclass
class FigureRow:
    """A row of figures that is being put together."""

    label: GatheredText
    cells: dict[int, GatheredText]  # by year
    remark: GatheredText
    placed: list[PlacedRow]
    group: Text | None = None
    corrections: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether no year has a figure."""
        return not any(draft.parts for draft in self.cells.values())

    @property
    def printing(self) -> int:
        """How often the table's header was printed before."""
        return self.placed[0].printing

    @property
    def lines(self) -> tuple[int, ...]:
        """The lines that the row stands on."""
        return tuple(dict.fromkeys(p.row.line for p in self.placed))


@dataclass
class GroupHeading:
    """A group heading: its row, its text, and how many rows below it are its own."""

    placed: PlacedRow
    text: Text
    left: int
    assumed: bool = False
    """Nobody has decided it: the rows below are printed under other headings, too."""


@dataclass
class FigureTable:
    """The rows of a table and its group headings."""

    rows: list[FigureRow] = field(default_factory=list)
    groups: list[GroupHeading] = field(default_factory=list)
    years: list[int] = field(default_factory=list)
    undecided: list[FigureRow] = field(default_factory=list)
    """Rows without figures that nobody has decided: read as rows that were not filled in."""
