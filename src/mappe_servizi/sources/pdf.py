"""PDF with text: tables by their ruled lines, each cell with its page and box.

A PDF has no tables, only lines and words that look like some, so what is read is always proposed. It is
taken apart in a process of its own with limits of time and memory: a small file can unpack to anything.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

from mappe_servizi.sources.block import Content, DocumentKind, Pages, Unfit, plain
from mappe_servizi.sources.markup import raised_digits
from mappe_servizi.sources.ruling import open_ends

MAX_PAGES: Final = 1_500
SECONDS: Final = 900
MEMORY: Final = 3 << 30
_SCANNED: Final = (
    "its pages are pictures without text: run OCR on it first (ocrmypdf -l ita IN.pdf OUT.pdf) and give what "
    "comes out"
)
_UNRULED: Final = (
    "no table with ruled lines, by which columns are told: give its cells borders and print it again, or "
    "give the document that it was printed from"
)
_PROTECTED: Final = "a password protects it: save it without one"
_DAMAGED: Final = (
    "a damaged PDF, or one that takes more time or memory than any document: print it to PDF again"
)
_BROKEN: Final = re.compile(r"[^\W_][-‐]$")
"""A line that ends within a word; the hyphen may be the word's own, so it stays."""
_DIGITS = re.compile(r"\d+")
_SMALL: Final = 0.8
"""Of the size of its neighbours: what is smaller is raised or lowered."""
_MARGIN: Final = 0.1
"""Of a page's height: where running heads and feet stand."""
_APART: Final = 1.45
"""How many times the usual distance of two lines begins another paragraph of a cell."""


def read(data: bytes) -> Content:
    """The lines and tables of its pages, in their order.

    Raises:
        Unfit: it is scanned, protected, damaged, or costs too much.
    """
    import pdfplumber  # noqa: F401 - told here where it is missing, not in the process

    command = [sys.executable, "-m", __name__]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
        told: Any = json.loads(done.stdout) if done.returncode == 0 else {"refused": _DAMAGED}
    except (subprocess.TimeoutExpired, ValueError):
        told = {"refused": _DAMAGED}
    if "refused" in told:
        raise Unfit(str(told["refused"]))
    pages = Pages()
    running = _running(told["margins"])
    for anchor, cells in told["rows"]:
        row = [plain(paragraphs, where, columns, rows) for paragraphs, where, columns, rows in cells]
        pages.add(row, anchor, len(row), anchor in running)
    return pages.content(proposed=True)


def main() -> None:
    """Take the PDF on standard input apart; rows as JSON on standard output."""
    _limit()
    try:
        told: dict[str, Any] = {"margins": []}
        told["rows"] = list(_document(sys.stdin.buffer.read(), told["margins"]))
    except Unfit as error:
        told = {"refused": str(error)}
    json.dump(told, sys.stdout)


def _limit() -> None:
    try:
        import resource
    except ImportError:  # not on this system, which then has no such limits
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def _running(margins: list[tuple[str, int, int, str]]) -> set[str]:
    """The anchors of running heads and feet: the same words, numbers aside, at one height of several pages.

    Args:
        margins: anchor, page, height and text of each line in a page's margins.
    """
    at: dict[tuple[int, str], dict[int, str]] = {}
    for anchor, page, top, text in margins:
        at.setdefault((top, _DIGITS.sub("#", text)), {})[page] = anchor
    found = {anchor for anchors in at.values() if len(anchors) > 1 for anchor in anchors.values()}
    return found | {anchor for anchor, page, _, text in margins if text.strip(" -–") == str(page)}


def _document(
    data: bytes, margins: list[tuple[str, int, int, str]]
) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with pdfplumber.open(BytesIO(data)) as document:
            if len(document.pages) > MAX_PAGES:
                raise Unfit(f"{len(document.pages)} pages; the most that is read is {MAX_PAGES}")
            printed = ruled = 0
            for page in document.pages:
                printed += len(page.chars)
                tables = page.find_tables({"explicit_horizontal_lines": open_ends(page.edges)})
                ruled += len(tables)
                yield from _page(page, tables, margins)
                page.close()
            if not printed:
                raise Unfit(_SCANNED)
            if not ruled:
                raise Unfit(_UNRULED)
    except Unfit:
        raise
    except PdfminerException as error:
        cause = error.args[0] if error.args else None
        raise Unfit(_PROTECTED if isinstance(cause, PDFPasswordIncorrect) else _DAMAGED) from None
    except (MemoryError, RecursionError, Exception):  # a parser of a hostile format may raise anything
        raise Unfit(_DAMAGED) from None


def _page(
    page: Any, tables: list[Any], margins: list[tuple[str, int, int, str]]
) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """The rows of a page from top to bottom: those of its tables, and the lines of text between them."""
    boxes = [table.bbox for table in tables]
    words = page.extract_words(x_tolerance=1.5, y_tolerance=3, keep_blank_chars=False, extra_attrs=["size"])
    outside = [w for w in words if not any(_within(w, box) for box in boxes)]
    found: list[tuple[float, str, list[tuple[Any, ...]]]] = []
    for line in _lines(outside):
        box = (
            min(w["x0"] for w in line),
            min(w["top"] for w in line),
            max(w["x1"] for w in line),
            max(w["bottom"] for w in line),
        )
        anchor, text = _anchor(page, box), _words(line)
        found.append((box[1], anchor, [([text], anchor, 1, 1)]))
        if not _MARGIN < (box[1] + box[3]) / 2 / float(page.height) < 1 - _MARGIN:
            margins.append((anchor, page.page_number, round(box[1]), text))
    inside = [w for w in words if any(_within(w, box) for box in boxes)]
    for table in tables:
        found += _table(page, table, inside)
    for _, anchor, cells in sorted(found, key=lambda row: row[0]):
        yield anchor, cells


def _within(word: Any, box: tuple[float, float, float, float]) -> bool:
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _lines(words: list[Any]) -> list[list[Any]]:
    """Words as lines, each from left to right; raised and lowered ones are of the line that they stand at."""
    largest = max((w["size"] for w in words), default=0.0)
    small = [w for w in words if w["size"] < _SMALL * largest]
    lines: list[list[Any]] = []
    for word in sorted((w for w in words if w not in small), key=lambda w: (w["top"] + w["bottom"], w["x0"])):
        if lines and lines[-1][0]["top"] <= _middle(word) <= lines[-1][0]["bottom"]:
            lines[-1].append(word)
        else:
            lines.append([word])
    alone: list[Any] = []
    for word in small:
        line = next((x for x in lines if x[0]["top"] - 2 <= _middle(word) <= x[0]["bottom"] + 2), alone)
        line.append(word)
    lines += _lines(alone) if alone else []
    lines.sort(key=lambda line: line[0]["top"])
    return [sorted(line, key=lambda w: w["x0"]) for line in lines]


def _middle(word: Any) -> float:
    return float(word["top"] + word["bottom"]) / 2


def _words(line: list[Any]) -> str:
    """A line's words; digits that are raised or lowered beside a word are no part of it."""
    largest = max(w["size"] for w in line)
    text, end = "", None
    for word in line:
        small = word["size"] < _SMALL * largest and end is not None and word["x0"] - end < 1
        text += "" if small or end is None else " "
        text += raised_digits(word["text"], "sup") if small else word["text"]
        end = word["x1"]
    return text


def _table(page: Any, table: Any, words: list[Any]) -> Iterator[tuple[float, str, list[tuple[Any, ...]]]]:
    """The rows of a ruled table, each cell in the column where it begins."""
    edges = _merged_edges(cell[0] for cell in table.cells)
    below = _merged_edges(cell[1] for cell in table.cells)
    mine: list[list[Any]] = [[] for _ in table.cells]
    for word in words:
        at = next((i for i, cell in enumerate(table.cells) if _within(word, cell)), None)
        if at is not None:
            mine[at].append(word)
    rows: dict[int, dict[int, tuple[Any, ...]]] = {}
    boxes: dict[int, list[tuple[float, float, float, float]]] = {}
    for cell, inside in zip(table.cells, mine, strict=True):
        column, row = _index(edges, cell[0]), _index(below, cell[1])
        columns = max(1, sum(cell[0] - 1 <= x < cell[2] - 1 for x in edges))
        deep = max(1, sum(cell[1] - 1 <= y < cell[3] - 1 for y in below))
        told = (_paragraphs(inside), _anchor(page, cell), columns, deep)
        rows.setdefault(row, {})[column] = told
        boxes.setdefault(row, []).append(cell)
    empty: tuple[Any, ...] = ([], "", 1, 1)
    for row, cells in sorted(rows.items()):
        left, top = min(b[0] for b in boxes[row]), min(b[1] for b in boxes[row])
        right, bottom = max(b[2] for b in boxes[row]), max(b[3] for b in boxes[row])
        yield top, _anchor(page, (left, top, right, bottom)), [cells.get(i, empty) for i in range(len(edges))]


def _merged_edges(edges: Iterator[float]) -> list[float]:
    """The places where cells begin, those that a pen's width parts as one."""
    found: list[float] = []
    for edge in sorted(edges):
        if not found or edge - found[-1] > 2:
            found.append(edge)
    return found


def _index(edges: list[float], at: float) -> int:
    return min(range(len(edges)), key=lambda i: abs(edges[i] - at))


def _paragraphs(words: list[Any]) -> list[str]:
    """A cell's words as paragraphs: lines that stand farther apart than others begin another one."""
    lines = _lines(words)
    texts: list[str] = []
    for i, line in enumerate(lines):
        text = _words(line)
        height = line[0]["bottom"] - line[0]["top"]
        if texts and line[0]["top"] - lines[i - 1][0]["top"] <= _APART * height:
            texts[-1] += text if _BROKEN.search(texts[-1]) else f" {text}"
        else:
            texts.append(text)
    return texts


def _anchor(page: Any, box: tuple[float, float, float, float]) -> str:
    """A place by RFC 8118: left, top, width and height in points."""
    left, top, right, bottom = (max(0, round(edge)) for edge in box)
    return f"page={page.page_number}&viewrect={left},{top},{right - left},{bottom - top}"


KIND = DocumentKind("PDF", (".pdf",), lambda data: bool(re.match(rb"\s{0,16}%PDF-", data[:32])), read)

if __name__ == "__main__":
    main()
