"""Curated tables: what people decided about the services and segments of a document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mappe_servizi.errors import InputError
from mappe_servizi.maintained import read_rows
from mappe_servizi.records import Document

ServiceKind = Literal["public", "internal"]
SERVICES, AUDIENCES, AREAS = "services.csv", "audiences.csv", "areas.csv"
_SERVICE_COLUMNS = (
    "number", "title", "kind", "theme", "data_theme", "cofog", "life_events", "business_events",
    "interactivity", "channels", "reason", "evidence",
)  # fmt: skip
_AREA_COLUMNS = ("area", "label", "label_en", "reason", "evidence")
_AUDIENCE_COLUMNS = ("number", "position", "segment", "audiences", "reason")


@dataclass(frozen=True, slots=True)
class Classification:
    """How one service is classified; codes are those of the vocabularies.

    Attributes:
        kind: for the public, or for the municipality itself.
        theme: OntoPiA subject matters of public services.
        data_theme: EU data themes.
        cofog: COFOG functions.
        channels: OntoPiA channels that the document names.
        reason: why.
        evidence: what it rests on: lines of the document, a source, or "assumed".
    """

    kind: ServiceKind
    theme: tuple[str, ...] = ()
    data_theme: tuple[str, ...] = ()
    cofog: tuple[str, ...] = ()
    life_events: tuple[str, ...] = ()
    business_events: tuple[str, ...] = ()
    interactivity: str = ""
    channels: tuple[str, ...] = ()
    reason: str = ""
    evidence: str = ""


def codes(cell: str) -> tuple[str, ...]:
    """The codes of a cell.

    >>> codes("0911 | 0912")
    ('0911', '0912')
    """
    return tuple(code for part in cell.split("|") if (code := part.strip()))


def read_classifications(directory: Path, document: Document) -> dict[int, Classification]:
    """How each service of the index is classified (services.csv), by its number.

    Raises:
        InputError: a service has no row, a row has another title than the index, or names an
            unknown kind.
    """
    path = directory / SERVICES
    titles = {entry.number: entry.title.value for entry in document.entries}
    found: dict[int, Classification] = {}
    for line, row in read_rows(path, _SERVICE_COLUMNS):
        number = int(row["number"]) if row["number"].isdecimal() else -1
        if titles.get(number) != row["title"]:
            raise InputError(
                f"the index has no service {row['number']} with the title {row['title']!r}",
                file=path,
                line=line,
            )
        if number in found:
            raise InputError(f"service {number} stands twice", file=path, line=line)
        if not row["reason"] or not row["evidence"]:
            raise InputError(f"service {number} has no reason or no evidence", file=path, line=line)
        found[number] = _classification(row, path, line)
    if missing := sorted(titles.keys() - found.keys()):
        raise InputError(f"no row for service {', '.join(map(str, missing))}", file=path)
    return found


def _classification(row: Mapping[str, str], path: Path, line: int) -> Classification:
    kind = row["kind"]
    if kind not in ("public", "internal"):
        raise InputError(f"the kind is public or internal, not {kind!r}", file=path, line=line)
    return Classification(
        "public" if kind == "public" else "internal",
        theme=codes(row["theme"]),
        data_theme=codes(row["data_theme"]),
        cofog=codes(row["cofog"]),
        life_events=codes(row["life_events"]),
        business_events=codes(row["business_events"]),
        interactivity=row["interactivity"].strip(),
        channels=codes(row["channels"]),
        reason=row["reason"],
        evidence=row["evidence"],
    )


def read_audiences(directory: Path, document: Document) -> dict[tuple[int, int], tuple[str, ...]]:
    """The audience groups of each segment (audiences.csv), by service number and position.

    A municipality without the file has no mapping; one with it maps every segment.

    Raises:
        InputError: a segment has no row, or a row names a segment that the document has not.
    """
    path = directory / AUDIENCES
    if not path.exists():
        return {}
    names = {(m.number, s.position): s.name.printed for m in document.maps for s in m.segments}
    found: dict[tuple[int, int], tuple[str, ...]] = {}
    for line, row in read_rows(path, _AUDIENCE_COLUMNS):
        try:
            key = (int(row["number"]), int(row["position"]))
        except ValueError as error:
            raise InputError("number and position must be numbers", file=path, line=line) from error
        if names.get(key) != row["segment"]:
            raise InputError(
                f"segment {key[1]} of service {key[0]} is not {row['segment']!r} in the document",
                file=path,
                line=line,
            )
        if not (groups := codes(row["audiences"])):
            raise InputError(f"the segment {row['segment']!r} has no audience group", file=path, line=line)
        found[key] = groups
    if missing := sorted(names.keys() - found.keys()):
        number, position = missing[0]
        raise InputError(
            f"{len(missing)} segments have no row, the first is segment {position} of service {number}",
            file=path,
        )
    return found


def read_areas(directory: Path) -> dict[str, str]:
    """The English names of the areas by their slugs (areas.csv); none where there is no such file.

    Raises:
        InputError: an area stands twice, or a row lacks a cell.
    """
    path = directory / AREAS
    found: dict[str, str] = {}
    if not path.exists():
        return found
    for line, row in read_rows(path, _AREA_COLUMNS):
        if empty := [column for column, value in row.items() if not value]:
            raise InputError(f"{', '.join(empty)} must not be empty", file=path, line=line)
        if row["area"] in found:
            raise InputError(f"the area {row['area']!r} stands twice", file=path, line=line)
        found[row["area"]] = row["label_en"]
    return found
