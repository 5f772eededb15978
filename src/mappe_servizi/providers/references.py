"""Laws and regulations cited anywhere in a map, as identifiers of acts (urn:nir, which Normattiva resolves).

A citation with type, number and year is read by rule (``acts``); acts known by a name are data
(data/knowledge/named-acts.csv); a citation that says something else than it means is a
reviewed row of the municipality's references.csv.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mappe_servizi.errors import InputError
from mappe_servizi.providers.acts import Acts
from mappe_servizi.providers.model import Certainty
from mappe_servizi.providers.tables import read_table
from mappe_servizi.providers.texts import all_texts, line_of
from mappe_servizi.records import ServiceMap, Text

NAMED = ("pattern", "urn", "label", "certainty", "reason")
REVIEWED = ("number", "line", "printed", "urn", "certainty", "reason", "evidence")
RESOLVER = "https://www.normattiva.it/uri-res/N2Ls?"


@dataclass(frozen=True, slots=True)
class Reference:
    """A citation of an act.

    Attributes:
        printed: the citation as printed.
        urn: the act, "" where it has no urn:nir (municipal regulations, conventions).
        label: what a reader calls the act.
        line: the line of the document.
    """

    number: int
    printed: str
    urn: str
    label: str
    line: int
    certainty: Certainty
    reason: str = ""

    @property
    def url(self) -> str:
        """The act's page on Normattiva, "" without a urn."""
        return RESOLVER + self.urn if self.urn else ""


@dataclass(frozen=True, slots=True)
class NamedAct:
    """An act known by a name."""

    pattern: re.Pattern[str]
    urn: str
    label: str
    certainty: Certainty
    reason: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A reviewed citation: what it means instead of what it says."""

    number: int
    line: int
    printed: str
    urn: str
    certainty: Certainty
    reason: str


def load_named(path: Path) -> list[NamedAct]:
    """Read named-acts.csv.

    Raises:
        InputError: a pattern is broken.
    """
    acts = []
    for line, row in enumerate(
        read_table(path, NAMED, required=("pattern", "label", "certainty", "reason")), 2
    ):
        try:
            pattern = re.compile(rf"(?<!\w){row['pattern']}", re.I)
        except re.error as error:
            raise InputError(f"broken pattern: {error}", file=path, line=line) from None
        certainty: Certainty = "likely" if row["certainty"] == "likely" else "certain"
        acts.append(NamedAct(pattern, row["urn"], row["label"], certainty, row["reason"]))
    return acts


def load_reviewed(path: Path) -> list[Reviewed]:
    """Read a municipality's references.csv.

    Raises:
        InputError: a number or line is none.
    """
    rows = []
    for line, row in enumerate(
        read_table(path, REVIEWED, required=("number", "line", "printed", "reason")), 2
    ):
        if not (row["number"].isdigit() and row["line"].isdigit()):
            raise InputError("the number and the line must be numbers", file=path, line=line)
        certainty: Certainty = "likely" if row["certainty"] == "likely" else "certain"
        rows.append(
            Reviewed(
                int(row["number"]), int(row["line"]), row["printed"], row["urn"], certainty, row["reason"]
            )
        )
    return rows


def references(
    service_map: ServiceMap, acts: Acts, named: Sequence[NamedAct], reviewed: Sequence[Reviewed]
) -> list[Reference]:
    """The acts that a map cites, in document order; one cited twice on a line counts once."""
    found: dict[tuple[int, str], Reference] = {}
    for text in all_texts(service_map):
        cited = _in_text(service_map.number, text, acts, named, reviewed)
        for _, reference in sorted(cited, key=lambda r: r[0]):
            found.setdefault((reference.line, reference.urn or reference.label), reference)
    return sorted(found.values(), key=lambda r: r.line)


def _in_text(
    number: int, text: Text, acts: Acts, named: Sequence[NamedAct], reviewed: Sequence[Reviewed]
) -> Iterator[tuple[int, Reference]]:
    taken: list[range] = []
    value = text.value
    for row in reviewed:
        at = value.find(row.printed)
        if row.number == number and row.line in text.lines and at >= 0:
            taken.append(range(at, at + len(row.printed)))
            label = acts.label(row.urn)
            yield at, Reference(number, row.printed, row.urn, label, row.line, row.certainty, row.reason)
    for act in named:
        for match in act.pattern.finditer(value):
            if not any(match.start() in span for span in taken):
                taken.append(range(*match.span()))
                line = line_of(text, match.start())
                yield (
                    match.start(),
                    Reference(number, match[0], act.urn, act.label, line, act.certainty, act.reason),
                )
    for cited in acts.cited(value):
        if not any(cited.start in span for span in taken):
            urn, line = _dated(cited.urn, named), line_of(text, cited.start)
            yield cited.start, Reference(number, cited.printed, urn, cited.label, line, "certain")


def _dated(urn: str, named: Sequence[NamedAct]) -> str:
    """The urn with the full date, where a named act tells it: one act has one urn."""
    act, _, number = urn.partition(";")
    same = (known.urn for known in named if re.sub(r"-\d\d-\d\d;", ";", known.urn) == f"{act};{number}")
    return next(same, urn)
