"""Records as a file of a release: records/{ipa}-{edition}.json.

Its bytes are canonical (RFC 8785), its decimal numbers exact, as texts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields
from typing import Any, TypeVar

from mappe_servizi.model.outputs.declared import RECORDS
from mappe_servizi.model.printed import (
    ADAPTER,
    VERSION,
    PrintedEntry,
    PrintedFigure,
    PrintedIndicator,
    PrintedMap,
    PrintedPersonnel,
    RecordsFile,
    Source,
)
from mappe_servizi.model.records import Document
from mappe_servizi.model.service_map import ServiceMap

T = TypeVar("T")


def file_name(ipa: str, edition: int) -> str:
    """Where an edition's records stand in a release.

    >>> file_name("c_d150", 2020)
    'records/c_d150-2020.json'
    """
    return RECORDS.path.format(municipality=ipa, edition=edition)


def to_json(document: Document) -> bytes:
    """The canonical bytes of a document's records.

    Args:
        document: with nothing in it that may not be published, and without curated readings.
    """
    value = ADAPTER.dump_python(_file_of(document), mode="json")
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _file_of(document: Document) -> RecordsFile:
    municipality = document.municipality
    return RecordsFile(
        version=VERSION,
        ipa=municipality.ipa,
        istat=municipality.istat,
        name=municipality.name,
        edition=municipality.edition,
        source=Source(
            document.file or municipality.document.name, municipality.document_title, document.sha256
        ),
        areas=document.areas,
        entries=tuple(copied(PrintedEntry, e, area=e.area.position) for e in document.entries),
        maps=tuple(map(_map_of, document.maps)),
        corrections=document.corrections,
        redactions=document.redactions,
        ledger=document.ledger,
        lines=document.lines,
        anchors=document.anchors,
        proposed=document.proposed,
    )


def _map_of(sheet: ServiceMap) -> PrintedMap:
    indicators = tuple(
        copied(PrintedIndicator, i, figures=tuple(copied(PrintedFigure, f) for f in i.figures))
        for i in sheet.indicators
    )
    personnel = copied(PrintedPersonnel, sheet.personnel) if sheet.personnel else None
    return copied(PrintedMap, sheet, indicators=indicators, personnel=personnel)


def copied(cls: type[T], record: Any, **changed: Any) -> T:
    """A record of another class with the fields that both have, but for those that are changed."""
    names = [f.name for f in fields(cls) if f.name not in changed]  # type: ignore[arg-type]
    return cls(**{name: getattr(record, name) for name in names if hasattr(record, name)}, **changed)


def walk(value: Any, place: str = "") -> Iterable[tuple[str, Any]]:
    """Every scalar of a JSON value with its place; without recursion, since strangers nest deeply."""
    stack = [(place, value)]
    while stack:
        where, item = stack.pop()
        if isinstance(item, dict):
            stack += [(f"{where}.{key}", inner) for key, inner in item.items()]
        elif isinstance(item, list):
            stack += [(f"{where}[{i}]", inner) for i, inner in enumerate(item)]
        else:
            yield where, item
