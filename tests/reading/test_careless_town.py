"""A town whose clerk is careful with figures and careless with the form: no index, other words and signs."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from mappe_servizi.checks.decisions import open_decisions
from mappe_servizi.model.records import Correction, Document
from mappe_servizi.reading.corrections import Corrector
from mappe_servizi.reading.form import load_form
from mappe_servizi.reading.numbers import Unreadable, read_figure
from mappe_servizi.reading.reader import read_document
from mappe_servizi.sources.block import Cell, make_row
from mappe_servizi.sources.kinds import read_source

from .conftest import FORM
from .test_layouts import municipality

SHEET = """COMUNE DI BORGO SAN LORENZO

Mappa dei servizi – aggiornamento 2023

Mappa del servizio

Denominazione del servizio: Trasporto scolastico
Dirigente responsabile: Arch. Neri Paola

Contenuti del servizio

Elementi centrali
Elemento\tDescrizione
trasporto casa\u2011scuola\tServizio di scuolabus per gli alunni dell’infanzia

Output
Indicatore\tAnno 2021\tAnno 2022\tAnno 2023
Km percorsi\t1.234,5\t1 300\tc.a. 1.400
Costo del servizio (€)\t€ 45.000,00\t46.100\tcirca 47 mila
Fermate dal 2021\tdal 2021\t1’012\tn.d.

Utenza del servizio

Segmenti d’utenza
Segmento\tDescrizione
alunni\t3–6 anni

Utenti seguiti
Indicatore\t2021\t2022\t2023
Alunni\t123\t< 5\t140*
* dato al 31 dicembre

Modalità di erogazione del servizio

Forme di gestione
Diretta\t
Esternalizzata\t✔ Autolinee Rossi S.r.l.
Mista\tno

Risorse umane
Personale\t3

Strutture di erogazione
Struttura\tNota
Deposito\tVia dell’Industria, 4
"""
READ = {
    ("Km percorsi", 2021): (Decimal("1234.5"), "normal"),
    ("Km percorsi", 2022): (Decimal(1300), "normal"),
    ("Km percorsi", 2023): (Decimal(1400), "estimate"),
    ("Costo del servizio (€)", 2021): (Decimal(45000), "normal"),
    ("Costo del servizio (€)", 2022): (Decimal(46100), "normal"),
    ("Costo del servizio (€)", 2023): (None, "open"),
    ("Fermate dal 2021", 2021): (None, "open"),
    ("Fermate dal 2021", 2022): (Decimal(1012), "normal"),
    ("Fermate dal 2021", 2023): (None, "missing"),
    ("Alunni", 2021): (Decimal(123), "normal"),
    ("Alunni", 2022): (None, "open"),
    ("Alunni", 2023): (Decimal(140), "normal"),
}


def read(directory: Path, data: bytes, name: str = "document.txt") -> Document:
    edition = municipality(directory, data)
    if name != "document.txt":
        (edition / "document.txt").rename(edition / name)
        settings = edition / "edition.toml"
        settings.write_text(settings.read_text("utf-8").replace("document.txt", name), encoding="utf-8")
    return read_document(edition, FORM)


def figures(document: Document) -> dict[tuple[str, int], tuple[Decimal | None, str]]:
    return {
        (row.label.value, figure.year): (figure.value, figure.status)
        for sheet in document.maps
        for row in sheet.indicators
        for figure in row.figures
    }


def with_margin(text: str) -> bytes:
    """The same in a workbook whose first two columns are empty."""
    book = openpyxl.Workbook()
    for line in text.split("\n"):
        book.active.append(["", "", *line.split("\t")] if line else [])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


@pytest.mark.parametrize("name", ["document.txt", "document.xlsx"])
def test_every_figure_is_right_or_open(tmp_path: Path, name: str) -> None:
    data = SHEET.encode() if name.endswith("txt") else with_margin(SHEET)
    found = read(tmp_path, data, name)
    assert figures(found) == READ
    [sheet] = found.maps
    assert sheet.heading.value == "Trasporto scolastico"
    assert [entry.area.title.value for entry in found.entries] == ["Servizi"]
    assert [one.name.value for one in sheet.elements] == ["trasporto casa\u2011scuola"]
    asked = {decision.section for decision in open_decisions(found)}
    assert asked >= {"index", "outputs", "users", "criteria", "coproduction"}


def test_a_cell_of_a_workbook_with_a_margin_keeps_its_place() -> None:
    rows = read_source(with_margin(SHEET), Path("document.xlsx")).rows
    [row] = [row for row in rows if row.cells and row.cells[0].text == "Km percorsi"]
    assert row.cells[1].anchor.endswith("cell=D18")


@pytest.mark.parametrize(
    ("label", "section"),
    [
        ("Contenuti del servizio", "contents"),
        ("CONTENUTO DEI SERVIZI (cosa eroghiamo?)", "contents"),
        ("Segmento di utenza coinvolto nell’erogazione del servizio", "coproduction"),
        ("Sistemi di erogazione del Servizio (come lo eroghiamo?)", "delivery"),
        ("Criteri di segmentazione adottati (quali?)", "criteria"),
        ("Output", "outputs"),
        ("3. Contenuti del servizio", "contents"),
        ("B) Segmenti d’utenza", "segments"),
        ("Outputi", None),
        ("Mappe dei servizi", None),
        ("Contenzioso del servizio", None),
    ],
)
def test_a_label_in_another_number_or_with_another_question_opens_its_section(
    label: str, section: str | None
) -> None:
    assert load_form(FORM).section(label) == section


@pytest.mark.parametrize(
    ("cell", "value", "status"),
    [
        ("c.a. 1.400", 1400, "estimate"),
        ("1.400 c.a.", 1400, "estimate"),
        ("C. A. 5", 5, "estimate"),
        ("12 S.p.A.", 12, "normal"),
    ],
)
def test_an_abbreviation_with_dots_is_its_word(cell: str, value: int, status: str) -> None:
    found = read_figure(cell, load_form(FORM))
    assert (found.value, found.status) == (value, status)


@pytest.mark.parametrize("cell", ["n.r. 12", "U.O. 12", "c.a. c.a.", "c.a."])
def test_any_other_abbreviation_before_a_number_is_open(cell: str) -> None:
    with pytest.raises(Unreadable):
        read_figure(cell, load_form(FORM))


def test_two_corrections_of_the_same_text_each_find_their_own() -> None:
    """The first that is applied counts for the second, too."""
    kinds = [("rows", "b"), ("rows", "c")]
    two = [
        Correction(f"c{n}", 1, "outputs", "a", n, 1, kind, reads, "", "")  # type: ignore[arg-type]
        for n, (kind, reads) in enumerate(kinds, start=1)
    ]
    corrector = Corrector(two, 1)
    rows = [make_row(line, [Cell("a")]) for line in (1, 2, 3)]
    read = [corrector.rows(row, "outputs")[0].texts for row in rows]
    assert read == [("b",), ("c",), ("a",)]
    assert corrector.unused == []


def test_a_table_stands_beside_its_label_where_every_row_is_indented(tmp_path: Path) -> None:
    """The label is the header of the first column, too: Word's table has a column for the label."""
    beside = SHEET.replace("Segmenti d’utenza\nSegmento\tDescrizione\nalunni\t3–6 anni\n",
                           "Segmenti d’utenza\tDescrizione\n\talunni\t3–6 anni\n\tgenitori\n")  # fmt: skip
    assert beside != SHEET
    [sheet] = read(tmp_path, beside.encode()).maps
    told = [(one.name.value, one.description and one.description.value) for one in sheet.segments]
    assert told == [("alunni", "3–6 anni"), ("genitori", None)]


def test_a_column_that_no_row_fills_is_none(tmp_path: Path) -> None:
    """A spreadsheet's column between two others, saved as text."""
    assert figures(read(tmp_path, SHEET.replace("\t", "\t\t").encode())) == READ


@pytest.mark.parametrize(
    "says", ["(non pubblicata)", "(non ancora compilata)", "(scheda non disponibile)", "(in preparazione)"]
)
def test_an_entry_says_in_other_words_that_it_has_no_sheet(tmp_path: Path, says: str) -> None:
    index = f"SERVIZI ALLA PERSONA\n1. Trasporto scolastico\n2. Verde pubblico {says}\n\n"
    found = read(tmp_path, SHEET.replace("Mappa del servizio\n", f"{index}Mappa del servizio\n", 1).encode())
    assert [(entry.title.value, entry.published) for entry in found.entries] == [
        ("Trasporto scolastico", True), ("Verde pubblico", False),
    ]  # fmt: skip
