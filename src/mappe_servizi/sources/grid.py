"""Tables whose cells cover several columns and rows: each cell once, where it begins."""

from __future__ import annotations

from dataclasses import dataclass, field

from mappe_servizi.sources.block import EMPTY, MAX_COLUMNS, Cell, Unfit


@dataclass(slots=True)
class Grid:
    """Lays the rows of a table one below the other.

    Attributes:
        left: by column, how many rows below are covered by a cell above them.
    """

    left: dict[int, int] = field(default_factory=dict)

    def lay(self, cells: list[Cell]) -> tuple[list[Cell], int]:
        """A row's cells in their columns, and how many cells it has: 1 is a line of text.

        >>> grid = Grid()
        >>> [c.text for c in grid.lay([Cell("a", rows=2), Cell("b", columns=2)])[0]]
        ['a', 'b', '']
        >>> [c.text for c in grid.lay([Cell("c"), Cell("d")])[0]]
        ['', 'c', 'd']
        """
        covered, left = self.left, {c: n - 1 for c, n in self.left.items() if n > 1}
        laid: list[Cell] = []
        for cell in cells:
            while covered.get(len(laid)):
                laid.append(EMPTY)
            if cell.rows > 1:
                left |= dict.fromkeys(range(len(laid), len(laid) + cell.columns), cell.rows - 1)
            laid += [cell, *[EMPTY] * (cell.columns - 1)]
            if len(laid) > MAX_COLUMNS:
                raise Unfit(f"a table of more than {MAX_COLUMNS} columns")
        self.left = left
        return laid, 1 if len(cells) == 1 and not covered else len(laid)
