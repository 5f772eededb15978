"""The tables of what a document says in words of its own: phrases that rules hang on, words of places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, get_args

from mappe_servizi.model.tables.cells import PHRASE, TEXT, one_of
from mappe_servizi.model.tables.common import reason
from mappe_servizi.model.tables.table import Table, column

Use = Literal[
    "unpublished", "page", "interim", "staff", "own-staff", "external-staff", "more-staff",
    "delivers", "together", "firm",
    "public-body", "grouping", "means", "purpose", "short-name", "open", "hours",
    "always-open", "main-building",
    "branch-building", "any-channel", "before-counted", "total", "breakdown", "name-end",
    "temporary-association", "filler", "inactive", "free-of-charge", "exception",
    "telephone", "office-mail",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
]  # fmt: skip
DAYS: Final[tuple[Use, ...]] = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip
MONTHS: Final[tuple[Use, ...]] = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
PlaceUse = Literal["street", "particle", "building", "institute"]


@dataclass(frozen=True, slots=True)
class PhraseRow:
    """What a rule looks for in a text; a rule of several rows takes any of them."""

    use: Use = column(one_of(*get_args(Use)), "regola che la usa", "the rule that uses it")
    pattern: re.Pattern[str] = column(PHRASE, "espressione", "expression")
    reason: str = reason()


@dataclass(frozen=True, slots=True)
class PlaceWordRow:
    """A word of addresses and of buildings' names."""

    use: PlaceUse = column(one_of(*get_args(PlaceUse)), "che cos'è", "what it is")
    printed: str = column(TEXT, "come è stampata", "how it is printed")
    read: str = column(TEXT, "come si legge", "how it is read")
    reason: str = reason()


PHRASES = Table(
    "phrases.csv", "knowledge", PhraseRow, "Le frasi che le regole cercano.", "Phrases that rules look for.",
    (("use", "pattern"),),
)  # fmt: skip
PLACE_WORDS = Table(
    "place-words.csv", "knowledge", PlaceWordRow, "Le parole di indirizzi ed edifici.",
    "Words of addresses and buildings.", (("printed",),),
)  # fmt: skip
TABLES = (PHRASES, PLACE_WORDS)
