"""What a municipality's folder says of itself and its document: municipality.toml, people.csv."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

from mappe_servizi.errors import InputError
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.municipality import PEOPLE
from mappe_servizi.records import Municipality


def load_municipality(directory: Path) -> Municipality:
    """Read municipality.toml.

    Raises:
        InputError: the file is absent, is no TOML, or lacks a required key.
    """
    path = directory / "municipality.toml"
    try:
        with path.open("rb") as file:
            settings = tomllib.load(file)
    except FileNotFoundError:
        raise InputError("no such file: a municipality's folder must have one", file=path) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(str(error), file=path) from None
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


def load_people(directory: Path) -> dict[str, str]:
    """people.csv: the name as printed -> the canonical name, given name first."""
    rows = read_rows(PEOPLE, directory / PEOPLE.file)
    return {row.printed: f"{row.given} {row.family}" for row in rows}
