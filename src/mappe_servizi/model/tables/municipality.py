"""The tables of a municipality: what it decided about what lives over editions, by registry slug."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from mappe_servizi.model.service_map import Role, Unit
from mappe_servizi.model.service_map import Table as FigureTable
from mappe_servizi.model.tables.cells import (
    DATE,
    SLUG,
    TEXT,
    URL,
    YEAR,
    CellKind,
    Refused,
    code,
    many,
    one_of,
)
from mappe_servizi.model.tables.common import (
    CERTAINTY,
    FIGURES,
    PRINTED_EN,
    PRINTED_IT,
    READERS_EN,
    READERS_IT,
    SERVICE_EN,
    SERVICE_IT,
    Certainty,
    evidence,
    reason,
)
from mappe_servizi.model.tables.table import Table, column

ServiceKind = Literal["public", "internal"]
Coverage = Literal["own", "wider", "other"]
IDENTIFIED = (
    "service", "area", "element", "criterion", "segment", "output-indicator", "user-indicator", "personnel",
    "management", "co-production", "provision", "responsibility", "organization", "office", "place",
    "channel", "person", "finding", "correction", "document", "cost", "requirement",
)  # fmt: skip
"""What has a slug in the registry."""


def _status(text: str, codes: object) -> str:
    if not re.fullmatch(
        r"withdrawn|(?:renamed|registered):[a-z0-9]+(?:-[a-z0-9]+)*|moved:[12][0-9]{3}", text
    ):
        raise Refused
    return text


STATUS = CellKind(
    "withdrawn, renamed:SLUG, registered:SLUG o moved:EDIZIONE",
    "withdrawn, renamed:SLUG, registered:SLUG or moved:EDITION",
    _status,
)


@dataclass(frozen=True, slots=True)
class AreaRow:
    """The English name of an area."""

    area: str = column(SLUG, "slug dell'area nel registro", "slug of the area in the registry")
    label: str = column(TEXT, "nome dell'area, per chi legge", "name of the area, for readers")
    label_en: str = column(TEXT, "nome inglese", "English name")
    reason: str = reason()
    evidence: str = evidence()


@dataclass(frozen=True, slots=True)
class ServiceNameRow:
    """What a service is called beside its title: in English, which is a translation, and by people."""

    service: str = column(SLUG, SERVICE_IT, SERVICE_EN)
    title: str = column(TEXT, f"titolo, {READERS_IT}", f"title, {READERS_EN}", default="")
    title_en: str = column(TEXT, "nome inglese", "English name")
    words: tuple[str, ...] = column(
        many(TEXT),
        "come la gente lo chiama, se il suo concetto è anche di altri servizi",
        "what people call it, where other services are of its concept too",
        default=(),
    )
    words_en: tuple[str, ...] = column(many(TEXT), "lo stesso in inglese", "the same in English", default=())
    reason: str = reason()
    evidence: str = evidence()


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """How a service is classified."""

    service: str = column(SLUG, SERVICE_IT, SERVICE_EN)
    title: str = column(TEXT, f"titolo, {READERS_IT}", f"title, {READERS_EN}", default="")
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
    coverage: Coverage = column(
        one_of(*get_args(Coverage)),
        "il territorio che serve: del comune (own), anche di altri (wider), solo di altri (other)",
        "the territory that it serves: the municipality's (own), others' too (wider), only others' (other)",
        default="own",
    )
    coverage_evidence: str = column(
        TEXT, "le righe che dicono il territorio", "the lines that tell the territory", default=""
    )
    reason: str = reason()
    evidence: str = evidence()


@dataclass(frozen=True, slots=True)
class AudienceRow:
    """The audience groups of a segment."""

    service: str = column(SLUG, SERVICE_IT, SERVICE_EN)
    segment: str = column(SLUG, "slug del segmento nel registro", "slug of the segment in the registry")
    name: str = column(
        TEXT, f"nome del segmento, {READERS_IT}", f"name of the segment, {READERS_EN}", default=""
    )
    audiences: tuple[str, ...] = column(many(code("audience-group")), "gruppi di utenza", "audience groups")
    reason: str = column(TEXT, "perché", "why", default="")


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """What a row of a table of figures counts, and its part in the table."""

    service: str = column(SLUG, SERVICE_IT, SERVICE_EN)
    table: FigureTable = column(FIGURES, "la tabella", "the table")
    indicator: str = column(
        SLUG, "slug dell'indicatore nel registro", "slug of the indicator in the registry"
    )
    label: str = column(TEXT, f"etichetta, {READERS_IT}", f"label, {READERS_EN}", default="")
    unit: Unit | None = column(one_of(*get_args(Unit)), "unità di misura", "unit of measure", default=None)
    counted: str = column(code("counted-thing"), "che cosa si conta", "what is counted")
    role: Role = column(one_of(*get_args(Role)), "parte nella tabella", "part in the table")
    of: tuple[str, ...] = column(
        many(SLUG), "gli indicatori che somma o divide", "indicators that it sums or divides", default=()
    )
    segments: tuple[str, ...] = column(
        many(SLUG), "i segmenti contati", "segments that it counts", default=()
    )
    match: str = column(one_of("exact", "merged", "partial", "none"), "quanto bene", "how well")
    reason: str = column(TEXT, "perché", "why", default="")
    evidence: str = evidence()


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

    service: str = column(SLUG, SERVICE_IT, SERVICE_EN)
    printed: str = column(TEXT, PRINTED_IT, PRINTED_EN)
    name: str = column(TEXT, "nome", "name")
    url: str = column(URL, "indirizzo", "address", default="")
    kind: str = column(code("channel-kind"), "tipo", "kind")
    certainty: Certainty = column(CERTAINTY, "certezza", "certainty")
    reason: str = reason()
    evidence: str = evidence()


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A reviewed office or place, or a proposed one, whose certainty is then that of a rule."""

    service: str = column(SLUG, f"{SERVICE_IT}, vuoto per tutti", f"{SERVICE_EN}, empty for all", default="")
    printed: str = column(TEXT, PRINTED_IT, PRINTED_EN)
    kind: str = column(one_of("office", "place"), "tipo", "kind")
    name: str = column(TEXT, "nome", "name")
    address: str = column(TEXT, "indirizzo", "address", default="")
    certainty: Certainty | Literal["rule"] = column(CERTAINTY, "certezza", "certainty")
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
class CurrentRow:
    """A figure that holds although a newer edition says another one."""

    service: str = column(SLUG, SERVICE_IT, SERVICE_EN)
    table: FigureTable = column(FIGURES, "la tabella", "the table")
    indicator: str = column(
        SLUG, "slug dell'indicatore nel registro", "slug of the indicator in the registry"
    )
    year: int = column(YEAR, "anno di riferimento", "reference year")
    edition: int = column(YEAR, "l'edizione il cui dato vale", "the edition whose figure holds")
    reason: str = reason()
    evidence: str = evidence()


@dataclass(frozen=True, slots=True)
class RedactionRow:
    """Something that is no longer published."""

    kind: str = column(one_of("name", "figure"), "che cosa", "what")
    service: str = column(SLUG, f"{SERVICE_IT}, vuoto per tutti", f"{SERVICE_EN}, empty for all", default="")
    table: FigureTable = column(FIGURES, "la tabella", "the table", default="")
    label: str = column(
        TEXT,
        "il nome, o l'etichetta della riga in una delle edizioni",
        "the name, or the label of the row in one of the editions",
        default="",
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
    drafted=True,
)
SERVICES = Table(
    "services.csv", "municipality", ServiceRow, "Come è classificato ogni servizio.",
    "How each service is classified.", (("service",),), drafted=True,
)  # fmt: skip
SERVICE_NAMES = Table(
    "service-names.csv", "municipality", ServiceNameRow,
    "I nomi inglesi dei servizi, traduzioni dei titoli, e come la gente li chiama.",
    "The English names of the services, translations of their titles, and what people call them.",
    (("service",),), drafted=True,
)  # fmt: skip
AUDIENCES = Table(
    "audiences.csv", "municipality", AudienceRow, "I gruppi di utenza di ogni segmento.",
    "The audience groups of each segment.", (("service", "segment"),), drafted=True,
)  # fmt: skip
INDICATORS = Table(
    "indicators.csv", "municipality", IndicatorRow, "Che cosa conta ogni riga delle tabelle.",
    "What each row of the tables counts.", (("service", "table", "indicator"),), drafted=True,
)  # fmt: skip
IDENTIFIERS = Table(
    "identifiers.csv", "municipality", IdentifierRow, "Il registro degli slug.", "The registry of slugs."
)
CHANNELS = Table(
    "channels.csv", "municipality", ChannelRow, "I canali rivisti.", "The reviewed channels.",
    (("service", "printed"),), drafted=True,
)  # fmt: skip
PLACES = Table(
    "places.csv", "municipality", PlaceRow, "Uffici e luoghi rivisti.", "The reviewed offices and places.",
    (("service", "printed", "kind"),), drafted=True,
)  # fmt: skip
PEOPLE = Table(
    "people.csv",
    "municipality",
    PersonRow,
    "I nomi dei responsabili.",
    "The names of officials.",
    (("printed",),),
    drafted=True,
)
CURRENT = Table(
    "current.csv", "municipality", CurrentRow,
    "I dati che valgono benché un'edizione più nuova ne dica altri.",
    "The figures that hold although a newer edition says others.",
    (("service", "table", "indicator", "year"),),
)  # fmt: skip
REDACTIONS = Table(
    "redactions.csv",
    "municipality",
    RedactionRow,
    "Ciò che non si pubblica più.",
    "What is no longer published.",
)
TABLES = (
    SERVICES, SERVICE_NAMES, AREAS, AUDIENCES, INDICATORS, PEOPLE, PLACES, CHANNELS, IDENTIFIERS, CURRENT,
    REDACTIONS,
)  # fmt: skip
