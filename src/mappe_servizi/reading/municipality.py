"""What a municipality's folder says of itself and its editions, in TOML, and its people.csv."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final

from mappe_servizi.errors import InputError, MappeError
from mappe_servizi.model.maintained import DAY, TEXT, WHOLE, Keys, kind, read_toml, required
from mappe_servizi.model.records import Municipality
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.cells import DIGITS, IPA, IRI, ISTAT, URL
from mappe_servizi.model.tables.knowledge import MUNICIPALITIES, MunicipalityRow
from mappe_servizi.model.toml_places import Place
from mappe_servizi.rights import Licences

MUNICIPALITY_FILE: Final = "municipality.toml"
EDITION_FILE: Final = "edition.toml"
EDITIONS: Final = "editions"
_RIGHTS: Keys = {"holder": TEXT, "holder_ipa": kind(IPA), "licence": TEXT, "basis": TEXT}
_DOCUMENT: Keys = {
    **dict.fromkeys(("file", "title"), required(TEXT)),
    **dict.fromkeys(("annex", "author", "received", "language"), TEXT),
}
KEYS: Keys = {
    "ipa": required(kind(IPA)),
    "istat": required(kind(ISTAT)),
    "name": required(TEXT),
    "city": TEXT,
    "territory": kind(IRI),
    "geonames": kind(URL),
    "province": kind(DIGITS),
    "region": kind(DIGITS),
    "homepage": kind(URL),
    "status": TEXT,
    "modified": DAY,
    "rights": _RIGHTS,
    "document": {**dict.fromkeys(_DOCUMENT, TEXT), "edition": WHOLE},
}
"""What municipality.toml may say. ``status``, which older files have, says nothing any more: whether
a publication is official follows from the publisher and [rights]."""
EDITION_KEYS: Keys = {**_DOCUMENT, "modified": DAY, "rights": _RIGHTS}
"""What edition.toml may say; its [rights] go before those of municipality.toml."""


def find_editions(directory: Path) -> list[Path]:
    """The folders of a municipality's editions, oldest first.

    Args:
        directory: data/municipalities/{ipa}.

    Raises:
        InputError: there is none, one is not named as a year, or the folder is laid out as before
            there were editions.
    """
    path = directory / MUNICIPALITY_FILE
    if not path.exists():
        raise InputError("no such file: a municipality's folder must have one", file=path)
    document = read_toml(path, KEYS).get("document")
    if document is not None:
        folder = f"{EDITIONS}/{document.get('edition', 'YEAR')}"
        raise InputError(
            f"[document] belongs to an edition since a municipality may have many: run "
            f"`python scripts/move_to_editions.py {directory}`, which moves it to {folder}/{EDITION_FILE} "
            "with the document and the tables of its lines, and keys the other tables by slug",
            file=path,
        )
    found = sorted((directory / EDITIONS).glob(f"*/{EDITION_FILE}"))
    if not found:
        raise InputError(f"there is no {EDITION_FILE} in a folder named as a year", file=directory / EDITIONS)
    for edition in found:
        if not re.fullmatch(r"[12][0-9]{3}", edition.parent.name):
            raise InputError("the folder of an edition is named as its year, 2020", file=edition.parent)
    return [edition.parent for edition in found]


def ipa_of(folder: Path) -> str:
    """The IPA code of the municipality in a folder, whatever the folder is called.

    Raises:
        InputError: its municipality.toml cannot be read or does not say.
    """
    path = folder / MUNICIPALITY_FILE
    return str(read_toml(path, KEYS)["ipa"])


def load_municipality(directory: Path, licences: Licences, knowledge: Path) -> Municipality:
    """Read an edition's edition.toml and its municipality's municipality.toml.

    A licence becomes the IRI of one of the table's; where the municipality lies is told by ISTAT's list
    where the file does not say it.

    Args:
        directory: data/municipalities/{ipa}/editions/{year}.
        licences: those that may be named.
        knowledge: the directory of what is known for every municipality.

    Raises:
        InputError: a file is absent, is no TOML, lacks a required key or has an unknown one, or
            names a licence that is not in the table; its territory is not known, or another's.
    """
    folder = directory.parents[1]
    path, of_edition = folder / MUNICIPALITY_FILE, directory / EDITION_FILE
    settings = read_municipality(path, licences, knowledge)
    document = read_edition(of_edition, licences)
    settings.pop("status", None)
    _place(settings, knowledge)
    for stated in (settings, document):
        if "licence" in (rights := stated.get("rights", {})):
            rights["licence"] = licences.find(rights["licence"]).iri
    if "rights" in document:
        settings["rights"] = document.pop("rights")
    modified: date | None = document.pop("modified", settings.get("modified"))
    document["edition"] = int(directory.name)
    settings["document"] = document
    if modified is not None:
        settings["modified"] = modified
    return Municipality(
        ipa=settings["ipa"],
        istat=settings["istat"],
        name=settings["name"],
        edition=int(directory.name),
        document=directory / document["file"],
        document_title=document["title"],
        settings=settings,
        modified=modified,
        folder=folder,
        edition_folder=directory,
    )


def read_municipality(path: Path, licences: Licences, knowledge: Path) -> dict[str, Any]:
    """What a municipality.toml says.

    Raises:
        InputError, InputErrors: all that is wrong with it, each with its line.
    """

    def together(values: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
        yield from _wrong_place(values, knowledge)
        yield from _wrong_licence(licences, values)

    return read_toml(path, KEYS, together=together)


def read_edition(path: Path, licences: Licences) -> dict[str, Any]:
    """What an edition.toml says.

    Raises:
        InputError, InputErrors: all that is wrong with it, each with its line.
    """
    return read_toml(path, EDITION_KEYS, together=partial(_wrong_licence, licences))


def _place(settings: dict[str, Any], knowledge: Path) -> None:
    """Say where the municipality lies, from ISTAT's list."""
    istat = settings["istat"]
    if row := _listed(knowledge / MUNICIPALITIES.file).get(istat):
        settings.setdefault("territory", row.territory)
        settings.setdefault("city", row.name)
        settings.setdefault("province", istat[:3])
        settings.setdefault("region", row.region_code)


def _wrong_place(values: Mapping[str, Any], knowledge: Path) -> Iterator[tuple[Place, str]]:
    istat, territory = values["istat"], values.get("territory")
    if territory is not None and istat not in territory:
        yield ("territory",), f"'territory' {territory} is not that of the ISTAT code {istat!r}"
    if territory is None and istat not in _listed(knowledge / MUNICIPALITIES.file):
        yield (
            ("istat",),
            f"ISTAT's list has no municipality of the code {istat!r}: correct 'istat', or say 'territory', "
            "'city', 'province' and 'region'",
        )


def _wrong_licence(licences: Licences, values: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    rights = values.get("rights", {})
    try:
        if "licence" in rights:
            licences.find(rights["licence"])
    except MappeError as error:
        yield ("rights", "licence"), f"'licence' of [rights]: {error}"


@lru_cache(maxsize=2)
def _listed(path: Path) -> dict[str, MunicipalityRow]:
    return {row.istat: row for row in read_rows(MUNICIPALITIES, path)}
