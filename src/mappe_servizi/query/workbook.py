"""Rows as a spreadsheet: one sheet, its names on top. The same rows give the same bytes.

Written here, of the standard library: the library that writes a release's workbook is one of a build, and
no HTTP process loads it. Texts are texts (``inlineStr``), so that none is taken for a formula.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final
from xml.sax.saxutils import escape

from mappe_servizi.formats import XML

EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The first time that a ZIP archive can tell."""
LONGEST: Final = 32_767
"""Characters of a cell at most; Excel calls a file with a longer one damaged."""
LARGEST: Final = 2**53
"""Whole numbers beyond are not told apart in a cell: they stay texts."""
UNWRITABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write."""
HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OOXML: Final = "http://schemas.openxmlformats.org"
MAIN: Final = f"{OOXML}/spreadsheetml/2006/main"
OFFICE: Final = f"{OOXML}/officeDocument/2006/relationships"
KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS: Final = {
    "[Content_Types].xml": f'<Types xmlns="{OOXML}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="{XML.media}"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KIND}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{OOXML}/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
    '<sheets><sheet name="data" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{OOXML}/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
"""What every workbook of one sheet has beside that."""
FROZEN: Final = (
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/>'
    "</sheetView></sheetViews>"
)
"""The names stay in sight."""


def workbook(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A workbook of some rows, of which one is held at a time; None is an empty cell."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in PARTS.items():
            archive.writestr(_part(path), HEAD + text)
        with archive.open(_part("xl/worksheets/sheet1.xml"), "w") as sheet:
            sheet.write(f'{HEAD}<worksheet xmlns="{MAIN}">{FROZEN}<sheetData>{_row(columns)}'.encode())
            sheet.writelines(_row(row).encode() for row in rows)
            sheet.write(b"</sheetData></worksheet>")
    return output.getvalue()


def _part(path: str) -> zipfile.ZipInfo:
    part = zipfile.ZipInfo(path, EPOCH)
    part.compress_type = zipfile.ZIP_DEFLATED
    return part


def _row(cells: Sequence[object]) -> str:
    return f"<row>{''.join(map(_cell, cells))}</row>"


def _cell(value: object) -> str:
    """A cell: a number, a truth value, or a text.

    >>> _cell(12), _cell(True), _cell(None)
    ('<c><v>12</v></c>', '<c t="b"><v>1</v></c>', '<c/>')
    >>> _cell("=a&b")
    '<c t="inlineStr"><is><t xml:space="preserve">=a&amp;b</t></is></c>'
    """
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{value:d}</v></c>'
    if isinstance(value, int | float | Decimal) and math.isfinite(value) and -LARGEST <= value <= LARGEST:
        return f"<c><v>{value}</v></c>"
    text = UNWRITABLE.sub("\ufffd", str(value))[:LONGEST]
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
