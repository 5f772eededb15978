"""The tables by which lists of organisations are linked: a part of data/knowledge/."""

from __future__ import annotations

from dataclasses import dataclass

from mappe_servizi.model.tables.cells import COUNT, DOMAIN, POSITIVE, TEXT, one_of
from mappe_servizi.model.tables.table import Table, column

CODES = ("taxcode", "vat", "runts", "ipa")
"""Of these an organisation has one, and nobody else has it."""
SCHEMES = (*CODES, "web", "email", "address")
ROLES = ("name", "town", "province", "id", "map", *SCHEMES)
"""What a column of a list may be."""
_REVENUE = (
    "Agenzia delle Entrate, lists of the 5 per mille of 2017 and 2020 (CC BY); counted by "
    "`python -m bench.linking.train`"
)


def note() -> str:
    """The column for a remark."""
    text: str = column(TEXT, "nota", "note", default="")
    return text


@dataclass(frozen=True, slots=True)
class ListHeaderRow:
    """A usual header of a column; of two that a list has, the first row counts."""

    role: str = column(one_of(*ROLES), "che cosa è la colonna", "what the column is")
    header: str = column(TEXT, "come si intitola", "how it is headed")


@dataclass(frozen=True, slots=True)
class SpellingRow:
    """Another way to write the same."""

    printed: str = column(TEXT, "come è stampata", "how it is printed")
    read: str = column(TEXT, "come si legge", "how it is read")
    note: str = note()


@dataclass(frozen=True, slots=True)
class WeakWordRow:
    """A word that lists add or leave out as they like."""

    word: str = column(TEXT, "parola", "word")
    note: str = note()


@dataclass(frozen=True, slots=True)
class SharedDomainRow:
    """A domain that many organisations use."""

    domain: str = column(DOMAIN, "dominio", "domain")
    note: str = note()


@dataclass(frozen=True, slots=True)
class WordFrequencyRow:
    """In how many organisations' names a word stands."""

    word: str = column(TEXT, "parola; * per quanti nomi si sono contati", "word; * for how many were counted")
    count: int = column(COUNT, "quante organizzazioni", "how many organisations")


@dataclass(frozen=True, slots=True)
class NameFrequencyRow:
    """How many organisations bear a name."""

    name: str = column(TEXT, "nome, senza forma giuridica", "name, without its legal form")
    count: int = column(COUNT, "quante organizzazioni", "how many organisations")


@dataclass(frozen=True, slots=True)
class FormerTownRow:
    """A municipality that is part of another one today."""

    former: str = column(TEXT, "nome di prima", "former name")
    current: str = column(TEXT, "nome di oggi", "today's name")


@dataclass(frozen=True, slots=True)
class TownSizeRow:
    """About how many people live in a large town."""

    town: str = column(TEXT, "comune", "municipality")
    inhabitants: int = column(POSITIVE, "abitanti, arrotondati", "inhabitants, rounded")


LIST_HEADERS = Table(
    "list-headers.csv", "knowledge", ListHeaderRow, "Le intestazioni degli elenchi di organizzazioni.",
    "Headers of lists of organisations.", (("role", "header"),),
)  # fmt: skip
SPELLINGS = Table(
    "spellings.csv", "knowledge", SpellingRow, "Le grafie di una stessa parola.", "Spellings of one word.",
    (("printed",),),
)  # fmt: skip
WEAK_WORDS = Table(
    "weak-words.csv", "knowledge", WeakWordRow, "Le parole che dicono poco.", "Words that tell little.",
    (("word",),),
)  # fmt: skip
SHARED_DOMAINS = Table(
    "shared-domains.csv", "knowledge", SharedDomainRow, "I domini di tutti.", "Domains that many share.",
    (("domain",),),
)  # fmt: skip
WORD_FREQUENCIES = Table(
    "word-frequencies.csv", "knowledge", WordFrequencyRow, "Quanto è frequente una parola.",
    "How frequent a word is.", (("word",),), source=_REVENUE,
)  # fmt: skip
NAME_FREQUENCIES = Table(
    "name-frequencies.csv", "knowledge", NameFrequencyRow, "Quanto è frequente un nome.",
    "How frequent a name is.", (("name",),), source=_REVENUE,
)  # fmt: skip
FORMER_TOWNS = Table(
    "former-towns.csv", "knowledge", FormerTownRow, "I comuni soppressi.", "Former municipalities.",
    (("former",),),
)  # fmt: skip
TOWN_SIZES = Table(
    "town-sizes.csv", "knowledge", TownSizeRow, "Quanto sono grandi le città.", "How large towns are.",
    (("town",),),
)  # fmt: skip
TABLES = (
    LIST_HEADERS, SPELLINGS, WEAK_WORDS, SHARED_DOMAINS, WORD_FREQUENCIES, NAME_FREQUENCIES, FORMER_TOWNS,
    TOWN_SIZES,
)  # fmt: skip
