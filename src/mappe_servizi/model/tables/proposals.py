"""The tables of what a municipality's names most likely mean, and of how often that was right."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mappe_servizi.model.tables.cells import COUNT, PATTERN, TEXT, code, many, one_of
from mappe_servizi.model.tables.common import evidence, reason
from mappe_servizi.model.tables.municipality import ServiceKind
from mappe_servizi.model.tables.table import Table, column

CONCEPT_IT, CONCEPT_EN = "il servizio comune", "the shared service"
ONLY_IT, ONLY_EN = "solo per i servizi di questi concetti", "only for services of these concepts"
PATTERN_IT = "espressione sull'etichetta senza accenti, segni e quantità"
PATTERN_EN = "expression on the label without accents, signs and quantity"


@dataclass(frozen=True, slots=True)
class TitleWordRow:
    """A word that tells no service from another, beside articles and prepositions."""

    word: str = column(TEXT, "parola", "word")
    reason: str = reason()


@dataclass(frozen=True, slots=True)
class AreaNameRow:
    """What a usual part of a municipality is called in English."""

    words: tuple[str, ...] = column(many(TEXT), "parole che la chiamano così", "words that call it so")
    label_en: str = column(TEXT, "nome in inglese", "name in English")
    reason: str = reason()


@dataclass(frozen=True, slots=True)
class CountedWordRow:
    """What a row whose label fits counts; the first that fits tells."""

    pattern: re.Pattern[str] = column(PATTERN, PATTERN_IT, PATTERN_EN)
    counted: str = column(code("counted-thing"), "che cosa si conta", "what is counted")
    concept: tuple[str, ...] = column(many(code("service-concept")), ONLY_IT, ONLY_EN, default=())
    reason: str = reason()


@dataclass(frozen=True, slots=True)
class AudienceWordRow:
    """Whom a segment whose name fits means; the first that fits tells."""

    pattern: re.Pattern[str] = column(PATTERN, PATTERN_IT, PATTERN_EN)
    audience: str = column(code("audience-group"), "gruppo di utenza", "audience group")
    concept: tuple[str, ...] = column(many(code("service-concept")), ONLY_IT, ONLY_EN, default=())
    reason: str = reason()


@dataclass(frozen=True, slots=True)
class ConceptClassRow:
    """How a service of a concept is classified where nobody says otherwise."""

    concept: str = column(code("service-concept"), CONCEPT_IT, CONCEPT_EN)
    kind: ServiceKind = column(
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
    reason: str = reason()
    evidence: str = evidence()


@dataclass(frozen=True, slots=True)
class PageTitleRow:
    """A usual title of a service's page on a municipal site."""

    title: str = column(TEXT, "titolo", "title")
    concept: str = column(code("service-concept"), CONCEPT_IT, CONCEPT_EN)
    certainty: str = column(one_of("certain", "likely", "uncertain"), "certezza", "certainty")
    reason: str = reason()
    evidence: str = evidence()


@dataclass(frozen=True, slots=True)
class GivenNameRow:
    """A common given name."""

    name: str = column(TEXT, "nome", "name")


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """How often a rule's proposals agreed with reviewed rows."""

    table: str = column(TEXT, "di che cosa propone righe", "what it proposes rows of")
    group: str = column(TEXT, "regole giuste circa altrettanto spesso", "rules that are right about as often")
    rule: str = column(TEXT, "la regola", "the rule")
    cases: int = column(COUNT, "righe riviste su cui si applica", "reviewed rows that it applies to")
    right: int = column(COUNT, "di cui proposte come riviste", "of which as reviewed")


COUNTED_WORDS = Table(
    "counted-words.csv", "knowledge", CountedWordRow, "Che cosa conta un'etichetta.", "What a label counts.",
    (("pattern",), ("reason",)),
)  # fmt: skip
AUDIENCE_WORDS = Table(
    "audience-words.csv", "knowledge", AudienceWordRow, "Chi intende il nome di un segmento.",
    "Whom the name of a segment means.", (("pattern",), ("reason",)),
)  # fmt: skip
CONCEPT_CLASSES = Table(
    "concept-classes.csv", "knowledge", ConceptClassRow,
    "Come si classifica di solito un servizio di un concetto.",
    "How a service of a concept is usually classified.", (("concept",),),
)  # fmt: skip
PAGE_TITLES = Table(
    "page-titles.csv", "knowledge", PageTitleRow, "Titoli usuali delle pagine dei servizi.",
    "Usual titles of services' pages.", (("title",),),
)  # fmt: skip
GIVEN_NAMES = Table(
    "given-names.csv", "knowledge", GivenNameRow, "Nomi di persona comuni.", "Common given names.",
    (("name",),),
)  # fmt: skip
EVIDENCE = Table(
    "proposal-evidence.csv", "knowledge", EvidenceRow,
    "Quanto spesso le proposte di una regola erano giuste (python -m bench.drafts le conta).",
    "How often a rule's proposals were right (python -m bench.drafts counts them).",
    (("table", "rule"),),
)  # fmt: skip
TITLE_WORDS = Table(
    "title-words.csv", "knowledge", TitleWordRow, "Le parole di un titolo che non distinguono un servizio.",
    "Words of a title that tell no service from another.", (("word",),),
)  # fmt: skip
AREA_NAMES = Table(
    "area-names.csv", "knowledge", AreaNameRow, "Come si chiamano in inglese le parti usuali di un comune.",
    "What the usual parts of a municipality are called in English.", (("label_en",),),
)  # fmt: skip
TABLES = (
    TITLE_WORDS,
    AREA_NAMES,
    COUNTED_WORDS,
    AUDIENCE_WORDS,
    CONCEPT_CLASSES,
    PAGE_TITLES,
    GIVEN_NAMES,
    EVIDENCE,
)
