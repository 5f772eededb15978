"""Tables of figures: placed rows to indicators with their yearly figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from mappe_servizi.document.corrections import Corrector
from mappe_servizi.document.form import Form
from mappe_servizi.document.numbers import Unreadable, read_figure
from mappe_servizi.document.sections import Placed, year_of
from mappe_servizi.document.tables import Draft, Unplaced
from mappe_servizi.records import Figure, Indicator, Table, Text, Unit


@dataclass
class FigureRow:
    """A row of figures that is being put together."""

    label: Draft
    cells: dict[int, Draft]  # by year
    remark: Draft
    placed: list[Placed]
    group: Text | None = None
    corrections: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether no year has a figure."""
        return not any(draft.parts for draft in self.cells.values())

    @property
    def lines(self) -> tuple[int, ...]:
        """The lines that the row stands on."""
        return tuple(dict.fromkeys(p.row.line for p in self.placed))


@dataclass
class Grouping:
    """A group heading: its row, its text, and how many rows below it are its own."""

    placed: Placed
    text: Text
    left: int


@dataclass
class FigureTable:
    """The rows of a table and its group headings."""

    rows: list[FigureRow] = field(default_factory=list)
    groups: list[Grouping] = field(default_factory=list)
    years: list[int] = field(default_factory=list)


def read_figure_rows(placed: Iterable[Placed], section: str, corrector: Corrector) -> FigureTable:
    """The rows of a table of figures, continuations joined and groups assigned.

    Raises:
        Unplaced: no header with years, a row without figures that nobody reviewed, or a
            group whose extent the table does not have.
    """
    table, columns = FigureTable(), dict[int, int]()
    for item in placed:
        if item.kind == "header":
            columns = _columns(item) or columns
            table.years = sorted({*table.years, *columns.values()})
        elif item.kind == "content":
            if not columns:
                raise Unplaced(item.row.line, "figures without a header of years above them")
            _read_row(table, item, columns, section, corrector)
    for group in table.groups:
        if group.left:
            raise Unplaced(group.placed.row.line, f"the group lacks {group.left} rows of its extent")
    return table


def _columns(header: Placed) -> dict[int, int]:
    """Column index -> year, where the header names years."""
    years = {i: year_of(cell.text) for i, cell in enumerate(header.row.cells) if cell}
    found = {i: year for i, year in years.items() if year}
    if found and len(set(found.values())) != len(found):
        raise Unplaced(header.row.line, "a year stands twice in the header")
    return found


def _read_row(
    table: FigureTable, item: Placed, columns: dict[int, int], section: str, corrector: Corrector
) -> None:
    row = item.row
    if not row.cell(0) and table.rows and not _starts_row(table.rows[-1], item, columns):
        _continue_row(table.rows[-1], item, columns)
        return
    new = FigureRow(Draft(), {}, Draft(), [item])
    new.label.add(row.cell(0), item)
    _fill_row(new, item, columns)
    if new.empty and _is_heading(table, new, item, section, corrector):
        return
    if table.groups and table.groups[-1].left:
        table.groups[-1].left -= 1
        new.group = table.groups[-1].text
        new.corrections += table.groups[-1].text.corrections
    table.rows.append(new)


def _is_heading(table: FigureTable, new: FigureRow, item: Placed, section: str, corrector: Corrector) -> bool:
    """Whether a row without figures is a group's heading, by its reviewed reading."""
    reading = corrector.heading(item.row.cell(0).text, section)
    if reading is None:
        raise Unplaced(
            item.row.line,
            f"the row {item.row.cell(0).text!r} has no figures: say in corrections.csv whether it is "
            "a heading (kind group, reads = how many rows below it are its own) or an empty-row",
        )
    if reading.kind == "empty-row":
        new.corrections = (reading.id,)
        return False
    if table.groups and table.groups[-1].left:
        raise Unplaced(item.row.line, "a group inside a group")
    text = new.label.text()
    if text is None or not reading.reads.isdigit():
        raise Unplaced(item.row.line, f"{reading.id}: reads must be the number of rows of the group")
    text = replace(text, corrections=(reading.id,))
    table.groups.append(Grouping(item, text, int(reading.reads)))
    return True


def _starts_row(above: FigureRow, item: Placed, columns: dict[int, int]) -> bool:
    """A row without a label is a row of its own if it gives a year a second figure."""
    return any(item.row.cell(i) and year in above.cells for i, year in columns.items())


def _continue_row(above: FigureRow, item: Placed, columns: dict[int, int]) -> None:
    above.placed.append(item)
    _fill_row(above, item, columns)


def _fill_row(row: FigureRow, item: Placed, columns: dict[int, int]) -> None:
    for i, cell in enumerate(item.row.cells):
        if i == 0 or not cell:
            continue
        if i in columns:
            row.cells.setdefault(columns[i], Draft()).add(cell, item)
        elif i > max(columns):
            row.remark.add(cell, item)
        else:
            raise Unplaced(item.row.line, f"the cell {cell.text!r} stands under no year")


class IndicatorReader:
    """Makes a table's rows into indicators; texts are corrected in document order."""

    def __init__(self, table: Table, form: Form, corrector: Corrector) -> None:
        self._table, self._form, self._corrector = table, form, corrector
        self._groups: dict[Text, Text] = {}

    def read(self, rows: FigureTable) -> list[Indicator]:
        """The indicators, positions from 1.

        Raises:
            Unplaced: a cell cannot be read.
        """
        return [self._indicator(row, position) for position, row in enumerate(rows.rows, start=1)]

    def _indicator(self, row: FigureRow, position: int) -> Indicator:
        if row.group and row.group not in self._groups:
            self._groups[row.group] = self._corrector.text(row.group, self._table)
        label = self._corrector.text(row.label.text() or Text("", row.lines), self._table)
        drafts = sorted(row.cells.items())
        figures = tuple(f for year, draft in drafts if (f := self._figure(draft, year, row)))
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

    def _figure(self, draft: Draft, year: int, row: FigureRow) -> Figure | None:
        text = draft.text()
        if text is None:
            return None
        read, ids = self._corrector.figure(text.printed, self._table)
        try:
            reading = read_figure(read, self._form)
        except Unreadable as error:
            raise Unplaced(draft.lines[0], f"{error} (row {row.label.parts!r}, {year})") from None
        return Figure(
            year=year,
            raw=text.printed,
            value=reading.value,
            unit=reading.unit,
            status=reading.status,
            note=reading.note,
            lines=text.lines,
            corrections=(*text.corrections, *ids),
        )


def _unit(label: str, figures: Iterable[Figure], form: Form) -> Unit:
    """The unit of a row: what all its cells print, else what its label names, else a count."""
    printed = {figure.unit for figure in figures if figure.unit}
    if len(printed) == 1:
        return printed.pop()
    return form.unit_of_label(label) or "count"
