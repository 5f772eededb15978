"""What a document says, as records: its index, its service maps, and what each of its lines is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Final

from mappe_servizi.model.service_map import ServiceMap, Text

SLUG: Final = "document"
"""The slug of an edition's document, whatever its file is called."""


@dataclass(frozen=True, slots=True)
class DocumentPlace:
    """A place in a document.

    Attributes:
        fragment: of the document's IRI: "line=0,2" (RFC 5147), or an anchor of sources/block.py.
        first, last: its lines, from 1; its row, of a document without lines.
    """

    fragment: str
    first: int
    last: int


def runs(lines: Iterable[int]) -> list[DocumentPlace]:
    """Lines as runs of consecutive ones; RFC 5147 counts the places between lines, from 0.

    >>> [place.fragment for place in runs([3, 4, 5, 9])]
    ['line=2,5', 'line=8,9']
    """
    ordered = sorted(set(lines))
    ends = [a for a, b in pairwise(ordered) if b != a + 1] + ordered[-1:]
    starts = ordered[:1] + [b for a, b in pairwise(ordered) if b != a + 1]
    return [DocumentPlace(f"line={a - 1},{b}", a, b) for a, b in zip(starts, ends, strict=True)]


@dataclass(frozen=True, slots=True)
class Area:
    """A thematic area of the document's index.

    Attributes:
        position: from 1, in the index.
        title: its title there.
    """

    position: int
    title: Text


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A service as the index names it."""

    number: int
    title: Text
    area: Area
    published: bool


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality and one edition of its document (municipality.toml, edition.toml).

    Attributes:
        folder: data/municipalities/{any name}: what holds for all its editions.
        edition_folder: the edition's, below it.
    """

    ipa: str
    istat: str
    name: str
    edition: int
    document: Path
    document_title: str
    settings: dict[str, object] = field(default_factory=dict)  # the whole file, for the catalogue
    modified: date | None = None  # the last change of what is maintained of it
    folder: Path = Path()
    edition_folder: Path = Path()


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """What one line of the document is, and the records that came from it.

    Attributes:
        line: its number, from 1.
        kind: heading, label, header, row, continuation, separator, markup, duplicate, footnote, blank.
        number: of the map that it belongs to, None where it belongs to none.
        section: the section of the sheet.
        records: the records that came of it: "segment:3", "outputs:12", ...
        stripped: mark-up taken away, piece by piece.
    """

    line: int
    kind: str
    number: int | None
    section: str
    records: tuple[str, ...]
    stripped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """One reviewed row of corrections.csv.

    Attributes:
        id: tells it apart.
        map: the number of the map, None for the index.
        section: where it stands.
        printed: what is printed there.
        occurrence: which one, from 1, of those that print the same.
        line: of the document; a hint.
        kind: what is done (docs/tables.md).
        reads: what is read instead.
        reason: why.
        evidence: what shows it.
    """

    id: str
    map: int | None
    section: str
    printed: str
    occurrence: int
    line: int | None
    kind: str
    reads: str
    reason: str
    evidence: str


@dataclass(frozen=True, slots=True)
class OpenDecision:
    """What the document prints and nobody has decided how to read; nothing is published of it.

    Attributes:
        number: the map's, None where it is the whole document's.
        section, record: where it stands, as the ledger names it ("outputs", "outputs:12").
        label: the row that it is about.
        year: the year, None where it is about none.
        printed: as printed.
        lines: the lines of the document.
        asks: what has to be decided, and where.
    """

    number: int | None
    section: str
    record: str
    label: str
    year: int | None
    printed: str
    lines: tuple[int, ...]
    asks: str


@dataclass(frozen=True, slots=True)
class Document:
    """Everything that was read from one municipality's document."""

    municipality: Municipality
    areas: tuple[Area, ...]
    entries: tuple[IndexEntry, ...]
    maps: tuple[ServiceMap, ...]
    years: tuple[int, ...]
    ledger: tuple[LedgerRow, ...]
    corrections: tuple[Correction, ...]
    lines: tuple[str, ...]  # the document's lines, as decoded; its rows where it has no lines
    sha256: str
    modified: date | None = None
    file: str = ""  # the name of the file that was read first; a records file is made of one
    anchors: tuple[str, ...] = ()  # the place of each of the lines, where a number does not say it
    proposed: bool = False  # its tables were told by how they look
    decisions: tuple[OpenDecision, ...] = ()  # what its reading left open, beside its open figures
    redactions: tuple[str, ...] = ()  # the keys of those that were applied (document/redaction.py)

    def places(self, lines: Iterable[int]) -> list[DocumentPlace]:
        """Where lines stand: runs of them, or the anchors of rows where the document has no lines."""
        if not self.anchors:
            return runs(lines)
        found: dict[str, DocumentPlace] = {}
        for line in sorted(set(lines)):
            anchor = self.anchors[line - 1]
            found.setdefault(anchor, DocumentPlace(anchor, line, line))
        return list(found.values())

    def map_of(self, number: int) -> ServiceMap | None:
        """The map of the service with this number, None where it is not published."""
        return next((m for m in self.maps if m.number == number), None)
