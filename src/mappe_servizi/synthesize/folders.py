"""A synthetic municipality as a folder of data/municipalities: its records, settings and curated tables.

Where the tables of the template stand and how they are keyed is no matter here: every table is copied
to the same place, with the names in its cells exchanged, slugs too.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from mappe_servizi.model.identifiers import MAX_SLUG, slugify
from mappe_servizi.model.records import Document
from mappe_servizi.model.records_file import to_json
from mappe_servizi.model.tables.municipality import IDENTIFIERS
from mappe_servizi.synthesize.municipalities import Synthetic

RECORDS = "records.json"
SETTINGS = "*.toml"
WITHOUT = ("corrections.csv", "findings.csv", "people.csv", "redactions.csv")
"""Tables of the template that say nothing of records with other figures and people in them."""
CITY = "https://w3id.org/italia/controlled-vocabulary/territorial-classifications/cities/{istat}-(1948-01-01)"
"""Of the form that the national vocabulary has, and of a code that no province has."""
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MINTED = ("organization", "person", "provision")
"""Kinds whose slugs come from names: they get new rows."""


def write_folder(folder: Path, synthetic: Synthetic, template: Path) -> None:
    """Write everything of a municipality but the slugs of its providers.

    Args:
        folder: data/municipalities/{ipa} of the instance.
        synthetic: the municipality; its document stands in the same place as the template's.
        template: the folder of the municipality that gives the shape.
    """
    document = synthetic.document
    place = folder / document.municipality.document.relative_to(template).with_name(RECORDS)
    place.parent.mkdir(parents=True)
    place.write_bytes(to_json(document))
    for path in _files(document, template, SETTINGS):
        text = _set(path.read_text(encoding="utf-8"), _values(document))
        _target(folder, path, template).write_text(text, encoding="utf-8")
    for path in _files(document, template, "*.csv"):
        if path.name not in WITHOUT:
            _copy(path, _target(folder, path, template), synthetic)


def _files(document: Document, template: Path, pattern: str) -> list[Path]:
    """Files of the template, and of the document's edition alone."""
    edition = document.municipality.edition_folder
    found = (path for path in template.rglob(pattern) if path.is_relative_to(edition))
    return sorted({*template.glob(pattern), *found})


def _target(folder: Path, path: Path, template: Path) -> Path:
    target = folder / path.relative_to(template)
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def _values(document: Document) -> Mapping[str, str]:
    """What the settings of a folder say of it, by key."""
    of = document.municipality
    return {
        "ipa": of.ipa,
        "istat": of.istat,
        "name": of.name,
        "city": of.name.rpartition(" ")[2],
        "territory": CITY.format(istat=of.istat),
        "homepage": "https://example.org/synthetic/",
        "file": RECORDS,
        "title": of.document_title,
        "annex": "nessuno",
        "author": "mappe synthesize",
        "received": "made by mappe synthesize",
        "holder": of.name,
        "holder_ipa": of.ipa,
        "basis": "Dati sintetici: nessun comune, persona o organizzazione così esiste",
    }


def _set(text: str, values: Mapping[str, str]) -> str:
    """A TOML text with other values of some keys, and without comments: they tell of the template."""
    lines = [line for line in text.splitlines() if not line.startswith(("#", "geonames"))]
    found = [re.match(r"(\w+) = ", line) for line in lines]
    return "".join(
        f'{key[1]} = "{values[key[1]]}"\n' if key and key[1] in values else f"{line}\n"
        for line, key in zip(lines, found, strict=True)
    )


def _copy(path: Path, target: Path, synthetic: Synthetic) -> None:
    """A table with the names exchanged cell by cell: in a CSV's text a quotation mark is doubled."""
    with (
        path.open(encoding="utf-8", newline="") as source,
        target.open("w", encoding="utf-8", newline="") as file,
    ):
        reader, writer = csv.reader(source), csv.writer(file, lineterminator="\n")
        writer.writerow(header := next(reader))
        if path.name == IDENTIFIERS.file:
            writer.writerows(_identifiers((dict(zip(header, row, strict=True)) for row in reader), synthetic))
        else:
            writer.writerows([_cell(cell, synthetic.rename) for cell in row] for row in reader)


def _cell(cell: str, rename: Callable[[str], str]) -> str:
    """A cell with the names exchanged; a slug with a longer name in it is cut, in every table alike.

    >>> longer = lambda text: text.replace("ponte", "cooperativa-sociale-" * 4 + "ponte")
    >>> _cell("asili-nido-ponte", longer), _cell("Il ponte", longer)[-9:]
    ('asili-nido-cooperativa-sociale-cooperativa-sociale-cooperativa', 'ale-ponte')
    """
    new = rename(cell)
    return slugify(new) if len(new) > MAX_SLUG and SLUG.fullmatch(new) else new


def _identifiers(rows: Iterator[dict[str, str]], synthetic: Synthetic) -> Iterator[list[str]]:
    """The registry: the template's slugs in use, and opaque ones for people that are reproducible."""
    for row in rows:
        if row["kind"] not in MINTED and not row["status"]:
            yield [_cell(cell, synthetic.rename) for cell in row.values()]
    of = synthetic.document.municipality
    for name in sorted({m.responsible.name.value for m in synthetic.document.maps if m.responsible}):
        slug = hashlib.sha256(f"{of.ipa}/{name}".encode()).hexdigest()[:8]
        new = {"kind": "person", "label": name, "slug": slug, "since": str(of.edition)}
        yield [new.get(column.name, "") for column in IDENTIFIERS.columns]
