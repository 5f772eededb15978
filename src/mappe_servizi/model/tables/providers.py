"""The tables of the registry of providers, shared by all municipalities: data/providers/."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from mappe_servizi.model.tables.cells import DATE, IPA, SLUG, TEXT, code, many, one_of
from mappe_servizi.model.tables.municipality import (
    CERTAINTY,
    PRINTED_EN,
    PRINTED_IT,
    Certainty,
    evidence,
    reason,
)
from mappe_servizi.model.tables.table import Table, column


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
    scheme: str = column(one_of("vat", "fiscal-code", "runts", "rea", "ipa"), "tipo", "scheme")
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

    left: str = column(TEXT, "la prima, con il suo id", "the first, by its id")
    right: str = column(TEXT, "la seconda, con il suo id", "the second, by its id")
    decision: Verdict = column(one_of("accept", "reject", "unsure"), "decisione", "decision")
    reason: str = reason()
    evidence: str = evidence()
    certainty: Certainty = column(CERTAINTY, "certezza", "certainty", default="certain", optional=True)
    reviewer: str = column(TEXT, "chi ha deciso", "who decided", default="", optional=True)
    decided: date | None = column(
        DATE, "giorno della decisione", "day of the decision", default=None, optional=True
    )


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
    (("provider", "scheme", "value"),),
)  # fmt: skip
DECISIONS = Table(
    "decisions.csv", "providers", DecisionRow, "Le decisioni sulle coppie.", "The decisions about pairs."
)
TABLES = (REGISTRY, ALIASES, APART, IDENTIFIERS, DECISIONS)
