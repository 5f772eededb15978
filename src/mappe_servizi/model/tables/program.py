"""The tables of the program's own words, which stand beside the modules that read them."""

from __future__ import annotations

from dataclasses import dataclass

from mappe_servizi.model.tables.cells import IRI, TEXT, WORD, one_of, words_of
from mappe_servizi.model.tables.table import Table, column

SOURCES = one_of("ours", "OntoPiA", "W3C", "EU", "DCMI")


@dataclass(frozen=True, slots=True)
class TermRow:
    """What a property or class of others is called."""

    iri: str = column(IRI, "IRI", "IRI")
    italian: str = column(TEXT, "nome", "Italian name")
    italian_source: str = column(SOURCES, "di chi è il nome", "whose name it is")
    english: str = column(TEXT, "nome inglese", "English name")
    english_source: str = column(SOURCES, "di chi è il nome inglese", "whose English name it is")
    wider: tuple[str, ...] = column(words_of(IRI), "i termini più generali", "more general terms", default=())


@dataclass(frozen=True, slots=True)
class PrefixRow:
    """A namespace by its usual prefix."""

    prefix: str = column(WORD, "prefisso", "prefix")
    namespace: str = column(IRI, "spazio dei nomi", "namespace")


@dataclass(frozen=True, slots=True)
class QueryWordRow:
    """A word that queries have by mistake."""

    word: str = column(WORD, "parola", "word")
    meaning: str = column(one_of("operator", "clause", "function"), "che cosa è", "what it is")
    hint: str = column(TEXT, "che cosa scrivere", "what to write instead")


TERMS = Table(
    "terms.csv", "program", TermRow, "I nomi dei termini altrui, nelle pagine.",
    "What others' terms are called on the pages.", (("iri",),),
)  # fmt: skip
PREFIXES = Table(
    "prefixes.csv", "program", PrefixRow, "I prefissi che una query può non dichiarare.",
    "Prefixes that a query may have left out.", (("prefix",),),
)  # fmt: skip
QUERY_WORDS = Table(
    "words.csv", "program", QueryWordRow, "Le parole che una query ha per errore.",
    "Words that queries have by mistake.", (("word",),),
)  # fmt: skip
TABLES = (TERMS, PREFIXES, QUERY_WORDS)
