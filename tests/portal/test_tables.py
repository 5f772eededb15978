"""``/api/{table}``: rows of a release's tables from its columns, the same as the files that a build wrote."""

import csv
import io
import json
import socket
from pathlib import Path

import httpx
import pyarrow
import pyarrow.parquet
import pytest
from openpyxl import load_workbook

from helpers import ROOT
from mappe_servizi.model.outputs.declared import SHEET_ROWS
from mappe_servizi.query.columnar.rows import RowsQuestion
from mappe_servizi.query.columnar.worker import ColumnarWorker
from mappe_servizi.query.worker import ResultWriter, UnreadableError
from mappe_servizi.releases import Release

TABLES = sorted(path.stem for path in (ROOT / "queries" / "tables").glob("*.rq"))
HOSTILE = (
    "' OR 1=1 --", '"; DROP TABLE services; --', "\x00", "a\u0301\U0001d4b3\u202e", "$f_0", "x" * 2000,
    "read_csv('/etc/passwd')",
)  # fmt: skip


def rows(release: Release, table: str) -> list[dict[str, str]]:
    text = (release.path / "csv" / f"{table}.csv").read_bytes().decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def as_csv(found: list[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([list(found[0]), *(row.values() for row in found)])
    return text.getvalue()


@pytest.mark.parametrize("table", TABLES)
def test_a_table_is_the_file_that_the_build_wrote(client: httpx.Client, release: Release, table: str) -> None:
    answer = client.get(f"/api/{table}.csv")
    assert answer.content == (release.path / "csv" / f"{table}.csv").read_bytes()
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    parquet = client.get(f"/api/{table}.parquet")
    found = pyarrow.parquet.read_table(io.BytesIO(parquet.content))
    assert found.equals(pyarrow.parquet.read_table(release.path / "tables" / f"{table}.parquet"))


@pytest.mark.parametrize("table", TABLES)
def test_any_column_chooses_rows(client: httpx.Client, release: Release, table: str) -> None:
    every = rows(release, table)
    for column in every[0]:
        value = max((row[column] for row in every), key=len)[:900]
        wanted = [row for row in every if row[column] == value and value]
        if not wanted:
            continue
        answer = client.get(f"/api/{table}.csv", params={column: value})
        assert answer.text == as_csv(wanted), column
        document = client.get(f"/api/{table}", params={column: value}).json()
        assert document["total"] == len(wanted)
        assert [{*row} for row in document["rows"]] == [
            {name for name in row if row[name]} for row in wanted[:1000]
        ]


@pytest.mark.adversary
@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_is_a_value_whatever_it_says(client: httpx.Client, value: str) -> None:
    answer = client.get("/api/services", params={"title": value, "municipality": "c_d150"})
    assert answer.status_code == 200
    assert answer.json()["total"] == 0


@pytest.mark.parametrize(("value", "count"), [("1", 1), ("+01", 1), ("-1", 0), ("9" * 40, 0)])
def test_whole_numbers_are_compared_as_numbers(client: httpx.Client, value: str, count: int) -> None:
    assert client.get("/api/services", params={"number": value}).json()["total"] == count


def test_a_workbook_has_the_rows_that_are_asked_for(client: httpx.Client, release: Release) -> None:
    answer = client.get("/api/personnel.xlsx", params={"limit": "7", "page": "2"})
    found = [*load_workbook(io.BytesIO(answer.content), read_only=True).active.iter_rows(values_only=True)]
    assert [str(row[2]) for row in found[1:]] == [row["number"] for row in rows(release, "personnel")[7:14]]
    assert 'rel="prev"' in answer.headers["link"]


def test_a_worker_says_that_there_is_no_such_table(tmp_path: Path) -> None:
    question = RowsQuestion("services", ("municipality",))
    ours, theirs = socket.socketpair()
    with ours, theirs:
        worker = ColumnarWorker(theirs, 1 << 30, tmp_path / "tables")
        with pytest.raises(OSError, match="services"):
            worker.evaluate({"query": question.job(), "format": "csv"}, ResultWriter(theirs, 1 << 20))


def test_more_rows_than_a_sheet_has_are_refused_and_larger_files_stay_on_the_disk(tmp_path: Path) -> None:
    many = SHEET_ROWS + 1
    table = pyarrow.table({"number": pyarrow.array(range(many)), "text": ["testo"] * many})
    (tmp_path / "tables").mkdir()
    pyarrow.parquet.write_table(table, tmp_path / "tables" / "long.parquet")
    ours, theirs = socket.socketpair()
    with ours, theirs:
        worker = ColumnarWorker(theirs, 1 << 30, tmp_path / "tables")
        worker._room = 0  # as if others had taken the room
        question = RowsQuestion("long", ("number", "text"))
        with pytest.raises(UnreadableError, match="limit and page"):
            worker.evaluate({"query": question.job(), "format": "xlsx"}, ResultWriter(theirs, 1 << 30))
        page = RowsQuestion("long", ("number", "text"), {"text": "testo"}, limit=2, offset=many - 2)
        output = ResultWriter(theirs, 1 << 20)
        worker.evaluate({"query": page.job(), "format": "json"}, output)
        found = json.loads(bytes(output.buffer))
        assert [row["number"] for row in found["rows"]] == [many - 2, many - 1]
        assert found["total"] == many
