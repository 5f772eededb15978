"""The tables of a municipality: every decision about its document, data/municipalities/{ipa}/."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from mappe_servizi.model.records import Role, Unit
from mappe_servizi.model.records import Table as FigureTable
from mappe_servizi.model.tables.cells import (
    DATE,
    POSITIVE,
    SLUG,
    TEXT,
    URL,
    URN,
    YEAR,
    Kind,
    Refused,
    code,
    many,
    one_of,
)
from mappe_servizi.model.tables.table import Table, column

NUMBER_IT, NUMBER_EN = "numero del servizio nell'indice", "number of the service in the index"
LINE_IT, LINE_EN = "riga del documento", "line of the document"
PRINTED_IT, PRINTED_EN = "come sta nel documento", "as the document prints it"
ServiceKind = Literal["public", "internal"]
Certainty = Literal["certain", "likely"]
CERTAINTY = one_of(*get_args(Certainty))
FIGURES = one_of(*get_args(FigureTable))
SECTIONS = (
    "heading", "central", "accessory", "criteria", "segments", "outputs", "users", "management", "personnel",
    "coproduction", "structures",
)  # fmt: skip


IDENTIFIED = (
    "service", "area", "element", "criterion", "segment", "output-indicator", "user-indicator", "personnel",
    "management", "co-production", "provision", "responsibility", "organization", "office", "place",
    "channel", "person",
)  # fmt: skip
"""What has a slug in the registry."""
CORRECTIONS_DO = ("rows", "group", "empty-row", "misprint", "truncated", "figure", "number")


def _status(text: str, codes: object) -> str:
    if not re.fullmatch(r"withdrawn|(?:renamed|registered):[a-z0-9]+(?:-[a-z0-9]+)*", text):
        raise Refused
    return text


STATUS = Kind(
    "withdrawn, renamed:SLUG o registered:SLUG", "withdrawn, renamed:SLUG or registered:SLUG", _status
)


def reason() -> str:
    """The column that says why; every decision has it."""
    text: str = column(TEXT, "perché", "why")
    return text


def evidence() -> str:
    """The column that says what a decision rests on."""
    text: str = column(
        TEXT,
        "su che cosa si fonda: righe, una fonte, o assumed",
        "what it rests on: lines, a source, or assumed",
    )
    return text


@dataclass(frozen=True, slots=True)
class AreaRow:
    """The English name of an area."""

    area: str = column(SLUG, "slug dell'area nel registro", "slug of the area in the registry")
    label: str = column(TEXT, "nome dell'area, per chi legge", "name of the area, for readers")
    label_en: str = column(TEXT, "nome inglese", "English name")
    reason: str = reason()
    evidence: str = evidence()


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """How a service is classified."""

    number: int = column(POSITIVE, NUMBER_IT, NUMBER_EN)
    title: str = column(TEXT, "titolo nell'indice", "title in the index")
    kind: str = column(
        one_of("public", "internal"), "per il pubblico o per il comune", "for the public or internal"
    )
    theme: tuple[str, ...] = column(many(code("theme")), "temi OntoPiA", "themes of OntoPiA", default=())
    data_theme: tuple[str, ...] = column(
        many(code("data-theme")), "temi europei", "European data themes", default=()
    )
    cofog: tuple[str, ...] = column(many(code("cofog")), "funzioni COFOG", "COFOG functions", default=())
    life_events: tuple[str, ...] = column(
        many(code("life-event")), "eventi della vita", "life events", default=()
    )
    business_events: tuple[str, ...] = column(
        many(code("business-event")), "eventi dell'impresa", "business events", default=()
    )
    interactivity: str = column(
        code("interactivity"), "livello di interattività", "interactivity level", default=""
    )
    channels: tuple[str, ...] = column(
        many(code("channel")), "canali nazionali", "national channels", default=()
    )
    reason: str = reason()
    evidence: str = evidence()


@dataclass(frozen=True, slots=True)
class AudienceRow:
    """The audience groups of a segment."""

    number: int = column(POSITIVE, NUMBER_IT, NUMBER_EN)
    position: int = column(
        POSITIVE, "posizione del segmento nella mappa", "position of the segment in the map"
    )
    segment: str = column(TEXT, f"nome del segmento, {PRINTED_IT}", f"name of the segment, {PRINTED_EN}")
    audiences: tuple[str, ...] = column(many(code("audience-group")), "gruppi di utenza", "audience groups")
    reason: str = column(TEXT, "perché", "why", default="")


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """What a row of a table of figures counts, and its part in the table."""

    number: int = column(POSITIVE, NUMBER_IT, NUMBER_EN)
    table: str = column(FIGURES, "la tabella", "the table")
    position: int = column(POSITIVE, "posizione nella tabella", "position in the table")
    label: str = column(TEXT, f"etichetta, {PRINTED_IT}", f"label, {PRINTED_EN}", default="")
    unit: str | None = column(one_of(*get_args(Unit)), "unità di misura", "unit of measure", default=None)
    counted: str = column(code("counted-thing"), "che cosa si conta", "what is counted")
    role: str = column(one_of(*get_args(Role)), "parte nella tabella", "part in the table")
    of: tuple[int, ...] = column(
        many(POSITIVE), "le righe che somma o divide", "rows that it sums or divides", default=()
    )
    segments: tuple[int, ...] = column(
        many(POSITIVE), "i segmenti contati", "segments that it counts", default=()
    )
    match: str = column(one_of("exact", "merged", "partial", "none"), "quanto bene", "how well")
    reason: str = column(TEXT, "perché", "why", default="")
    evidence: str = evidence()


@dataclass(frozen=True, slots=True)
class FindingRow:
    """The reading of something in the document that does not add up."""

    rule: str = column(code("quality-rule"), "regola", "rule")
    number: int = column(POSITIVE, NUMBER_IT, NUMBER_EN)
    table: str = column(one_of(*SECTIONS), "la sezione", "the section", default="")
    label: str = column(TEXT, f"etichetta, {PRINTED_IT}", f"label, {PRINTED_EN}", default="")
    year: int | None = column(YEAR, "anno", "year", default=None)
    verdict: str = column(
        one_of("real", "false", "undecided"), "che cosa se ne pensa", "what is thought of it"
    )
    why: str = column(TEXT, "perché", "why")


@dataclass(frozen=True, slots=True)
class IdentifierRow:
    """A row of the registry of slugs."""

    kind: str = column(one_of(*IDENTIFIED), "tipo di cosa", "kind of thing")
    service: str = column(
        SLUG, "slug del servizio o dell'area in cui sta", "slug of its service or area", default=""
    )
    label: str = column(TEXT, "etichetta letta", "label as read")
    slug: str = column(SLUG, "slug", "slug")
    status: str = column(STATUS, "stato, vuoto se in uso", "status, empty where in use", default="")
    since: str = column(
        TEXT, "edizione o rilascio da cui vale", "edition or release since which it holds", default=""
    )


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A reviewed channel."""

    number: int = column(POSITIVE, NUMBER_IT, NUMBER_EN)
    line: int = column(POSITIVE, LINE_IT, LINE_EN)
    printed: str = column(TEXT, PRINTED_IT, PRINTED_EN)
    name: str = column(TEXT, "nome", "name")
    url: str = column(URL, "indirizzo", "address", default="")
    kind: str = column(code("channel-kind"), "tipo", "kind")
    certainty: Certainty = column(CERTAINTY, "certezza", "certainty")
    reason: str = reason()
    evidence: str = evidence()


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A reviewed office or place."""

    number: int | None = column(POSITIVE, NUMBER_IT, NUMBER_EN, default=None)
    printed: str = column(TEXT, PRINTED_IT, PRINTED_EN)
    kind: str = column(one_of("office", "place"), "tipo", "kind")
    name: str = column(TEXT, "nome", "name")
    address: str = column(TEXT, "indirizzo", "address", default="")
    certainty: Certainty = column(CERTAINTY, "certezza", "certainty")
    reason: str = reason()
    evidence: str = evidence()


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """A citation that means something else than it says."""

    number: int = column(POSITIVE, NUMBER_IT, NUMBER_EN)
    line: int = column(POSITIVE, LINE_IT, LINE_EN)
    printed: str = column(TEXT, PRINTED_IT, PRINTED_EN)
    urn: str = column(URN, "atto", "act", default="")
    certainty: Certainty = column(CERTAINTY, "certezza", "certainty")
    reason: str = reason()
    evidence: str = evidence()


@dataclass(frozen=True, slots=True)
class PersonRow:
    """The name of an official."""

    printed: str = column(TEXT, PRINTED_IT, PRINTED_EN)
    given: str = column(TEXT, "nome", "given name")
    family: str = column(TEXT, "cognome", "family name")
    reason: str = reason()
    evidence: str = evidence()


@dataclass(frozen=True, slots=True)
class MentionRow:
    """A decision about a provider that running text names."""

    number: int = column(POSITIVE, NUMBER_IT, NUMBER_EN)
    line: int = column(POSITIVE, LINE_IT, LINE_EN)
    printed: str = column(TEXT, PRINTED_IT, PRINTED_EN)
    decision: str = column(one_of("engagement", "named", "own"), "decisione", "decision")
    activity: str = column(TEXT, "attività", "activity", default="")
    instrument: str = column(TEXT, "strumento", "instrument", default="")
    certainty: Certainty = column(CERTAINTY, "certezza", "certainty")
    reason: str = reason()
    evidence: str = evidence()


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A repair of the document."""

    id: str = column(SLUG, "nome della correzione", "name of the correction")
    map: int | None = column(POSITIVE, NUMBER_IT, NUMBER_EN, default=None)
    section: str = column(one_of("document", "index", "section", *SECTIONS), "la sezione", "the section")
    printed: str = column(TEXT, PRINTED_IT, PRINTED_EN)
    occurrence: int = column(
        POSITIVE, "quale, se sta più volte", "which, where it stands several times", default=1
    )
    line: int | None = column(POSITIVE, LINE_IT, LINE_EN, default=None)
    kind: str = column(
        one_of("rows", "group", "empty-row", "misprint", "truncated", "figure", "number"),
        "che cosa fa",
        "what it does",
    )
    reads: str = column(TEXT, "come si legge", "how it is read", default="")
    reason: str = reason()
    evidence: str = evidence()


@dataclass(frozen=True, slots=True)
class RedactionRow:
    """Something that is no longer published."""

    kind: str = column(one_of("name", "figure"), "che cosa", "what")
    map: int | None = column(POSITIVE, NUMBER_IT, NUMBER_EN, default=None)
    table: str = column(FIGURES, "la tabella", "the table", default="")
    label: str = column(
        TEXT, "il nome, o l'etichetta della riga", "the name, or the label of the row", default=""
    )
    year: int | None = column(YEAR, "anno", "year", default=None)
    reason: str = reason()
    decided: date = column(DATE, "quando si è deciso", "when it was decided")


AREAS = Table(
    "areas.csv",
    "municipality",
    AreaRow,
    "I nomi inglesi delle aree.",
    "The English names of the areas.",
    (("area",),),
)
SERVICES = Table(
    "services.csv", "municipality", ServiceRow, "Come è classificato ogni servizio.",
    "How each service is classified.", (("number",),),
)  # fmt: skip
AUDIENCES = Table(
    "audiences.csv", "municipality", AudienceRow, "I gruppi di utenza di ogni segmento.",
    "The audience groups of each segment.", (("number", "position"),),
)  # fmt: skip
INDICATORS = Table(
    "indicators.csv", "municipality", IndicatorRow, "Che cosa conta ogni riga delle tabelle.",
    "What each row of the tables counts.", (("number", "table", "position"),),
)  # fmt: skip
FINDINGS = Table(
    "findings.csv", "municipality", FindingRow, "La lettura di ciò che non torna.",
    "The reading of what does not add up.", (("rule", "number", "table", "label", "year"),),
)  # fmt: skip
CORRECTIONS = Table(
    "corrections.csv", "municipality", CorrectionRow, "Le correzioni del documento.",
    "The corrections of the document.", (("id",),),
)  # fmt: skip
IDENTIFIERS = Table(
    "identifiers.csv", "municipality", IdentifierRow, "Il registro degli slug.", "The registry of slugs."
)
CHANNELS = Table(
    "channels.csv", "municipality", ChannelRow, "I canali rivisti.", "The reviewed channels.",
    (("number", "line", "printed"),),
)  # fmt: skip
PLACES = Table(
    "places.csv", "municipality", PlaceRow, "Uffici e luoghi rivisti.", "The reviewed offices and places.",
    (("number", "printed", "kind"),),
)  # fmt: skip
REFERENCES = Table(
    "references.csv", "municipality", ReferenceRow, "Le citazioni di atti riviste.",
    "The reviewed citations of acts.", (("number", "line", "printed"),),
)  # fmt: skip
PEOPLE = Table(
    "people.csv",
    "municipality",
    PersonRow,
    "I nomi dei responsabili.",
    "The names of officials.",
    (("printed",),),
)
MENTIONS = Table(
    "mentions.csv", "municipality", MentionRow, "Le decisioni sui fornitori nominati nei testi.",
    "The decisions about providers that texts name.",
)  # fmt: skip
REDACTIONS = Table(
    "redactions.csv",
    "municipality",
    RedactionRow,
    "Ciò che non si pubblica più.",
    "What is no longer published.",
)
TABLES = (
    SERVICES, AREAS, AUDIENCES, INDICATORS, PEOPLE, PLACES, CHANNELS, REFERENCES, MENTIONS, FINDINGS,
    CORRECTIONS, IDENTIFIERS, REDACTIONS,
)  # fmt: skip
