"""The published form of records: the classes that schema and reader of records files are made from.

They hold what was read, as printed and as corrected, and nothing that a curated table decides: an
indicator has the unit that the document prints, not what a reviewer says that it counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, ClassVar, Final

from pydantic import AfterValidator, BeforeValidator, ConfigDict, PlainSerializer, TypeAdapter, WithJsonSchema
from pydantic.alias_generators import to_camel

from mappe_servizi.model.records import Area, Correction, LedgerRow
from mappe_servizi.model.service_map import (
    Coproduction,
    Criterion,
    Element,
    Management,
    Responsible,
    Segment,
    ServiceCondition,
    Status,
    Structure,
    Table,
    Text,
    Unit,
)

VERSION: Final = 1
LARGEST: Final = 10**9
"""No line, number or year of a document is larger; a program in any language can hold it."""
DECIMAL: Final = r"^-?[0-9]{1,18}(\.[0-9]{1,18})?$"
SHA256: Final = r"^[0-9a-f]{64}$"


def _plain(value: object) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not re.fullmatch(DECIMAL, value):
        raise ValueError('a number as a text, like "12.5", of at most 18 digits before and after its point')
    return Decimal(value)


def _digest(value: str) -> str:
    if not re.fullmatch(SHA256, value):
        raise ValueError("64 hexadecimal digits, in small letters")
    return value


def _known(value: int) -> int:
    if value != VERSION:
        raise ValueError(f"this program reads version {VERSION}")
    return value


Number = Annotated[
    Decimal,
    BeforeValidator(_plain),
    PlainSerializer(lambda value: format(value, "f")),
    WithJsonSchema({"type": "string", "pattern": DECIMAL}),
]
"""An exact decimal number, written as a text."""
Digest = Annotated[str, AfterValidator(_digest), WithJsonSchema({"type": "string", "pattern": SHA256})]
Version = Annotated[int, AfterValidator(_known), WithJsonSchema({"type": "integer", "const": VERSION})]


@dataclass(frozen=True, slots=True)
class PrintedFigure:
    """A printed cell of a table of figures; an empty cell is none.

    Attributes:
        year: the reference year.
        raw: the cell as printed, mark-up stripped.
        value: the number, null where the source marks it as not known or no rule tells it.
        unit: the unit that the cell itself prints, null where it prints none.
        status: how the number came about; "open" where the cell waits for a decision, "suppressed" where
            it is not published.
        note: the cell's words beside its number, null where it is only a number.
        lines: the lines of the document.
        corrections: the identifiers of the corrections that touched it.
        source: where its cell stands, where that is finer than the lines.
    """

    year: int
    raw: str
    value: Number | None
    unit: Unit | None
    status: Status
    note: str | None
    lines: tuple[int, ...]
    corrections: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class PrintedIndicator:
    """A row of a table of figures.

    Attributes:
        table: "outputs" (Output del Servizio) or "users" (Utenti seguiti).
        position: from 1, within the service and table.
        label: what the row prints first; printed "" for a total row without a label.
        group: the heading row above it inside the table, null where there is none.
        figures: its cells, in the order of their years.
        lines: the lines of the document.
        remark: what the row prints in a column beyond the years.
        unit: the unit that its cells or its label print, else "count".
        corrections: the identifiers of the corrections that touched it.
    """

    table: Table
    position: int
    label: Text
    group: Text | None
    figures: tuple[PrintedFigure, ...]
    lines: tuple[int, ...]
    remark: Text | None = None
    unit: Unit = "count"
    corrections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedPersonnel:
    """The people who deliver the service; the counts are those printed, null where not.

    Attributes:
        text: the whole cell.
        value: its leading number.
        municipal: how many of them are the municipality's own staff.
        external: how many are of a contractor.
        other: how many others it adds.
        open: whether the text prints a number that no rule tells.
    """

    text: Text
    value: Number | None
    municipal: Number | None = None
    external: Number | None = None
    other: Number | None = None
    open: bool = False


@dataclass(frozen=True, slots=True)
class PrintedMap:
    """The map of one service, all that its sheet says.

    Attributes:
        number: of the index entry that it belongs to.
        heading: the service's name as the sheet prints it.
        responsible: the official responsible for the service, null where none is named.
        lines: first and last line of the sheet.
        elements: what is delivered.
        indicators: the rows of its tables of figures.
        criteria: by what the users are divided into segments.
        segments: the segments of users.
        management: the forms of management that are marked.
        personnel: the people who deliver it, null where the sheet prints none.
        coproduction: the groups of users that take part.
        structures: the delivering structures.
        conditions: what it costs, what is required, documents to bring, times, how to go about it.
        footnotes: its footnotes.
    """

    number: int
    heading: Text
    responsible: Responsible | None
    lines: tuple[int, int]
    elements: tuple[Element, ...] = ()
    indicators: tuple[PrintedIndicator, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    segments: tuple[Segment, ...] = ()
    management: tuple[Management, ...] = ()
    personnel: PrintedPersonnel | None = None
    coproduction: tuple[Coproduction, ...] = ()
    structures: tuple[Structure, ...] = ()
    conditions: tuple[ServiceCondition, ...] = ()
    footnotes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedEntry:
    """A service as the index names it.

    Attributes:
        number: the service's number in the index.
        title: its title there.
        area: the position of its area.
        published: whether its map is published.
    """

    number: int
    title: Text
    area: int
    published: bool


@dataclass(frozen=True, slots=True)
class Source:
    """The document that was read.

    Attributes:
        file: its name, without a directory.
        title: its title.
        sha256: of its bytes, as received.
    """

    file: str
    title: str
    sha256: Digest


@dataclass(frozen=True, slots=True)
class RecordsFile:
    """What was read from one edition of a municipality's service maps.

    Attributes:
        version: of this form.
        ipa: the municipality's code in the index of public administrations.
        istat: its ISTAT code.
        name: its name.
        edition: the year of the edition.
        source: the document that was read; every line number is one of its lines.
        areas: the thematic areas of the index.
        entries: the services of the index.
        maps: the maps that are published.
        corrections: the reviewed corrections; they are applied already.
        redactions: the keys of what was redacted, which do not tell what that is.
        ledger: what each line of the document is, in order.
        lines: the lines of the document, without those that may not be published; its rows where it has
            no lines.
        anchors: the place of each of the lines, where a number does not say it: "sheet=Nidi&cell=A12".
        proposed: whether its tables were told by how they look, so that somebody has to confirm them.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(
        strict=True, extra="forbid", alias_generator=to_camel, serialize_by_alias=True
    )
    version: Version
    ipa: str
    istat: str
    name: str
    edition: int
    source: Source
    areas: tuple[Area, ...]
    entries: tuple[PrintedEntry, ...]
    maps: tuple[PrintedMap, ...]
    corrections: tuple[Correction, ...]
    redactions: tuple[str, ...]
    ledger: tuple[LedgerRow, ...]
    lines: tuple[str, ...]
    anchors: tuple[str, ...] = ()
    proposed: bool = False


ADAPTER: Final = TypeAdapter(RecordsFile)
