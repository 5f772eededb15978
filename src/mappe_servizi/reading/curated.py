"""Curated tables: what people decided about the services and segments of a document."""

from __future__ import annotations

from pathlib import Path

from mappe_servizi.errors import InputError, gathered
from mappe_servizi.model.records import Document
from mappe_servizi.model.tables import municipality as tables
from mappe_servizi.model.tables import read_file, read_rows
from mappe_servizi.model.tables.municipality import ServiceRow


def read_classifications(directory: Path, document: Document) -> dict[int, ServiceRow]:
    """How each service of the index is classified (services.csv), by its number.

    Raises:
        InputError, InputErrors: a service has no row, a row has another title than the index, or a
            cell cannot be used.
    """
    path = directory / tables.SERVICES.file
    titles = {entry.number: entry.title.value for entry in document.entries}
    found, errors = {}, []
    for item in read_file(tables.SERVICES, path):
        row = item.row
        if titles.get(row.number) != row.title:
            message = f"the index has no service {row.number} with the title {row.title!r}"
            errors.append(InputError(message, file=path, line=item.line))
        found[row.number] = row
    if missing := sorted(titles.keys() - found.keys()):
        errors.append(InputError(f"no row for service {', '.join(map(str, missing))}", file=path))
    gathered(errors)
    return found


def read_audiences(directory: Path, document: Document) -> dict[tuple[int, int], tuple[str, ...]]:
    """The audience groups of each segment (audiences.csv), by service number and position.

    A municipality without the file has no mapping; one with it maps every segment.

    Raises:
        InputError, InputErrors: a segment has no row, a row names a segment that the document has
            not, or a cell cannot be used.
    """
    path = directory / tables.AUDIENCES.file
    if not path.exists():
        return {}
    names = {(m.number, s.position): s.name.printed for m in document.maps for s in m.segments}
    found, errors = {}, []
    for item in read_file(tables.AUDIENCES, path):
        row = item.row
        if names.get((row.number, row.position)) != row.segment:
            message = f"segment {row.position} of service {row.number} is not {row.segment!r} in the document"
            errors.append(InputError(message, file=path, line=item.line))
        found[row.number, row.position] = row.audiences
    if missing := sorted(names.keys() - found.keys()):
        number, position = missing[0]
        message = f"{len(missing)} segments have no row, the first is segment {position} of service {number}"
        errors.append(InputError(message, file=path))
    gathered(errors)
    return found


def read_areas(directory: Path) -> dict[str, str]:
    """The English names of the areas by their slugs (areas.csv); none where there is no such file.

    Raises:
        InputError, InputErrors: a cell cannot be used.
    """
    return {row.area: row.label_en for row in read_rows(tables.AREAS, directory / tables.AREAS.file)}
