"""The edition that a document is, and where it stands in its municipality's folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic_core import from_json

from mappe_servizi.errors import InputError, MappeError
from mappe_servizi.model.maintained import read_toml
from mappe_servizi.reading.form import load_form
from mappe_servizi.reading.municipality import EDITION_FILE, EDITION_KEYS, EDITIONS
from mappe_servizi.releases.numbered import today
from mappe_servizi.sources.block import Unfit
from mappe_servizi.sources.kinds import LARGEST, kinds, read_source
from mappe_servizi.sources.municipal_site import SUFFIX, packed

_FEW: Final = 2
"""Cells of a header that names one year: the year, and what stands before it."""
RECORDS: Final = ".json"
TITLE: Final = "Mappe dei servizi"


@dataclass(frozen=True, slots=True)
class Given:
    """A document as it was given.

    Attributes:
        path: where it came from.
        data: its bytes; of a folder those of the archive of its pages.
        year: its edition.
    """

    path: Path
    data: bytes
    year: int

    @property
    def suffix(self) -> str:
        """Of the file's name that it gets."""
        return SUFFIX if self.path.is_dir() else self.path.suffix.casefold()

    @property
    def sha256(self) -> str:
        """What tells its bytes apart."""
        return hashlib.sha256(self.data).hexdigest()


def read_given(path: Path, year: int | None, knowledge: Path) -> Given:
    """A document, with its edition: the one named, else the last year that its columns of figures name.

    Raises:
        InputError: it cannot be read, is of no kind that is read, or names no year.
    """
    try:
        data = packed(path) if path.is_dir() else path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=path) from None
    except Unfit as error:
        raise InputError(str(error), file=path) from None
    if not data.strip():
        raise InputError("the file is empty", file=path)
    told = (
        _edition_of_records(data, path) if path.suffix.casefold() == RECORDS else _year(data, path, knowledge)
    )
    if year is None and told is None:
        raise InputError(
            "no column of figures names a year: --edition says which edition it is (of the pages of a site, "
            "the year in which they were saved)",
            file=path,
        )
    return Given(path, data, year or told or 0)


def _year(data: bytes, path: Path, knowledge: Path) -> int | None:
    """The last year of the headers: rows that name several years, else those that name one and nothing else.

    A day in a text names a year, too; no document tells of years to come.
    """
    form, latest = load_form(knowledge), int(today()[:4]) + 1
    rows = [[cell.text for cell in row.cells if cell] for row in read_source(data, path).rows]
    named = [[year for text in texts if (year := form.year_of(text)) and year <= latest] for texts in rows]
    several = [max(years) for years in named if len(set(years)) > 1]
    alone = [
        years[0] for years, texts in zip(named, rows, strict=True) if len(years) == 1 and len(texts) <= _FEW
    ]
    return max(several or alone, default=None)


def _edition_of_records(data: bytes, path: Path) -> int | None:
    if len(data) > LARGEST:
        raise InputError(f"{len(data)} bytes; the largest that is read is {LARGEST}", file=path)
    try:
        plain = from_json(data)
    except ValueError as error:
        raise InputError(f"no file of records: not JSON, {error}", file=path) from None
    edition = plain.get("edition") if isinstance(plain, dict) else None
    return edition if isinstance(edition, int) else None


def suffixes() -> tuple[str, ...]:
    """Of the files' names that may be added."""
    return (*(suffix for kind in kinds() for suffix in kind.suffixes), RECORDS)


def is_there(folder: Path, given: Given) -> Path | None:
    """The folder of the edition that has this very document already."""
    for path in _editions(folder):
        document = document_of(path)
        if document.exists() and hashlib.sha256(document.read_bytes()).hexdigest() == given.sha256:
            return path
    return None


def place(folder: Path, given: Given, received: str, *, replace: bool) -> Path:
    """Put a document into its edition's folder, which is made where there is none.

    Args:
        folder: of the municipality.
        given: the document.
        received: the day, ISO 8601.
        replace: whether it takes the place of another one.

    Returns:
        The edition's folder.

    Raises:
        MappeError: the edition has another document.
    """
    edition = folder / EDITIONS / str(given.year)
    toml = edition / EDITION_FILE
    if toml.exists():
        old = document_of(edition)
        if not replace and old.exists():
            raise MappeError(
                f"{given.path}: the edition {given.year} has another document, {old.name}: --replace takes "
                "this one in its place, --edition says that it is of another year"
            )
        old.unlink(missing_ok=True)
    edition.mkdir(parents=True, exist_ok=True)
    document = edition / f"document{given.suffix}"
    document.write_bytes(given.data)
    toml.write_text(edition_toml(document.name, given.path.name, received), encoding="utf-8")
    return edition


def _editions(folder: Path) -> Sequence[Path]:
    return sorted(path.parent for path in (folder / EDITIONS).glob(f"*/{EDITION_FILE}"))


def document_of(edition: Path) -> Path:
    """The document of an edition."""
    return edition / str(read_toml(edition / EDITION_FILE, EDITION_KEYS)["file"])


def edition_toml(file: str, name: str, received: str) -> str:
    """The text of edition.toml.

    Args:
        file: the document's name here.
        name: the one that it came with.
        received: the day, ISO 8601.
    """
    return f"""\
# The document as it was received, and what it says of itself. The title is assumed: it may print another.
file = {json.dumps(file)}
title = {json.dumps(TITLE)}
received = {json.dumps(f"{name}, {received}", ensure_ascii=False)}
language = "it"
modified = {received}
"""
