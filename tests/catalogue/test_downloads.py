"""The downloads: each verifies, is what it says, and says the same as the others."""

import csv
import gzip
import json
import subprocess
import zipfile
from datetime import datetime
from pathlib import Path

import pyarrow.parquet
import pytest
import zstandard
from openpyxl import load_workbook
from pyoxigraph import RdfFormat, parse

from helpers import ROOT, Tell
from mappe_servizi.graph.catalogue import read_configuration
from mappe_servizi.model.outputs import declared
from mappe_servizi.model.outputs.declared import SHEET_ROWS
from mappe_servizi.outputs.packages import read_tables
from mappe_servizi.outputs.workbook import write_workbook
from mappe_servizi.releases import Release
from others import Run

TABLES = sorted(p.stem for p in (ROOT / "queries" / "tables").glob("*.rq"))


def rows(release: Release, table: str) -> list[list[str]]:
    with (release.path / "csv" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_the_checksums_verify(release: Release) -> None:
    command = ["sha256sum", "--check", "--quiet", "SHA256SUMS"]
    done = subprocess.run(command, cwd=release.path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    named = {line.split("  ")[1] for line in (release.path / "SHA256SUMS").read_text().splitlines()}
    assert named == {*release.files} - {"SHA256SUMS"}


def test_the_compressed_dumps_are_the_dump(release: Release) -> None:
    data = release.dump.read_bytes()
    assert gzip.decompress(release.dump.with_suffix(".nq.gz").read_bytes()) == data
    packed = release.dump.with_suffix(".nq.zst").read_bytes()
    assert zstandard.ZstdDecompressor().decompress(packed) == data


@pytest.mark.parametrize("path", declared.CATALOGUE.paths[1:])
def test_the_catalogue_is_the_same_in_every_format(path: str, release: Release) -> None:
    first = {q.triple for q in parse(path=release.path / declared.CATALOGUE.paths[0])}
    kind = RdfFormat.from_extension(path.rsplit(".", 1)[1])
    assert {q.triple for q in parse(path=release.path / path, format=kind)} == first
    if kind == RdfFormat.JSON_LD:
        assert (release.path / path).read_bytes().startswith(b'{"@context":{')


def test_the_parts_are_the_whole(release: Release) -> None:
    parts = sorted((release.path / "dump").glob("*.ttl"))
    assert {q.triple for part in parts for q in parse(path=part)} == {
        q.triple for q in parse(path=release.dump)
    }


def test_every_table_is_in_one_data_set() -> None:
    datasets = read_configuration(ROOT / "data" / "knowledge", ROOT / "data").datasets
    assert sorted(table for d in datasets for table in d.rest.get("tables", ())) == TABLES


def test_a_csvw_validator_accepts_the_tables(release: Release, other: Run, tell: Tell) -> None:
    for table in TABLES:
        done = other("csvwvalidate", release.path / "csv" / f"{table}.csv-metadata.json")
        assert done.returncode == 0, f"{table}: {done.stdout}{done.stderr}"
    tell(f"csvwvalidate: {len(TABLES)} tables are valid")


def test_frictionless_accepts_the_data_package(release: Release, other: Run) -> None:
    done = other("frictionless", "validate", "datapackage.json", "--json", cwd=release.path)
    report = json.loads(done.stdout)
    assert report["valid"], [task["errors"][:2] for task in report["tasks"] if not task["valid"]]
    assert report["stats"]["tasks"] == len(TABLES)


def test_parquet_has_the_same_rows_with_types(release: Release) -> None:
    for table in TABLES:
        header, *body = rows(release, table)
        found = pyarrow.parquet.read_table(release.path / "tables" / f"{table}.parquet")
        assert found.column_names == header
        assert found.num_rows == len(body)
    observations = pyarrow.parquet.read_table(release.path / "tables" / "observations.parquet")
    assert str(observations.schema.field("value").type) == "double"
    header, *body = rows(release, "observations")
    printed = [float(r[header.index("value")]) if r[header.index("value")] else None for r in body]
    assert observations.column("value").to_pylist() == printed
    assert b"description@it" in observations.schema.field("value").metadata


def test_the_workbook_has_a_sheet_a_table_and_says_what_it_is(release: Release) -> None:
    with zipfile.ZipFile(release.path / "tables" / "mappe-servizi.xlsx") as archive:
        sheets = archive.read("xl/workbook.xml").decode()
        texts = archive.read("xl/sharedStrings.xml").decode()
    for name in ("Leggimi", *TABLES):
        assert f'name="{name}"' in sheets
    for said in ("CC BY", "creativecommons.org/licenses/by/4.0/", "Comune di Cremona", "non ufficiale"):
        assert said.replace("CC BY", "licenses/by") in texts


def test_a_table_too_long_for_a_sheet_is_told_and_not_cut(release: Release, tmp_path: Path) -> None:
    """Half a table would be taken for the whole; and the limit is one that a sheet can hold."""
    tables = {table.name: table for table in read_tables(release.path / "csv")}
    short, long = tables["services"], tables["observations"]
    count = sum(1 for _ in short.rows())
    path = tmp_path / "tables.xlsx"
    about = {"Titolo": "Prova", "Pubblicato da": "", "Titolare dei diritti": ""}
    write_workbook([long, short], path, about, datetime(2026, 1, 1), most=count)
    book = load_workbook(path, read_only=True)
    assert book.sheetnames == ["Leggimi", "services"]
    assert sum(1 for _ in book["services"].rows) == count + 1
    told = [cell for row in book["Leggimi"].iter_rows(values_only=True) for cell in row if cell]
    expected = f"{sum(1 for _ in long.rows())} rows, too many for a sheet: csv/observations.csv"
    assert any(str(cell).startswith(expected) for cell in told)
    assert SHEET_ROWS < 1_048_576


def test_the_archive_has_the_tables_as_they_are(release: Release) -> None:
    with zipfile.ZipFile(release.path / "tables" / "mappe-servizi-csv.zip") as archive:
        assert {f"csv/{t}.csv" for t in TABLES} < set(archive.namelist())
        for name in archive.namelist():
            assert archive.read(name) == (release.path / Path(name)).read_bytes()
