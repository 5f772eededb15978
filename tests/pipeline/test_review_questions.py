"""What the review asks of a document, and what is accepted at once."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from helpers import mappe
from mappe_servizi.errors import MappeError
from mappe_servizi.reading.municipality import find_editions
from mappe_servizi.reading.reader import read_printed
from mappe_servizi.review.rows.decisions import RowSession
from mappe_servizi.settings import Settings
from reviewing import reviewing
from six_sheets import IPA, text

HEADED = (
    "Bambini\t\t\t\nIscritti\t10\t11\t12\nNuovi\t3\t4\t5\n"
    "Utenti seguiti (per ogni segmento)\tQuantità\t\t\n\t31/12/2021\t31/12/2022\t31/12/2023\n"
    "Adulti\t\t\t\nIscritti\t20\t21\t22\nNuovi\t6\t7\t8\n"
)


def printed() -> str:
    """The sheets with two rows that were not filled in, and a table below a heading each."""
    found = text().replace("Iscritti attivi\t980\t1.012\t1.066\n", HEADED)
    found = found.replace(
        "Sepolture\t48\t51\t45\n", "Sepolture\t48\t51\t45\nTraslazioni\t\t\t\nCremazioni\t\t\t\n"
    )
    return found.replace("Personale\t2 + 1 stagionale", "Personale\tda due a tre")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("asked")
    assert mappe("init", place, "--base-uri", "https://dati.example.it/mappe/").returncode == 0
    (place / "doc.txt").write_text(printed(), encoding="utf-8")
    added = mappe("add", IPA, place / "doc.txt", cwd=place)
    assert added.returncode == 0, added.stdout + added.stderr
    return place / "data" / "municipalities" / IPA


def session(folder: Path) -> RowSession:
    documents = [read_printed(edition, Settings().knowledge) for edition in find_editions(folder)]
    return RowSession(
        folder, {one.municipality.edition: one for one in documents}, "A. Reviewer", lambda: "2026-11-30"
    )


def test_rows_without_figures_are_asked_and_what_is_answered_is_read(place: Path) -> None:
    review = session(place)
    asked = {item.cells["printed"]: item for item in review.items() if item.new}
    assert {name: (asked[name].cells["kind"], asked[name].cells["reads"]) for name in asked} == {
        "> 9.500": ("number", "9.500"),
        "Bambini": ("group", "2"),
        "Adulti": ("group", "2"),
        "Traslazioni": ("empty-row", ""),
        "Cremazioni": ("empty-row", ""),
        "da due a tre": ("misprint", "da due a tre"),
    }
    assert asked["Traslazioni"].kind == asked["Cremazioni"].kind
    assert review.accept_all(asked["Traslazioni"].name) == "corrections.csv: 2 accepted"
    for name in ("Bambini", "Adulti"):
        review.decide(asked[name].name, "accept", {})
    review.decide(asked["da due a tre"].name, "accept", {"reads": "2 (o 3)"})
    again = session(place)
    assert {item.cells["printed"] for item in again.items() if item.new} == {"> 9.500"}
    [document] = again.documents.values()
    groups = [
        (row.group.printed, row.label.printed)
        for sheet in document.maps
        for row in sheet.indicators
        if row.group
    ]
    assert groups == [
        ("Bambini", "Iscritti"),
        ("Bambini", "Nuovi"),
        ("Adulti", "Iscritti"),
        ("Adulti", "Nuovi"),
    ]


@pytest.mark.parametrize(
    ("printed", "kind", "reads"),
    [
        ("> 9.500", "number", "9.500"),
        ("4.000.=", "number", ""),
        ("1.2OO", "number", ""),
        ("150/200", "number", ""),
        ("dal 2021", "number", ""),
        ("circa 47 mila", "number", ""),
        ("chiuso per Covid", "figure", "n.d."),
    ],
)
def test_what_is_offered_for_a_cell_is_never_a_number_that_it_does_not_say(
    place: Path, printed: str, kind: str, reads: str
) -> None:
    review = session(place)
    [document] = review.documents.values()
    [row] = [r for sheet in document.maps for r in sheet.indicators if r.label.printed == "Prestiti"]
    [cell] = [figure for figure in row.figures if figure.raw == "> 9.500"]
    other = replace(row, figures=(replace(cell, raw=printed),))
    maps = tuple(
        replace(sheet, indicators=tuple(other if one is row else one for one in sheet.indicators))
        for sheet in document.maps
    )
    review.documents = {2023: replace(document, maps=maps)}
    [item] = [item for item in review.items() if item.new and item.cells["printed"] == printed]
    assert (item.cells["kind"], item.cells["reads"]) == (kind, reads)


@pytest.mark.parametrize("wrong", ["", "95,00,1", "12", "molti"])
def test_what_the_cell_does_not_print_is_refused(place: Path, wrong: str) -> None:
    review = session(place)
    [item] = [item for item in review.items() if item.new and item.cells["printed"] == "> 9.500"]
    before = (place / "editions" / "2023" / "corrections.csv").read_bytes()
    with pytest.raises(MappeError, match="reads: "):
        review.decide(item.name, "accept", {"reads": wrong})
    assert (place / "editions" / "2023" / "corrections.csv").read_bytes() == before


def test_what_holds_is_no_question_and_is_accepted_by_the_table(place: Path) -> None:
    review = session(place)
    held = [item for item in review.items() if item.holds and item.path.name == "audiences.csv"]
    assert len({item.kind for item in held}) == 1
    assert len({item.cells["method"] for item in held}) > 1
    with pytest.raises(MappeError, match="several rules"):
        review.accept_all(held[0].name, {"audiences": "minors"})
    assert review.accept_all(held[0].name) == f"audiences.csv: {len(held)} accepted"
    with (place / "audiences.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sum(row["curation"] == "reviewed" for row in rows) == len(held)
    assert "rows that hold already" in review.told()


def test_what_would_mend_a_document_that_cannot_be_read_is_asked(tmp_path: Path) -> None:
    """The review accepts the row, and the document is read when it is added again."""
    place = tmp_path / "i"
    assert mappe("init", place, "--base-uri", "https://dati.example.it/mappe/").returncode == 0
    broken = text().replace("RESPONSABILE Comm. Luca Verdi\n", "")
    (place / "doc.txt").write_text(broken, encoding="utf-8")
    assert mappe("add", IPA, "doc.txt", cwd=place).returncode == 1
    folder = place / "data" / "municipalities" / IPA
    with reviewing(place) as client:
        shown = client.get("/item").json()
        assert (shown["item"]["table"], shown["questions"]) == ("corrections.csv", 1)
        body = {"name": shown["item"]["name"], "verdict": "accept", "cells": {}}
        assert client.post("/decide", json=body).status_code == 200
    assert session(folder).documents
    added = mappe("add", IPA, "doc.txt", cwd=place)
    assert added.returncode == 0, added.stdout + added.stderr
