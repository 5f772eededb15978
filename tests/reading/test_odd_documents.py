"""Documents of each kind, odd or damaged: read right, or refused with place and reason."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from mappe_servizi.checks.decisions import open_decisions
from mappe_servizi.errors import MappeError
from mappe_servizi.model.records import Document
from mappe_servizi.reading.reader import read_document
from mappe_servizi.sources.kinds import read_source

from .conftest import FORM
from .printers import PRINTERS
from .render import Layout, Sheet, document
from .test_layouts import as_sheet, municipality
from .test_unclear import RIVALTA

ZIPPED = ("docx", "odt", "ods", "xlsx")
MAIN = {
    "docx": "word/document.xml",
    "odt": "content.xml",
    "ods": "content.xml",
    "xlsx": "xl/worksheets/sheet1.xml",
}


def printed(kind: str, sheet: Sheet = RIVALTA, layout: Layout | None = None) -> bytes:
    text = document([sheet], layout or Layout())
    return PRINTERS[kind](read_source(text.encode(), Path("document.txt")).rows)


def read(directory: Path, data: bytes, name: str) -> Document:
    edition = municipality(directory, b"")
    (edition / "document.txt").unlink()
    (edition / name).write_bytes(data)
    settings = (edition / "edition.toml").read_text(encoding="utf-8")
    (edition / "edition.toml").write_text(settings.replace("document.txt", name), encoding="utf-8")
    return read_document(edition, FORM)


def sheet_of(found: Document) -> Sheet:
    return as_sheet(found.maps[0], list(found.years))


def edited(data: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """An archive with a part changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == part:
                text = content.decode()
                content = change(text).encode()
                assert content != text.encode(), "the change finds nothing"
            new.writestr(info, content)
    return file.getvalue()


@pytest.mark.parametrize("kind", PRINTERS)
@pytest.mark.parametrize("label_column", [True, False])
def test_a_sheet_in_each_kind(tmp_path: Path, kind: str, label_column: bool) -> None:
    data = printed(kind, layout=Layout(label_column=label_column))
    assert sheet_of(read(tmp_path, data, f"mappe.{kind}")) == RIVALTA


def refused(directory: Path, data: bytes, name: str, *said: str) -> None:
    begun = time.process_time()
    with pytest.raises(MappeError) as caught:
        read(directory, data, name)
    assert time.process_time() - begun < 20
    for words in (name, *said):
        assert words in str(caught.value)


@pytest.mark.parametrize("kind", ZIPPED)
def test_what_is_no_document_is_refused(tmp_path: Path, kind: str) -> None:
    data, name, main = printed(kind), f"mappe.{kind}", MAIN[kind]
    refused(tmp_path, data[: len(data) // 2], name)
    refused(tmp_path, b"PK\x03\x04" + b"\0" * 100, name)
    refused(tmp_path, b"", name)
    refused(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, name, "password")
    refused(tmp_path, edited(data, main, lambda t: t[:-50]), name, "no XML")
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    refused(tmp_path, edited(data, main, lambda t: bomb + t.split("?>", 1)[-1]), name, "document type")
    refused(
        tmp_path, edited(data, main, lambda t: t.replace(">", ">" + " " * (49 << 20), 1)), name, "unpacks"
    )
    refused(tmp_path, edited(data, main, lambda t: "<a>" * 5000 + "</a>" * 5000), name)


@pytest.mark.parametrize(
    ("kind", "named"), [("docx", "xlsx"), ("xlsx", "docx"), ("html", "odt"), ("odt", "txt")]
)
def test_a_name_that_says_another_kind(tmp_path: Path, kind: str, named: str) -> None:
    refused(tmp_path, printed(kind), f"mappe.{named}", "its content is", f"mappe.{kind}")


def test_an_encrypted_archive(tmp_path: Path) -> None:
    data = bytearray(printed("docx"))
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        data[at + 8] |= 1
        at += 4
    refused(tmp_path, bytes(data), "mappe.docx", "password")


# Word.


def test_merged_cells_of_word_count_once(tmp_path: Path) -> None:
    file = docx.Document(io.BytesIO(printed("docx")))
    outputs = next(t for t in file.tables if t.cell(0, 0).text == "Tipologia")
    outputs.cell(0, 1).merge(outputs.cell(0, 3))
    structures = next(t for t in file.tables if "Strutture erogative" in t.cell(0, 0).text)
    structures.cell(0, 0).merge(structures.cell(2, 0))
    assert sheet_of(read(tmp_path, saved(file), "mappe.docx")) == RIVALTA


def saved(file: Any) -> bytes:
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def test_a_figure_over_two_years_is_refused(tmp_path: Path) -> None:
    file = docx.Document(io.BytesIO(printed("docx")))
    outputs = next(t for t in file.tables if t.cell(0, 0).text == "Tipologia")
    outputs.cell(2, 2).text = ""
    outputs.cell(2, 1).merge(outputs.cell(2, 2))
    refused(tmp_path, saved(file), "mappe.docx", "2 years", "table=")


FIELD = "<w:r><w:fldChar><w:ffData><w:checkBox>{}</w:checkBox></w:ffData></w:fldChar></w:r>"
RUN = "<w:t>66</w:t>"


@pytest.mark.parametrize(
    ("xml", "value"),
    [
        (f"<w:ins><w:r>{RUN}</w:r></w:ins>", "66"),
        (f"<w:del><w:r><w:delText>65</w:delText></w:r></w:del><w:r>{RUN}</w:r>", "66"),
        (f"<w:sdt><w:sdtPr/><w:sdtContent><w:r>{RUN}</w:r></w:sdtContent></w:sdt>", "66"),
        (f"<w:hyperlink><w:r>{RUN}</w:r></w:hyperlink>", "66"),
        ("<w:r><w:t>6</w:t></w:r><w:r><w:t>6</w:t></w:r>", "66"),
        (f'<w:r>{RUN}</w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>1</w:t></w:r>', None),
        (f'<w:r>{RUN}</w:r><w:r><w:footnoteReference w:id="2"/></w:r>', None),
        (f"<w:r>{RUN}</w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>7</w:t></w:r>", "66"),
        (f"<w:r>{RUN}<w:br/><w:t>67</w:t></w:r>", None),
    ],
)
def test_what_word_keeps_in_a_cell(tmp_path: Path, xml: str, value: str | None) -> None:
    data = edited(printed("docx"), MAIN["docx"], lambda t: t.replace(f"<w:r>{RUN}</w:r>", xml))
    found = read(tmp_path, data, "mappe.docx")
    figure = found.maps[0].indicators[0].figures[1]
    assert (None if figure.value is None else str(figure.value)) == value
    assert bool(open_decisions(found)) == (value is None)


@pytest.mark.parametrize(
    ("box", "marked"),
    [
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', True),
        ("<w:sdt><w:sdtContent><w:r><w:t>☒</w:t></w:r></w:sdtContent></w:sdt>", True),
        ("<w:sdt><w:sdtContent><w:r><w:t>☐</w:t></w:r></w:sdtContent></w:sdt>", False),
        (FIELD.format('<w:checked w:val="1"/>'), True),
        (FIELD.format('<w:default w:val="0"/>'), False),
    ],
)  # fmt: skip
def test_boxes_to_tick(tmp_path: Path, box: str, marked: bool) -> None:
    data = edited(printed("docx"), MAIN["docx"], lambda t: t.replace("<w:r><w:t>X</w:t></w:r>", box))
    assert bool(read(tmp_path, data, "mappe.docx").maps[0].management) is marked


def test_an_index_that_word_numbers_by_itself(tmp_path: Path) -> None:
    file = docx.Document(io.BytesIO(printed("docx")))
    entry = next(p for p in file.paragraphs if p.text == "1. ASILI NIDO")
    entry.text, entry.style = "ASILI NIDO", "List Number"
    properties = entry._p.get_or_add_pPr()
    properties.get_or_add_numPr().get_or_add_numId().val = 5
    file.styles["List Number"].element.pPr.numPr.numId.val = 5
    numbers = file.part.numbering_part.element
    numbers.num_having_numId(5)
    found = read(tmp_path, saved(file), "mappe.docx")
    assert found.entries[0].number == 1
    assert found.entries[0].title.value == "ASILI NIDO"


def test_a_table_inside_a_table_is_refused(tmp_path: Path) -> None:
    file = docx.Document(io.BytesIO(printed("docx")))
    file.tables[0].cell(1, 1).add_table(1, 1).cell(0, 0).text = "annidata"
    refused(tmp_path, saved(file), "mappe.docx", "table=1&cell=", "inside a table")


# Workbooks.


def workbook(directory: Path, change: Callable[[Any], None]) -> Document:
    book = openpyxl.load_workbook(io.BytesIO(printed("xlsx")))
    change(book.active)
    return read(directory, saved(book), "mappe.xlsx")


def cell(sheet: Any, value: str) -> Any:
    return next(c for row in sheet.iter_rows() for c in row if c.value == value)


@pytest.mark.parametrize(
    ("value", "format_", "raw", "number"),
    [
        (12085, "#,##0", "12085", "12085"),
        (154.875, "General", "154,875", "154.875"),
        (0.1, "0%", "10%", "10"),
        (0.1 + 0.2, "0.00", "0,3", "0.3"),
        (-3, "General", "-3", "-3"),
    ],
)
def test_numbers_of_a_workbook(tmp_path: Path, value: float, format_: str, raw: str, number: str) -> None:
    def change(sheet: Any) -> None:
        here = cell(sheet, "66")
        here.value, here.number_format = value, format_

    figure = workbook(tmp_path, change).maps[0].indicators[0].figures[1]
    assert (figure.raw, str(figure.value)) == (raw, number)
    assert figure.source.startswith("sheet=Mappe%20dei%20servizi&cell=")


def test_dates_of_a_workbook(tmp_path: Path) -> None:
    def change(sheet: Any) -> None:
        for row in sheet.iter_rows():
            for here in row:
                if str(here.value).startswith("31/12/"):
                    here.value = datetime(int(here.value[-4:]), 12, 31)
                elif str(here.value).isdecimal():
                    here.value = int(here.value)

    assert sheet_of(workbook(tmp_path, change)) == RIVALTA


def test_merged_cells_of_a_workbook(tmp_path: Path) -> None:
    def header(sheet: Any) -> None:
        at = cell(sheet, "Quantità").row
        sheet.merge_cells(start_row=at, start_column=2, end_row=at, end_column=4)

    assert sheet_of(workbook(tmp_path, header)) == RIVALTA

    def figure(sheet: Any) -> None:
        at = cell(sheet, "66")
        sheet.merge_cells(start_row=at.row, start_column=3, end_row=at.row, end_column=4)

    with pytest.raises(MappeError, match=r"cell=A\d+: .*2 years"):
        workbook(tmp_path, figure)


def test_a_formula_without_its_value_is_told(tmp_path: Path) -> None:
    def change(sheet: Any) -> None:
        cell(sheet, "66").value = "=60+6"

    with pytest.raises(MappeError, match=r"cell=C\d+: a formula without its value"):
        workbook(tmp_path, change)


def test_a_sheet_each_service(tmp_path: Path) -> None:
    sheets = [RIVALTA, replace(RIVALTA, name="ANAGRAFE")]
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in sheets:
        one = openpyxl.load_workbook(io.BytesIO(printed("xlsx", sheet))).active
        here = book.create_sheet(sheet.name.title())
        begin = next(r for r in range(1, 20) if str(one.cell(r, 1).value).startswith("SERVIZIO"))
        for row in one.iter_rows(min_row=begin, values_only=True):
            here.append(row)
    found = read(tmp_path, saved(book), "mappe.xlsx")
    assert [as_sheet(m, list(found.years)) for m in found.maps] == sheets
    assert found.maps[1].indicators[0].figures[0].source.startswith("sheet=Anagrafe&cell=B")


@pytest.mark.parametrize("ref", ["A1:XFD1048576", "A1:ZZZZ1", "A0:B2"])
def test_a_workbook_that_covers_the_world(tmp_path: Path, ref: str) -> None:
    data = edited(
        printed("xlsx"),
        MAIN["xlsx"],
        lambda t: t.replace("</sheetData>", f'</sheetData><mergeCells><mergeCell ref="{ref}"/></mergeCells>'),
    )
    refused(tmp_path, data, "mappe.xlsx", "cell=")


# Web pages.

CELL = "<td><p>66</p></td>"


@pytest.mark.parametrize(
    ("old", "new", "value"),
    [
        (CELL, "<TD align=right>66</TD>", "66"),
        (CELL, "<td>\n  66&nbsp;\n</td>", "66"),
        (CELL, "<td>66<sup>1</sup></td>", None),
        (CELL, "<td>66<br>67</td>", None),
        (CELL, "<td>66", "66"),
        (CELL, "<td><script>7</script>66<style>p{}</style></td>", "66"),
        (CELL, "<td><!-- 65 -->66</td>", "66"),
        ("</tr>", "", "66"),
        ("<html lang=it><head>", '<html><head><meta charset="utf-8">', "66"),
    ],
)
def test_pages_as_programs_write_them(tmp_path: Path, old: str, new: str, value: str | None) -> None:
    page = printed("html").decode()
    assert old in page
    found = read(tmp_path, page.replace(old, new).encode(), "mappe.html")
    figure = found.maps[0].indicators[0].figures[1]
    assert (None if figure.value is None else str(figure.value)) == value


def test_a_page_of_another_encoding(tmp_path: Path) -> None:
    page = printed("html").decode().replace("<head>", '<head><meta charset="windows-1252">')
    assert sheet_of(read(tmp_path, page.encode("cp1252"), "mappe.htm")) == RIVALTA


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("<td colspan=2>66</td>", "2 years"),
        ("<td colspan=99999>66</td>", "colspan"),
        ("<td rowspan=0>66</td>", "rowspan"),
        ("<td><table><tr><td>66</table></td>", "inside a table"),
    ],
)
def test_pages_that_cannot_be_laid_out(tmp_path: Path, new: str, said: str) -> None:
    page = printed("html").decode().replace(CELL, new)
    refused(tmp_path, page.encode(), "mappe.html", said, "table=")


def test_an_index_that_a_page_numbers_by_itself(tmp_path: Path) -> None:
    page = printed("html").decode().replace("<p>1. ASILI NIDO</p>", "<ol><li>ASILI NIDO</li></ol>")
    assert sheet_of(read(tmp_path, page.encode(), "mappe.html")) == RIVALTA
