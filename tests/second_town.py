"""A second town, for tests: the first sheets of Cremona's document under another name."""

import csv
from pathlib import Path

from helpers import ROOT, mappe

IPA, ISTAT, NAME = "c_d142", "019035", "Comune di Crema"
LAST, AREAS = 13, 3
"""Its services are those of Cremona up to this one, which are those of so many areas."""
SOURCE = ROOT / "data" / "municipalities" / "c_d150"
CITY = "https://w3id.org/italia/controlled-vocabulary/territorial-classifications/cities/"
OF_A_SERVICE = ("services", "audiences", "indicators", "channels", "places")
DECIDED = (
    "service-concepts", "indicator-concepts", "indicator-repeats", "indicator-places", "activities",
    "period-kinds",
)  # fmt: skip
"""What hangs on slugs alone."""
NUMBERED = ("findings", "mentions", "references")
SETTINGS = f"""\
ipa = "{IPA}"
istat = "{ISTAT}"
name = "{NAME}"
city = "Crema"
territory = "{CITY}{ISTAT}-(1948-01-01)"
province = "019"
region = "03"
modified = 2026-11-22

[rights]
holder = "{NAME}"
holder_ipa = "{IPA}"
licence = "https://creativecommons.org/licenses/by/4.0/"
basis = "Delibera della giunta"
"""
EDITION = f"""\
file = "document.txt"
title = "Mappe dei servizi"
author = "{NAME}"
language = "it"
"""


RESIDENTS = {2018: 34264, 2020: 34144}
"""By populations.csv; of 2019 it has none, though its map, which is Cremona's, counts 2018 to 2020."""


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
    edition = directory / "editions" / "2020"
    edition.mkdir(parents=True)
    (edition / "edition.toml").write_text(EDITION, encoding="utf-8")
    _document(edition / "document.txt", ledger, last, areas)
    counted = "".join(f"residents,{year},{n},figures compare by it,Istat\n" for year, n in RESIDENTS.items())
    (directory / "populations.csv").write_text(
        f"population,year,count,reason,evidence\n{counted}", encoding="utf-8"
    )
    slugs = _slugs(last)
    for name in (*OF_A_SERVICE, *DECIDED, "areas", "people", "identifiers"):
        _copy(name, SOURCE, directory, slugs, (last, areas))
    for name in (*NUMBERED, "corrections"):
        _copy(name, SOURCE / "editions" / "2020", edition, slugs, (last, areas))
    return directory


def write_instance(place: Path, ledger: Path, last: int = LAST, areas: int = AREAS) -> Path:
    """Write an instance that has the town alone; returns its directory."""
    write_town(place / "data" / "municipalities", ledger, last, areas)
    (place / "data" / "providers").mkdir()
    (place / "mappe.toml").write_text('base-uri = "https://dati.example.it/"\n')
    named = mappe("identifiers", cwd=place)
    assert named.returncode == 0, named.stderr
    return place


def _document(target: Path, ledger: Path, greatest: int, areas: int) -> None:
    """The same lines at the same places; what belongs to other services is empty."""
    lines = (SOURCE / "editions" / "2020" / "document.txt").read_text(encoding="utf-8").split("\n")
    with ledger.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    last = max(int(row["line"]) for row in rows if row["number"] and int(row["number"]) <= greatest)
    for row in rows:
        other_area = row["records"].startswith("area:") and int(row["records"][5:]) > areas
        other_service = row["number"] and int(row["number"]) > greatest
        if other_area or other_service or int(row["line"]) > last:
            lines[int(row["line"]) - 1] = ""
    target.write_text("\n".join(lines).replace("Comune di Cremona", NAME), encoding="utf-8")


def _rows(name: str, source: Path = SOURCE) -> list[dict[str, str]]:
    with (source / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _slugs(last: int) -> set[str]:
    """The slugs of the services that the town has."""
    return {row["service"] for row in _rows("services")[:last]}


def _copy(name: str, source: Path, directory: Path, slugs: set[str], extent: tuple[int, int]) -> None:
    rows = _rows(name, source)
    [path] = directory.glob("**/document.txt")
    document = path.read_text(encoding="utf-8")
    areas = [row["area"] for row in _rows("areas")][: extent[1]]

    def stays(row: dict[str, str]) -> bool:
        if name == "corrections":
            return bool(row["map"]) and int(row["map"]) <= extent[0]
        if name in NUMBERED:
            return int(row["number"]) <= extent[0]
        if name in (*OF_A_SERVICE, *DECIDED):
            of = row.get("of_service", row["service"])  # a row that repeats one of another service
            return {row["service"], of} <= slugs if row["service"] else row["printed"] in document
        if name == "areas":
            return row["area"] in areas
        if name == "identifiers":
            return row["slug"] in (*slugs, *areas) or row["service"] in slugs or not row["service"]
        return True

    with (directory / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for row in rows if stays(row))
