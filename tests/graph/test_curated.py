"""The curated tables must fit their document, or the build stops and says where."""

import csv
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from helpers import ROOT
from mappe_servizi.errors import InputError, InputErrors, MappeError
from mappe_servizi.graph import Common, build_edition
from mappe_servizi.model.identifiers import Registry
from mappe_servizi.model.names import Names
from mappe_servizi.model.records import Document
from mappe_servizi.reading.curated import read_audiences, read_classifications
from mappe_servizi.reading.reader import read_document

AUDIENCES, SERVICES = "audiences.csv", "services.csv"
DIRECTORY = ROOT / "data" / "municipalities" / "c_d150"


@pytest.fixture(scope="module")
def document() -> Document:
    return read_document(DIRECTORY / "editions" / "2020", ROOT / "data" / "knowledge")


def names(document: Document) -> Names:
    return Names.of(document, Registry.load(DIRECTORY / "identifiers.csv"))


def in_folder(document: Document, folder: Path) -> Document:
    return replace(document, municipality=replace(document.municipality, folder=folder))


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
    classified = read_classifications(names(document), DIRECTORY)
    assert len(classified) == 73
    kinds = [c.kind for c in classified.values()]
    assert (kinds.count("public"), kinds.count("internal")) == (54, 19)
    assert all(c.theme and c.data_theme and c.cofog and c.reason and c.evidence for c in classified.values())
    assert len(read_audiences(document, names(document))) == 269


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("kind", "privato", "kind must be one of public, internal, not 'privato'"),
        ("theme", "88", "theme must be a code of the vocabulary theme"),
        ("cofog", "0911 | 9999", "cofog must be a code"),
        ("service", "anagrafe", "'anagrafe' stands in line 8 already"),
        ("evidence", "", "evidence must not be empty"),
    ],
)
def test_a_wrong_service_row_is_refused(
    document: Document, tmp_path: Path, column: str, value: str | None, message: str
) -> None:
    with pytest.raises((InputError, InputErrors), match=message):
        read_classifications(names(document), changed(tmp_path, SERVICES, 9, column, value))


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("audiences", " | ", "audiences must be a code of the vocabulary audience-group"),
        ("service", "X y", "service must be lower-case letters"),
    ],
)
def test_a_wrong_segment_row_is_refused(
    document: Document, tmp_path: Path, column: str, value: str | None, message: str
) -> None:
    with pytest.raises((InputError, InputErrors), match=message):
        read_audiences(in_folder(document, changed(tmp_path, AUDIENCES, 0, column, value)), names(document))


def test_what_nobody_has_decided_is_open(document: Document, tmp_path: Path) -> None:
    of = names(document)
    nursery = read_classifications(of, changed(tmp_path, SERVICES, 9, "service", None))[10]
    assert (nursery.service, nursery.kind, nursery.theme) == ("asili-nido", "public", ())
    audiences = read_audiences(in_folder(document, changed(tmp_path, AUDIENCES, 0, "service", None)), of)
    assert (1, 1) not in audiences
    assert audiences[1, 2]


def test_a_code_that_no_vocabulary_has_is_refused(document: Document, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    changed(data / "municipalities" / "c_d150", AUDIENCES, 0, "audiences", "martians")
    registry = Registry.load(DIRECTORY / "identifiers.csv")
    common = Common.load(ROOT / "ontology", "https://w3id.org/mappe-servizi/")
    folder = data / "municipalities" / "c_d150"
    with pytest.raises(
        MappeError,
        match=r"audiences must be a code of the vocabulary audience-group, or several .*, not 'martians'",
    ):
        build_edition(in_folder(document, folder), registry, ROOT / "data" / "knowledge", data, common)


@pytest.mark.parametrize("name", ["relations.csv", "conditions.csv"])
@pytest.mark.parametrize(
    ("was", "made", "said"),
    [
        ("entrate,", "entrata,", "'entrata' is no service of this edition"),
        (",4", ",994", "is none of the 5293 of the document"),
    ],
)
def test_a_row_about_what_the_edition_has_not_stops_the_build_with_its_line(  # noqa: PLR0917
    document: Document, tmp_path: Path, name: str, was: str, made: str, said: str
) -> None:
    folder = tmp_path / "c_d150"
    shutil.copytree(DIRECTORY, folder)
    path = folder / "editions" / "2020" / name
    lines = path.read_text(encoding="utf-8").splitlines()
    line = next(n for n, text in enumerate(lines, 1) if text.startswith("entrate,"))
    lines[line - 1] = lines[line - 1].replace(was, made, 1)
    path.write_text("\n".join(lines), encoding="utf-8")
    municipality = replace(document.municipality, folder=folder, edition_folder=path.parent)
    with pytest.raises(InputError) as raised:
        build_edition(
            replace(document, municipality=municipality), Registry.load(DIRECTORY / "identifiers.csv"),
            ROOT / "data" / "knowledge", ROOT / "data",
            Common.load(ROOT / "ontology", "https://w3id.org/mappe-servizi/"),
        )  # fmt: skip
    assert (raised.value.file, raised.value.line) == (str(path), line)
    assert said in str(raised.value)
