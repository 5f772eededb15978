"""The one reader of the maintained tables: what spreadsheets write is read, what is wrong is told whole."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from mappe_servizi.errors import InputError, InputErrors
from mappe_servizi.model.tables import Table, read_file, read_rows
from mappe_servizi.model.tables.cells import POSITIVE, TEXT, URL, code, one_of
from mappe_servizi.model.tables.phrases import PHRASES
from mappe_servizi.model.tables.table import column


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A row of a table that has a cell of every sort."""

    number: int = column(POSITIVE, "", "")
    line: int = column(POSITIVE, "", "")
    printed: str = column(TEXT, "", "")
    name: str = column(TEXT, "", "")
    url: str = column(URL, "", "", default="")
    kind: str = column(code("channel-kind"), "", "")
    certainty: str = column(one_of("certain", "likely"), "", "")
    reason: str = column(TEXT, "", "")
    evidence: str = column(TEXT, "", "")


CHANNELS = Table("channels.csv", "edition", ChannelRow, "", "", (("number", "line", "printed"),))
HEADER = "number,line,printed,name,url,kind,certainty,reason,evidence"
GOOD = '7,586,"sito, del comune",Sito,https://e.org/a,web,certain,perché,line 586'


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def problems(table: "Table[object]", path: Path) -> list[tuple[int | None, str]]:
    with pytest.raises((InputError, InputErrors)) as caught:
        read_rows(table, path)
    errors = caught.value.errors if isinstance(caught.value, InputErrors) else [caught.value]
    return [(error.line, error.message) for error in errors]


@pytest.mark.parametrize(
    "text",
    [
        f"{HEADER}\n{GOOD}\n",
        f"{HEADER}\r\n{GOOD}\r\n\r\n,,,,,,,,\r\n",
        f"\ufeff{HEADER}\n{GOOD}",
        f"{HEADER},,\n{GOOD},,\n",
        f"{HEADER};\n{GOOD};\n".replace(",", ";").replace('"sito; del', '"sito, del'),
        f"{HEADER}\n{GOOD}\n".replace(",", "\t").replace('"sito\t del', '"sito, del'),
        "evidence,number,line,printed,name,url,kind,certainty,reason\n"
        'line 586, 7 ,586,"sito, del comune",Sito,https://e.org/a,web,certain,perché\n',
    ],
    ids=["plain", "crlf and empty rows", "mark", "columns beyond", "semicolons", "tabs", "another order"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_what_spreadsheets_write_is_read(tmp_path: Path, text: str, encoding: str) -> None:
    if encoding == "cp1252":
        text = text.removeprefix("\ufeff")
    (row,) = read_rows(CHANNELS, written(tmp_path / "channels.csv", text, encoding))
    assert row == ChannelRow(
        7, 586, "sito, del comune", "Sito", "https://e.org/a", "web", "certain", "perché", "line 586"
    )


def test_all_that_is_wrong_is_told_at_once_with_what_is_allowed(tmp_path: Path) -> None:
    rows = [
        HEADER,
        "7,x586,Sito,Sito,,web,certain,perché,line 586",
        "7,586,Sito,,ftp://e.org,wbe,perhaps,perché,line 586",
        "7,586,Sito",
        GOOD,
        GOOD,
    ]
    path = written(tmp_path / "channels.csv", "\n".join(rows))
    codes = {"channel-kind": frozenset({"web", "email"})}
    with pytest.raises(InputErrors) as caught:
        read_rows(CHANNELS, path, codes)
    told = [(error.line, error.message) for error in caught.value.errors]
    assert told == [
        (2, "line must be a whole number from 1, not 'x586'"),
        (3, "name must not be empty: it is a text"),
        (3, "url must be an http(s) address, not 'ftp://e.org'"),
        (3, "kind must be a code of the vocabulary channel-kind, not 'wbe'"),
        (3, "certainty must be one of certain, likely, not 'perhaps'"),
        (4, "the row has 3 cells, the header 9"),
        (6, "'7, 586, sito, del comune' stands in line 5 already (number and line and printed)"),
    ]
    assert str(caught.value).count(str(path)) == len(told)


def test_a_header_is_told_with_what_is_near(tmp_path: Path) -> None:
    path = written(tmp_path / "channels.csv", HEADER.replace("printed", "printd") + ",number\n" + GOOD)
    assert problems(CHANNELS, path) == [
        (1, "there is no column 'printd' in channels.csv (did you mean 'printed'?)"),
        (1, "the columns printed are missing; the file has "
            "number, line, printd, name, url, kind, certainty, reason, evidence, number"),
        (1, "the column 'number' stands twice"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the file is empty"),
        (b"\x81\x8d\xff", "neither UTF-8 nor Windows-1252"),
        (f'{HEADER}\n7,"586'.encode(), "this is not CSV"),
        (b"\0\0\0", ""),
    ],
)
def test_what_is_no_table_is_told(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "channels.csv"
    path.write_bytes(data)
    assert said in problems(CHANNELS, path)[0][1]


def test_the_line_is_where_the_row_begins(tmp_path: Path) -> None:
    path = written(tmp_path / "channels.csv", HEADER + "\n" + GOOD.replace("sito,", "sito\n\n") + "\n" + GOOD)
    assert [found.line for found in read_file(CHANNELS, path)] == [2, 5]


@pytest.mark.parametrize("pattern", ["(?P<year>ora)", "(ora)", "(?i)ora", "ora)|(?:x"])
def test_a_phrase_is_a_whole_part_of_an_expression(tmp_path: Path, pattern: str) -> None:
    path = tmp_path / "phrases.csv"
    path.write_text(f'use,pattern,reason\nopen,"{pattern}",a slip\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"phrases\.csv:2: pattern"):
        read_rows(PHRASES, path)
