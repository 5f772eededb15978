"""The published form of records: records/{ipa}-{edition}.json, by a JSON Schema made from these classes.

A file holds what was read, as printed and as corrected, and nothing that a curated table decides: an
indicator has the unit that the document prints, not what a reviewer says that it counts. Its bytes are
canonical (RFC 8785), its decimal numbers exact, as texts.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Final, TypeVar

from pydantic import AfterValidator, BeforeValidator, ConfigDict, PlainSerializer, TypeAdapter, WithJsonSchema
from pydantic.alias_generators import to_camel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from mappe_servizi.model import records
from mappe_servizi.model.outputs.declared import RECORDS, RECORDS_SCHEMA, RECORDS_SCHEMA_IRI
from mappe_servizi.model.records import (
    Area,
    Coproduction,
    Correction,
    Criterion,
    Document,
    Element,
    LedgerRow,
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
SCHEMA: Final = RECORDS_SCHEMA.path
"""Where the schema stands in a release, and is served."""
SCHEMA_IRI: Final = RECORDS_SCHEMA_IRI
LARGEST: Final = 10**9
"""No line, number or year of a document is larger; a program in any language can hold it."""
DECIMAL: Final = r"^-?[0-9]{1,18}(\.[0-9]{1,18})?$"
SHA256: Final = r"^[0-9a-f]{64}$"
T = TypeVar("T")


def file_name(ipa: str, edition: int) -> str:
    """Where an edition's records stand in a release.

    >>> file_name("c_d150", 2020)
    'records/c_d150-2020.json'
    """
    return RECORDS.path.format(municipality=ipa, edition=edition)


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


def to_json(document: Document) -> bytes:
    """The canonical bytes of a document's records.

    Args:
        document: with nothing in it that may not be published, and without curated readings.
    """
    value = ADAPTER.dump_python(_file_of(document), mode="json")
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _file_of(document: Document) -> RecordsFile:
    municipality = document.municipality
    return RecordsFile(
        version=VERSION,
        ipa=municipality.ipa,
        istat=municipality.istat,
        name=municipality.name,
        edition=municipality.edition,
        source=Source(
            document.file or municipality.document.name, municipality.document_title, document.sha256
        ),
        areas=document.areas,
        entries=tuple(copied(PrintedEntry, e, area=e.area.position) for e in document.entries),
        maps=tuple(map(_map_of, document.maps)),
        corrections=document.corrections,
        redactions=document.redactions,
        ledger=document.ledger,
        lines=document.lines,
        anchors=document.anchors,
        proposed=document.proposed,
    )


def _map_of(sheet: records.ServiceMap) -> PrintedMap:
    indicators = tuple(
        copied(PrintedIndicator, i, figures=tuple(copied(PrintedFigure, f) for f in i.figures))
        for i in sheet.indicators
    )
    personnel = copied(PrintedPersonnel, sheet.personnel) if sheet.personnel else None
    return copied(PrintedMap, sheet, indicators=indicators, personnel=personnel)


def copied(cls: type[T], record: Any, **changed: Any) -> T:
    """A record of another class with the fields that both have, but for those that are changed."""
    names = [f.name for f in fields(cls) if f.name not in changed]  # type: ignore[arg-type]
    return cls(**{name: getattr(record, name) for name in names if hasattr(record, name)}, **changed)


def schema() -> bytes:
    """The JSON Schema of records files."""
    made = ADAPTER.json_schema(schema_generator=_Schema)
    made = {
        "$schema": _Schema.schema_dialect,
        "$id": SCHEMA_IRI,
        **made,
        "title": "Records of service maps",
    }
    return (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode()


class _Schema(GenerateJsonSchema):
    """Bounded integers, and every class and field described by its docstring."""

    def int_schema(self, schema: core_schema.IntSchema) -> JsonSchemaValue:
        return {**super().int_schema(schema), "minimum": 0, "maximum": LARGEST}

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchemaValue:
        made = super().dataclass_schema(schema)
        summary, told = described(schema["cls"])
        made["description"] = summary.replace("None", "null")
        for field in fields(schema["cls"]):
            made["properties"][to_camel(field.name)]["description"] = told[field.name].replace("None", "null")
        return made

    def get_title_from_name(self, name: str) -> str:
        return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()


def described(cls: type) -> tuple[str, dict[str, str]]:
    """What a class's docstring says of it, and of each field under "Attributes:".

    >>> described(Source)[1]["file"]
    'its name, without a directory.'
    """
    summary, _, attributes = inspect.cleandoc(cls.__doc__ or "").partition("\n\nAttributes:\n")
    told: dict[str, str] = {}
    for item in re.split(r"\n {4}(?! )", f"\n{attributes}")[1:]:
        names, _, text = item.partition(":")
        told |= dict.fromkeys(re.split(r", ", names), " ".join(text.split()))
    return " ".join(summary.split()), told


def walk(value: Any, place: str = "") -> Iterable[tuple[str, Any]]:
    """Every scalar of a JSON value with its place; without recursion, since strangers nest deeply."""
    stack = [(place, value)]
    while stack:
        where, item = stack.pop()
        if isinstance(item, dict):
            stack += [(f"{where}.{key}", inner) for key, inner in item.items()]
        elif isinstance(item, list):
            stack += [(f"{where}[{i}]", inner) for i, inner in enumerate(item)]
        else:
            yield where, item
