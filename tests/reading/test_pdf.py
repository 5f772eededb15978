"""PDFs as programs print them, odd and damaged: read right and proposed, or refused with place and reason."""

from __future__ import annotations

import html
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer

from mappe_servizi.checks.decisions import open_decisions
from mappe_servizi.sources.kinds import read_source

from . import printers
from .printers import blocks, browser_pdf
from .render import Layout, document
from .test_odd_documents import CELL, printed, read, refused, sheet_of
from .test_unclear import RIVALTA

GRID = ("GRID", (0, 0), (-1, -1), 0.5, colors.black)
SIDES = {
    "inside": ("INNERGRID", (0, 0), (-1, -1)),
    "above": ("LINEABOVE", (0, 0), (-1, 0)),
    "below": ("LINEBELOW", (0, -1), (-1, -1)),
    "left": ("LINEBEFORE", (0, 0), (0, -1)),
    "right": ("LINEAFTER", (-1, 0), (-1, -1)),
}


def without(side: str) -> list[Any]:
    """Every rule but those of one side: as browsers print a table that a page cuts."""
    return [(*rule, 0.5, colors.black) for name, rule in SIDES.items() if name != side]


def drawn(draw: Callable[[Canvas], None], **options: Any) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, **options)
    draw(canvas)
    canvas.save()
    return out.getvalue()


def test_a_scanned_pdf_is_sent_to_ocr(tmp_path: Path) -> None:
    data = drawn(lambda canvas: canvas.rect(50, 50, 400, 600, fill=1))
    refused(tmp_path, data, "mappe.pdf", "ocrmypdf")


def test_pdfs_that_cannot_be_read(tmp_path: Path) -> None:
    def text(canvas: Canvas) -> None:
        canvas.drawString(50, 700, "ANALISI DELLA FORMULA GESTIONALE - MAPPE DEI SERVIZI")

    refused(tmp_path, drawn(text, encrypt="segreta"), "mappe.pdf", "password")
    refused(tmp_path, drawn(text)[:300], "mappe.pdf")
    refused(tmp_path, b"%PDF-1.7\n" + b"x" * 1000, "mappe.pdf")
    refused(tmp_path, drawn(text), "mappe.pdf", "ruled lines")


@pytest.mark.parametrize(("raised", "value"), [("66", "66"), ("66<sup>1</sup>", None), ("66<br>67", None)])
def test_a_pdf_is_proposed_and_cuts_no_number(tmp_path: Path, raised: str, value: str | None) -> None:
    page = printed("html").decode().replace(CELL, f"<td><p>{raised}</p></td>")
    found = read(tmp_path, browser_pdf(page.encode()), "mappe.pdf")
    figure = found.maps[0].indicators[0].figures[1]
    assert (None if figure.value is None else str(figure.value)) == value
    assert found.proposed
    assert any(decision.section == "document" for decision in open_decisions(found))
    assert figure.source.startswith("page=")


def platypus(
    style: list[Any],
    *,
    page: tuple[float, float] = A4,
    size: int = 8,
    head: str = "",
    foot: str = "Pagina {}",
    gap: int = 6,
) -> bytes:
    """RIVALTA as reportlab's tables print it."""
    text = ParagraphStyle("cell", fontName="Helvetica", fontSize=size, leading=size * 1.2)
    story: list[Any] = []
    for item in blocks(read_source(document([RIVALTA], Layout()).encode(), Path("document.txt")).rows):
        if isinstance(item, printers.Paragraph):
            story.append(Paragraph(html.escape(item.text), text))
            continue
        data = [
            [
                [Paragraph(html.escape(part), text) for part in (row[i] if i < len(row) else ())] or ""
                for i in range(item.columns)
            ]
            for row in item.rows
        ]
        story.append(LongTable(data, [(page[0] - 80) / item.columns] * item.columns, style=style))
        story.append(Spacer(1, gap))

    def margins(canvas: Canvas, template: Any) -> None:
        canvas.drawString(40, page[1] - 25, head)
        canvas.drawString(40, 20, foot.format(template.page))

    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=page, leftMargin=40, rightMargin=40, topMargin=40, bottomMargin=40).build(
        story, onFirstPage=margins, onLaterPages=margins
    )
    return out.getvalue()


@pytest.mark.parametrize(
    ("style", "options"),
    [
        pytest.param([GRID], {}, id="black lines"),
        pytest.param([("GRID", (0, 0), (-1, -1), 2.5, colors.black)], {}, id="thick lines"),
        pytest.param([("GRID", (0, 0), (-1, -1), 0.25, colors.white)], {}, id="white lines"),
        pytest.param([("GRID", (0, 0), (-1, -1), 0.5, colors.black, None, (2, 2))], {}, id="dashes"),
        pytest.param(
            [("GRID", (0, 0), (-1, -1), 0.5, colors.black, None, None, None, 2, 2)], {}, id="double lines"
        ),
        pytest.param([GRID, ("BACKGROUND", (0, 0), (-1, 0), colors.lightblue)], {}, id="a shaded header"),
        pytest.param([GRID, ("VALIGN", (0, 0), (-1, -1), "MIDDLE")], {}, id="cells in the middle"),
        pytest.param([GRID], {"page": landscape(A4), "size": 14}, id="large letters"),
        pytest.param([GRID], {"size": 14, "head": "Comune di Rivalta", "foot": "{}"}, id="running head"),
        pytest.param(without("below"), {"size": 14}, id="no rule below the last row"),
        pytest.param(without("above"), {"size": 14}, id="no rule above the first row"),
        pytest.param([GRID], {"size": 14, "foot": "Stampato il 3/4/2021 - {}"}, id="running foot"),
    ],
)
def test_pdfs_as_programs_print_them(tmp_path: Path, style: list[Any], options: dict[str, Any]) -> None:
    found = read(tmp_path, platypus(style, **options), "mappe.pdf")
    assert sheet_of(found) == RIVALTA
    assert found.proposed


@pytest.mark.parametrize(
    ("style", "options", "said"),
    [
        pytest.param([], {}, "ruled lines", id="no lines"),
        pytest.param([("LINEBELOW", (0, 0), (-1, -1), 0.5, colors.black)], {}, "ruled lines", id="rows only"),
        pytest.param([("BOX", (0, 0), (-1, -1), 0.5, colors.black)], {}, "ruled lines", id="boxes only"),
        pytest.param([GRID], {"gap": 0}, "page=1", id="tables that touch"),
    ],
)
def test_pdfs_whose_cells_nobody_can_tell(
    tmp_path: Path, style: list[Any], options: dict[str, Any], said: str
) -> None:
    refused(tmp_path, platypus(style, **options), "mappe.pdf", said)
