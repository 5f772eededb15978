"""Redactions: a person's name, or a figure, that is no longer published, by decision.

``data/municipalities/{ipa}/redactions.csv`` has the columns kind (name or figure), service, table,
label, year, reason, decided, and holds for every edition. A ``name`` row takes a person's name away, wherever
the service's maps print it (wherever the documents do, where ``service`` is empty): of an official, or in
any text; ``label`` is the name as published. A ``figure`` row takes the figure of one year away, by
service, table and printed label: in every edition that states it, under whatever label. What
would give it away goes too: the raw text, the quoted lines, and what corrections say of it. The records
are the only source of everything published.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Final, TypeVar

from mappe_servizi.errors import InputError, gathered
from mappe_servizi.model.identifiers import Registry
from mappe_servizi.model.names import Names, decided
from mappe_servizi.model.records import Document, OpenDecision
from mappe_servizi.model.service_map import Figure, Indicator, ServiceMap, Table, Text
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.municipality import REDACTIONS, RedactionRow
from mappe_servizi.reading.disclosure import SUPPRESSED_RAW, without_corrections

REDACTED_NAME: Final = "[nome oscurato]"
REDACTED_FIGURE: Final = SUPPRESSED_RAW
REDACTED_LINE: Final = "[riga oscurata: contiene un dato non più pubblicato]"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Redaction:
    """A row of redactions.csv.

    Attributes:
        key: tells it apart without saying what it hides.
        service: its slug, "" for all.
        label: the name, or the printed label of the figure's row in some edition.
    """

    key: str
    line: int
    kind: str
    service: str
    table: Table
    label: str
    year: int | None


def read_redactions(folder: Path, registry: Registry) -> list[Redaction]:
    """The redactions of a municipality; none where there is no file.

    Raises:
        InputError, InputErrors: a row cannot be used.
    """
    path = folder / REDACTIONS.file
    found, errors = [], []
    for item in decided(REDACTIONS, folder, registry):
        row = item.row
        if row.kind == "figure" and not (row.service and row.table and row.year):
            errors.append(InputError("a figure needs its service, table and year", file=path, line=item.line))
        if not row.label:
            errors.append(InputError("label must not be empty", file=path, line=item.line))
        told = (row.kind, row.service, row.table, row.label, row.year or "")
        key = hashlib.sha256("\0".join(map(str, told)).encode()).hexdigest()[:16]
        found.append(Redaction(key, item.line, row.kind, row.service, row.table, row.label, row.year))
    gathered(errors)
    return found


def redact(
    editions: Sequence[tuple[Document, Names]], redactions: Sequence[Redaction], folder: Path
) -> list[Document]:
    """The documents without what the redactions name, and without the lines that print it.

    A file of records has nothing left to take of what was redacted when it was written, and says so.

    Args:
        editions: all of a municipality's, each with the names of what it says.
        redactions: what to take.
        folder: of the municipality.

    Raises:
        InputError: a redaction finds nothing in any edition; it must not look as if it worked.
    """
    documents = [document for document, _ in editions]
    for redaction in redactions:
        rows = _rows(editions, redaction)
        found = False
        for i, (document, (_, names)) in enumerate(zip(documents, editions, strict=True)):
            where = _numbers(names, redaction)
            if redaction.kind == "name":
                without = _without_name(document, redaction, where)
            else:
                without = _without_figure(document, redaction, where, rows[i])
            found |= without is not None or redaction.key in document.redactions
            documents[i] = without or document
        if not found:
            path = folder / REDACTIONS.file
            raise InputError("this redaction finds nothing", file=path, line=redaction.line)
    keys = {redaction.key for redaction in redactions}
    return [replace(d, redactions=tuple(sorted({*d.redactions, *keys}))) for d in documents]


def names_redacted(data: Path) -> list[RedactionRow]:
    """The redactions of names in all municipalities of an instance, whatever else cannot be read of them.

    Raises:
        InputError, InputErrors: a row cannot be used: what may not be published must be known.
    """
    paths = sorted(data.glob(f"municipalities/*/{REDACTIONS.file}"))
    return [row for path in paths for row in read_rows(REDACTIONS, path) if row.kind == "name"]


def hide_names(value: T, redactions: Iterable[Redaction | RedactionRow]) -> T:
    """What is no document's, with every redacted name struck out, in either order of its words.

    >>> gone = [Redaction("k", 2, "name", "", "outputs", "Anna Rossi", None)]
    >>> hide_names("told by ROSSI ANNA, not Rossini", gone)
    'told by [nome oscurato], not Rossini'
    """
    labels = {r.label for r in redactions if r.kind == "name"}
    return _hidden(value, _spelled(labels)) if labels else value


def _spelled(labels: Collection[str]) -> re.Pattern[str]:
    """Names as texts print them: in either order of their words, in capitals or not."""
    orders = {
        tuple(words[at:] + words[:at])
        for words in (label.split() for label in labels)
        for at in range(len(words))
    }
    printed = (r"\s+".join(map(re.escape, words)) for words in sorted(orders))
    return re.compile("|".join(rf"(?<!\w){one}(?!\w)" for one in printed), re.IGNORECASE)


def _numbers(names: Names, redaction: Redaction) -> frozenset[int]:
    """The numbers of the maps that a redaction is about in an edition."""
    return frozenset(n for n, slug in names.services().items() if redaction.service in {"", slug})


def _rows(editions: Sequence[tuple[Document, Names]], redaction: Redaction) -> list[frozenset[int]]:
    """The positions of the rows in each edition, under whatever label, of what some edition prints so."""
    if redaction.kind == "name":
        return [frozenset()] * len(editions)
    tables = [
        (sheet, names.indicators(sheet, redaction.table))
        for document, names in editions
        for sheet in (document.map_of(n) for n in _numbers(names, redaction))
        if sheet is not None
    ]
    meant = {
        slugs[i.position]
        for sheet, slugs in tables
        for i in sheet.indicators
        if (i.table, i.label.printed) == (redaction.table, redaction.label)
    }
    found = []
    for document, names in editions:
        sheets = (document.map_of(n) for n in _numbers(names, redaction))
        slugs = [names.indicators(sheet, redaction.table) for sheet in sheets if sheet is not None]
        found.append(frozenset(p for one in slugs for p, slug in one.items() if slug in meant))
    return found


def _without_name(document: Document, redaction: Redaction, where: Collection[int]) -> Document | None:
    """Without the name of a person, wherever its maps print it; None where no map has it."""
    everywhere = not redaction.service
    about = [m for m in document.maps if m.number in where]
    officials = [
        m.responsible for m in about if m.responsible and m.responsible.name.value == redaction.label
    ]
    name = _spelled({redaction.label, *(who.name.printed for who in officials)})
    searched = (
        range(1, len(document.lines) + 1)
        if everywhere
        else [n for m in about for n in range(m.lines[0], m.lines[1] + 1)]
    )
    lines = {n for n in searched if name.search(document.lines[n - 1])}
    lines.update(n for who in officials for n in (*who.lines, *who.name.lines))
    lines.update(_printing(document if everywhere else about, name))
    if not lines:
        return None
    ids = {one for who in officials for one in who.name.corrections}
    return replace(
        document,
        areas=_hidden(document.areas, name) if everywhere else document.areas,
        entries=_hidden(document.entries, name) if everywhere else document.entries,
        maps=tuple(
            _hidden(_unnamed(m, redaction.label), name) if everywhere or m.number in where else m
            for m in document.maps
        ),
        lines=_struck(document.lines, lines),
        corrections=tuple(
            _hidden(c, name) if everywhere or c.map in where else c
            for c in without_corrections(document.corrections, ids)
        ),
        decisions=tuple(
            _hidden(d, name) if everywhere or d.number in where else d
            for d in _open_outside(document.decisions, lines)
        ),
    )


def _unnamed(sheet: ServiceMap, label: str) -> ServiceMap:
    responsible = sheet.responsible
    if responsible is None or responsible.name.value != label:
        return sheet
    name = Text(REDACTED_NAME, responsible.name.lines)
    return replace(sheet, responsible=replace(responsible, name=name))


def _struck(lines: Sequence[str], numbers: Collection[int]) -> tuple[str, ...]:
    return tuple(REDACTED_LINE if n in numbers else line for n, line in enumerate(lines, start=1))


def _printing(value: object, name: re.Pattern[str]) -> Iterator[int]:
    """The lines of texts that have the name, also where it goes on from one line to the next."""
    if isinstance(value, (tuple, list)):
        for item in value:
            yield from _printing(item, name)
    elif is_dataclass(value):
        within = [getattr(value, field.name) for field in fields(value)]
        if isinstance(value, Text | Figure | OpenDecision) and any(
            name.search(text) for text in within if isinstance(text, str)
        ):
            yield from value.lines
        yield from _printing(within, name)


def _open_outside(decisions: Iterable[OpenDecision], struck: Collection[int]) -> Iterator[OpenDecision]:
    """Those that are not about struck lines alone: they say what is printed there, and are moot."""
    return (decision for decision in decisions if not set(decision.lines) <= set(struck))


def _hidden(value: T, name: re.Pattern[str]) -> T:
    """A record with the name struck out of each of its texts, all through."""
    if isinstance(value, str):
        return name.sub(REDACTED_NAME, value)  # type: ignore[return-value]
    if isinstance(value, tuple):
        return tuple(_hidden(item, name) for item in value)  # type: ignore[return-value]
    if isinstance(value, Text) and name.search(value.printed):  # it may go on from one part to the next
        value = replace(value, parts=value.parts and (value.printed,))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _hidden(getattr(value, f.name), name) for f in fields(value)})
    return value


def _without_figure(
    document: Document, redaction: Redaction, where: Collection[int], rows: Collection[int]
) -> Document | None:
    """Without a figure, and what corrections tell of it; None where there is none like it."""
    sheet = next((m for m in document.maps if m.number in where), None)
    hidden = list(_figures(sheet, redaction, rows)) if sheet else []
    if not sheet or not hidden:
        return None
    taken = {id(figure) for _, figure in hidden}
    indicators = tuple(
        replace(i, figures=tuple(_hide(f) if id(f) in taken else f for f in i.figures))
        for i in sheet.indicators
    )
    new = replace(sheet, indicators=indicators)
    lines = {line for indicator, figure in hidden for line in (*indicator.lines, *figure.lines)}
    ids = {one for indicator, figure in hidden for one in (*indicator.corrections, *figure.corrections)}
    return replace(
        document,
        maps=tuple(new if m is sheet else m for m in document.maps),
        lines=_struck(document.lines, lines),
        corrections=without_corrections(document.corrections, ids),
        decisions=tuple(_open_outside(document.decisions, lines)),
    )


def _figures(
    sheet: ServiceMap, redaction: Redaction, rows: Collection[int]
) -> Iterator[tuple[Indicator, Figure]]:
    for indicator in sheet.indicators:
        if indicator.table == redaction.table and indicator.position in rows:
            yield from ((indicator, f) for f in indicator.figures if f.year == redaction.year)


def _hide(figure: Figure) -> Figure:
    return replace(figure, raw=REDACTED_FIGURE, value=None, note=None, status="suppressed", small=False)
