"""A cell that nobody can read, through a whole build: published as printed, told, and decided by a row."""

import csv
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from helpers import ROOT, mappe
from mappe_servizi.checks.decisions import open_decisions
from mappe_servizi.pipeline.records import read_records
from mappe_servizi.releases import Release, open_release
from mappe_servizi.settings import Settings


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Cremona's data, where a cell of figures and one of personnel print what no rule reads."""
    data = tmp_path_factory.mktemp("open") / "data"
    shutil.copytree(ROOT / "data", data)
    path = data / "municipalities" / "c_d150" / "editions" / "2020" / "document.txt"
    text = path.read_text(encoding="utf-8")
    for printed, other in (
        ("\t660\t800\t577", "\t600-660\t800\t577"),
        ("Personale\t157 (", "Personale\t1½ ("),
    ):
        assert text.count(printed) == 1
        text = text.replace(printed, other)
    path.write_text(text, encoding="utf-8")
    return data


def rows(release: Release, table: str) -> list[dict[str, str]]:
    with (release.path / table).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_an_open_decision_is_told_and_published_without_a_value(
    data: Path, release: Release, tmp_path: Path
) -> None:
    built = mappe("build", "--data", data, "--output", tmp_path / "link")
    assert built.returncode == 0, built.stderr
    assert "2 decisions are open" in built.stderr
    assert "report/open-decisions.csv" in built.stderr
    found = open_release(tmp_path / "link")
    told = rows(found, "report/open-decisions.csv")
    assert [(r["number"], r["record"], r["year"], r["printed"], r["sourceLine"]) for r in told] == [
        ("1", "outputs:1", "2018", "600-660", "168"),
        ("11", "personnel", "", "1½ (di cui 30 ditta esterna)", "935"),
    ]
    [cell] = [r for r in rows(found, "csv/observations.csv") if r["status"] == "open"]
    assert (cell["raw"], cell["value"], cell["note"], cell["sourceLine"]) == ("600-660", "", "", "168")
    [people] = [r for r in rows(found, "csv/personnel.csv") if r["number"] == "11"]
    assert (people["raw"], people["value"]) == ("1½ (di cui 30 ditta esterna)", "")
    dump = found.dump.read_text(encoding="utf-8")
    assert f"<{cell['observation']}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> " in dump
    assert f"<{cell['observation']}> <http://purl.org/linked-data/sdmx/2009/measure#obsValue>" not in dump
    kinds = [line for line in dump.splitlines() if line.startswith(f"<{cell['observation']}> <http://www.w3")]
    assert any("MDS/MissingMeasurement>" in line for line in kinds)
    assert mappe("validate", "--release", tmp_path / "link").returncode == 0
    others = [r for r in rows(found, "csv/observations.csv") if r["observation"] != cell["observation"]]
    as_before = {r["observation"]: r for r in rows(release, "csv/observations.csv")}
    assert all(as_before[r["observation"]] == r for r in others)
    found.close()


def test_a_row_of_the_corrections_decides_it(data: Path) -> None:
    town = data / "municipalities" / "c_d150"
    with (town / "editions" / "2020" / "corrections.csv").open("a", encoding="utf-8") as file:
        file.write("c900,1,outputs,600-660,1,168,number,660,the greater of the two,assumed\n")
        file.write("c901,11,personnel,1½,1,935,misprint,157,a test,assumed\n")
    [records] = read_records(town, replace(Settings(), data=data))
    assert open_decisions(records.document) == ()
    indicators = [row for sheet in records.document.maps for row in sheet.indicators]
    [figure] = [f for row in indicators for f in row.figures if f.raw == "600-660"]
    assert (figure.value, figure.status, figure.note) == (Decimal(660), "normal", "600-")
