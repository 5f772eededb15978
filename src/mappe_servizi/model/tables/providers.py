"""The tables of the registry of providers, shared by all municipalities: data/providers/."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from stdnum.it import codicefiscale, iva

from mappe_servizi.model.tables.cells import DATE, IPA, SLUG, TEXT, code, many, one_of
from mappe_servizi.model.tables.common import CERTAINTY, PRINTED_EN, PRINTED_IT, Certainty, evidence, reason
from mappe_servizi.model.tables.table import Table, column

SCHEMES: dict[str, Callable[[str], bool]] = {
    # An organisation's fiscal code has the form of a VAT number; a sole trader's is a person's.
    "fiscal-code": lambda value: bool(iva.is_valid(value) or codicefiscale.is_valid(value)),
    "vat": lambda value: bool(iva.is_valid(value)),
    "runts": lambda value: re.fullmatch(r"[1-9]\d{0,7}", value, re.ASCII) is not None,
    "rea": lambda value: re.fullmatch(r"[A-Z]{2}-\d{1,9}", value, re.ASCII) is not None,
    "ipa": lambda value: re.fullmatch(r"[a-z0-9_]{2,20}", value) is not None,
}
"""What numbers organisations are known by, and whether a value can be one."""


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """An organisation."""

    slug: str = column(SLUG, "slug", "slug")
    name: str = column(TEXT, "nome", "name")
    acronym: str = column(TEXT, "sigla", "acronym", default="")
    legal_form: str = column(
        code("legal-status"), "forma giuridica", "legal form", default="", name="legalForm"
    )
    qualities: tuple[str, ...] = column(many(TEXT), "qualifiche", "qualities", default=())
    seat: str = column(TEXT, "comune della sede", "municipality of its seat", default="")
    in_house_of: str = column(
        IPA, "comune di cui è in house", "municipality it is in house of", default="", name="inHouseOf"
    )
    certainty: Certainty = column(CERTAINTY, "certezza", "certainty")
    reason: str = reason()
    evidence: str = evidence()


@dataclass(frozen=True, slots=True)
class AliasRow:
    """Which organisation a printed name of one municipality is."""

    municipality: str = column(IPA, "comune", "municipality")
    printed: str = column(TEXT, PRINTED_IT, PRINTED_EN)
    provider: str = column(SLUG, "slug nel registro", "slug in the registry")
    certainty: Certainty = column(CERTAINTY, "certezza", "certainty")
    reason: str = reason()
    evidence: str = evidence()


@dataclass(frozen=True, slots=True)
class ApartRow:
    """Two near names that are two organisations."""

    municipality: str = column(IPA, "comune", "municipality")
    one: str = column(TEXT, PRINTED_IT, PRINTED_EN)
    other: str = column(TEXT, PRINTED_IT, PRINTED_EN)
    reason: str = reason()
    evidence: str = evidence()


@dataclass(frozen=True, slots=True)
class ProviderIdentifierRow:
    """A known identifier of an organisation."""

    provider: str = column(SLUG, "slug nel registro", "slug in the registry")
    scheme: str = column(one_of(*SCHEMES), "tipo", "scheme")
    value: str = column(TEXT, "valore", "value")
    listed_name: str = column(TEXT, "nome nella fonte", "name in the source", name="listedName")
    listed_town: str = column(TEXT, "comune nella fonte", "town in the source", default="", name="listedTown")
    certainty: Certainty = column(CERTAINTY, "certezza", "certainty")
    reason: str = reason()
    evidence: str = evidence()


Verdict = Literal["accept", "reject", "unsure"]


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A reviewed pair of organisations."""

    left: str = column(TEXT, "la prima: come la chiama il suo elenco", "the first, by the id of its list")
    right: str = column(TEXT, "la seconda", "the second")
    decision: Verdict = column(one_of("accept", "reject", "unsure"), "decisione", "decision")
    reason: str = reason()
    evidence: str = evidence()
    certainty: Certainty = column(CERTAINTY, "certezza", "certainty", default="certain", optional=True)
    reviewer: str = column(TEXT, "chi ha deciso", "who decided", default="", optional=True)
    decided: date | None = column(
        DATE, "giorno della decisione", "day of the decision", default=None, optional=True
    )


def _wrong_number(row: ProviderIdentifierRow) -> str:
    if SCHEMES[row.scheme](row.value):
        return ""
    return f"{row.value!r} is no {row.scheme}: its form or its check digit is wrong"


REGISTRY = Table(
    "registry.csv",
    "providers",
    ProviderRow,
    "Il registro dei fornitori.",
    "The registry of providers.",
    (("slug",),),
)
ALIASES = Table(
    "aliases.csv",
    "providers",
    AliasRow,
    "Quale fornitore è un nome stampato.",
    "Which provider a printed name is.",
    (("municipality", "printed"),),
)
APART = Table(
    "apart.csv",
    "providers",
    ApartRow,
    "Nomi vicini di fornitori diversi.",
    "Near names of different providers.",
)
IDENTIFIERS = Table(
    "identifiers.csv", "providers", ProviderIdentifierRow, "Gli identificativi noti.", "Known identifiers.",
    (("provider", "scheme"),), _wrong_number,
)  # fmt: skip
DECISIONS = Table(
    "decisions.csv", "providers", DecisionRow, "Le decisioni sulle coppie.", "The decisions about pairs."
)
TABLES = (REGISTRY, ALIASES, APART, IDENTIFIERS, DECISIONS)
