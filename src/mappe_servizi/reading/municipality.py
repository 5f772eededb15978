"""What a municipality's folder says of itself and its document: municipality.toml, people.csv."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from mappe_servizi.errors import InputError, MappeError
from mappe_servizi.model.maintained import Keys, read_toml
from mappe_servizi.model.records import Municipality
from mappe_servizi.rights import Licences

KEYS: Keys = {
    **dict.fromkeys(
        ("ipa", "istat", "name", "city", "territory", "geonames", "province", "region", "homepage",
         "status", "modified")
    ),
    "document": dict.fromkeys(("file", "title", "annex", "author", "edition", "received", "language")),
    "rights": dict.fromkeys(("holder", "holder_ipa", "licence", "basis")),
}  # fmt: skip
"""What municipality.toml may say. ``status``, which older files have, says nothing any more: whether
a publication is official follows from the publisher and [rights]."""


def load_municipality(directory: Path, licences: Licences) -> Municipality:
    """Read municipality.toml; its licence becomes the IRI of one of the table's.

    Raises:
        InputError: the file is absent, is no TOML, lacks a required key or has an unknown one, or
            names a licence that is not in the table.
    """
    path = directory / "municipality.toml"
    if not path.exists():
        raise InputError("no such file: a municipality's folder must have one", file=path)
    settings = read_toml(path, KEYS)
    settings.pop("status", None)
    _name_licence(settings.get("rights", {}), licences, path)
    try:
        document, modified = settings["document"], settings.get("modified")
        if modified is not None and not isinstance(modified, date):
            raise InputError(f"'modified' must be a date, not {modified!r}", file=path)
        return Municipality(
            ipa=str(settings["ipa"]),
            istat=str(settings["istat"]),
            name=str(settings["name"]),
            edition=int(document["edition"]),
            document=directory / str(document["file"]),
            document_title=str(document["title"]),
            settings=settings,
            modified=modified,
        )
    except KeyError as error:
        raise InputError(f"the key {error.args[0]!r} is missing", file=path) from None
    except (TypeError, ValueError) as error:
        raise InputError(str(error), file=path) from None


def _name_licence(rights: dict[str, object], licences: Licences, path: Path) -> None:
    if "licence" not in rights:
        return
    try:
        rights["licence"] = licences.find(rights["licence"]).iri
    except MappeError as error:
        raise InputError(f"'licence' of [rights]: {error}", file=path) from None
