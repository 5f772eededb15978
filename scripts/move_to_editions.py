"""Move a municipality's folder of before there were editions to the layout that has them.

    python scripts/move_to_editions.py data/municipalities/c_d150

[document] of municipality.toml becomes editions/{year}/edition.toml; the document and the tables about
its lines move there; the tables of decisions that live over editions are keyed by the slugs of
identifiers.csv instead of numbers and positions.
"""

from __future__ import annotations

import csv
import re
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import get_args

from mappe_servizi.instance import knowledge
from mappe_servizi.model.identifiers import Registry
from mappe_servizi.model.names import Names
from mappe_servizi.model.records import Document
from mappe_servizi.model.service_map import Table
from mappe_servizi.reading.municipality import EDITION_FILE, EDITIONS, MUNICIPALITY_FILE
from mappe_servizi.reading.reader import read_printed

OF_THE_TEXT = ("corrections.csv", "findings.csv", "mentions.csv", "references.csv")
Row = dict[str, str]


def main(folder: Path) -> None:
    """Move and re-key what stands in a folder."""
    edition = move(folder) or next((folder / EDITIONS).iterdir())
    document = read_printed(edition, knowledge("knowledge"))
    names = Names.of(document, Registry.load(folder / "identifiers.csv"))
    slugs = Slugs(document, names)
    for file, rekey in (
        ("services.csv", slugs.service),
        ("audiences.csv", slugs.segment),
        ("indicators.csv", slugs.indicator),
        ("places.csv", slugs.place),
        ("channels.csv", slugs.place),
        ("redactions.csv", slugs.redaction),
    ):
        rewrite(folder / file, rekey)


def move(folder: Path) -> Path | None:
    """Split municipality.toml and move the edition's files; None where that was done before."""
    path = folder / MUNICIPALITY_FILE
    text = path.read_text(encoding="utf-8")
    found = re.search(r"^\[document\]\n(.*?)(?=^(?:#[^\n]*\n)*\[|\Z)", text, re.MULTILINE | re.DOTALL)
    if found is None:
        return None
    document = tomllib.loads(text)["document"]
    edition = folder / EDITIONS / str(document["edition"])
    edition.mkdir(parents=True, exist_ok=True)
    kept = re.sub(r"^edition\s*=.*\n", "", found[1], flags=re.MULTILINE)
    (edition / EDITION_FILE).write_text(kept.strip() + "\n", encoding="utf-8")
    path.write_text(text[: found.start()] + text[found.end() :], encoding="utf-8")
    for name in (document["file"], *OF_THE_TEXT):
        if (folder / name).exists():
            (folder / name).rename(edition / name)
    return edition


class Slugs:
    """Re-keys rows by what an edition's numbers and positions name."""

    def __init__(self, document: Document, names: Names) -> None:
        self.services = {str(number): slug for number, slug in names.services().items()}
        self.segments = {
            (str(m.number), str(p)): s for m in document.maps for p, s in names.segments(m).items()
        }
        self.indicators = {
            (str(m.number), table, str(p)): s
            for m in document.maps
            for table in get_args(Table)
            for p, s in names.indicators(m, table).items()
        }

    def service(self, row: Row) -> Row:
        """A row of services.csv."""
        number = row.pop("number")
        return {"service": self.services[number], **row}

    def segment(self, row: Row) -> Row:
        """A row of audiences.csv."""
        number, position = row.pop("number"), row.pop("position")
        slug, name = self.segments[number, position], row.pop("segment")
        return {"service": self.services[number], "segment": slug, "name": name, **row}

    def indicator(self, row: Row) -> Row:
        """A row of indicators.csv."""
        number, table, position = row.pop("number"), row.pop("table"), row.pop("position")
        row["of"] = " | ".join(self.indicators[number, table, p] for p in _values(row["of"]))
        row["segments"] = " | ".join(self.segments[number, p] for p in _values(row["segments"]))
        slug = self.indicators[number, table, position]
        return {"service": self.services[number], "table": table, "indicator": slug, **row}

    def place(self, row: Row) -> Row:
        """A row of places.csv and channels.csv."""
        row.pop("line", None)
        number = row.pop("number")
        return {"service": self.services[number] if number else "", **row}

    def redaction(self, row: Row) -> Row:
        """A row of redactions.csv."""
        number = row.pop("map")
        return {"kind": row.pop("kind"), "service": self.services[number] if number else "", **row}


def _values(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]


def rewrite(path: Path, rekey: Callable[[Row], Row]) -> None:
    """Write a table anew; one that is keyed by slug already is left as it is."""
    if not path.exists():
        return
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows or "service" in rows[0]:
        return
    new = [rekey(row) for row in rows]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(new[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(new)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
