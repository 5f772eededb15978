"""A document without lines through a whole build: the same tables, and every fact leads to its cell."""

import csv
import re
import shutil
from pathlib import Path

import httpx
import openpyxl
import pytest
from pyoxigraph import Store

from helpers import ROOT, mappe
from mappe_servizi.releases import Release, open_release
from mappe_servizi.sources.kinds import read_source
from rdf import BASE
from reading.printers import as_xlsx
from served import serve

CELL = re.compile(
    r"sheet=Mappe%20dei%20servizi&cell=[A-Z]+\d+( \| sheet=Mappe%20dei%20servizi&cell=[A-Z]+\d+)*"
)
PLACES = {"sourceLine", "sourceDocument", "source", "lines"}
SIGHTINGS = {"references", "channels", "places"}
"""Their rows in the graph are named by the line that they were read from."""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Cremona's data with its document as a workbook."""
    directory = tmp_path_factory.mktemp("anchors")
    shutil.copytree(ROOT / "data", directory / "data")
    edition = directory / "data" / "municipalities" / "c_d150" / "editions" / "2020"
    text, book = edition / "document.txt", edition / "mappe.xlsx"
    printed = read_source(text.read_bytes(), text).rows
    book.write_bytes(as_xlsx(printed))
    text.unlink()
    content = [row.line for row in printed if row.kind in {"cells", "header"}]
    lines = dict(zip(content, (row.line for row in read_source(book.read_bytes(), book).rows), strict=True))
    for name in ("mentions.csv", "references.csv", "conditions.csv", "relations.csv"):
        with (edition / name).open(encoding="utf-8", newline="") as file:
            head, *curated = csv.reader(file)
        at = head.index("line")
        with (edition / name).open("w", encoding="utf-8", newline="") as file:
            moved = ([*row[:at], lines[int(row[at])], *row[at + 1 :]] for row in curated)
            csv.writer(file).writerows([head, *moved])
    settings = edition / "edition.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("document.txt", "mappe.xlsx"), "utf-8")
    return book


@pytest.fixture(scope="module")
def workbook(book: Path, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Its build."""
    link = tmp_path_factory.mktemp("build") / "link"
    built = mappe("build", "--data", book.parents[4], "--output", link)
    assert built.returncode == 0, built.stderr
    assert mappe("validate", "--release", link).returncode == 0
    return open_release(link)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_tables_are_the_same_but_for_places(workbook: Release, release: Release) -> None:
    for path in (release.path / "csv").glob("*.csv"):
        told = PLACES | {"entry"} if path.stem in SIGHTINGS else PLACES
        expected, found = rows(path), rows(workbook.path / "csv" / path.name)
        for a, b in zip(expected, found, strict=True):
            assert {k: v for k, v in a.items() if k not in told} == {
                k: v for k, v in b.items() if k not in told
            }, path.name


def test_every_row_leads_to_its_cell(workbook: Release, release: Release) -> None:
    for path in (workbook.path / "csv").glob("*.csv"):
        if path.stem in {"links", "providers"}:
            continue
        for row in rows(path):
            assert (row.get("sourceLine", ""), row["sourceDocument"]) == ("", "document"), path.name
            assert CELL.fullmatch(row["source"]), path.name
    for row in rows(workbook.path / "report" / "ledger.csv"):
        assert (row["line"], row["sourceDocument"]) == ("", "document")
        assert CELL.fullmatch(row["source"])
    for path in (release.path / "csv").glob("*.csv"):
        for row in rows(path):
            if row.get("sourceLine"):
                assert row["source"].startswith(f"line={int(row['sourceLine']) - 1},"), path.name


def test_a_figure_is_in_the_cell_that_it_names(workbook: Release, book: Path) -> None:
    sheet = openpyxl.load_workbook(book).active
    assert sheet
    for row in rows(workbook.path / "csv" / "observations.csv"):
        value = str(sheet[row["source"].rpartition("=")[2]].value)
        assert " ".join(value.split()) == row["raw"]


def test_provenance_and_pages_name_the_cell(workbook: Release) -> None:
    row = rows(workbook.path / "csv" / "observations.csv")[0]
    place = f"{BASE}data/document/c_d150/2020/document#{row['source']}"
    store = Store.read_only(str(workbook.path / "store"))
    found = store.query(
        f"ASK {{ GRAPH <{BASE}graph/provenance> {{ <{row['observation']}> "
        f"<http://www.w3.org/ns/prov#wasDerivedFrom> <{place}> }} }}"
    )
    assert bool(found)
    with serve("--release", workbook.path) as served:
        path = row["observation"].removeprefix(f"{BASE}data/")
        page = httpx.get(f"{served.url}/page/{path}", headers={"Accept-Language": "it"})
        assert page.status_code == 200
        assert f"foglio Mappe dei servizi, cella {row['source'].rpartition('=')[2]}" in page.text
