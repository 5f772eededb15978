"""What a municipality's folder says of itself and its editions, in TOML, and its people.csv."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Final

from mappe_servizi.errors import InputError, MappeError
from mappe_servizi.model.maintained import DAY, TEXT, WHOLE, Keys, kind, read_toml, required
from mappe_servizi.model.records import Municipality
from mappe_servizi.model.tables.cells import DIGITS, IPA, IRI, ISTAT, URL
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


def load_municipality(directory: Path, licences: Licences) -> Municipality:
    """Read an edition's edition.toml and its municipality's municipality.toml.

    A licence becomes the IRI of one of the table's.

    Args:
        directory: data/municipalities/{ipa}/editions/{year}.
        licences: those that may be named.

    Raises:
        InputError: a file is absent, is no TOML, lacks a required key or has an unknown one, or
            names a licence that is not in the table.
    """
    folder = directory.parents[1]
    path, of_edition = folder / MUNICIPALITY_FILE, directory / EDITION_FILE
    settings, document = read_toml(path, KEYS), read_toml(of_edition, EDITION_KEYS)
    settings.pop("status", None)
    for stated, file in ((settings, path), (document, of_edition)):
        _name_licence(stated.get("rights", {}), licences, file)
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


def _name_licence(rights: dict[str, object], licences: Licences, path: Path) -> None:
    if "licence" not in rights:
        return
    try:
        rights["licence"] = licences.find(rights["licence"]).iri
    except MappeError as error:
        raise InputError(f"'licence' of [rights]: {error}", file=path) from None
