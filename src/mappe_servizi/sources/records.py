"""A records file (model/records_file.py) as a document: what another build read, with its anchors.

Anybody may have written it, so it is an error with its place if it is not what the schema says, or
if what it says cannot be of one document: a line that there is not, a map of no entry of the index.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from mappe_servizi.errors import InputError
from mappe_servizi.model.printed import ADAPTER, LARGEST, PrintedEntry, PrintedMap, RecordsFile
from mappe_servizi.model.records import Correction, Document, IndexEntry, Municipality
from mappe_servizi.model.records_file import copied, walk
from mappe_servizi.model.service_map import Figure, Indicator, Personnel, ServiceMap

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_REFERENCE = re.compile(r"\.(lines|corrections)\[\d+\]$")
_SHOWN = 60
_EXPECTED = {
    "extra_forbidden": "there is no such key",
    "missing": "it is missing",
    "missing_argument": "it is missing",
    "unexpected_keyword_argument": "there is no such key",
}


class UnfitRecords(ValueError):
    """A records file that is none; ``place`` says where in it."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}" if place else reason)


def read_published(data: bytes, municipality: Municipality, maintained: Sequence[Correction]) -> Document:
    """The document that a records file tells of.

    Args:
        data: its bytes.
        municipality: whose folder it stands in.
        maintained: the corrections of that folder, which must have been applied to it already.

    Raises:
        InputError: it is no such file, or another municipality's or edition's.
    """
    try:
        file, plain = _parsed(data)
        _check(file)
        _check_references(file, plain)
        _check_whose(file, municipality, maintained)
    except UnfitRecords as error:
        raise InputError(f"no file of records: {error}", file=municipality.document) from None
    areas = {area.position: area for area in file.areas}
    maps = tuple(map(_map_of, file.maps))
    return Document(
        municipality=municipality,
        areas=file.areas,
        entries=tuple(copied(IndexEntry, entry, area=areas[entry.area]) for entry in file.entries),
        maps=maps,
        years=tuple(sorted({f.year for m in maps for i in m.indicators for f in i.figures})),
        ledger=file.ledger,
        corrections=file.corrections,
        lines=file.lines,
        anchors=file.anchors,
        proposed=file.proposed,
        sha256=file.source.sha256,
        modified=municipality.modified,
        file=file.source.file,
        redactions=file.redactions,
    )


def _map_of(sheet: PrintedMap) -> ServiceMap:
    indicators = tuple(
        copied(Indicator, i, figures=tuple(copied(Figure, f) for f in i.figures)) for i in sheet.indicators
    )
    personnel = copied(Personnel, sheet.personnel) if sheet.personnel else None
    return copied(ServiceMap, sheet, indicators=indicators, personnel=personnel)


def _parsed(data: bytes) -> tuple[RecordsFile, Any]:
    """The file as the schema has it, and as plain JSON.

    Raises:
        Unfit: it is no JSON, or not by the schema.
    """
    try:
        plain = from_json(data, allow_inf_nan=False)
    except ValueError as error:
        raise UnfitRecords("", f"not JSON, {error}") from None
    for place, value in walk(plain):
        if isinstance(value, int) and not 0 <= value <= LARGEST:
            raise UnfitRecords(place.lstrip("."), f"{_shown(value)} is not between 0 and {LARGEST}")
        if isinstance(value, str) and (found := _CONTROL.search(value)):
            raise UnfitRecords(place.lstrip("."), f"control character {found.group()!r}")
    try:
        return ADAPTER.validate_json(data), plain
    except ValidationError as error:
        first, *more = error.errors(include_url=False)
        raise UnfitRecords(
            _place(first["loc"]), _reason(first) + (f" (and {len(more)} more)" if more else "")
        ) from None


def _place(loc: Iterable[str | int]) -> str:
    parts = (f"[{part}]" if isinstance(part, int) else f".{part[:_SHOWN]}" for part in loc)
    return "".join(parts).lstrip(".")


def _reason(error: Any) -> str:
    message: str = _EXPECTED.get(error["type"]) or error["msg"].removeprefix("Value error, ")
    if error["type"] in _EXPECTED:
        return message
    return f"{_shown(error['input'])}: {message[0].lower()}{message[1:]}"


def _shown(value: object) -> str:
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "an array"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > LARGEST:
        return "a number"
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _check_whose(file: RecordsFile, municipality: Municipality, maintained: Sequence[Correction]) -> None:
    for name in ("ipa", "istat", "edition"):
        found, expected = getattr(file, name), getattr(municipality, name)
        if found != expected:
            raise UnfitRecords(name, f"{_shown(found)}, but the folder says {expected!r}")
    applied = {correction.id for correction in file.corrections}
    for correction in maintained:
        if correction.id not in applied:
            raise UnfitRecords(
                "corrections", f"{correction.id} of corrections.csv was not applied when it was read"
            )


def _check(file: RecordsFile) -> None:
    """What the schema cannot say: that everything is of one document.

    Raises:
        Unfit: it is not.
    """
    _numbered("areas", [area.position for area in file.areas])
    _numbered("ledger", [row.line for row in file.ledger])
    if len(file.ledger) != len(file.lines):
        raise UnfitRecords("ledger", f"{len(file.ledger)} rows of {len(file.lines)} lines")
    if file.anchors and len(file.anchors) != len(file.lines):
        raise UnfitRecords("anchors", f"{len(file.anchors)} of {len(file.lines)} lines")
    _once("corrections", [correction.id for correction in file.corrections])
    _once("entries", [entry.number for entry in file.entries])
    _once("maps", [sheet.number for sheet in file.maps])
    entries = {entry.number: entry for entry in file.entries}
    for i, entry in enumerate(file.entries):
        _check_entry(f"entries[{i}]", entry, file)
    for i, sheet in enumerate(file.maps):
        if sheet.number not in entries or not entries[sheet.number].published:
            raise UnfitRecords(f"maps[{i}].number", f"the index has no published map {sheet.number}")
        _check_map(f"maps[{i}]", sheet)
    missing = sorted({e.number for e in file.entries if e.published} - {m.number for m in file.maps})
    if missing:
        raise UnfitRecords("maps", f"the map of service {missing[0]} is missing")
    for i, line in enumerate(file.lines):
        if "\n" in line or "\r" in line:
            raise UnfitRecords(f"lines[{i}]", "a line holds no line end")


def _check_references(file: RecordsFile, plain: Any) -> None:
    """Every line and correction that a record points to must be there."""
    ids = {correction.id for correction in file.corrections}
    for place, value in walk({key: plain[key] for key in ("areas", "entries", "maps")}):
        found = _REFERENCE.search(place)
        if found and found[1] == "lines" and not 1 <= value <= len(file.lines):
            raise UnfitRecords(place.lstrip("."), f"the document has no line {value}")
        if found and found[1] == "corrections" and value not in ids:
            raise UnfitRecords(place.lstrip("."), f"there is no correction {_shown(value)}")


def _check_entry(place: str, entry: PrintedEntry, file: RecordsFile) -> None:
    if not 1 <= entry.area <= len(file.areas):
        raise UnfitRecords(f"{place}.area", f"the index has no area {entry.area}")


def _check_map(place: str, sheet: PrintedMap) -> None:
    if sheet.lines[0] > sheet.lines[1]:
        raise UnfitRecords(f"{place}.lines", "the first line is after the last")
    for kind in ("central", "accessory"):
        _numbered(f"{place}.elements", [e.position for e in sheet.elements if e.kind == kind])
    for table in ("outputs", "users"):
        _numbered(f"{place}.indicators", [i.position for i in sheet.indicators if i.table == table])
    for name in ("criteria", "segments", "coproduction", "structures", "conditions"):
        _numbered(f"{place}.{name}", [item.position for item in getattr(sheet, name)])
    _once(f"{place}.management", [m.form for m in sheet.management])
    for i, indicator in enumerate(sheet.indicators):
        _once(f"{place}.indicators[{i}].figures", [f.year for f in indicator.figures])
        for j, figure in enumerate(indicator.figures):
            if not 1 <= figure.year <= 9999:
                raise UnfitRecords(f"{place}.indicators[{i}].figures[{j}].year", f"{figure.year} is no year")
            told = figure.status in {"normal", "estimate"}
            if told != (figure.value is not None):
                reason = f"{figure.status!r} has a number, and only this and 'estimate' have one"
                raise UnfitRecords(f"{place}.indicators[{i}].figures[{j}].value", reason)


def _numbered(place: str, positions: Sequence[int]) -> None:
    for expected, position in enumerate(positions, start=1):
        if position != expected:
            raise UnfitRecords(place, f"number {position} stands where {expected} is expected")


def _once(place: str, keys: Sequence[object]) -> None:
    seen: set[object] = set()
    for i, key in enumerate(keys):
        if key in seen:
            raise UnfitRecords(f"{place}[{i}]", f"{_shown(key)} stands twice")
        seen.add(key)
