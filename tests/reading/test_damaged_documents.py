"""Documents of each kind with fifty damages: read with the same numbers, or refused with place and reason.

What is damaged is what a program or a hand breaks: a cell or a row is dropped, doubled, emptied or moved, a
span says something else, characters are missing, the file is cut or has wrong bytes. A digit that is typed
wrong is no damage: nobody can tell it from another number.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from mappe_servizi.errors import InputError, InputErrors
from mappe_servizi.model.records import Document

from .printers import PRINTERS
from .test_odd_documents import MAIN, printed, read

DAMAGES = 50
CELLS = {
    "docx": r"<w:tc>.*?</w:tc>",
    "odt": r"<table:table-cell.*?</table:table-cell>",
    "ods": r"<table:table-cell.*?</table:table-cell>",
    "xlsx": r"<c [^>]*?>.*?</c>",
    "html": r"<td.*?</td>",
}
ROWS = {
    "docx": r"<w:tr\b.*?</w:tr>",
    "odt": r"<table:table-row.*?</table:table-row>",
    "ods": r"<table:table-row.*?</table:table-row>",
    "xlsx": r"<row .*?</row>",
    "html": r"<tr.*?</tr>",
}
SPANS = re.compile(
    r'(?:colspan|rowspan|number-(?:columns|rows)-(?:spanned|repeated)|w:gridSpan w:val|w:vMerge w:val'
    r'|mergeCell ref| r)="[^"]*"'
)  # fmt: skip
Figures = dict[tuple[int, str, str, int], Decimal | None]


def figures(document: Document) -> Figures:
    return {
        (sheet.number, row.table, row.label.value, figure.year): figure.value
        for sheet in document.maps
        for row in sheet.indicators
        for figure in row.figures
    }


def text_of(kind: str, data: bytes) -> str:
    if kind not in MAIN:
        return data.decode()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(MAIN[kind]).decode()


def with_text(kind: str, data: bytes, text: str) -> bytes:
    """A document whose main part is another."""
    if kind not in MAIN:
        return text.encode()
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for part in old.infolist():  # OpenDocument's first part must be stored as it is
            new.writestr(part, text if part.filename == MAIN[kind] else old.read(part))
    return file.getvalue()


def damaged(kind: str, data: bytes, chance: random.Random) -> bytes:
    """A document with one damage."""
    bytes_of = [cut, with_wrong_bytes]
    if kind not in ROWS:  # a PDF has no text to change
        return chance.choice(bytes_of)(data, chance)
    how = chance.choice([*bytes_of, *([None] * 6)])
    if how is not None:
        return how(data, chance)
    text = text_of(kind, data)
    part = chance.choice([CELLS[kind], ROWS[kind]])
    found = list(re.finditer(part, text, re.DOTALL))
    one, other = sorted(chance.sample(found, 2), key=lambda match: match.start())
    span = chance.choice([*SPANS.finditer(text), None])
    at, size = chance.randrange(len(text)), chance.randrange(1, 30)
    changed = chance.choice(
        [
            text[: one.start()] + text[one.end() :],
            text[: one.end()] + one[0] + text[one.end() :],
            text[: one.start()] + re.sub(r">[^<]+<", "><", one[0]) + text[one.end() :],
            text[: one.start()] + other[0] + text[one.end() : other.start()] + one[0] + text[other.end() :]
            if part == ROWS[kind]  # cells that change places are two other numbers
            else text,
            text[:at] + re.sub(r"\d", "", text[at : at + size]) + text[at + size :]
            if not re.search(r"\d", text[at : at + size])
            else text,
            text[:at] + text[at + size :] if not re.search(r"\d", text[at - 9 : at + size + 9]) else text,
            with_another_value(text, span, chance),
        ]
    )
    return with_text(kind, data, changed)


def cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def with_wrong_bytes(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice([1, 5, 50])):
        at = chance.randrange(len(changed))
        if not bytes(changed[at : at + 1]).isdigit():
            changed[at] = chance.choice([0, 9, 60, 62, 128, 255])
    return bytes(changed)


def with_another_value(text: str, span: re.Match[str] | None, chance: random.Random) -> str:
    if span is None:
        return text
    value = chance.choice(["2", "3", "0", "-1", "999999", "x", "", "A1:B3"])
    return text[: span.start()] + re.sub(r'"[^"]*"', f'"{value}"', span[0]) + text[span.end() :]


@pytest.mark.parametrize("kind", sorted(PRINTERS))
def test_fifty_damages(kind: str, tmp_path: Path) -> None:
    data = printed(kind)
    (tmp_path / "whole").mkdir()
    good = figures(read(tmp_path / "whole", data, f"document.{kind}"))
    assert len(good) == 9
    refused = 0
    for number in range(DAMAGES):
        place = tmp_path / str(number)
        place.mkdir()
        broken = damaged(kind, data, random.Random(f"{kind} {number}"))
        try:
            found = figures(read(place, broken, f"document.{kind}"))
        except (InputError, InputErrors) as error:
            first = error.errors[0] if isinstance(error, InputErrors) else error
            assert f"document.{kind}" in str(first), (number, str(first))
            assert len(str(first)) < 1_000, (number, str(first))
            refused += 1
            continue
        wrong = {key: value for key, value in found.items() if value not in {None, good.get(key, value)}}
        assert wrong == {}, number
    assert 0 < refused < DAMAGES - 5
