"""The tables of the concepts that municipalities share, and of what each decided with them.

The concepts are knowledge; the decisions are a municipality's, keyed by registry slugs, since they live
over editions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from mappe_servizi.model.service_map import Table as FigureTable
from mappe_servizi.model.tables.cells import PATTERN, POSITIVE, SLUG, TEXT, YEAR, many, one_of
from mappe_servizi.model.tables.cells import code as code_of
from mappe_servizi.model.tables.common import FIGURES, SERVICE_EN, SERVICE_IT, evidence, reason
from mappe_servizi.model.tables.table import Table, column

Status = Literal["reviewed", "proposed"]
Level = Literal["group", "service", "activity"]
Match = Literal["exact", "narrow", "broad"]
Period = Literal["stock", "flow", "average"]
Described = Literal["element", "segment", "output-indicator", "user-indicator"]
Language = Literal["it", "en"]
WordKind = Literal["alternative", "hidden"]
STATUS = one_of(*get_args(Status))
MATCH = one_of(*get_args(Match))
PERIOD = one_of(*get_args(Period))
INDICATOR_IT, INDICATOR_EN = "slug dell'indicatore nel registro", "slug of the indicator in the registry"
LABEL_IT, LABEL_EN = "etichetta, per chi legge", "label, for readers"


def status() -> Status:
    """The column that says whether a person has read the row against the document."""
    value: Status = column(STATUS, "rivista da una persona o proposta", "reviewed by a person or proposed")
    return value


@dataclass(frozen=True, slots=True)
class ServiceConceptRow:
    """A service or activity that municipalities have."""

    code: str = column(SLUG, "codice", "code")
    level: Level = column(
        one_of(*get_args(Level)), "gruppo, servizio o attività", "group, service or activity"
    )
    broader: str = column(SLUG, "codice di ciò che sta sopra", "code of what stands above", default="")
    label: str = column(TEXT, "nome", "name")
    label_en: str = column(TEXT, "nome inglese", "English name")
    definition: str = column(TEXT, "definizione", "definition")
    definition_en: str = column(TEXT, "definizione inglese", "English definition")
    words: tuple[str, ...] = column(many(TEXT), "come lo chiama la gente", "what people call it", default=())
    cofog: tuple[str, ...] = column(many(code_of("cofog")), "funzioni COFOG", "COFOG functions", default=())
    provided: str = column(
        code_of("provided-activity"),
        "la stessa attività nel vocabolario delle attività fornite",
        "the same activity in the vocabulary of provided activities",
        default="",
    )
    status: Status = status()
    reason: str = reason()
    evidence: str = evidence()


@dataclass(frozen=True, slots=True)
class ServiceWordsRow:
    """What people call a service concept, in one language."""

    concept: str = column(code_of("service-concept"), "il concetto", "the concept")
    language: Language = column(one_of(*get_args(Language)), "la lingua delle parole", "the words' language")
    kind: WordKind = column(
        one_of(*get_args(WordKind)),
        "altri nomi, che si mostrano, o parole con cui lo si cerca soltanto",
        "other names, which are shown, or words by which it is only looked for",
    )
    words: tuple[str, ...] = column(many(TEXT), "le parole", "the words")
    status: Status = status()
    reason: str = reason()
    evidence: str = evidence()


@dataclass(frozen=True, slots=True)
class IndicatorConceptRow:
    """Something that municipalities count."""

    code: str = column(SLUG, "codice", "code")
    label: str = column(TEXT, "nome", "name")
    label_en: str = column(TEXT, "nome inglese", "English name")
    definition: str = column(TEXT, "definizione", "definition")
    definition_en: str = column(TEXT, "definizione inglese", "English definition")
    service: str = column(code_of("service-concept"), "il servizio di cui dice", "the service it is about")
    counted: str = column(code_of("counted-thing"), "che cosa si conta", "what is counted")
    unit: str = column(code_of("measurement-unit"), "unità di misura", "unit of measure")
    aggregation: str = column(
        code_of("aggregation"), "come si uniscono due valori", "how two values are put together"
    )
    denominator: str = column(code_of("denominator"), "a che cosa si rapporta", "what it is divided by")
    period: Period = column(PERIOD, "consistenza, flusso o media", "stock, flow or average")
    status: Status = status()
    reason: str = reason()
    evidence: str = evidence()


@dataclass(frozen=True, slots=True)
class PeriodRuleRow:
    """A rule that tells stocks, flows and averages apart; the first that fits decides."""

    field: str = column(one_of("label", "counted"), "dove si guarda", "where to look")
    pattern: re.Pattern[str] = column(PATTERN, "espressione", "expression")
    kind: Period = column(PERIOD, "consistenza, flusso o media", "stock, flow or average")
    reason: str = reason()


@dataclass(frozen=True, slots=True)
class ServiceDecisionRow:
    """Which concept a service is."""

    service: str = column(SLUG, SERVICE_IT, SERVICE_EN)
    title: str = column(TEXT, "titolo, per chi legge", "title, for readers")
    concept: str = column(code_of("service-concept"), "il concetto principale", "the main concept")
    match: Match = column(MATCH, "quanto vi corrisponde", "how well it matches")
    covers: tuple[str, ...] = column(
        many(code_of("service-concept")), "gli altri che comprende", "the others that it covers", default=()
    )
    status: Status = status()
    reason: str = reason()
    evidence: str = evidence()


@dataclass(frozen=True, slots=True)
class IndicatorDecisionRow:
    """Which concept an indicator is."""

    service: str = column(SLUG, SERVICE_IT, SERVICE_EN)
    table: FigureTable = column(FIGURES, "la tabella", "the table")
    indicator: str = column(SLUG, INDICATOR_IT, INDICATOR_EN)
    label: str = column(TEXT, LABEL_IT, LABEL_EN, default="")
    concept: str = column(code_of("indicator-concept"), "il concetto", "the concept")
    match: Match = column(MATCH, "quanto vi corrisponde", "how well it matches")
    complete: str = column(
        one_of("yes"),
        "se con le altre righe «narrow» del concetto è tutto (yes)",
        "whether it is all there is with the concept's other narrow rows (yes)",
        default="",
    )
    status: Status = status()
    reason: str = reason()
    evidence: str = evidence()


@dataclass(frozen=True, slots=True)
class RepeatRow:
    """An indicator that repeats the figures of another."""

    service: str = column(SLUG, SERVICE_IT, SERVICE_EN)
    table: FigureTable = column(FIGURES, "la tabella", "the table")
    indicator: str = column(SLUG, INDICATOR_IT, INDICATOR_EN)
    label: str = column(TEXT, LABEL_IT, LABEL_EN, default="")
    of_service: str = column(SLUG, "il servizio della riga ripetuta", "service of the row it repeats")
    of_table: FigureTable = column(FIGURES, "la tabella della riga ripetuta", "table of the row it repeats")
    of_indicator: str = column(SLUG, "l'indicatore ripetuto", "the indicator it repeats")
    counts: str = column(
        one_of("same", "other"), "se conta la stessa cosa o un'altra", "whether it counts the same thing"
    )
    status: Status = status()
    reason: str = reason()
    evidence: str = evidence()


@dataclass(frozen=True, slots=True)
class IndicatorPlaceRow:
    """An indicator that counts what happens in one place."""

    service: str = column(SLUG, SERVICE_IT, SERVICE_EN)
    table: FigureTable = column(FIGURES, "la tabella", "the table")
    indicator: str = column(SLUG, INDICATOR_IT, INDICATOR_EN)
    label: str = column(TEXT, LABEL_IT, LABEL_EN, default="")
    place: str = column(SLUG, "slug del luogo nel registro", "slug of the place in the registry")
    status: Status = status()
    reason: str = reason()
    evidence: str = evidence()


@dataclass(frozen=True, slots=True)
class ActivityDecisionRow:
    """An element, segment or indicator that is about an activity."""

    service: str = column(SLUG, SERVICE_IT, SERVICE_EN)
    kind: Described = column(one_of(*get_args(Described)), "che cosa è", "what it is")
    slug: str = column(SLUG, "slug nel registro", "slug in the registry")
    label: str = column(TEXT, LABEL_IT, LABEL_EN)
    activity: str = column(code_of("service-concept"), "l'attività", "the activity")
    match: str = column(
        one_of("exact", "broad"), "se dice anche di altre (broad)", "whether it is about others too (broad)"
    )
    status: Status = status()
    reason: str = reason()
    evidence: str = evidence()


@dataclass(frozen=True, slots=True)
class PeriodKindRow:
    """An indicator whose kind no rule tells rightly."""

    service: str = column(SLUG, SERVICE_IT, SERVICE_EN)
    table: FigureTable = column(FIGURES, "la tabella", "the table")
    indicator: str = column(SLUG, INDICATOR_IT, INDICATOR_EN)
    label: str = column(TEXT, LABEL_IT, LABEL_EN, default="")
    kind: Period = column(PERIOD, "consistenza, flusso o media", "stock, flow or average")
    status: Status = status()
    reason: str = reason()
    evidence: str = evidence()


@dataclass(frozen=True, slots=True)
class PopulationRow:
    """How many there were of those by whom figures are divided, by another source than the maps."""

    population: str = column(
        code_of("indicator-concept"),
        "l'indicatore comune che li conta, per cui altri si dividono (residents)",
        "the shared indicator that counts them, by which others are divided (residents)",
    )
    year: int = column(YEAR, "anno di riferimento", "reference year")
    count: int = column(POSITIVE, "quanti sono", "how many they are")
    reason: str = reason()
    evidence: str = evidence()


_INDICATOR = ("service", "table", "indicator")
SERVICE_CONCEPTS = Table(
    "service-concepts.csv", "knowledge", ServiceConceptRow,
    "I servizi e le attività che i comuni hanno.", "The services and activities that municipalities have.",
    (("code",),),
)  # fmt: skip
SERVICE_WORDS = Table(
    "service-words.csv", "knowledge", ServiceWordsRow,
    "Come la gente chiama i servizi dei comuni, e con quali parole li cerca.",
    "What people call the services of municipalities, and by what words they look for them.",
    (("concept", "language", "kind"),),
)  # fmt: skip
INDICATOR_CONCEPTS = Table(
    "indicator-concepts.csv", "knowledge", IndicatorConceptRow,
    "Che cosa i comuni contano.", "What municipalities count.", (("code",),),
)  # fmt: skip
PERIOD_RULES = Table(
    "period-rules.csv", "knowledge", PeriodRuleRow,
    "Che cosa è una consistenza, un flusso, una media.", "What is a stock, a flow, an average.",
)  # fmt: skip
SERVICES = Table(
    "service-concepts.csv", "municipality", ServiceDecisionRow,
    "Di quale concetto è ogni servizio.", "Which concept each service is.", (("service",),), drafted=True,
)  # fmt: skip
INDICATORS = Table(
    "indicator-concepts.csv", "municipality", IndicatorDecisionRow,
    "Di quale concetto è un indicatore.", "Which concept an indicator is.", (_INDICATOR,), drafted=True,
)  # fmt: skip
REPEATS = Table(
    "indicator-repeats.csv", "municipality", RepeatRow,
    "Le righe che ripetono i dati di un'altra.", "The rows that repeat the figures of another.",
    (_INDICATOR,), drafted=True,
)  # fmt: skip
PLACES = Table(
    "indicator-places.csv", "municipality", IndicatorPlaceRow,
    "Le righe che contano ciò che accade in un luogo.", "The rows that count what happens in a place.",
    (_INDICATOR,), drafted=True,
)  # fmt: skip
ACTIVITIES = Table(
    "activities.csv", "municipality", ActivityDecisionRow,
    "Quali elementi, segmenti e indicatori dicono di un'attività.",
    "Which elements, segments and indicators are about an activity.",
    (("service", "kind", "slug", "activity"),), drafted=True,
)  # fmt: skip
PERIODS = Table(
    "period-kinds.csv", "municipality", PeriodKindRow,
    "Gli indicatori di cui nessuna regola dice bene se contano una consistenza o un flusso.",
    "The indicators of which no rule tells rightly whether they count a stock or a flow.", (_INDICATOR,),
    drafted=True,
)  # fmt: skip
POPULATIONS = Table(
    "populations.csv", "municipality", PopulationRow,
    "La popolazione per cui si dividono i dati, da una fonte con cui i comuni si confrontano.",
    "The population that figures are divided by, from a source by which municipalities compare.",
    (("population", "year"),),
)  # fmt: skip
TABLES = (
    POPULATIONS, SERVICES, INDICATORS, REPEATS, PLACES, ACTIVITIES, PERIODS, SERVICE_CONCEPTS, SERVICE_WORDS,
    INDICATOR_CONCEPTS, PERIOD_RULES,
)  # fmt: skip
"""Every table of this module."""
