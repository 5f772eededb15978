"""The form as a workbook: filled in as a clerk does, `mappe add` reads what was filled in."""

import csv
from pathlib import Path
from typing import Any

import odfdo
import openpyxl
import pytest

from helpers import mappe
from reading.render import Sheet
from six_sheets import CELLS, IPA, SHEETS
from template_rows import filled

BASE = "https://dati.castelverde.example.it/mappe/"


def fill_xlsx(path: Path, sheets: list[Sheet]) -> None:
    book: Any = openpyxl.load_workbook(path)
    for page, sheet in zip(book.worksheets, sheets, strict=False):
        labels = [[cell.value for cell in row] for row in page.iter_rows()]
        for place, value in filled(labels, sheet):
            page.cell(place[0] + 1, place[1] + 1).value = value
    book.save(path)


def fill_ods(path: Path, sheets: list[Sheet]) -> None:
    book: Any = odfdo.Document(str(path))
    for page, sheet in zip(book.body.tables, sheets, strict=False):
        labels = [list(row) for row in page.get_values()]
        for (row, column), value in filled(labels, sheet):
            page.set_value((column, row), value)
    book.save(str(path))


@pytest.mark.parametrize(("suffix", "fill"), [("xlsx", fill_xlsx), ("ods", fill_ods)])
def test_what_is_filled_in_is_read(tmp_path: Path, suffix: str, fill: Any) -> None:
    place, path = tmp_path / "i", tmp_path / f"modulo.{suffix}"
    assert mappe("init", place, "--base-uri", BASE).returncode == 0
    made = mappe("template", path, "--services", "9", SOURCE_DATE_EPOCH="1717200000")
    assert made.returncode == 0, made.stderr
    fill(path, SHEETS)
    added = mappe("add", IPA, path, cwd=place)
    assert added.returncode == 0, added.stdout + added.stderr
    assert "edition 2023: 6 sheets of 6 services in 2 areas" in added.stdout
    assert f"{CELLS} cells of figures" in added.stdout
    assert mappe("build", cwd=place).returncode == 0
    with (place / "build/current/csv/observations.csv").open(encoding="utf-8", newline="") as file:
        found = {(r["number"], r["table"], r["label"], r["year"]): r for r in csv.DictReader(file)}
    assert len(found) == CELLS
    assert found["2", "outputs", "Certificati rilasciati", "2021"]["value"] == "1240"
    assert found["4", "outputs", "Sanzioni riscosse in euro", "2022"]["value"] == "61120.5"
    assert found["3", "outputs", "Prestiti", "2023"]["status"] == "open"
    with (place / "build/current/csv/structures.csv").open(encoding="utf-8", newline="") as file:
        structures = [(r["name"], r["note"]) for r in csv.DictReader(file)]
    assert structures == [row for sheet in SHEETS for row in sheet.structures]


def test_a_template_takes_no_file_s_place(tmp_path: Path) -> None:
    path = tmp_path / "modulo.xlsx"
    assert mappe("template", path).returncode == 0
    before = path.read_bytes()
    again = mappe("template", path)
    assert again.returncode == 1
    assert "there already" in again.stderr
    assert path.read_bytes() == before
    assert "NAME.xlsx or NAME.ods" in mappe("template", tmp_path / "modulo.csv").stderr


def test_a_template_that_is_not_filled_in_is_told(tmp_path: Path) -> None:
    place, path = tmp_path / "i", tmp_path / "modulo.xlsx"
    assert mappe("init", place, "--base-uri", BASE).returncode == 0
    assert mappe("template", path).returncode == 0
    refused = mappe("add", IPA, path, cwd=place)
    assert refused.returncode == 1
    assert "not filled in" in refused.stdout + refused.stderr
