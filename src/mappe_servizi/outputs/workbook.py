"""The tables as one workbook, for offices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from mappe_servizi.model.outputs.declared import PARQUET, SHEET_ROWS, TABLE
from mappe_servizi.outputs.packages import DescribedTable, in_one_line

MAX_WIDTH = 60
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a text begins with that a spreadsheet may take for a formula."""


def write_workbook(
    tables: Sequence[DescribedTable],
    path: Path,
    about: Mapping[str, str],
    created: datetime,
    most: int = SHEET_ROWS,
) -> None:
    """Write one workbook: a sheet that says what it is, then one a table.

    A table of more than ``most`` rows has no sheet, and the first one says where it is: half a table
    would be taken for the whole.

    Args:
        tables: the tables.
        path: of the workbook.
        about: what the first sheet says, by label: title, licence, rights holder, ...
        created: the time that its properties tell.
        most: rows that a sheet may have below its header.
    """
    long = {table.name: rows for table in tables if (rows := sum(1 for _ in table.rows())) > most}
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, {**options, "constant_memory": False}) as workbook:
        properties = {
            "title": about["Titolo"],
            "author": about["Pubblicato da"],
            "company": about["Titolare dei diritti"],
            "comments": in_one_line(about),
            "created": created,
        }
        workbook.set_properties(properties)
        bold, wrap = workbook.add_format({"bold": True}), workbook.add_format({"text_wrap": True})
        quoted = workbook.add_format({"quote_prefix": True})
        fitting = [table for table in tables if table.name not in long]
        line = _readme(workbook.add_worksheet("Leggimi"), fitting, about, bold, wrap)
        _elsewhere(workbook.worksheets()[0], line, long)
        for table in fitting:
            _sheet(workbook.add_worksheet(table.name[:31]), table, bold, quoted)


def _readme(
    sheet: Any, tables: Sequence[DescribedTable], about: Mapping[str, str], bold: Any, wrap: Any
) -> int:
    """Say what the workbook is and has; returns the next line."""
    sheet.set_column(0, 1, 22)
    sheet.set_column(2, 3, MAX_WIDTH, wrap)
    line = 0
    for label, text in about.items():
        sheet.write_string(line, 0, label, bold)
        sheet.write_string(line, 2, text, wrap)
        line += 1
    line += 1
    for place, label in enumerate(("Tabella / Table", "Colonna / Column", "Descrizione", "Description")):
        sheet.write_string(line, place, label, bold)
    for table in tables:
        line += 1
        sheet.write_url(line, 0, f"internal:'{table.name[:31]}'!A1", string=table.name)
        sheet.write_string(line, 2, f"{table.title['it']}. {table.description['it']}", wrap)
        sheet.write_string(line, 3, f"{table.title['en']}. {table.description['en']}", wrap)
        for column in table.columns:
            line += 1
            sheet.write_string(line, 1, column.name)
            sheet.write_string(line, 2, column.description.get("it", ""), wrap)
            sheet.write_string(line, 3, column.description.get("en", ""), wrap)
    return line + 1


def _elsewhere(sheet: Any, line: int, long: Mapping[str, int]) -> None:
    """Say where the tables are that are too long for a sheet."""
    for at, (name, rows) in enumerate(long.items(), start=line):
        files = f"{TABLE.filled(table=name)}, {PARQUET.filled(table=name)}"
        sheet.write_string(at, 0, name)
        sheet.write_string(at, 2, f"{rows} righe, troppe per un foglio: {files}")
        sheet.write_string(at, 3, f"{rows} rows, too many for a sheet: {files}")


def _sheet(sheet: Any, table: DescribedTable, bold: Any, quoted: Any) -> None:
    widths = [len(c.name) for c in table.columns]
    for column, described in enumerate(table.columns):
        sheet.write_string(0, column, described.name, bold)
    last = 0
    for last, row in enumerate(table.rows(), start=1):
        for column, (cell, described) in enumerate(zip(row, table.columns, strict=True)):
            if cell:
                _cell(sheet, last, column, cell, described.type, quoted)
                widths[column] = max(widths[column], min(len(cell), MAX_WIDTH))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width + 1)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last, len(table.columns) - 1)


def _cell(  # noqa: PLR0913, PLR0917  # what is written, where and how
    sheet: Any, line: int, column: int, cell: str, type_: str, quoted: Any
) -> None:
    if type_ in {"integer", "int", "decimal", "gYear"}:
        sheet.write_number(line, column, float(cell))
    elif type_ == "boolean":
        sheet.write_boolean(line, column, cell == "true")
    else:  # never a formula, not even when someone edits the cell
        sheet.write_string(line, column, cell, quoted if cell.startswith(FORMULA) else None)
