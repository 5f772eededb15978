"""The registry's own checks: a maintainer's slip is told, with its line."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from mappe_servizi.errors import InputError, InputErrors
from mappe_servizi.providers.registry import ProviderRegistry

DATA = Path(__file__).resolve().parents[2] / "data"
TOWNS = DATA / "knowledge" / "municipalities.csv"
DOCUMENT = (
    (DATA / "municipalities" / "c_d150" / "editions" / "2020" / "document.txt")
    .read_text(encoding="utf-8")
    .split("\n")
)


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA / "providers", tmp_path / "providers"))


def add(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")


@pytest.mark.parametrize(
    ("table", "row", "message"),
    [
        ("aliases.csv", "c_d150,Nessuno,nobody,certain,printed so,lines 1", "the registry has no 'nobody'"),
        ("aliases.csv", "c_d150,Coop. Sentiero,azimut,certain,a slip,lines 1", "is decided twice"),
        (
            "aliases.csv",
            "c_d150,X,azimut,perhaps,a slip,lines 1",
            "must be one of certain, likely, not 'perhaps'",
        ),
        ("registry.csv", "azimut,Azimut,,,,,,certain,again,lines 1", "'azimut' stands in line"),
        (
            "registry.csv",
            "new,New,,,,Atlantide,,certain,a slip,lines 1",
            "has no municipality 'Atlantide'",
        ),
        ("registry.csv", "new,New", "the row has 2 cells, the header 10"),
        ("registry.csv", "new,New,,9999,,,,certain,a slip,lines 1", "a code of the vocabulary legal-status"),
        ("registry.csv", "New,New,,,,,,certain,a slip,lines 1", "slug must be lower-case"),
        ("apart.csv", "c_d150,Nessuno,Alcuno,a slip,lines 1", "has neither 'Nessuno' nor 'Alcuno'"),
        ("apart.csv", "c_d150,Azimut,Coop. Sentiero,a slip,", "evidence must not be empty"),
        ("registry.csv", "new,,,,,,,certain,a slip,lines 1", "name must not be empty"),
    ],
)
def test_a_slip_is_told(tables: Path, table: str, row: str, message: str) -> None:
    add(tables / table, row)
    with pytest.raises((InputError, InputErrors), match=message):
        ProviderRegistry.load(tables, TOWNS)


def test_a_name_decided_for_one_municipality_decides_nothing_for_another() -> None:
    registry = ProviderRegistry.load(DATA / "providers", TOWNS)
    assert registry.decided("c_d150", "Coop. Sentiero") is not None
    assert registry.decided("c_a001", "Coop. Sentiero") is None


def test_the_evidence_of_an_alias_is_where_it_is_printed() -> None:
    with (DATA / "providers" / "aliases.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for line in row["evidence"].removeprefix("lines ").split():
                assert row["printed"] in DOCUMENT[int(line) - 1], row
