"""Prints a document that was read as another kind of document, with the libraries that write that kind."""

from __future__ import annotations

import html
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import docx

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
            table.append(cells + [()] * max(0, row.width - len(cells)))
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


PRINTERS: dict[str, Callable[[Sequence[Row]], bytes]] = {"html": as_html, "docx": as_docx}
