"""A crude second reader of all tables of figures, which shares no code with the first.

It knows only the two headings of the tables, the headings that end them, and tabs.
"""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from mappe_servizi.model.records import Document

from .conftest import CREMONA

SHEET = "ANALISI DELLA FORMULA GESTIONALE"
OPENS = {"Output del Servizio": "outputs", "Utenti seguiti": "users"}
CLOSES = ("Utenza del Servizio", "Sistema di erogazione")
YEAR = re.compile(r"31/12/(\d{4})")
NO_ROW = re.compile(r"Tipologia\t|[-\s]*$")
TAG = re.compile(r"</?\w[^>]*>")

Row = tuple[str, tuple[tuple[int, str], ...]]


def _published_numbers(lines: list[str]) -> list[int]:
    entries = [re.match(r"(?:- )?(\d+)\. (?!.*\(non pubblicata\))", line) for line in lines]
    return [int(entry[1]) for entry in entries if entry]


def crude_rows() -> dict[tuple[int, str], list[Row]]:
    """The rows of figures by map and table: label, then the cells that print something."""
    lines = (CREMONA / "document.txt").read_text(encoding="utf-8").split("\n")
    sheets = iter(_published_numbers(lines[: next(i for i, line in enumerate(lines) if SHEET in line)]))
    rows: dict[tuple[int, str], list[Row]] = defaultdict(list)
    number, table, years = 0, "", [0]
    for line in lines:
        if line.startswith(SHEET):
            number, table = next(sheets), ""
        elif line.startswith(tuple(OPENS)):
            table = next(name for heading, name in OPENS.items() if line.startswith(heading))
        elif line.startswith(CLOSES):
            table = ""
        elif table and YEAR.search(line):
            years = [int(year) for year in YEAR.findall(line)]
        elif table and not NO_ROW.match(line):
            label, *cells = [TAG.sub("", cell).strip() for cell in line.split("\t")]
            figures = tuple((year, cell) for year, cell in zip(years, cells, strict=False) if cell)
            rows[number, table].append((label, figures))
    assert next(sheets, None) is None
    return rows


def read_rows(document: Document) -> dict[tuple[int, str], list[Row]]:
    rows: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for sheet in document.maps:
        for indicator in sheet.indicators:
            figures = tuple((figure.year, figure.raw) for figure in indicator.figures)
            rows[sheet.number, indicator.table].append((indicator.label.printed, figures))
    return rows


@pytest.fixture(scope="module")
def crude() -> dict[tuple[int, str], list[Row]]:
    return crude_rows()


def test_every_row_with_figures(cremona: Document, crude: dict[tuple[int, str], list[Row]]) -> None:
    read = read_rows(cremona)
    assert set(crude) == set(read)
    for place, rows in crude.items():
        assert [row for row in rows if row[1]] == [row for row in read[place] if row[1]], place


def test_rows_without_figures_are_empty_rows_or_headings(
    cremona: Document, crude: dict[tuple[int, str], list[Row]]
) -> None:
    printed = [(place, label) for place, rows in crude.items() for label, figures in rows if not figures]
    reviewed = {
        ((c.map, c.section), TAG.sub("", c.printed)): c.kind
        for c in cremona.corrections
        if c.kind in {"empty-row", "group"}
    }
    kinds = [reviewed[place, label] for place, label in printed]
    assert kinds.count("empty-row") == 11
    assert kinds.count("group") == len(kinds) - 11 == len(reviewed) - 11


@pytest.mark.parametrize(("table", "count"), [("outputs", 361), ("users", 347)])
def test_counts(crude: dict[tuple[int, str], list[Row]], table: str, count: int) -> None:
    headings = 1 if table == "outputs" else 4  # all of them in the sheet FORMAZIONE
    assert sum(len(rows) for (_, name), rows in crude.items() if name == table) == count + headings
