"""The reviewed reading of each indicator: data/municipalities/{ipa}/indicators.csv."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mappe_servizi.errors import InputError
from mappe_servizi.model.maintained import read_rows
from mappe_servizi.model.records import Indicator, Role, ServiceMap, Table, Unit
from mappe_servizi.model.text import fold
from mappe_servizi.reading.form import one_of

COLUMNS = (
    "number", "table", "position", "label", "unit", "counted",
    "role", "of", "segments", "match", "reason", "evidence",
)  # fmt: skip
CURATED = ("unit", "counted", "role", "total_of", "breakdown_of", "segments", "segment_match")
"""The fields of an indicator that a reading decides."""
MATCHES = frozenset({"exact", "merged", "partial", "none"})


@dataclass(frozen=True, slots=True)
class Reading:
    """A row of indicators.csv."""

    line: int
    label: str
    unit: Unit | None
    counted: str
    role: Role
    of: tuple[int, ...]
    segments: tuple[int, ...]
    match: str


Readings = dict[tuple[int, str, int], Reading]


def load_readings(path: Path) -> Readings:
    """Read indicators.csv; no file means no readings.

    Raises:
        InputError: a row cannot be used.
    """
    if not path.exists():
        return {}
    found: Readings = {}
    for line, row in read_rows(path, COLUMNS):
        key = (int(row["number"]), one_of(Table, row["table"], path, line), int(row["position"]))
        if key in found:
            raise InputError(f"{key} stands twice", file=path, line=line)
        if row["match"] not in MATCHES:
            raise InputError(f"no such match: {row['match']!r}", file=path, line=line)
        if not row["counted"] or not row["evidence"]:
            raise InputError("a reading says what is counted, and its evidence", file=path, line=line)
        unit: Any = one_of(Unit, row["unit"], path, line) if row["unit"] else None
        role: Any = one_of(Role, row["role"], path, line)
        of, segments = _numbers(row["of"], path, line), _numbers(row["segments"], path, line)
        found[key] = Reading(line, row["label"], unit, row["counted"], role, of, segments, row["match"])
    return found


def _numbers(text: str, path: Path, line: int) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split("|") if part.strip())
    except ValueError:
        raise InputError(f"positions joined with | expected: {text!r}", file=path, line=line) from None


def curate(sheet: ServiceMap, readings: Readings, path: Path) -> ServiceMap:
    """The map with the reviewed readings of its indicators.

    An indicator without a reading keeps what the rules gave it; a reading whose row is
    gone or has another label is an error.

    Raises:
        InputError: a reading does not fit the document.
    """
    rows = {(i.table, i.position): i for i in sheet.indicators}
    by_table: dict[str, int] = defaultdict(int)
    for indicator in sheet.indicators:
        by_table[indicator.table] += 1
    for (number, table, position), reading in readings.items():
        if number != sheet.number:
            continue
        found = rows.get((one_of(Table, table, path, reading.line), position))
        if found is None or fold(found.label.printed) != fold(reading.label):
            printed = found.label.printed if found else None
            message = f"the row reads {reading.label!r}, the document has {printed!r} there"
            raise InputError(message, file=path, line=reading.line)
        if any(not 1 <= of <= by_table[table] or of == position for of in reading.of):
            raise InputError("it sums or divides a row that is not there", file=path, line=reading.line)
        if any(not 1 <= s <= len(sheet.segments) for s in reading.segments):
            raise InputError("it counts a segment that is not there", file=path, line=reading.line)
        rows[found.table, position] = _curated(found, reading)
    return replace(sheet, indicators=tuple(rows.values()))


def _curated(indicator: Indicator, reading: Reading) -> Indicator:
    sums = reading.role in {"total", "subtotal"}
    return replace(
        indicator,
        unit=reading.unit or indicator.unit,
        counted=reading.counted,
        role=reading.role,
        total_of=reading.of if sums else (),
        breakdown_of=reading.of[0] if reading.of and not sums else None,
        segments=reading.segments,
        segment_match=reading.match,
    )


def without_readings(sheet: ServiceMap, as_read: ServiceMap) -> ServiceMap:
    """The map without the reviewed readings: with what the rules alone gave its indicators."""
    indicators = (
        replace(curated, **{name: getattr(read, name) for name in CURATED})
        for curated, read in zip(sheet.indicators, as_read.indicators, strict=True)
    )
    return replace(sheet, indicators=tuple(indicators))
