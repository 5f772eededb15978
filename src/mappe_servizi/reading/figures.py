"""Tables of figures: placed rows to indicators with their yearly figures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from mappe_servizi.model.records import Correction
from mappe_servizi.model.service_map import Figure, Indicator, Table, Text, Unit
from mappe_servizi.reading.corrections import Corrector
from mappe_servizi.reading.figure_table import FigureRow, FigureTable, GroupHeading
from mappe_servizi.reading.form import Form
from mappe_servizi.reading.numbers import (
    NumberReading,
    Unreadable,
    has_digit,
    is_note,
    read_figure,
    read_told,
)
from mappe_servizi.reading.printings import tell_printings
from mappe_servizi.reading.sections import PlacedRow
from mappe_servizi.reading.tables import GatheredText
from mappe_servizi.sources.block import Unplaced

_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")


def read_figure_rows(
    placed: Iterable[PlacedRow], section: str, form: Form, corrector: Corrector
) -> FigureTable:
    """The rows of a table of figures, continuations joined and groups assigned.

    Raises:
        Unplaced: no header with years, a figure that stands under no year or under several, a table
            that is printed again with other figures, or a group whose extent the table does not have.
    """
    table, columns = FigureTable(), dict[int, int]()
    for item in placed:
        if item.kind == "header":
            columns = _columns(item, form) or columns
            table.years = sorted({*table.years, *columns.values()})
        elif item.kind == "content":
            if not columns:
                raise Unplaced(item.row.line, "figures without a header of years above them")
            _check_row(item, columns, form)
            _read_row(table, item, columns, section, corrector)
    tell_printings(table)
    for group in table.groups:
        if group.left:
            raise Unplaced(group.placed.row.line, "the group lacks {} rows of its extent", group.left)
    return table


def _columns(header: PlacedRow, form: Form) -> dict[int, int]:
    """Column index -> year, where the header names years."""
    years = {i: form.year_of(cell.text) for i, cell in enumerate(header.row.cells) if cell}
    found = {i: year for i, year in years.items() if year}
    wide = next((cell for cell in header.row.cells if cell.columns > 1 and form.year_of(cell.text)), None)
    if wide:
        raise Unplaced(header.row.line, "{!r} stands over {} columns", wide.text, wide.columns)
    if found and len(set(found.values())) != len(found):
        raise Unplaced(header.row.line, "a year stands twice in the header")
    return found


def _check_row(item: PlacedRow, columns: dict[int, int], form: Form) -> None:
    """Refuse a row that the header's years do not tell how to read."""
    line, years = item.row.line, []
    for i, cell in enumerate(item.row.cells):
        if not cell:
            continue
        covered = [columns[c] for c in range(i, i + cell.columns) if c in columns]
        if len(covered) > 1 or (cell.rows > 1 and (covered or i == 0)):
            where = f"{len(covered)} years" if len(covered) > 1 else f"{cell.rows} rows"
            raise Unplaced(line, "the cell {!r} stands for {}", cell.text, where)
        if covered and form.is_header(cell.text):
            raise Unplaced(line, "{!r} is a header's word where a figure should be", cell.text)
        beyond = i > max(columns)
        if beyond and not (is_note(cell.text, form) and form.cell_word(cell.text) is None):
            raise Unplaced(line, "the cell {!r} stands under no year", cell.text)
        if covered and (year := _YEAR.search(cell.text)):
            years.append(int(year[0]))
    figures = sum(1 for i in columns if item.row.cell(i))
    words = [text for text in item.row.texts if text and form.cell_word(text) is None]
    if words and not item.row.cell(0) and not any(map(has_digit, words)):
        raise Unplaced(line, "{!r} stands beside no label", words[0])
    if figures > 1 and len(years) == figures and years == sorted(set(years)):
        says = "{!r} looks like a header of years that the form does not know"
        raise Unplaced(line, says, item.row.printed)


def _read_row(
    table: FigureTable, item: PlacedRow, columns: dict[int, int], section: str, corrector: Corrector
) -> None:
    row = item.row
    if not row.cell(0) and table.rows and not _starts_row(table.rows[-1], item, columns):
        _continue_row(table.rows[-1], item, columns)
        return
    new = FigureRow(GatheredText(), {}, GatheredText(), [item])
    new.label.add(row.cell(0), item)
    _fill_row(new, item, columns)
    if new.empty and _is_heading(table, new, item, section, corrector):
        return
    if table.groups and table.groups[-1].left:
        table.groups[-1].left -= 1
        new.group = table.groups[-1].text
        new.corrections += table.groups[-1].text.corrections
    table.rows.append(new)


def _is_heading(
    table: FigureTable, new: FigureRow, item: PlacedRow, section: str, corrector: Corrector
) -> bool:
    """Whether a row without figures is a group's heading, by its reviewed reading."""
    reading = corrector.heading(item.row.cell(0).text, section)
    if reading is None:
        table.undecided.append(new)
        return False
    if reading.kind == "empty-row":
        new.corrections = (reading.id,)
        return False
    if table.groups and table.groups[-1].left:
        raise Unplaced(item.row.line, "a group inside a group")
    text = new.label.text()
    if text is None or not reading.reads.isdigit():
        raise Unplaced(item.row.line, "{}: reads must be the number of rows of the group", reading.id)
    text = replace(text, corrections=(reading.id,))
    table.groups.append(GroupHeading(item, text, int(reading.reads)))
    return True


def _starts_row(above: FigureRow, item: PlacedRow, columns: dict[int, int]) -> bool:
    """A row without a label is a row of its own if it gives a year a second figure."""
    return any(item.row.cell(i) and year in above.cells for i, year in columns.items())


def _continue_row(above: FigureRow, item: PlacedRow, columns: dict[int, int]) -> None:
    above.placed.append(item)
    _fill_row(above, item, columns)


def _fill_row(row: FigureRow, item: PlacedRow, columns: dict[int, int]) -> None:
    for i, cell in enumerate(item.row.cells):
        if i == 0 or not cell:
            continue
        if i in columns:
            row.cells.setdefault(columns[i], GatheredText()).add(cell, item)
        elif i > max(columns):
            row.remark.add(cell, item)
        else:
            raise Unplaced(item.row.line, "the cell {!r} stands under no year", cell.text)


class IndicatorReader:
    """Makes a table's rows into indicators; texts are corrected in document order."""

    def __init__(self, table: Table, form: Form, corrector: Corrector) -> None:
        self._table, self._form, self._corrector = table, form, corrector
        self._groups: dict[Text, Text] = {}

    def read(self, rows: FigureTable) -> list[Indicator]:
        """The indicators, positions from 1. A cell that no rule reads is an open decision.

        Raises:
            Unplaced: a cell cannot be read as its correction says.
        """
        return [self._indicator(row, position) for position, row in enumerate(rows.rows, start=1)]

    def _indicator(self, row: FigureRow, position: int) -> Indicator:
        if row.group and row.group not in self._groups:
            self._groups[row.group] = self._corrector.text(row.group, self._table)
        label = self._corrector.text(row.label.text() or Text("", row.lines), self._table)
        drafts = sorted(row.cells.items())
        group = row.group.printed if row.group else ""
        scaled = self._form.is_scaled(label.value, group)
        figures = tuple(f for year, draft in drafts if (f := self._figure(draft, year, scaled=scaled)))
        remark = row.remark.text()
        return Indicator(
            table=self._table,
            position=position,
            label=label,
            group=self._groups[row.group] if row.group else None,
            figures=figures,
            lines=row.lines,
            remark=self._corrector.text(remark, self._table) if remark else None,
            unit=_unit(label.value, figures, self._form),
            corrections=tuple(dict.fromkeys((*row.corrections, *label.corrections))),
        )

    def _figure(self, draft: GatheredText, year: int, *, scaled: bool) -> Figure | None:
        text = draft.text()
        if text is None:
            return None
        correction = self._corrector.figure(text.printed, self._table)
        ids = (correction.id,) if correction else ()
        try:
            reading = self._reading(draft, text.printed, correction, scaled=scaled)
        except Unreadable as error:
            if correction:
                raise Unplaced(draft.lines[0], "{}: {}", correction.id, error) from None
            reading = NumberReading(None, None, "open", None)
        return Figure(
            year=year,
            raw=text.printed,
            value=reading.value,
            unit=reading.unit,
            status=reading.status,
            note=reading.note,
            lines=text.lines,
            corrections=(*text.corrections, *ids),
            source=draft.anchors[0] if draft.anchors else "",
        )

    def _reading(
        self, draft: GatheredText, printed: str, correction: Correction | None, *, scaled: bool
    ) -> NumberReading:
        """What a cell says, by its correction if it has one."""
        if correction and correction.kind == "number":
            return read_told(printed, correction.reads, self._form)
        if correction:
            return read_figure(correction.reads, self._form)
        if sum(map(has_digit, draft.parts)) > 1:
            raise Unreadable("figures in several paragraphs")
        reading = read_figure(printed, self._form)
        if scaled and reading.value:
            raise Unreadable("the row's label says that its numbers are in another scale")
        return reading


def _unit(label: str, figures: Iterable[Figure], form: Form) -> Unit:
    """The unit of a row: what all its cells print, else what its label names, else a count."""
    printed = {figure.unit for figure in figures if figure.unit}
    if len(printed) == 1:
        return printed.pop()
    return form.unit_of_label(label) or "count"
