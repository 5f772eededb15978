"""The map of one service, as records: all that its sheet says, part by part.

Records know the lines that they were read from and nothing of RDF. Every text keeps the
printed form next to the corrected one; ``Text.value`` is what a reader should see.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

ElementKind = Literal["central", "accessory"]
Table = Literal["outputs", "users"]
ManagementForm = Literal["diretta", "esternalizzata", "mista"]
Status = Literal["normal", "estimate", "missing", "not-applicable", "suppressed", "open"]
Unit = Literal["count", "percent", "EUR", "kg", "m2", "m", "h", "d"]
ConditionKind = Literal["cost", "requirement", "times", "evidence", "procedure"]
Role = Literal["item", "total", "subtotal", "breakdown"]


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the document.

    Attributes:
        printed: as printed, mark-up stripped, its parts joined with one space.
        lines: the lines of the document (1-based) that it was read from, in order.
        parts: the printed parts, in order (a row that continues the row above adds a part).
        corrected: what is read instead, if a correction touched it.
        corrections: the identifiers of the corrections that touched it.
    """

    printed: str
    lines: tuple[int, ...]
    parts: tuple[str, ...] = ()
    corrected: str | None = None
    corrections: tuple[str, ...] = ()

    @property
    def value(self) -> str:
        """The corrected form where there is one, else the printed form."""
        return self.printed if self.corrected is None else self.corrected


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed cell of a table of figures (an empty cell is no figure).

    Attributes:
        year: the reference year.
        raw: the cell as printed, mark-up stripped.
        value: the number, None where the source marks it as not known or no rule tells it.
        unit: the unit that the cell itself prints, None where it prints none.
        status: how the number came about; "open" where the cell waits for a decision.
        note: the cell's words beside its number, None where it is only a number.
        lines: the lines of the document.
        source: where its cell stands, where that is finer than the lines: "sheet=Nidi&cell=C12".
    """

    year: int
    raw: str
    value: Decimal | None
    unit: Unit | None
    status: Status
    note: str | None
    lines: tuple[int, ...]
    corrections: tuple[str, ...] = ()
    source: str = ""
    small: bool = False  # a small count about vulnerable people (document/disclosure.py)


@dataclass(frozen=True, slots=True)
class Indicator:
    """A row of a table of figures.

    Attributes:
        table: "outputs" (Output del Servizio) or "users" (Utenti seguiti).
        position: from 1, within the service and table.
        label: what the row prints first; printed "" for a total row without a label.
        group: the heading row above it inside the table, if any.
        remark: what the row prints in a column beyond the years.
        unit: the unit of all its figures.
        counted: what is counted or measured ("people", "acts", ...).
        role: its part in the table, so that nobody sums a total with its parts.
        total_of: positions (same service and table) that a total or subtotal sums.
        breakdown_of: position (same service and table) of what a breakdown divides.
        segments: positions of the map's segments that a user indicator counts.
        segment_match: how well: "exact", "merged" (several segments in one row), "partial"
            (a part of a segment), "none".
    """

    table: Table
    position: int
    label: Text
    group: Text | None
    figures: tuple[Figure, ...]
    lines: tuple[int, ...]
    remark: Text | None = None
    unit: Unit = "count"
    counted: str = ""
    role: Role = "item"
    total_of: tuple[int, ...] = ()
    breakdown_of: int | None = None
    segments: tuple[int, ...] = ()
    segment_match: str = "none"
    corrections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Element:
    """What is delivered: a central or an accessory element (elemento centrale, accessorio).

    Attributes:
        kind: central or accessory.
        position: from 1, within the service and kind.
        name: what it is.
        description: what is said of it, None where nothing is.
    """

    kind: ElementKind
    position: int
    name: Text
    description: Text | None


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion by which the users are divided into segments.

    Attributes:
        position: from 1, within the service.
        text: as it stands.
    """

    position: int
    text: Text


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of users (segmento di utenza).

    Attributes:
        position: from 1, within the service.
        name: what it is called.
        description: what is said of it, None where nothing is.
    """

    position: int
    name: Text
    description: Text | None


@dataclass(frozen=True, slots=True)
class Management:
    """A form of management (forma gestionale) that the map marks.

    Attributes:
        form: which.
        note: what stands in its cell beside the mark, None where nothing does.
        lines: the lines of the document.
    """

    form: ManagementForm
    note: Text | None
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Personnel:
    """The people who deliver the service; the counts are those printed, None where not.

    Where ``open``, the text prints a number that no rule tells.
    """

    text: Text
    value: Decimal | None
    municipal: Decimal | None = None
    external: Decimal | None = None
    other: Decimal | None = None
    open: bool = False


@dataclass(frozen=True, slots=True)
class Coproduction:
    """A group of users involved in delivering the service, with its role if one is printed.

    Attributes:
        position: from 1, within the service.
        segment: the group.
        role: its role, None where none is printed.
    """

    position: int
    segment: Text
    role: Text | None


@dataclass(frozen=True, slots=True)
class Structure:
    """A row of the delivering structures (strutture erogative).

    Attributes:
        position: from 1, within the service.
        name: what it is called.
        note: what stands beside it, None where nothing does.
    """

    position: int
    name: Text
    note: Text | None


@dataclass(frozen=True, slots=True)
class ServiceCondition:
    """What whoever wants the service pays, has to be, bring, do or keep to.

    Attributes:
        kind: what it costs, what is required, when it is to be had, a document to bring, how to go about it.
        position: from 1, within the service.
        text: as it stands.
    """

    kind: ConditionKind
    position: int
    text: Text


@dataclass(frozen=True, slots=True)
class Responsible:
    """The official responsible for the service.

    Attributes:
        name: without "(AD INTERIM)"; its corrected form has the canonical order and case.
        ad_interim: whether the sheet says that it is for the time being.
        lines: the lines of the document.
    """

    name: Text
    ad_interim: bool
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ServiceMap:
    """The map of one service, all that its sheet says."""

    number: int  # of the index entry that it belongs to
    heading: Text
    responsible: Responsible | None  # the page of a service on a site names none
    lines: tuple[int, int]  # first and last line of the sheet
    elements: tuple[Element, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    segments: tuple[Segment, ...] = ()
    management: tuple[Management, ...] = ()
    personnel: Personnel | None = None
    coproduction: tuple[Coproduction, ...] = ()
    structures: tuple[Structure, ...] = ()
    conditions: tuple[ServiceCondition, ...] = ()
    footnotes: tuple[Text, ...] = ()
