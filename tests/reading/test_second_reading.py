"""An independent second reading: sheets typed by hand from the document, cell by cell.

The files of tests/golden/c_d150 were written by a reader who had not seen the code (issue B).
They hold what is printed, before corrections; "…" in a text stands for the words between.
A cell of figures that is not a plain number says the value that it must be read as.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mappe_servizi.model.records import Document
from mappe_servizi.model.service_map import Indicator, Personnel, ServiceMap, Text

GOLDEN = Path(__file__).parents[1] / "golden" / "c_d150"
NUMBERS = [int(path.stem) for path in sorted(GOLDEN.glob("*.json"))]
PLAIN = re.compile(r"(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d+)?")

Cell = tuple[str, Any]


def _plain(raw: str) -> Decimal:
    assert PLAIN.fullmatch(raw), f"the golden file must say what {raw!r} is read as"
    return Decimal(raw.replace(".", "").replace(",", "."))


def _expected_figures(place: str, figures: dict[str, Any]) -> Iterator[Cell]:
    for year, cell in figures.items():
        given = cell if isinstance(cell, dict) else {"raw": cell, "value": str(_plain(cell))}
        yield f"{place} {year}", given["raw"]
        value = given["value"]
        yield f"{place} {year} value", None if value is None else Decimal(value)
        yield f"{place} {year} unit", given.get("unit")
        yield f"{place} {year} status", given.get("status", "normal")


def _expected_personnel(personnel: str | dict[str, str]) -> Iterator[Cell]:
    if isinstance(personnel, str):
        yield "personnel", personnel
        yield "personnel value", _plain(personnel)
    else:
        yield "personnel", personnel["raw"]
        yield "personnel value", Decimal(personnel["value"])


def expected_cells(golden: dict[str, Any]) -> Iterator[Cell]:
    for key in ("heading", "responsible", "ad_interim"):
        yield key, golden[key]
    for key in ("central", "accessory", "segments", "coproduction", "structures"):
        for position, (name, text) in enumerate(golden[key], start=1):
            yield f"{key} {position} name", name
            yield f"{key} {position} text", text
    for key in ("criteria", "footnotes"):
        for position, text in enumerate(golden.get(key, ()), start=1):
            yield f"{key} {position}", text
    for form, note in golden["management"].items():
        yield f"management {form}", note
    yield from _expected_personnel(golden["personnel"])
    for place, remark in golden.get("remarks", {}).items():
        yield f"{place} remark", remark
    outputs = [(*group, label, figures) for label, figures, *group in golden["outputs"]]
    rows = {"outputs": [(None, *r) if len(r) == 2 else r for r in outputs], "users": golden["users"]}
    for table, indicators in rows.items():
        for position, (group, label, figures) in enumerate(indicators, start=1):
            yield f"{table} {position} group", group
            yield f"{table} {position} label", label
            yield from _expected_figures(f"{table} {position}", figures)


def _printed(text: Text | None) -> str | None:
    return None if text is None else text.printed


def _read_indicator(indicator: Indicator) -> Iterator[Cell]:
    place = f"{indicator.table} {indicator.position}"
    yield f"{place} group", _printed(indicator.group)
    yield f"{place} label", indicator.label.printed
    if indicator.remark:
        yield f"{place} remark", indicator.remark.printed
    for figure in indicator.figures:
        yield f"{place} {figure.year}", figure.raw
        yield f"{place} {figure.year} value", figure.value
        yield f"{place} {figure.year} unit", figure.unit
        yield f"{place} {figure.year} status", figure.status


def _read_pairs(sheet: ServiceMap) -> Iterator[tuple[str, int, Text, Text | None]]:
    for element in sheet.elements:
        yield element.kind, element.position, element.name, element.description
    for segment in sheet.segments:
        yield "segments", segment.position, segment.name, segment.description
    for coproduction in sheet.coproduction:
        yield "coproduction", coproduction.position, coproduction.segment, coproduction.role
    for structure in sheet.structures:
        yield "structures", structure.position, structure.name, structure.note


def _read_personnel(personnel: Personnel | None) -> Iterator[Cell]:
    if personnel:
        yield "personnel", personnel.text.printed
        yield "personnel value", personnel.value


def read_cells(sheet: ServiceMap) -> Iterator[Cell]:
    yield "heading", sheet.heading.printed
    yield "responsible", sheet.responsible.name.printed
    yield "ad_interim", sheet.responsible.ad_interim
    for key, position, name, text in _read_pairs(sheet):
        yield f"{key} {position} name", name.printed
        yield f"{key} {position} text", _printed(text)
    for criterion in sheet.criteria:
        yield f"criteria {criterion.position}", criterion.text.printed
    for position, footnote in enumerate(sheet.footnotes, start=1):
        yield f"footnotes {position}", footnote.printed
    for management in sheet.management:
        yield f"management {management.form}", _printed(management.note)
    yield from _read_personnel(sheet.personnel)
    for indicator in sheet.indicators:
        yield from _read_indicator(indicator)


def _agree(expected: Any, read: Any) -> bool:
    if isinstance(expected, str) and isinstance(read, str) and "…" in expected:
        start, end = expected.split("…")
        return len(read) > len(start + end) and read.startswith(start) and read.endswith(end)
    return bool(expected == read)


def test_golden_files_are_there() -> None:
    assert len(NUMBERS) == 25


@pytest.mark.parametrize("number", NUMBERS)
def test_second_reading(cremona: Document, number: int) -> None:
    golden = json.loads((GOLDEN / f"{number:02}.json").read_text(encoding="utf-8"))
    sheet = cremona.map_of(number)
    assert sheet
    expected, read = dict(expected_cells(golden)), dict(read_cells(sheet))
    differences = [
        f"{place}: by hand {expected.get(place, '(nothing)')!r}, read {read.get(place, '(nothing)')!r}"
        for place in expected | read
        if place not in expected or place not in read or not _agree(expected[place], read[place])
    ]
    assert not differences, "\n".join(differences)
