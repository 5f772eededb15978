"""What people should know of a build once it stands, and what a strict one does not bear."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mappe_servizi.checks.shacl import read_report
from mappe_servizi.checks.shacl.report import SEVERITIES
from mappe_servizi.errors import MappeError
from mappe_servizi.model.outputs import declared
from mappe_servizi.progress import Progress
from mappe_servizi.releases.assessment import Assessment
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
    assessed = _assessed(directory)
    for line in assessed.told_open(link):
        progress.tell(line)
    for line in assessed.told_violations(str(declared.VALIDATION.at(link))):
        progress.tell(line)


def refuse_open(directory: Path) -> None:
    """Refuse a build with anything that is open or wrong.

    Raises:
        MappeError: what there is.
    """
    said = [
        f"{row['file']}:{row['line']}: {row['message']}" for row in _read(declared.QUARANTINE.at(directory))
    ]
    found = _assessed(directory)
    if found.open:
        said.append(f"{found.open} decision{' is' if found.open == 1 else 's are'} open")
    if found.report.violations:
        said.append(f"the shapes found {counted(found.report.violations, 'violation')}")
    if said:
        raise MappeError(f"{'; '.join(said)}; `mappe build` without --strict publishes it and lists them")


def counted(number: int, word: str) -> str:
    """A number of things.

    >>> counted(1, "warning"), counted(2, "warning")
    ('1 warning', '2 warnings')
    """
    return f"{number} {word}{'' if number == 1 else 's'}"


def _assessed(directory: Path) -> Assessment:
    return Assessment(
        read_report(declared.VALIDATION.at(directory)), _rows(declared.OPEN_DECISIONS.at(directory))
    )


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
