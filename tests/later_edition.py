"""An edition 2021 of Cremona's document, for tests: published nowhere.

Its years have moved on by one; one service is renamed, one dropped, and one added under its number; one
figure of 2020 is revised, one is no longer known, and one provider is another one.
"""

import csv
from pathlib import Path

from helpers import mappe

RENAMED = ("turismo", "Turismo", "Turismo e promozione")
"""A service's slug, its title in 2020 and in 2021."""
DROPPED = "protezione-civile"
ADDED = ("volontariato-civico", "Volontariato civico")
"""A service's slug and title; it stands under the number of the dropped one."""
NUMBER = "4"
SERVICE = "sicurezza-stradale-e-infortunistica"
REVISED = ("n-totale-interventi-incidentalita", 2020, 577, 580)
"""An indicator of SERVICE and what the editions say of a year."""
UNKNOWN = ("n-servizi-controllo-velocita", 2020, 82)
"""An indicator of SERVICE of which 2021 prints n.d. for a year, and what 2020 says."""
PROVIDER = ("Coop. Soc. Arcoiris", "Coop. Soc. Nuova Aurora")
OF_FIGURES = ("rows", "figure", "number")


def add_edition(town: Path) -> None:
    """Add the edition to a copy of Cremona's folder, with its decisions; the registry is not complete."""
    old, new = town / "editions" / "2020", town / "editions" / "2021"
    new.mkdir()
    toml = (old / "edition.toml").read_text(encoding="utf-8")
    (new / "edition.toml").write_text(toml.replace("Riprogettazione Mappe", "Mappe"), encoding="utf-8")
    for name in ("corrections", "mentions", "references"):
        (new / f"{name}.csv").write_bytes((old / f"{name}.csv").read_bytes())
    lines = (old / "document.txt").read_text(encoding="utf-8").split("\n")
    corrected = {
        int(r["line"]) for r in _rows(old / "corrections.csv") if r["kind"] in OF_FIGURES and r["line"]
    }
    moved = "\n".join(_moved(line, i in corrected) for i, line in enumerate(lines, start=1))
    for printed, other in (
        ("\n4. Protezione Civile\n", f"\n{NUMBER}. {ADDED[1]}\n"),
        ("\nPROTEZIONE CIVILE\n", f"\n{ADDED[1].upper()}\n"),
        (f"\n- 37. {RENAMED[1]}\n", f"\n- 37. {RENAMED[2]}\n"),
        (f"\n{RENAMED[1].upper()}\n", f"\n{RENAMED[2].upper()}\n"),
        ("incidentalità\t800\t577\t", "incidentalità\t800\t580\t"),
        ("controllo velocità\t104\t82\t", "controllo velocità\t104\tn.d.\t"),
        (f"\n{PROVIDER[0]}\t", f"\n{PROVIDER[1]}\t"),
    ):
        assert moved.count(printed) == 1, printed
        moved = moved.replace(printed, other)
    (new / "document.txt").write_text(moved, encoding="utf-8")
    area = next(r["service"] for r in _rows(town / "identifiers.csv") if r["slug"] == RENAMED[0])
    _append(town / "identifiers.csv", ("service", area, RENAMED[2], RENAMED[0], "", "2021"))
    cells = next(list(r.values()) for r in _rows(town / "services.csv") if r["service"] == DROPPED)
    _append(town / "services.csv", (*ADDED, *cells[2:]))
    for row in [r for r in _rows(town / "indicators.csv") if r["service"] == DROPPED]:
        _append(town / "indicators.csv", (ADDED[0], *list(row.values())[1:]))
    _append(town / "audiences.csv", (ADDED[0], "utenza-privata", "Utenza privata", "residents", ""))


def complete(data: Path) -> None:
    """Let the command write what the registries lack."""
    named = mappe("identifiers", "--data", data)
    assert named.returncode == 0, named.stderr


def _moved(line: str, corrected: bool) -> str:
    """A line one year on: its first figure is gone, its last stands for the new year too."""
    line = line.replace("31/12/2020", "31/12/2021").replace("31/12/2019", "31/12/2020")
    line = line.replace("31/12/2018", "31/12/2019")
    label, *cells = line.split("\t")
    if corrected or len(cells) != 3 or not any(c[:1].isdigit() for c in cells) or "31/12" in line:
        return line
    return "\t".join([label, *cells[1:], next(c for c in reversed(cells) if c.strip())])


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _append(path: Path, row: tuple[str, ...]) -> None:
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow(row)
