"""The codes of the controlled vocabularies that cells of the maintained tables may name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from mappe_servizi.errors import gathered
from mappe_servizi.model.tables.cells import Codes
from mappe_servizi.model.tables.ontology import CATALOGUE, CONCEPTS, EXTERNAL
from mappe_servizi.model.tables.rows import FileReading
from mappe_servizi.model.tables.sheet import read_sheet
from mappe_servizi.model.tables.table import Row, Table

_PUBLIC_SERVICES = "https://w3id.org/italia/controlled-vocabulary/classifications-for-public-services/"
_ORGANIZATIONS = "https://w3id.org/italia/controlled-vocabulary/classifications-for-organizations/"
OTHERS = {
    "theme": f"{_PUBLIC_SERVICES}public-services-subject-matters",
    "data-theme": "http://publications.europa.eu/resource/authority/data-theme",
    "dataset-type": "http://publications.europa.eu/resource/authority/dataset-type",
    "cofog": f"{_ORGANIZATIONS}cofog-2009",
    "life-event": f"{_PUBLIC_SERVICES}life-business-event/life-event",
    "business-event": f"{_PUBLIC_SERVICES}life-business-event/business-event",
    "interactivity": f"{_PUBLIC_SERVICES}interactivity-level",
    "channel": f"{_PUBLIC_SERVICES}channel",
    "legal-status": f"{_ORGANIZATIONS}legal-status",
}
"""Others' vocabularies, by the name that our tables have for them; ours have their own name."""


@cache
def load_codes(ontology: Path) -> Codes:
    """The codes of every vocabulary, from the CSV form of ours, external.csv and catalogue.csv.

    Raises:
        InputError, InputErrors: a file cannot be read.
    """
    found: dict[str, set[str]] = {name: set() for name in OTHERS}
    names = {scheme: name for name, scheme in OTHERS.items()}
    for row in (row for table in (EXTERNAL, CATALOGUE) for row in _read(table, ontology / table.file)):
        if name := names.get(row.scheme):
            found[name].add(row.iri.removeprefix(f"{row.scheme}/"))
    for path in ontology.glob("assets/controlled-vocabularies/*/latest/*.csv"):
        found[path.parents[1].name] = {row.code for row in _read(CONCEPTS, path)}
    return {name: frozenset(codes) for name, codes in found.items()}


def _read(table: Table[Row], path: Path) -> list[Row]:
    """The rows of a table that names no vocabulary's codes: codes come of these."""
    reading = FileReading(table, path, {})
    found = reading.rows(read_sheet(path, (column.name for column in table.columns)))
    gathered(reading.errors)
    return [item.row for item in found]
