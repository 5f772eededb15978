"""The heading of a sheet: the service, the official responsible for it, the area."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mappe_servizi.model.service_map import Text
from mappe_servizi.reading.defects import WithoutName
from mappe_servizi.reading.form import Form
from mappe_servizi.reading.sections import PlacedRow
from mappe_servizi.sources.block import Row, Unplaced

_NEEDED = ("service", "responsible")
_WITHIN = 4  # rows in which a heading names both


@dataclass(frozen=True)
class Heading:
    """The names at the top of a sheet, as printed."""

    service: Text
    responsible: Text | None  # a sheet names one, the page of a service on a site does not
    area: Text | None = None


def read_heading(placed: Sequence[PlacedRow], form: Form) -> Heading:
    """Service and official, whether beside or below their labels.

    Raises:
        Unplaced: a label or a name is missing, or there are more names than labels.
    """
    labels: list[str] = []
    names: dict[str, Text] = {}
    for item in placed:
        if item.section != "heading" or item.kind != "content":
            continue
        told = list(_told(item.row, form))
        below = [text for role, text in told if role is None]
        if len(below) == 1 and len(told) == 1 and len(labels) > 1 and len(labels) == len(_filled(item.row)):
            told = [(None, text) for text in _filled(item.row)]
        for role, text in told:
            name = labels and text and role not in _NEEDED  # "AREA VERDE" below the label of the service
            if role and not name and role not in labels and role not in names:
                if text:
                    names[role] = Text(text, (item.row.line,), (text,))
                else:
                    labels.append(role)
            elif labels:
                printed = text if role is None else " ".join(_filled(item.row))
                names[labels.pop(0)] = Text(printed, (item.row.line,), (printed,))
            else:
                raise Unplaced(item.row.line, "{!r} belongs to no label of the heading", item.row.printed)
    line = placed[0].row.line if placed else 1
    for role in _NEEDED:
        if role not in names:
            raise WithoutName(line, role)
    return Heading(names["service"], names["responsible"], names.get("area"))


def _filled(row: Row) -> list[str]:
    return [text for text in row.texts if text]


def _told(row: Row, form: Form) -> Iterator[tuple[str | None, str]]:
    """What a row says: roles with the names beside their labels, or names of labels above them."""
    role: str | None = None
    words: list[str] = []
    for text in _filled(row):
        found = form.heading(text)
        if found and (not (role or words) or (not found[1] and found[0] != role)):
            if role or words:
                yield role, " ".join(words)
            role, words = found[0], [found[1]] if found[1] else []
        else:
            words.append(text)
    if role or words:
        yield role, " ".join(words)


def begins_sheet(rows: Sequence[Row], form: Form) -> bool:
    """Whether a row begins a sheet without a title: the service's label first, the official's soon."""
    first = _labels(rows[0], form)
    if first[:1] != ["service"]:
        return False
    printed = (row for row in rows[:_WITHIN] if row.kind == "cells")
    return any("responsible" in _labels(row, form) for row in printed)


def _labels(row: Row, form: Form) -> list[str | None]:
    return [role for role, _ in _told(row, form)] if row.kind == "cells" else []
