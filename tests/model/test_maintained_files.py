"""Every maintained file, found by walking: each is a declared table, and no change gives a traceback."""

from __future__ import annotations

import csv
import io
import shutil
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers import ROOT
from mappe_servizi.errors import MappeError
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.every import TABLES
from mappe_servizi.model.tables.table import Table
from mappe_servizi.model.tables.whole import (
    check_file,
    declared,
    municipality_files,
    program_files,
    shared_files,
)
from mappe_servizi.pipeline.maintained import errors_of, table_errors
from mappe_servizi.settings import Settings

DATA = ROOT / "data"
FILES = [
    *shared_files(DATA, DATA / "knowledge"),
    *(file for folder in sorted(DATA.glob("municipalities/*/")) for file in municipality_files(folder)),
    *program_files(ROOT / "ontology"),
]
PATHS = [path for _, path in FILES]


def test_every_file_is_a_declared_table() -> None:
    walked = {path for root in ("data", "ontology", "src") for path in (ROOT / root).rglob("*.csv")}
    assert walked == set(PATHS)
    assert [path for home, path in FILES if declared(home, path.name) is None] == []


def test_every_declared_table_tells_what_its_columns_are_in_both_languages() -> None:
    for table in TABLES:
        assert all((table.it, table.en)), table.file
        for column in table.columns:
            assert all((column.it, column.en, column.kind.it, column.kind.en)), (table.file, column.name)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file[1].relative_to(ROOT)))
def test_it_is_read_whole(file: tuple[str, Path]) -> None:
    home, path = file
    assert len(read_rows(table_of(home, path), path)) == len(cells(path)) - 1


def table_of(home: str, path: Path) -> Table[object]:
    table = declared(home, path.name)  # type: ignore[arg-type]
    assert table is not None, f"{path} is no declared table"
    return table


@cache
def cells(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.reader(file) if any(row)]


def told(home: str, path: Path, name: str, text: bytes) -> str:
    """What is said of a changed file, "" where it is taken."""
    changed = path.parent / name
    changed.write_bytes(text)
    try:
        read_rows(table_of(home, changed), changed)
    except MappeError as error:
        assert str(changed) in str(error)  # noqa: PT017 - acceptance is as good
        return str(error)
    return ""


def written(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


ANY = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["", " ", "9" * 400, "(" * 99, "-1", "0", "1e999", "NaN", "٣", "28/11/2026", "2026-02-30",
         "\ud800", "\0", "urn:nir:x", "http://[", "c_d150", "a|b", "|", "perhaps", "ieri", "99999999999",
         "=1+1", "%s{}", "a\r\nb"]
    ),
)  # fmt: skip


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_cell_may_say_anything(data: st.DataObject, tmp_path: Path) -> None:
    home, path = data.draw(st.sampled_from([file for file in FILES if len(cells(file[1])) > 1]))
    rows = [list(row) for row in cells(path)[:40]]
    at = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.integers(0, len(rows[0]) - 1))
    others = st.sampled_from([cell for row in rows for cell in row])
    rows[at][column] = data.draw(st.one_of(ANY, others))
    told(home, tmp_path / path.name, path.name, written(rows).encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file[1].relative_to(ROOT)))
def test_what_spreadsheets_and_slips_make_of_it(file: tuple[str, Path], tmp_path: Path) -> None:
    home, path = file
    rows = cells(path)[:20]
    at, name = tmp_path / path.name, path.name

    def said(text: str | bytes) -> str:
        return told(home, at, name, text.encode() if isinstance(text, str) else text)

    for delimiter in ",;\t":
        assert said("\ufeff" + written(rows, delimiter)) == ""
    western = [
        row for row in rows if written([row]).encode("cp1252", "ignore").decode("cp1252") == written([row])
    ]
    assert said(written(western).encode("cp1252")) == ""
    assert said(written(rows).encode("utf-16")) == ""
    assert said(written([*rows, [""] * len(rows[0]), []])) == ""
    assert said(written([list(reversed(row)) for row in rows])) == ""
    assert "empty" in said("")
    assert "missing" in said(written([row[1:] for row in rows]))
    assert "there is no column 'colonna'" in said(written([[*rows[0], "colonna"], *rows[1:]]))
    assert "stands twice" in said(written([[*row, row[0]] for row in rows]))
    if len(rows) > 1:
        assert "line 2 already" in said(written([*rows, rows[1]]))
        assert "cells, the header" in said(written([rows[0], [*rows[1], "more"]]))
    assert "neither" in said(b"\x81\x8d\xff")
    said(written(rows).encode()[:-3] + b'"')


@pytest.fixture
def instance(tmp_path: Path) -> Settings:
    data = Path(shutil.copytree(DATA, tmp_path / "data"))
    return Settings(data=data, knowledge=data / "knowledge")


def add(path: Path, *lines: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


def test_all_files_of_a_run_are_told_together(instance: Settings) -> None:
    data = instance.data
    base = f"{instance.base_uri}data/organization/"
    assert table_errors(instance) == []
    add(data / "providers" / "aliases.csv", "c_d150,Nessuno,nobody,certain,x,lines 1")
    add(data / "providers" / "apart.csv", "c_d150,Nobody A,Nobody B,x,assumed")
    add(data / "providers" / "decisions.csv", f"{base}azimt,urn:x:1,accept,x,assumed",
        f"{base}azimut,{base}c_d150/ats,reject,x,assumed")  # fmt: skip
    add(data / "providers" / "identifiers.csv", "nobody,vat,00743110157,N,,certain,x,a list")
    add(data / "providers" / "identifiers.csv", "azimut,vat,12345678901,N,,perhaps,x,a list")
    add(data / "knowledge" / "units.csv", "(,kgg,")
    (data / "municipalities" / "c_d150" / "servces.csv").write_text("number\n")
    (data / "municipalities" / "c_d150" / "anything.csv").write_text("number\n")
    (data / "providers" / "anything.csv").write_text("number\n")
    found = {(Path(e.file).name, e.line, e.message.split(" (")[0].split("; there are")[0])
             for e in table_errors(instance)}  # fmt: skip
    lines = {path: len((data / "providers" / path).read_text().splitlines())
             for path in ("aliases.csv", "apart.csv", "decisions.csv", "identifiers.csv")}  # fmt: skip
    assert found == {
        ("aliases.csv", lines["aliases.csv"], "the registry has no 'nobody'"),
        ("apart.csv", lines["apart.csv"], "aliases.csv of c_d150 has neither 'Nobody A' nor 'Nobody B'"),
        ("decisions.csv", 2, "there is no organisation 'azimt' of our own"),
        ("identifiers.csv", lines["identifiers.csv"] - 1, "the registry has no 'nobody'"),
        (
            "identifiers.csv",
            lines["identifiers.csv"],
            "certainty must be one of certain, likely, not 'perhaps'",
        ),
        ("units.csv", 9, "pattern must be a regular expression, not '('"),
        ("units.csv", 9, "unit must be one of count, percent, EUR, kg, m2, m, h, d, not 'kgg'"),
        ("units.csv", 9, "reason must not be empty: it is a text"),
        ("servces.csv", None, "there is no such table"),
        ("anything.csv", None, "there is no such table"),
    }


def test_a_file_that_is_a_table_elsewhere_is_none_here(tmp_path: Path) -> None:
    errors: list[object] = []
    check_file("providers", tmp_path / "aliasses.csv", errors)  # type: ignore[arg-type]
    assert "did you mean 'aliases.csv'?" in str(errors[0])


def test_what_is_wrong_in_all_files_of_a_town_is_told_together(tmp_path: Path) -> None:
    folder = shutil.copytree(DATA / "municipalities" / "c_d150", tmp_path / "c_d150")
    for name, old, new in (
        ("municipality.toml", 'istat = "019036"', 'istat = "1903"'),
        ("editions/2020/edition.toml", "title = ", "titel = "),
        ("places.csv", "\necologia,", "\necologiaa,"),
        ("channels.csv", ",web,", ",wbe,"),
    ):
        path = folder / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    said = "\n".join(map(str, errors_of(folder, ROOT / "data" / "knowledge")))
    for message in (
        "municipality.toml:3: 'istat' must be an ISTAT code",
        "edition.toml",
        "did you mean 'title'?",
        "has no service 'ecologiaa' (did you mean 'ecologia'?)",
        "not 'wbe'",
    ):
        assert message in said
