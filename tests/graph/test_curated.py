"""The curated tables must fit their document, or the build stops and says where."""

import csv
import shutil
from pathlib import Path

import pytest

from helpers import ROOT
from mappe_servizi.errors import InputError, InputErrors, MappeError
from mappe_servizi.graph import Common, build_edition
from mappe_servizi.model.identifiers import Registry
from mappe_servizi.model.records import Document
from mappe_servizi.reading.curated import read_audiences, read_classifications
from mappe_servizi.reading.reader import read_document

AUDIENCES, SERVICES = "audiences.csv", "services.csv"
DIRECTORY = ROOT / "data" / "municipalities" / "c_d150"


@pytest.fixture(scope="module")
def document() -> Document:
    return read_document(DIRECTORY, ROOT / "data" / "knowledge")


def changed(directory: Path, name: str, row: int, column: str, value: str | None) -> Path:
    """A copy of a table with one cell changed, or one row left away."""
    with (DIRECTORY / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = list(rows[0])
    if value is None:
        del rows[row]
    else:
        rows[row][column] = value
    with (directory / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    return directory


def test_every_service_and_segment_is_classified(document: Document) -> None:
    classified = read_classifications(DIRECTORY, document)
    assert len(classified) == 73
    kinds = [c.kind for c in classified.values()]
    assert (kinds.count("public"), kinds.count("internal")) == (54, 19)
    assert all(c.theme and c.data_theme and c.cofog and c.reason and c.evidence for c in classified.values())
    assert len(read_audiences(DIRECTORY, document)) == 269


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("kind", "privato", "kind must be one of public, internal, not 'privato'"),
        ("theme", "88", "theme must be a code of the vocabulary theme"),
        ("cofog", "0911 | 9999", "cofog must be a code"),
        ("title", "Nidi", "no service 10 with the title"),
        ("number", "11", "'11' stands in line 11 already"),
        ("evidence", "", "evidence must not be empty"),
        ("number", None, "no row for service 10"),
    ],
)
def test_a_wrong_service_row_is_refused(
    document: Document, tmp_path: Path, column: str, value: str | None, message: str
) -> None:
    with pytest.raises((InputError, InputErrors), match=message):
        read_classifications(changed(tmp_path, SERVICES, 9, column, value), document)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("segment", "passanti", "is not 'passanti' in the document"),
        ("audiences", " | ", "audiences must be a code of the vocabulary audience-group"),
        ("position", "x", "position must be a whole number from 1, not 'x'"),
        ("number", None, "1 segments have no row"),
    ],
)
def test_a_wrong_segment_row_is_refused(
    document: Document, tmp_path: Path, column: str, value: str | None, message: str
) -> None:
    with pytest.raises((InputError, InputErrors), match=message):
        read_audiences(changed(tmp_path, AUDIENCES, 0, column, value), document)


def test_a_code_that_no_vocabulary_has_is_refused(document: Document, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    changed(data / "municipalities" / "c_d150", AUDIENCES, 0, "audiences", "martians")
    registry = Registry.load(DIRECTORY / "identifiers.csv")
    common = Common.load(ROOT / "ontology", "https://w3id.org/mappe-servizi/")
    with pytest.raises(
        MappeError,
        match=r"audiences must be a code of the vocabulary audience-group, or several .*, not 'martians'",
    ):
        build_edition(document, registry, ROOT / "data" / "knowledge", data, common)
