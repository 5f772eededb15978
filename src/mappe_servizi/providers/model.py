"""What is known of the organisations that deliver the services of one municipality."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mappe_servizi.model.tables.knowledge import StructureType
from mappe_servizi.providers.names import Name

__all__ = [
    "Activity",
    "Certainty",
    "Engagement",
    "Grouping",
    "Identifier",
    "Mention",
    "Network",
    "PrintedPlace",
    "Provider",
    "Resolved",
    "StructureType",
    "Terms",
]  # fmt: skip
Certainty = Literal["certain", "likely", "rule"]
"""How sure a decision is: a reviewer's two grades, or "rule" where no person looked at it."""


@dataclass(frozen=True, slots=True)
class PrintedPlace:
    """Where something is printed.

    Attributes:
        number: the service's number in the index.
        section: the part of the map: "structures", "management", "elements", ...
        lines: the lines of the document (1-based).
        position: of the structure row it stands in, None elsewhere.
    """

    number: int
    section: str
    lines: tuple[int, ...]
    position: int | None = None
    corrections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """An organisation named in the document.

    Attributes:
        name: the parts of the printed name.
        source: where it is printed.
        grouping: key of the temporary grouping that it is printed as a member of.
        delivers: whether the text says that it delivers or helps to deliver the service.
        certainty, reason, evidence: of the decision that it delivers or does not.
    """

    name: Name
    source: PrintedPlace
    grouping: str | None = None
    delivers: bool = True
    certainty: Certainty = "rule"
    reason: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number that somebody else knows an organisation by; none is ever made up.

    Attributes:
        scheme: whose numbers these are: "fiscal-code", "vat", ...
        certainty: of the decision that it is this organisation's.
        evidence: the list that has it.
    """

    scheme: str
    value: str
    certainty: Certainty
    reason: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Provider:
    """An organisation that mentions were resolved to.

    Attributes:
        key: the slug in the registry, or the label of an organisation outside it.
        registered: whether the registry has it.
        legal_status: code of the national vocabulary, "" where neither printed nor certain.
        seat: the town, as in ISTAT's list, "" where not printed.
        in_house_of: IPA code of the municipality whose in-house company it is, else "".
        identifiers: those that others know it by.
    """

    key: str
    name: str
    registered: bool
    legal_status: str = ""
    qualities: tuple[str, ...] = ()
    seat: str = ""
    acronym: str = ""
    in_house_of: str = ""
    certainty: Certainty = "rule"
    reason: str = ""
    evidence: str = ""
    identifiers: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolved:
    """A mention, the provider that it is, and who decided so."""

    mention: Mention
    provider: str
    certainty: Certainty
    reason: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Grouping:
    """A temporary grouping of enterprises (RTI, ATI), as one map prints it.

    Attributes:
        key: its label, unique in the municipality.
        printed: the row's name as printed.
        purpose: the row's note as printed.
        members: keys of the providers, in order.
    """

    key: str
    printed: str
    purpose: str
    members: tuple[str, ...]
    source: PrintedPlace


@dataclass(frozen=True, slots=True)
class Activity:
    """What a provider does, as printed, with its code in activities.csv ("" where it has none)."""

    printed: str
    code: str


@dataclass(frozen=True, slots=True)
class Terms:
    """A part of a note: activities, and the instrument under which they are done.

    Attributes:
        activities: as printed, in order.
        instrument: the words that name the instrument, "" where none is printed.
        instruments: codes of instruments.csv that these words name.
        counterparties: the organisations named in them, as printed.
    """

    activities: tuple[Activity, ...]
    instrument: str
    instruments: tuple[str, ...]
    counterparties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Engagement:
    """One provider doing one activity for one service under one instrument, as printed once.

    Attributes:
        note: the row's or sentence's text as printed.
        via: key of the grouping through which it does, None where directly.
        counterparties: keys of the providers named beside the instrument.
    """

    number: int
    provider: str
    mention: str
    activity: Activity | None
    instrument: str
    instruments: tuple[str, ...]
    via: str | None
    counterparties: tuple[str, ...]
    note: str
    source: PrintedPlace
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Network:
    """All that one municipality's document says of its providers."""

    ipa: str
    providers: tuple[Provider, ...]
    groupings: tuple[Grouping, ...]
    mentions: tuple[Resolved, ...]
    engagements: tuple[Engagement, ...]
    structure_types: dict[tuple[int, int], StructureType]
