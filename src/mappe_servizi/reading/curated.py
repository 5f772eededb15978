"""Curated tables: what people decided about the services and segments of a municipality."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, get_args

from mappe_servizi.errors import InputError, gathered
from mappe_servizi.model.identifiers import Registry
from mappe_servizi.model.names import CONCEPTS, Names, decided
from mappe_servizi.model.records import Document
from mappe_servizi.model.service_map import Table as FigureTable
from mappe_servizi.model.tables import Table, read_rows
from mappe_servizi.model.tables import municipality as tables
from mappe_servizi.model.tables.municipality import ServiceRow

Stated = frozenset[tuple[str, ...]]
"""What editions state: kind and slug of a thing, with its service's between them where it has one."""


def read_classifications(names: Names, folder: Path) -> dict[int, ServiceRow]:
    """How each service of an edition's index is classified (services.csv), by its number there.

    One without a row is for the public and has no theme: the shapes tell that it is open.

    Raises:
        InputError, InputErrors: a cell cannot be used.
    """
    rows = {i.row.service: i.row for i in decided(tables.SERVICES, folder, names.registry)}
    return {number: rows.get(slug) or unclassified(slug) for number, slug in names.services().items()}


def unclassified(service: str) -> ServiceRow:
    """What holds of a service that nobody has classified."""
    return ServiceRow(service, "", "public", (), (), (), (), (), "", (), "own", "", "", "")


def read_audiences(document: Document, names: Names) -> dict[tuple[int, int], tuple[str, ...]]:
    """The audience groups of each segment of an edition (audiences.csv), by service number and position.

    A segment without a row has none.

    Raises:
        InputError, InputErrors: a cell cannot be used.
    """
    folder = document.municipality.folder
    told = (item.row for item in decided(tables.AUDIENCES, folder, names.registry))
    rows = {(row.service, row.segment): row.audiences for row in told}
    found = {}
    for sheet in document.maps:
        service = names.service(sheet.number)
        for position, slug in names.segments(sheet).items():
            if (service, slug) in rows:
                found[sheet.number, position] = rows[service, slug]
    return found


def read_reviewed(folder: Path, registry: Registry) -> Stated:
    """The services, segments and indicators about which a person has decided.

    Raises:
        InputError, InputErrors: a cell cannot be used.
    """
    about: tuple[Table[Any], ...] = (tables.SERVICES, tables.AUDIENCES, tables.INDICATORS)
    return frozenset(
        thing
        for table in about
        for found in decided(table, folder, registry)
        if found.curation.curation == "reviewed"
        for thing in _about(table, found.row)
    )


def read_areas(folder: Path) -> dict[str, str]:
    """The English names of the areas by their slugs (areas.csv); none where there is no such file.

    Raises:
        InputError, InputErrors: a cell cannot be used.
    """
    return {row.area: row.label_en for row in read_rows(tables.AREAS, folder / tables.AREAS.file)}


def read_service_names(folder: Path, registry: Registry) -> dict[str, tables.ServiceNameRow]:
    """The English names of the services, and people's (service-names.csv), by the slugs that these have now.

    Raises:
        InputError, InputErrors: a cell cannot be used.
    """
    rows = read_rows(tables.SERVICE_NAMES, folder / tables.SERVICE_NAMES.file)
    return {registry.now("service", "", row.service): row for row in rows}


def stated(document: Document, names: Names) -> Stated:
    """The services, segments and indicators that an edition has."""
    return frozenset(_stated(document, names))


def _stated(document: Document, names: Names) -> Iterator[tuple[str, ...]]:
    for slug in names.services().values():
        yield ("service", slug)
    for sheet in document.maps:
        service = names.service(sheet.number)
        for slug in names.segments(sheet).values():
            yield ("segment", service, slug)
        for table in get_args(FigureTable):
            for slug in names.indicators(sheet, table).values():
                yield (CONCEPTS[table], service, slug)


def check_decisions(folder: Path, registry: Registry, of_all: Stated) -> None:
    """Fail where a row of a curated table is about what no edition has.

    Args:
        folder: of the municipality.
        registry: its registry.
        of_all: what its editions state.

    Raises:
        InputError, InputErrors: each of them.
    """
    errors = [
        InputError(f"no edition has {_shown(thing)}", file=folder / table.file, line=line)
        for table in (tables.SERVICES, tables.AUDIENCES, tables.INDICATORS)
        for line, thing in _decided(table, folder, registry)
        if thing not in of_all
    ]
    gathered(errors)


def _decided(table: Table[Any], folder: Path, registry: Registry) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The things that each row of a table is about, with its line."""
    for found in decided(table, folder, registry):
        for thing in (*_about(table, found.row), *_named(table, found.row)):
            yield found.line, thing


def _about(table: Table[Any], row: Any) -> Iterator[tuple[str, ...]]:
    """The thing that a row decides about."""
    if table is tables.SERVICES:
        yield ("service", row.service)
    elif table is tables.AUDIENCES:
        yield ("segment", row.service, row.segment)
    else:
        yield (CONCEPTS[row.table], row.service, row.indicator)


def _named(table: Table[Any], row: Any) -> Iterator[tuple[str, ...]]:
    """The other things that a row of an indicator names."""
    if table is tables.INDICATORS:
        for slug in row.of:
            yield (CONCEPTS[row.table], row.service, slug)
        for slug in row.segments:
            yield ("segment", row.service, slug)


def _shown(thing: Sequence[str]) -> str:
    kind, *service, slug = thing
    return f"the {kind} {slug!r}" + (f" of the service {service[0]!r}" if service else "")
