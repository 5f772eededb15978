"""A second town, for tests: the first sheets of Cremona's document under another name."""

import csv
from pathlib import Path

from helpers import ROOT

IPA, ISTAT, NAME = "c_d142", "019035", "Comune di Crema"
LAST, AREAS = 13, 3
SOURCE = ROOT / "data" / "municipalities" / "c_d150"
CITY = "https://w3id.org/italia/controlled-vocabulary/territorial-classifications/cities/"
NUMBERED = ("services", "audiences", "indicators", "findings", "mentions", "channels", "places", "references")
SETTINGS = f"""\
ipa = "{IPA}"
istat = "{ISTAT}"
name = "{NAME}"
city = "Crema"
territory = "{CITY}{ISTAT}-(1948-01-01)"
province = "019"
region = "03"
modified = 2026-11-22

[document]
file = "document.txt"
title = "Mappe dei servizi"
author = "{NAME}"
edition = 2020
language = "it"

[rights]
holder = "{NAME}"
holder_ipa = "{IPA}"
licence = "https://creativecommons.org/licenses/by/4.0/"
basis = "Delibera della giunta"
"""


def write_town(municipalities: Path, ledger: Path, last: int = LAST, areas: int = AREAS) -> Path:
    """Write the town's directory into an instance's municipalities.

    Args:
        municipalities: data/municipalities of the instance.
        ledger: report/ledger.csv of a build of Cremona, which says what each line belongs to.
        last: its services are those of Cremona up to this one, which are those of so many areas.
    """
    directory = municipalities / IPA
    directory.mkdir(parents=True)
    (directory / "municipality.toml").write_text(SETTINGS, encoding="utf-8")
    _document(directory / "document.txt", ledger, last, areas)
    slugs = _slugs(last)
    for name in (*NUMBERED, "corrections", "areas", "people", "identifiers"):
        _copy(name, directory, slugs, last, areas)
    return directory


def _document(target: Path, ledger: Path, last_service: int, areas: int) -> None:
    """The same lines at the same places; what belongs to other services is empty."""
    lines = (SOURCE / "document.txt").read_text(encoding="utf-8").split("\n")
    with ledger.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    last = max(int(row["line"]) for row in rows if row["number"] and int(row["number"]) <= last_service)
    for row in rows:
        other_area = row["records"].startswith("area:") and int(row["records"][5:]) > areas
        other_service = row["number"] and int(row["number"]) > last_service
        if other_area or other_service or int(row["line"]) > last:
            lines[int(row["line"]) - 1] = ""
    target.write_text("\n".join(lines).replace("Comune di Cremona", NAME), encoding="utf-8")


def _rows(name: str) -> list[dict[str, str]]:
    with (SOURCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _slugs(last: int) -> set[str]:
    """The slugs of the services that the town has."""
    titles = {row["title"] for row in _rows("services") if int(row["number"]) <= last}
    return {
        row["slug"] for row in _rows("identifiers") if row["kind"] == "service" and row["label"] in titles
    }


def _copy(name: str, directory: Path, slugs: set[str], last: int, number_of_areas: int) -> None:
    rows = _rows(name)
    document = (directory / "document.txt").read_text(encoding="utf-8")
    areas = [row["area"] for row in _rows("areas")][:number_of_areas]

    def stays(row: dict[str, str]) -> bool:
        if name == "corrections":
            return bool(row["map"]) and int(row["map"]) <= last
        if name in NUMBERED:
            return int(row["number"]) <= last if row["number"] else row["printed"] in document
        if name == "areas":
            return row["area"] in areas
        if name == "identifiers":
            return row["slug"] in (*slugs, *areas) or row["service"] in slugs or not row["service"]
        return True

    with (directory / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for row in rows if stays(row))
