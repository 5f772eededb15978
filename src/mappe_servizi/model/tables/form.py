"""The tables of the form's words, and of what cells of figures print: data/knowledge/."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, get_args

from mappe_servizi.model.service_map import ManagementForm, Status, Unit
from mappe_servizi.model.tables.cells import (
    NUMBER,
    PATTERN,
    TEXT,
    one_of,
)
from mappe_servizi.model.tables.common import known, reason
from mappe_servizi.model.tables.table import Table, column

UNIT = one_of(*get_args(Unit))
PageUse = Literal["element", "heading", "key"]
PagePartName = Literal[
    "title", "category", "operator", "status", "description", "details", "addressed", "procedure", "evidence",
    "achieved", "times", "cost", "requirement", "access", "office", "address", "contact", "hours",
    "nothing",
]  # fmt: skip
Says = Literal["yes", "no"]
Absent = Literal["refused", "open", "fine"]
TextUse = Literal["estimate", "lead", "detail", "modifier", "numeral", "numeral-part", "other-unit", "scale"]
FormSection = Literal[
    "contents", "central", "accessory", "outputs", "audience", "criteria", "segments", "users", "delivery",
    "management", "personnel", "coproduction", "structures",
]  # fmt: skip
LABEL_ROLES: Final[dict[str, tuple[str, ...]]] = {
    "section": ("map", *get_args(FormSection)),
    "form": get_args(ManagementForm),
    "heading": ("service", "responsible", "area"),
    "header": ("elements", "outputs", "criteria", "segments", "personnel", "coproduction", "structures"),
    "written": ("area", "unpublished", "unnamed", "description"),
}
"""What the labels of each use open or mean."""


@dataclass(frozen=True, slots=True)
class LabelRow:
    """A word of the form."""

    use: str = column(one_of(*LABEL_ROLES), "uso", "use")
    role: str = column(TEXT, "che cosa apre o significa", "what it opens or means", default="")
    text: str = column(TEXT, "testo", "text")
    reason: str = reason()


@dataclass(frozen=True, slots=True)
class FigureWordRow:
    """A word in a cell of figures."""

    use: str = column(one_of("word", "unit", *get_args(TextUse)), "uso", "use")
    text: str = column(TEXT, "testo", "text")
    value: Decimal | None = column(NUMBER, "valore", "value", default=None)
    status: Status | None = column(one_of(*get_args(Status)), "stato", "status", default=None)
    unit: Unit | None = column(UNIT, "unità", "unit", default=None)
    reason: str = reason()


@dataclass(frozen=True, slots=True)
class SectionRow:
    """What it means where a sheet lacks a section."""

    section: FormSection = column(one_of(*get_args(FormSection)), "la sezione", "the section")
    absent: Absent = column(
        one_of(*get_args(Absent)), "se manca: errore, da decidere, niente", "if absent: refused, open or fine"
    )
    reason: str = reason()


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """How a column's header names a year."""

    pattern: re.Pattern[str] = column(
        PATTERN,
        "espressione; year è l'anno, short le sue due cifre",
        "expression; year, or short: two digits",
    )
    reason: str = reason()


@dataclass(frozen=True, slots=True)
class HonorificRow:
    """What may stand before a person's name: a title, a rank."""

    text: str = column(TEXT, "testo", "text")
    reason: str = reason()


@dataclass(frozen=True, slots=True)
class MarkRow:
    """What a mark in a form of management says."""

    mark: str = column(TEXT, "il segno", "the mark")
    says: Says = column(one_of(*get_args(Says)), "che cosa dice", "what it says")
    reason: str = reason()


@dataclass(frozen=True, slots=True)
class PageRow:
    """What a page prints beside its text."""

    pattern: re.Pattern[str] = column(PATTERN, "espressione", "expression")
    reason: str = reason()


@dataclass(frozen=True, slots=True)
class PagePartRow:
    """By what the page of a service on a municipal site tells one of its parts."""

    use: PageUse = column(
        one_of(*get_args(PageUse)), "attributo data-element, titolo, chiave del JSON-LD",
        "data-element attribute, heading, key of the JSON-LD",
    )  # fmt: skip
    text: str = column(TEXT, "come sta nella pagina", "as the page has it")
    part: PagePartName = column(one_of(*get_args(PagePartName)), "la parte", "the part")
    reason: str = reason()


@dataclass(frozen=True, slots=True)
class UnitRow:
    """The unit that a row's label names."""

    pattern: re.Pattern[str] = column(PATTERN, "espressione per l'etichetta", "expression for the label")
    unit: Unit = column(UNIT, "unità", "unit")
    reason: str = reason()


def _wrong_label(row: LabelRow) -> str:
    allowed = LABEL_ROLES[row.use]
    if row.role in allowed or (row.use == "header" and not row.role):
        return ""
    return f"role must be one of {', '.join(allowed)} where use is {row.use}, not {row.role!r}"


def _wrong_word(row: FigureWordRow) -> str:
    if row.use == "word" and not row.status:
        return "status must not be empty: it says what the word means"
    missing = row.use == "unit" and not row.unit
    return "unit must not be empty: it says which one the text is" if missing else ""


LABELS = Table(
    "labels.csv", "knowledge", LabelRow, "Le parole del modulo.", "The words of the form.",
    (("use", "text"),), _wrong_label,
)  # fmt: skip
FIGURE_WORDS = Table(
    "figures.csv", "knowledge", FigureWordRow, "Le parole nelle celle di cifre.",
    "Words in cells of figures.", (("use", "text"),), _wrong_word,
)  # fmt: skip
MARKS = known("marks.csv", MarkRow, "I segni.", "The marks.", ("mark",))
PAGES = known("pages.csv", PageRow, "I numeri di pagina.", "The numbers of pages.")
SECTIONS = known(
    "sections.csv", SectionRow, "Le sezioni che una scheda deve avere.", "Sections that a sheet must have.",
    ("section",),
)  # fmt: skip
PERIODS = known("periods.csv", PeriodRow, "Le colonne degli anni.", "The columns of years.")
HONORIFICS = known("honorifics.csv", HonorificRow, "Titoli e gradi.", "Titles and ranks.", ("text",))
UNITS = known("units.csv", UnitRow, "Le unità che le etichette nominano.", "Units that labels name.")
PAGE_PARTS = known(
    "page-parts.csv", PagePartRow, "Le parti della pagina di un servizio su un sito comunale.",
    "The parts of a service's page on a municipal site.", ("use", "text"),
)  # fmt: skip
TABLES = (LABELS, SECTIONS, PERIODS, HONORIFICS, FIGURE_WORDS, UNITS, MARKS, PAGES, PAGE_PARTS)
