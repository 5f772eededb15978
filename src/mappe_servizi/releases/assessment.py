"""What of a build or a release is wrong, and what is open: counted, told, and refused beyond a limit.

Wrong is what violates a shape. Open is a decision that nobody has made: of what a document prints (a row of
report/decisions.csv), or a curated statement that is missing (a result of the severity Info).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mappe_servizi.checks.shacl import Report, read_data, read_report, read_shape_file, validate
from mappe_servizi.checks.shacl.report import INFO, VIOLATION, WARNING
from mappe_servizi.model.outputs import declared
from mappe_servizi.releases.catalogue_shapes import CATALOGUE_SHAPES
from mappe_servizi.releases.opened import Release
from mappe_servizi.settings import Settings


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a validation found, and how many decisions about what is printed are open."""

    report: Report
    printed: int

    @property
    def open(self) -> int:
        """How many decisions are open."""
        return self.printed + self.report.counts.get(INFO, 0)

    def counted(self) -> str:
        """All of it in a sentence."""
        numbers = (
            (self.report.violations, "violation", "violations"),
            (self.report.counts.get(WARNING, 0), "warning", "warnings"),
            (self.open, "open decision", "open decisions"),
        )
        return ", ".join(f"{number} {one if number == 1 else many}" for number, one, many in numbers)

    def told_open(self, directory: Path) -> Iterator[str]:
        """The open decisions by kind; nothing where there is none."""
        if self.open:
            yield f"{self.open} decisions are open; `mappe check IPA` lists them"
        if self.printed:
            yield f"{self.printed:>6}  of what the documents print: {declared.OPEN_DECISIONS.at(directory)}"
        yield from (f"{number:>6}  {message}" for message, number in self.report.kinds(INFO))

    def told_violations(self, place: str) -> Iterator[str]:
        """The violations by kind, each with the first resources that it is about."""
        if self.report.violations:
            yield f"{self.report.violations} violations of the shapes, {place}"
        for message, number in self.report.kinds(VIOLATION):
            yield f"{number:>6}  {message} {self.report.first_of(VIOLATION, message)}"


def beyond(found: Assessment, settings: Settings, directory: Path, place: str) -> list[str]:
    """Why what was found keeps a release from being made, a line each; nothing where it does not.

    Args:
        found: of the build, or of the release's own catalogue.
        settings: what is allowed.
        directory: of the build.
        place: where the violations can be read.
    """
    said: list[str] = []
    if found.report.violations > settings.max_violations:
        said += found.told_violations(place)
        said.append(f"        allowed are {settings.max_violations} (setting max-violations)")
    allowed = settings.max_open_decisions
    if allowed is not None and found.open > allowed:
        said += found.told_open(directory)
        said.append(f"        allowed are {allowed} (setting max-open-decisions)")
    return said


def assess(build: Release, settings: Settings) -> Assessment:
    """What a build says of its data. Its catalogue is left out: a release writes and validates its own.

    Raises:
        MappeError: the build's report or the shapes cannot be read.
    """
    shapes = read_shape_file(settings.shapes / CATALOGUE_SHAPES, build.base_uri)
    catalogue = validate(read_data([declared.DUMP_OF_CATALOGUE.at(build.path)]), shapes, settings.engine)
    report = read_report(declared.VALIDATION.at(build.path)).without(catalogue)
    return Assessment(report, _rows(declared.OPEN_DECISIONS.at(build.path)))


def _rows(table: Path) -> int:
    """How many rows a table has; none where a build of before has no such table."""
    if not table.exists():
        return 0
    with table.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.DictReader(file))
