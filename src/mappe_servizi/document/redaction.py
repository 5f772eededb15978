"""Redactions: a person's name, or a figure, that is no longer published, by decision.

``data/municipalities/{ipa}/redactions.csv`` has the columns kind (name or figure), map, table,
label, year, reason, decided. A ``name`` row takes the name of the official responsible for a map
away (of every map where ``map`` is empty and ``label`` is the name as published); a ``figure`` row takes one
figure away, by map, table, printed label and year. What would give it away goes too: the raw
text, and the quoted lines. The records are the only source of everything published.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from mappe_servizi.document.disclosure import SUPPRESSED_RAW
from mappe_servizi.errors import InputError, gathered
from mappe_servizi.model.tables import read_file
from mappe_servizi.model.tables.municipality import REDACTIONS
from mappe_servizi.records import Document, Figure, Indicator, ServiceMap, Text

REDACTED_NAME: Final = "[nome oscurato]"
REDACTED_FIGURE: Final = SUPPRESSED_RAW
REDACTED_LINE: Final = "[riga oscurata: contiene un dato non più pubblicato]"


@dataclass(frozen=True, slots=True)
class Redaction:
    """A row of redactions.csv.

    Attributes:
        key: tells it apart without saying what it hides.
        map: the number of the map, None for all.
        label: the name, or the printed label of the figure's row.
    """

    key: str
    line: int
    kind: str
    map: int | None
    table: str
    label: str
    year: int | None


def read_redactions(directory: Path) -> list[Redaction]:
    """The redactions of a municipality; none where there is no file.

    Raises:
        InputError, InputErrors: a row cannot be used.
    """
    path = directory / REDACTIONS.file
    found, errors = [], []
    for item in read_file(REDACTIONS, path):
        row = item.row
        if row.kind == "figure" and (row.map is None or row.year is None):
            errors.append(InputError("a figure needs its map and year", file=path, line=item.line))
        if not row.label:
            errors.append(InputError("label must not be empty", file=path, line=item.line))
        told = (row.kind, row.map or "", row.table, row.label, row.year or "")
        key = hashlib.sha256("\0".join(map(str, told)).encode()).hexdigest()[:16]
        found.append(Redaction(key, item.line, row.kind, row.map, row.table, row.label, row.year))
    gathered(errors)
    return found


def redact(document: Document, redactions: Sequence[Redaction], directory: Path) -> Document:
    """The document without what the redactions name, and without the lines that print it.

    Raises:
        InputError: a redaction finds nothing; it must not look as if it worked.
    """
    lines = list(document.lines)
    for redaction in redactions:
        take = _without_name if redaction.kind == "name" else _without_figure
        maps, hidden = zip(*(take(sheet, redaction) for sheet in document.maps), strict=True)
        if not any(hidden):
            raise InputError(
                "this redaction finds nothing", file=directory / REDACTIONS.file, line=redaction.line
            )
        for number in {n for numbers in hidden for n in numbers}:
            lines[number - 1] = REDACTED_LINE
        document = replace(document, maps=maps)
    return replace(document, lines=tuple(lines))


Taken = tuple[ServiceMap, tuple[int, ...]]
"""A map without it, and the lines that print it."""


def _without_name(sheet: ServiceMap, redaction: Redaction) -> Taken:
    responsible = sheet.responsible
    if redaction.map not in {None, sheet.number} or responsible.name.value != redaction.label:
        return sheet, ()
    lines = tuple({*responsible.lines, *responsible.name.lines})
    name = Text(REDACTED_NAME, responsible.name.lines)
    return replace(sheet, responsible=replace(responsible, name=name)), lines


def _without_figure(sheet: ServiceMap, redaction: Redaction) -> Taken:
    if sheet.number != redaction.map:
        return sheet, ()
    hidden = list(_figures(sheet, redaction))
    taken = {id(figure) for _, figure in hidden}
    indicators = tuple(
        replace(i, figures=tuple(_hide(f) if id(f) in taken else f for f in i.figures))
        for i in sheet.indicators
    )
    lines = {line for indicator, figure in hidden for line in (*indicator.lines, *figure.lines)}
    return replace(sheet, indicators=indicators), tuple(lines)


def _figures(sheet: ServiceMap, redaction: Redaction) -> Iterator[tuple[Indicator, Figure]]:
    for indicator in sheet.indicators:
        if (indicator.table, indicator.label.printed) == (redaction.table, redaction.label):
            yield from ((indicator, f) for f in indicator.figures if f.year == redaction.year)


def _hide(figure: Figure) -> Figure:
    return replace(figure, raw=REDACTED_FIGURE, value=None, note=None, status="suppressed", small=False)
