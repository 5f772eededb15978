"""The tables of an edition, in editions/{year}/: what hangs on its printed text, by its numbers and lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from mappe_servizi.model.tables.cells import (
    POSITIVE,
    SLUG,
    TEXT,
    URN,
    YEAR,
    code,
    one_of,
)
from mappe_servizi.model.tables.common import (
    CERTAINTY,
    LINE_EN,
    LINE_IT,
    NUMBER_EN,
    NUMBER_IT,
    PRINTED_EN,
    PRINTED_IT,
    SERVICE_EN,
    SERVICE_IT,
    Certainty,
    evidence,
    reason,
)
from mappe_servizi.model.tables.table import Table, column

Verdict = Literal["real", "false", "undecided"]
ConditionKind = Literal["cost", "requirement", "evidence", "standard"]
SECTIONS = (
    "heading", "central", "accessory", "criteria", "segments", "outputs", "users", "management", "personnel",
    "coproduction", "structures", "conditions",
)  # fmt: skip
CORRECTIONS_DO = ("rows", "group", "empty-row", "misprint", "truncated", "figure", "number")


@dataclass(frozen=True, slots=True)
class FindingRow:
    """The reading of something in the document that does not add up."""

    rule: str = column(code("quality-rule"), "regola", "rule")
    number: int = column(POSITIVE, NUMBER_IT, NUMBER_EN)
    table: str = column(one_of(*SECTIONS), "la sezione", "the section", default="")
    label: str = column(TEXT, f"etichetta, {PRINTED_IT}", f"label, {PRINTED_EN}", default="")
    year: int | None = column(YEAR, "anno", "year", default=None)
    verdict: Verdict = column(one_of(*get_args(Verdict)), "che cosa se ne pensa", "what is thought of it")
    why: str = column(TEXT, "perché", "why")


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
class ConditionRow:
    """What a sheet prints of a service's cost, of who may have it, and of what to bring."""

    service: str = column(SLUG, SERVICE_IT, SERVICE_EN)
    slug: str = column(SLUG, "slug nel suo IRI", "slug in its IRI")
    kind: ConditionKind = column(one_of(*get_args(ConditionKind)), "che cosa è", "what it is")
    code: str = column(
        TEXT, "di quale tipo: cost-kind o requirement-kind", "of which kind: cost-kind or requirement-kind",
        default="",
    )  # fmt: skip
    text: str = column(TEXT, "che cosa si stampa", "what is printed")
    line: int = column(POSITIVE, LINE_IT, LINE_EN)
    reason: str = reason()
    evidence: str = evidence()


@dataclass(frozen=True, slots=True)
class RelationRow:
    """Another service of the municipality that a sheet names."""

    service: str = column(SLUG, SERVICE_IT, SERVICE_EN)
    other: str = column(SLUG, "slug del servizio nominato", "slug of the service that is named")
    text: str = column(TEXT, "che cosa si stampa", "what is printed")
    line: int = column(POSITIVE, LINE_IT, LINE_EN)
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


FINDINGS = Table(
    "findings.csv", "edition", FindingRow, "La lettura di ciò che non torna.",
    "The reading of what does not add up.", (("rule", "number", "table", "label", "year"),), drafted=True,
)  # fmt: skip
CORRECTIONS = Table(
    "corrections.csv", "edition", CorrectionRow, "Le correzioni del documento.",
    "The corrections of the document.", (("id",),), drafted=True,
)  # fmt: skip
CONDITIONS = Table(
    "conditions.csv", "edition", ConditionRow, "Costi, requisiti, documenti e norme che la scheda stampa.",
    "Costs, requirements, documents to bring and standards that the sheet prints.",
    (("service", "kind", "slug"),),
)  # fmt: skip
RELATIONS = Table(
    "relations.csv", "edition", RelationRow, "Gli altri servizi che la scheda nomina.",
    "The other services that the sheet names.", (("service", "other"),),
)  # fmt: skip
REFERENCES = Table(
    "references.csv", "edition", ReferenceRow, "Le citazioni di atti riviste.",
    "The reviewed citations of acts.", (("number", "line", "printed"),), drafted=True,
)  # fmt: skip
MENTIONS = Table(
    "mentions.csv", "edition", MentionRow, "Le decisioni sui fornitori nominati nei testi.",
    "The decisions about providers that texts name.", drafted=True,
)  # fmt: skip
TABLES = (CONDITIONS, RELATIONS, REFERENCES, MENTIONS, FINDINGS, CORRECTIONS)
