"""Every kind of document: Cremona's 69 sheets printed as it read to the same records, but for anchors."""

from __future__ import annotations

import re
import shutil
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from mappe_servizi.model.records import Document
from mappe_servizi.reading.reader import read_document
from mappe_servizi.sources.block import Content
from mappe_servizi.sources.kinds import read_source

from .conftest import CREMONA, FORM, TOWN
from .printers import CONVERTERS, PRINTERS

ANCHORS = {"lines", "source"}
PLACE = {
    "html": r"paragraph=\d+|table=\d+&cell=[A-Z]+\d+",
    "docx": r"paragraph=\d+|table=\d+&cell=[A-Z]+\d+",
    "odt": r"paragraph=\d+|table=\d+&cell=[A-Z]+\d+",
    "xlsx": r"sheet=[^&]+&cell=[A-Z]+\d+",
    "ods": r"sheet=[^&]+&cell=[A-Z]+\d+",
    "pdf": r"page=\d+&viewrect=\d+,\d+,\d+,\d+",
}


@cache
def source() -> Content:
    path = CREMONA / "document.txt"
    return read_source(path.read_bytes(), path)


def town_with(directory: Path, name: str, data: bytes) -> Path:
    """Cremona's folder with another document; its edition's folder."""
    shutil.copytree(TOWN, directory, dirs_exist_ok=True)
    edition = directory / "editions" / "2020"
    (edition / "document.txt").unlink()
    (edition / name).write_bytes(data)
    settings = (edition / "edition.toml").read_text(encoding="utf-8")
    (edition / "edition.toml").write_text(settings.replace("document.txt", name), encoding="utf-8")
    return edition


def plain(value: Any) -> Any:
    if is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value) if f.name not in ANCHORS}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value


@pytest.mark.parametrize("kind", PRINTERS)
def test_cremona_printed_as_another_kind_of_document(tmp_path: Path, cremona: Document, kind: str) -> None:
    data = PRINTERS[kind](source().rows)
    found = read_document(town_with(tmp_path, f"mappe.{kind}", data), FORM)
    for sheet, expected in zip(found.maps, cremona.maps, strict=True):
        assert plain(sheet) == plain(expected)
    assert plain(found.entries) == plain(cremona.entries)
    assert len(found.anchors) == len(found.lines) == len(found.ledger)
    assert all(re.fullmatch(PLACE[kind], anchor) for anchor in found.anchors)
    figures = [f for m in found.maps for i in m.indicators for f in i.figures]
    assert all(re.fullmatch(PLACE[kind], f.source) for f in figures)
    assert found.proposed is (kind == "pdf")


@pytest.mark.parametrize("program", CONVERTERS)
def test_cremona_as_converters_print_it(tmp_path: Path, cremona: Document, program: str) -> None:
    data = CONVERTERS[program](source().rows)
    found = read_document(town_with(tmp_path, "mappe.md", data), FORM)
    for sheet, expected in zip(found.maps, cremona.maps, strict=True):
        assert plain(sheet) == plain(expected)
    assert plain(found.entries) == plain(cremona.entries)
    lines = data.decode().split("\n")
    assert all(
        f.raw.split()[0] in lines[f.lines[0] - 1] for m in found.maps for i in m.indicators for f in i.figures
    )
