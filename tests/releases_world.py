"""Data that change, and the releases of them."""

import csv
from dataclasses import dataclass
from pathlib import Path

from helpers import mappe

CHANGED, WITHDRAWN = ("16792", "16793"), "3157"
OLD, NEW = "tributi-riscossione-e-accertamento", "tributi-riscossione"
PERSON = "Pierluigi Sforza"
SERVICE = "centrale-operativa-e-videosorveglianza"
DATES = {1: "1795564800", 2: "1798243200", 3: "1800921600"}
"""SOURCE_DATE_EPOCH of each release: a month apart."""


@dataclass(frozen=True)
class World:
    """Where the releases are, and the data that the next is made from."""

    releases: Path
    data: Path
    place: Path

    def build_and_release(self, number: int) -> None:
        link = self.place / f"build{number}"
        for command in (
            ("build", "--output", link),
            ("release", "--release", link, "--releases", self.releases),
        ):
            done = mappe(*command, "--data", self.data, SOURCE_DATE_EPOCH=DATES[number])
            assert done.returncode == 0, done.stderr


def edit(data: Path) -> None:
    """Change one figure, take one away, and rename a service."""
    municipality = data / "municipalities" / "c_d150"
    document = municipality / "editions" / "2020" / "document.txt"
    text = document.read_text(encoding="utf-8")
    assert text.count(CHANGED[0]) == text.count(WITHDRAWN) == 1
    document.write_text(text.replace(*CHANGED).replace(WITHDRAWN, ""), encoding="utf-8")
    path = municipality / "identifiers.csv"
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    for row in list(rows):
        if row[1] == OLD:
            row[1] = NEW
        if row[3] == OLD:
            rows.append([*row[:3], NEW, "", row[5]])
            row[4] = f"renamed:{NEW}"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def redact(data: Path) -> None:
    """Take a person's name away, and a figure."""
    with (data / "municipalities" / "c_d150" / "redactions.csv").open(
        "w", encoding="utf-8", newline=""
    ) as file:
        csv.writer(file).writerows(
            [
                ("kind", "service", "table", "label", "year", "reason", "decided"),
                ("name", "", "", PERSON, "", "request of the person", "2026-11-28"),
                (
                    "figure",
                    SERVICE,
                    "outputs",
                    "interventi diretti",
                    "2018",
                    "error of the source",
                    "2026-11-28",
                ),
            ]
        )
