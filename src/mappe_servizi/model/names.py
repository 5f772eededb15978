"""What a document's printed labels name: the registered slugs of its services, segments and indicators.

Decisions about what lives over editions are keyed by these slugs, never by a number or a position, which
every edition counts anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from mappe_servizi.model.identifiers import Registry
from mappe_servizi.model.records import Document, IndexEntry
from mappe_servizi.model.service_map import Indicator, ServiceMap, Text
from mappe_servizi.model.service_map import Table as FigureTable
from mappe_servizi.model.tables import Found, Table, read_file
from mappe_servizi.model.tables.municipality import (
    AudienceRow,
    ChannelRow,
    CurrentRow,
    IndicatorRow,
    PlaceRow,
    RedactionRow,
    ServiceRow,
)

UNLABELLED = "(totale senza etichetta)"
CONCEPTS: dict[FigureTable, str] = {"outputs": "output-indicator", "users": "user-indicator"}
"""The kind that the registry has for the indicators of each table."""


@dataclass(slots=True)
class Names:
    """The slugs of one edition.

    Attributes:
        registry: of the municipality, for all its editions.
        edition: which labels are meant; a label may have named something else in another.
    """

    registry: Registry
    edition: int
    entries: dict[int, IndexEntry]
    _services: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Document, registry: Registry) -> Names:
        """The names of a document."""
        entries = {entry.number: entry for entry in document.entries}
        return cls(registry, document.municipality.edition, entries)

    def slug(self, kind: str, label: str, number: int | None = None, hint: str | None = None) -> str:
        """The slug of a label, below a service where its number is given."""
        service = "" if number is None else self.service(number)
        return self.registry.slug(kind, label, service, hint, edition=self.edition)

    def area(self, entry: IndexEntry) -> str:
        """The slug of the area that a service stands in."""
        return self.registry.slug("area", entry.area.title.printed, edition=self.edition)

    def service(self, number: int) -> str:
        """The slug of a service. Titles may repeat over areas, slugs may not: all share one path."""
        if number not in self._services:
            entry = self.entries[number]
            title, area = entry.title.printed, entry.area.title.printed
            repeats = sum(other.title.printed == title for other in self.entries.values()) > 1
            hint = f"{title} {area}" if repeats else None
            found = self.registry.slug("service", title, self.area(entry), hint, edition=self.edition)
            self._services[number] = found
        return self._services[number]

    def services(self) -> dict[int, str]:
        """The slugs of all services by number."""
        return {number: self.service(number) for number in self.entries}

    def segments(self, sheet: ServiceMap) -> dict[int, str]:
        """The slugs of a map's segments by position."""
        labels = unique([s.name.printed for s in sheet.segments], [s.description for s in sheet.segments])
        return {
            segment.position: self.slug("segment", label, sheet.number)
            for segment, label in zip(sheet.segments, labels, strict=True)
        }

    def indicators(self, sheet: ServiceMap, table: FigureTable) -> dict[int, str]:
        """The slugs of the rows of a table of figures by position."""
        records = [record for record in sheet.indicators if record.table == table]
        return {
            record.position: self.slug(CONCEPTS[table], label, sheet.number, hint)
            for record, (label, hint) in zip(records, indicator_labels(records), strict=True)
        }


Decision = TypeVar(
    "Decision", ServiceRow, AudienceRow, IndicatorRow, PlaceRow, ChannelRow, RedactionRow, CurrentRow
)


def decided(table: Table[Decision], folder: Path, registry: Registry) -> list[Found[Decision]]:
    """The rows of a table of decisions, under the slugs that things have now.

    A row may still name a thing by the slug that it had before the registry renamed it.

    Args:
        table: one that is keyed by slug.
        folder: data/municipalities/{ipa}.
        registry: of the municipality.

    Raises:
        InputError, InputErrors: a cell cannot be used.
    """
    return [item._replace(row=_now(item.row, registry)) for item in read_file(table, folder / table.file)]


def _now(row: Decision, registry: Registry) -> Decision:
    service = registry.now("service", "", row.service)

    def now(kind: str, slug: str) -> str:
        return registry.now(kind, service, slug)

    if isinstance(row, AudienceRow):
        return replace(row, service=service, segment=now("segment", row.segment))
    if isinstance(row, IndicatorRow):
        kind = CONCEPTS[row.table]
        return replace(
            row,
            service=service,
            indicator=now(kind, row.indicator),
            of=tuple(now(kind, slug) for slug in row.of),
            segments=tuple(now("segment", slug) for slug in row.segments),
        )
    if isinstance(row, CurrentRow):
        return replace(row, service=service, indicator=now(CONCEPTS[row.table], row.indicator))
    return row if service == row.service else replace(row, service=service)


def indicator_labels(indicators: Sequence[Indicator]) -> list[tuple[str, str]]:
    """What tells the indicators of one table apart, and what their slugs are made from.

    The label has the group first, as the table reads; the slug the row's own words, since a slug
    is cut where it gets long.
    """
    names = [indicator.label.printed or UNLABELLED for indicator in indicators]
    groups = [indicator.group.printed if indicator.group else "" for indicator in indicators]
    rows = list(zip(names, groups, strict=True))
    labels = unique([f"{group} › {name}" if group else name for name, group in rows])
    return list(zip(labels, [f"{name} {group}" for name, group in rows], strict=True))


def unique(labels: Sequence[str], details: Sequence[Text | None] = ()) -> list[str]:
    """Labels made unique in document order: by a detail where there is one, else by a number.

    >>> unique(["Totale", "Web", "Totale"])
    ['Totale', 'Web', 'Totale (2)']
    """
    if details:
        repeated = {label for label, count in Counter(labels).items() if count > 1}
        labels = [
            f"{label}: {detail.printed}" if label in repeated and detail and detail.printed else label
            for label, detail in zip(labels, details, strict=True)
        ]
    seen: Counter[str] = Counter()
    made = []
    for label in labels:
        seen[label] += 1
        made.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
    return made
