"""The reviewed reading of each indicator: indicators.csv of a municipality, for all its editions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import get_args

from mappe_servizi.model.identifiers import Registry
from mappe_servizi.model.names import Names, decided
from mappe_servizi.model.service_map import Indicator, ServiceMap, Table
from mappe_servizi.model.tables.municipality import INDICATORS, IndicatorRow

CURATED = ("unit", "counted", "role", "total_of", "breakdown_of", "segments", "segment_match")
"""The fields of an indicator that a reading decides."""
Readings = Mapping[tuple[str, str, str], IndicatorRow]
"""By the slugs of service and indicator, with the table between them."""


def load_readings(folder: Path, registry: Registry) -> Readings:
    """Read indicators.csv; no file means no readings.

    Raises:
        InputError, InputErrors: a cell cannot be used.
    """
    rows = (item.row for item in decided(INDICATORS, folder, registry))
    return {(row.service, row.table, row.indicator): row for row in rows}


def curate(sheet: ServiceMap, names: Names, readings: Readings) -> ServiceMap:
    """The map with the reviewed readings of its indicators.

    An indicator without a reading keeps what the rules gave it. What a reading says of indicators and
    segments that this edition does not have is for other editions.
    """
    if not readings:
        return sheet
    service = names.service(sheet.number)
    segments = {slug: position for position, slug in names.segments(sheet).items()}
    curated: dict[tuple[Table, int], Indicator] = {}
    for table in get_args(Table):
        slugs = names.indicators(sheet, table)
        positions = {slug: position for position, slug in slugs.items()}
        for indicator in sheet.indicators:
            reading = readings.get((service, table, slugs.get(indicator.position, "")))
            if indicator.table == table and reading is not None:
                curated[table, indicator.position] = _curated(indicator, reading, positions, segments)
    indicators = tuple(curated.get((i.table, i.position), i) for i in sheet.indicators)
    return replace(sheet, indicators=indicators)


def _curated(
    indicator: Indicator, reading: IndicatorRow, positions: Mapping[str, int], segments: Mapping[str, int]
) -> Indicator:
    sums = reading.role in {"total", "subtotal"}
    of = tuple(positions[slug] for slug in reading.of if slug in positions)
    return replace(
        indicator,
        unit=reading.unit or indicator.unit,
        counted=reading.counted,
        role=reading.role,
        total_of=of if sums else (),
        breakdown_of=of[0] if of and not sums else None,
        segments=tuple(segments[slug] for slug in reading.segments if slug in segments),
        segment_match=reading.match,
    )


def without_readings(sheet: ServiceMap, as_read: ServiceMap) -> ServiceMap:
    """The map without the reviewed readings: with what the rules alone gave its indicators."""
    indicators = (
        replace(curated, **{name: getattr(read, name) for name in CURATED})
        for curated, read in zip(sheet.indicators, as_read.indicators, strict=True)
    )
    return replace(sheet, indicators=tuple(indicators))
