"""Laws and regulations cited anywhere in a map, as identifiers of acts (urn:nir, which Normattiva resolves).

A citation with type, number and year is read by rule (``acts``); acts known by a name are data
(data/knowledge/named-acts.csv); a citation that says something else than it means is a
reviewed row of the municipality's references.csv.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from mappe_servizi.model.service_map import ServiceMap, Text
from mappe_servizi.model.tables.edition import ReferenceRow
from mappe_servizi.model.tables.knowledge import NamedActRow
from mappe_servizi.providers.acts import Acts
from mappe_servizi.providers.model import Certainty
from mappe_servizi.providers.texts import all_texts, line_of

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


@cache
def _named(pattern: re.Pattern[str]) -> re.Pattern[str]:
    """A name of an act, where a word begins."""
    return re.compile(rf"(?<!\w)(?:{pattern.pattern})", pattern.flags)


def references(
    service_map: ServiceMap, acts: Acts, named: Sequence[NamedActRow], reviewed: Sequence[ReferenceRow]
) -> list[Reference]:
    """The acts that a map cites, in document order; one cited twice on a line counts once."""
    found: dict[tuple[int, str], Reference] = {}
    for text in all_texts(service_map):
        cited = _in_text(service_map.number, text, acts, named, reviewed)
        for _, reference in sorted(cited, key=lambda r: r[0]):
            found.setdefault((reference.line, reference.urn or reference.label), reference)
    return sorted(found.values(), key=lambda r: r.line)


def _in_text(
    number: int, text: Text, acts: Acts, named: Sequence[NamedActRow], reviewed: Sequence[ReferenceRow]
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
        for match in _named(act.pattern).finditer(value):
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


def _dated(urn: str, named: Sequence[NamedActRow]) -> str:
    """The urn with the full date, where a named act tells it: one act has one urn."""
    act, _, number = urn.partition(";")
    same = (known.urn for known in named if re.sub(r"-\d\d-\d\d;", ";", known.urn) == f"{act};{number}")
    return next(same, urn)
