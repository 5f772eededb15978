"""OpenDocument's workbooks, their sheets laid out as the form."""

from __future__ import annotations

from urllib.parse import quote

from mappe_servizi.sources.block import Content, DocumentKind, Pages
from mappe_servizi.sources.container import Container, attribute, holds, local
from mappe_servizi.sources.margins import without_margin
from mappe_servizi.sources.opendocument import CONTENT, body, raised_styles, rows


def read(data: bytes) -> Content:
    """A workbook's rows, sheet by sheet.

    Raises:
        Unfit: it cannot be opened, or has more than any workbook of service maps.
    """
    container, pages = Container(data), Pages()
    raised = raised_styles(container)
    for sheet in body(container, "spreadsheet"):
        if local(sheet) == "table":
            where = f"sheet={quote(attribute(sheet, 'name'))}&cell="
            for index, cells, width in without_margin(rows(sheet, where, raised)):
                pages.add(cells, f"{where}A{index + 1}", width)
    return pages.content()


KIND = DocumentKind(
    "ODS", (".ods",), lambda data: holds(data, CONTENT) and b"opendocument.spreadsheet" in data[:200], read
)
