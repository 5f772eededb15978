"""Prints a document that was read as another kind of document, with the libraries that write that kind."""

from __future__ import annotations

import html
import io
import re
import shutil
import subprocess
import tempfile
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import odfdo
import openpyxl

from mappe_servizi.sources.block import Row

Cells = list[tuple[str, ...]]
"""The cells of a row, each with its paragraphs."""


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Table:
    rows: list[Cells]

    @property
    def columns(self) -> int:
        return max(map(len, self.rows))


def blocks(rows: Sequence[Row]) -> Iterator[Paragraph | Table]:
    """A document's rows as paragraphs and tables; what stands for nothing is left out."""
    table: list[Cells] = []
    for row in rows:
        cells = [cell.parts for cell in row.cells]
        if row.kind in {"cells", "header"} and (row.width != 1 or len(cells[0]) > 1):
            table.append(cells + [()] * (max(2, row.width) - len(cells)))
            continue
        if row.kind == "separator":
            continue
        if table:
            yield Table(table)
            table = []
        if row.kind == "cells":
            yield Paragraph(row.cells[0].text)
    if table:
        yield Table(table)


def as_html(rows: Sequence[Row]) -> bytes:
    def block(item: Paragraph | Table) -> str:
        if isinstance(item, Paragraph):
            return f"<p>{html.escape(item.text)}</p>"
        lines = (
            "".join(f"<td>{''.join(f'<p>{html.escape(p)}</p>' for p in cell)}</td>" for cell in row)
            for row in item.rows
        )
        return "<table border=1>" + "".join(f"\n<tr>{line}</tr>" for line in lines) + "</table>"

    body = "\n".join(map(block, blocks(rows)))
    return (
        f"<!DOCTYPE html><html lang=it><head><title>Mappe</title></head><body>{body}</body></html>".encode()
    )


def as_docx(rows: Sequence[Row]) -> bytes:
    document: Any = docx.Document()
    for item in blocks(rows):
        if isinstance(item, Paragraph):
            document.add_paragraph(item.text)
            continue
        table = document.add_table(len(item.rows), item.columns)
        cells = iter(table._cells)
        for row in item.rows:
            for i in range(item.columns):
                paragraphs = row[i] if i < len(row) else ()
                cell = next(cells)
                cell.text = paragraphs[0] if paragraphs else ""
                for more in paragraphs[1:]:
                    cell.add_paragraph(more)
        document.add_paragraph("")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def as_odt(rows: Sequence[Row]) -> bytes:
    document: Any = odfdo.Document("text")
    document.body.clear()
    for n, item in enumerate(blocks(rows)):
        if isinstance(item, Paragraph):
            document.body.append(odfdo.Paragraph(item.text))
        else:
            document.body.append(_odf_table(f"T{n}", item.rows, item.columns))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _odf_table(name: str, lines: list[Cells], columns: int) -> Any:
    table: Any = odfdo.Table(name)
    for line in lines:
        row: Any = odfdo.Row()
        for i in range(columns):
            cell: Any = odfdo.Cell()
            for paragraph in line[i] if i < len(line) else ():
                cell.append(odfdo.Paragraph(paragraph))
            row.append_cell(cell)
        table.append_row(row)
    return table


def sheet_rows(rows: Sequence[Row]) -> list[Cells]:
    """The rows of a workbook's sheet; one between two blocks is empty."""
    lines: list[Cells] = []
    for item in blocks(rows):
        lines += [[]] if lines else []
        lines += [[(item.text,)]] if isinstance(item, Paragraph) else item.rows
    return lines


def as_ods(rows: Sequence[Row]) -> bytes:
    document: Any = odfdo.Document("spreadsheet")
    document.body.clear()
    document.body.append(_odf_table("Mappe dei servizi", sheet_rows(rows), 8))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def as_xlsx(rows: Sequence[Row]) -> bytes:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "Mappe dei servizi"
    for row in sheet_rows(rows):
        sheet.append(["\n".join(cell) or None for cell in row])
    for row in sheet.iter_rows():
        for cell in row:
            cell.data_type = "s" if cell.value is not None else "n"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


STYLE = """<style>@page { size: A4 landscape; margin: 12mm } body { font: 8pt/1.2 sans-serif }
table { border-collapse: collapse; width: 100%; margin: 4pt 0 } tr { break-inside: avoid }
td { border: 1px solid black; vertical-align: top; height: 10pt; padding: 1pt 2pt }
p { margin: 0 0 6pt } td p:last-child { margin: 0 }</style>"""


def as_pdf(rows: Sequence[Row]) -> bytes:
    """Printed by the browser, as people print a page to PDF."""
    return browser_pdf(as_html(rows))


def browser_pdf(html_page: bytes) -> bytes:
    """A page as the browser prints it."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    assert chromium, "the browser of the tests is missing"
    with tempfile.TemporaryDirectory() as directory:
        page, file = Path(directory, "page.html"), Path(directory, "page.pdf")
        page.write_bytes(html_page.replace(b"</head>", f"{STYLE}</head>".encode()))
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
        command = [
            chromium,
            *options,
            f"--user-data-dir={directory}/profile",
            f"--print-to-pdf={file}",
            str(page),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        return file.read_bytes()


PRINTERS: dict[str, Callable[[Sequence[Row]], bytes]] = {
    "html": as_html,
    "docx": as_docx,
    "odt": as_odt,
    "ods": as_ods,
    "xlsx": as_xlsx,
    "pdf": as_pdf,
}


def as_pandoc(rows: Sequence[Row]) -> bytes:
    """Markdown as pandoc makes it (--to gfm): wrapped paragraphs, escapes, tables of HTML where it must."""
    out: list[str] = []
    for item in blocks(rows):
        if isinstance(item, Paragraph):
            text = re.sub(r"^(\d+)([.)])", r"\1\\\2", item.text.replace("*", "\\*"))
            out += [*textwrap.wrap(text, 72, break_long_words=False, break_on_hyphens=False), ""]
        elif any(len(cell) > 1 for row in item.rows for cell in row):
            out += ["<table>", "<colgroup>", '<col style="width: 33%" />', "</colgroup>", "<thead>"]
            for n, row in enumerate(item.rows):
                name = "td" if n else "th"
                out += ["</thead>", "<tbody>"] if n == 1 else []
                out += [
                    "<tr>",
                    *(_html_cell(name, row[i] if i < len(row) else ()) for i in range(item.columns)),
                ]
                out.append("</tr>")
            out += ["</tbody>" if len(item.rows) > 1 else "</thead>", "</table>", ""]
        else:
            head, *rest = ([" ".join(cell).replace("|", "\\|") for cell in row] for row in item.rows)
            lines = [head, ["----"] * item.columns, *rest]
            filled = [line + [""] * (item.columns - len(line)) for line in lines]
            out += [*("| " + " | ".join(line) + " |" for line in filled), ""]
    return "\n".join(out).encode()


def _html_cell(name: str, cell: Sequence[str]) -> str:
    inside = [html.escape(text, quote=False) for text in cell]
    text = "\n".join(f"<p>{part}</p>" for part in inside) if len(inside) > 1 else "".join(inside)
    return f"<{name}>{text}</{name}>"


def as_markitdown(rows: Sequence[Row]) -> bytes:
    """Markdown as markitdown makes it of a workbook: one table, "NaN" for empty cells, \\n in them."""
    lines = sheet_rows(rows)
    width = max(map(len, lines))
    out = ["## Mappe dei servizi"]
    for n, line in enumerate(lines):
        empty = [f"Unnamed: {i}" for i in range(width)] if n == 0 else ["NaN"] * width
        texts = ["\\n".join(cell).replace("|", "\\|") for cell in line]
        cells = [text or empty[i] for i, text in enumerate(texts)] + empty[len(texts) :]
        out.append("| " + " | ".join(cells) + " |")
        out += ["| " + " | ".join(["---"] * width) + " |"] if n == 0 else []
    return "\n".join(out).encode()


CONVERTERS: dict[str, Callable[[Sequence[Row]], bytes]] = {"pandoc": as_pandoc, "markitdown": as_markitdown}
