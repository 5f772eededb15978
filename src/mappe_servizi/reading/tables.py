"""The tables of a sheet: placed rows to records. Every row goes somewhere or is an error."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from mappe_servizi.model.service_map import Text
from mappe_servizi.reading.defects import TwoTexts
from mappe_servizi.reading.sections import PlacedRow
from mappe_servizi.sources.block import Cell, Unplaced


@dataclass
class GatheredText:
    """A text that is being put together from cells."""

    parts: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    corrections: list[str] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)

    def add(self, cell: Cell, placed: PlacedRow) -> None:
        """Put a cell's parts behind those already there."""
        if not cell:
            return
        self.parts.extend(cell.parts)
        if cell.anchor:
            self.anchors.append(cell.anchor)
        if placed.row.line not in self.lines:
            self.lines.append(placed.row.line)
        self.corrections += [c for c in placed.row.corrections if c not in self.corrections]

    def text(self) -> Text | None:
        """What came together, None if nothing did."""
        if not self.parts:
            return None
        return Text(" ".join(self.parts), tuple(self.lines), tuple(self.parts), None, tuple(self.corrections))


@dataclass
class NamedNote:
    """A row of a table of two columns, and the lines that it took."""

    name: GatheredText = field(default_factory=GatheredText)
    note: GatheredText = field(default_factory=GatheredText)
    rows: list[PlacedRow] = field(default_factory=list)


def read_pairs(content: Iterable[PlacedRow]) -> list[NamedNote]:
    """Rows of name and description (or note, or role).

    A row whose first cell is empty continues the row above it; one with a text only in the
    second column and no row above it is a row without a name. Columns that no row fills are none: that of the
    label, beside which the table stands, or one that a spreadsheet leaves between.

    Raises:
        Unplaced: a row has more cells than the table has columns.
    """
    pairs: list[NamedNote] = []
    content = list(content)
    two = _two_columns(content)
    for placed in content:
        if placed.vertical:
            _read_vertical(pairs, placed)
            continue
        cells = list(placed.row.cells)
        offset = placed.offset if placed.offset and not cells[0] else 0
        if two and not placed.offset:
            cells = [placed.row.cell(column) for column in two]
        name, note, *more = [*cells[offset:], Cell(""), Cell("")]
        if any(more) or any(cells[:offset]):
            raise Unplaced(placed.row.line, "more cells than the table has columns: {!r}", placed.row.printed)
        if name or not pairs:
            pairs.append(NamedNote())
        pairs[-1].name.add(name, placed)
        pairs[-1].note.add(note, placed)
        pairs[-1].rows.append(placed)
    return pairs


def _two_columns(content: Iterable[PlacedRow]) -> list[int]:
    """The two columns that rows fill, where these are not the first two."""
    filled = {i for placed in content for i, cell in enumerate(placed.row.cells) if cell}
    return sorted(filled) if len(filled) == 2 and max(filled) > 1 else []


def _read_vertical(pairs: list[NamedNote], placed: PlacedRow) -> None:
    """The cells of a row stand below each other: name, then description."""
    cells = [cell for cell in placed.row.cells if cell]
    if len(cells) != 1:
        raise Unplaced(placed.row.line, "one cell expected in this layout: {!r}", placed.row.printed)
    if not pairs or pairs[-1].note.parts:
        pairs.append(NamedNote())
        pairs[-1].name.add(cells[0], placed)
    else:
        pairs[-1].note.add(cells[0], placed)
    pairs[-1].rows.append(placed)


def read_singles(content: Iterable[PlacedRow]) -> list[tuple[Text, PlacedRow]]:
    """Rows of one text each, in whatever column it stands.

    Raises:
        Unplaced: a row has two texts.
    """
    found = []
    for placed in content:
        cells = [cell for cell in placed.row.cells if cell]
        if len(cells) != 1:
            raise TwoTexts(placed.row.line, placed.row.printed)
        draft = GatheredText()
        draft.add(cells[0], placed)
        text = draft.text()
        assert text is not None
        found.append((text, placed))
    return found
