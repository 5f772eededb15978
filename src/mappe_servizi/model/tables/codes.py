"""The codes of the controlled vocabularies that cells of the maintained tables may name."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from mappe_servizi.errors import InputError
from mappe_servizi.model.tables.cells import Codes

_PUBLIC_SERVICES = "https://w3id.org/italia/controlled-vocabulary/classifications-for-public-services/"
_ORGANIZATIONS = "https://w3id.org/italia/controlled-vocabulary/classifications-for-organizations/"
EXTERNAL = {
    "theme": f"{_PUBLIC_SERVICES}public-services-subject-matters",
    "data-theme": "http://publications.europa.eu/resource/authority/data-theme",
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
    """The codes of every vocabulary, from the CSV form of ours and from external.csv.

    Raises:
        InputError: a file cannot be read.
    """
    found: dict[str, set[str]] = {name: set() for name in EXTERNAL}
    names = {scheme: name for name, scheme in EXTERNAL.items()}
    for row in _rows(ontology / "external.csv"):
        if name := names.get(row["scheme"]):
            found[name].add(row["iri"].removeprefix(f"{row['scheme']}/"))
    for path in ontology.glob("assets/controlled-vocabularies/*/latest/*.csv"):
        found[path.parents[1].name] = {row["code"] for row in _rows(path)}
    return {name: frozenset(codes) for name, codes in found.items()}


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(str(error), file=path) from error
