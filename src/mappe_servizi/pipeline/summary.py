"""What people should know of a build once it stands, and what a strict one does not bear."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyoxigraph import RdfFormat, parse, serialize

from mappe_servizi.checks.shacl import Report
from mappe_servizi.checks.shacl.report import INFO, SEVERITIES, VIOLATION
from mappe_servizi.errors import MappeError
from mappe_servizi.model.outputs import declared
from mappe_servizi.progress import Progress
from mappe_servizi.releases.manifest import QUARANTINED


def tell(directory: Path, link: Path, progress: Progress) -> None:
    """Tell what the shapes found, which municipalities could not be read, and what is to be decided.

    Args:
        directory: of the build.
        link: what names it: files are told below it.
        progress: tells it.
    """
    facts = _facts(directory)
    counts = facts["counts"]["validation"]
    found = [counted(counts[s], s.lower()) for s in SEVERITIES if counts.get(s)]
    progress.tell(
        f"The shapes found {', '.join(found) or 'nothing to object to'}: {declared.VALIDATION.at(link)}"
    )
    if quarantined := facts[QUARANTINED]:
        names = ", ".join(_quarantined(quarantined))
        progress.tell(f"Quarantined: {names}: {declared.QUARANTINE.at(link)}")
    if proposed := _rows(declared.LINK_PROPOSALS.at(directory)):
        plural = "link between providers is" if proposed == 1 else "links between providers are"
        progress.tell(f"{proposed} {plural} proposed: {declared.LINK_PROPOSALS.at(link)}")
    for line in _told(directory, link):
        progress.tell(line)


def _told(directory: Path, link: Path) -> Iterator[str]:
    """What is open and what is wrong, by kind."""
    report = _report(directory)
    undecided, printed = report.kinds(INFO), _rows(declared.OPEN_DECISIONS.at(directory))
    if count := printed + sum(number for _, number in undecided):
        plural = "decision is" if count == 1 else "decisions are"
        yield f"{count} {plural} open; `mappe check IPA` lists them"
    if printed:
        yield f"{printed:>6}  of what the documents print: {declared.OPEN_DECISIONS.at(link)}"
    yield from (f"{number:>6}  {message}" for message, number in undecided)
    if report.violations:
        yield f"{counted(report.violations, 'violation')} of the shapes: {declared.VALIDATION.at(link)}"
        yield from (f"{number:>6}  {message}" for message, number in report.kinds(VIOLATION))


def refuse_open(directory: Path) -> None:
    """Refuse a build with anything that is open or wrong.

    Raises:
        MappeError: what there is.
    """
    said = [
        f"{row['file']}:{row['line']}: {row['message']}" for row in _read(declared.QUARANTINE.at(directory))
    ]
    report = _report(directory)
    if number := _rows(declared.OPEN_DECISIONS.at(directory)) + report.counts.get(INFO, 0):
        said.append(f"{number} decision{' is' if number == 1 else 's are'} open")
    if report.violations:
        said.append(f"the shapes found {counted(report.violations, 'violation')}")
    if said:
        raise MappeError(f"{'; '.join(said)}; `mappe build` without --strict publishes it and lists them")


def counted(number: int, word: str) -> str:
    """A number of things.

    >>> counted(1, "warning"), counted(2, "warning")
    ('1 warning', '2 warnings')
    """
    return f"{number} {word}{'' if number == 1 else 's'}"


def _report(directory: Path) -> Report:
    triples = parse(path=declared.VALIDATION.at(directory), format=RdfFormat.TURTLE)
    return Report.read(serialize((quad.triple for quad in triples), format=RdfFormat.N_TRIPLES) or b"")


def _facts(directory: Path) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(declared.MANIFEST.at(directory).read_text(encoding="utf-8"))
    return facts


def _quarantined(facts: list[dict[str, Any]]) -> Iterator[str]:
    for one in facts:
        yield f"{one['municipality']} ({'as before' if one['kept'] else 'left out'})"


def _rows(table: Path) -> int:
    return sum(1 for _ in _read(table))


def _read(table: Path) -> Iterator[dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
