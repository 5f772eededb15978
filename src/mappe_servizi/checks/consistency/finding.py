"""A finding: something in the source that does not add up, with its facts and its reading."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from mappe_servizi.model.service_map import Figure, Indicator, ServiceMap

Severity = Literal["error", "warning", "info"]
Verdict = Literal["real", "false", "undecided"]


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure or text that a finding rests on."""

    number: int
    table: str
    label: str
    year: int | None
    printed: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found.

    Attributes:
        rule: the rule's name (docs/data-quality.md says what each looks for).
        severity: error (the source contradicts itself), warning (it probably does), info.
        number: the map's number.
        table: the section of the map.
        record: the record, as the ledger names it ("users:2"), or "users:sum".
        label: the row or text it is about.
        year: the year, None where it is about none.
        printed: what the source prints there.
        expected: what would add up, None where no one value would.
        message_it, message_en: the finding in a sentence, for a municipal officer.
        facts: what it rests on, the subject itself first.
        verdict, why: the reviewed reading, None where nobody has read it yet.
    """

    rule: str
    severity: Severity
    number: int
    table: str
    record: str
    label: str
    year: int | None
    printed: str
    expected: str | None
    message_it: str
    message_en: str
    facts: tuple[Fact, ...]
    verdict: Verdict | None = None
    why: str = ""

    @property
    def key(self) -> tuple[str, int, str, str, int | None]:
        """What a reading is anchored on."""
        return (self.rule, self.number, self.table, self.label, self.year)

    @property
    def slug(self) -> str:
        """What its IRI says: rule, map, record and year; it depends on no label."""
        place = f"{self.rule}-{self.number}-{self.record.replace(':', '-')}"
        return f"{place}-{self.year}" if self.year else place

    @property
    def lines(self) -> tuple[int, ...]:
        """All the lines of its facts, in order."""
        return tuple(sorted({line for fact in self.facts for line in fact.lines}))

    def read(self, verdict: Verdict, why: str) -> Finding:
        """The finding with its reviewed reading."""
        return replace(self, verdict=verdict, why=why)


def shown(value: Decimal) -> str:
    """A number as Italian readers write it.

    >>> shown(Decimal("12085.5"))
    '12.085,5'
    """
    return in_english(value).replace(",", "_").replace(".", ",").replace("_", ".")


def in_english(value: Decimal) -> str:
    """A number as English readers write it, for the English messages.

    >>> in_english(Decimal("12085.50"))
    '12,085.5'
    """
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def record_of(indicator: Indicator) -> str:
    """The row as the ledger names it."""
    return f"{indicator.table}:{indicator.position}"


def name_of(indicator: Indicator) -> str:
    """What to call a row: its group and label, or what it is if it prints none."""
    label = indicator.label.value or "(totale senza etichetta)"
    return f"{indicator.group.value} › {label}" if indicator.group else label


def fact_of(sheet: ServiceMap, indicator: Indicator, figure: Figure) -> Fact:
    """A figure as a fact."""
    return Fact(sheet.number, indicator.table, name_of(indicator), figure.year, figure.raw, figure.lines)


def value_in(indicator: Indicator, year: int) -> Decimal | None:
    """The number of a year, None where there is none."""
    return next((f.value for f in indicator.figures if f.year == year), None)


def figure_in(indicator: Indicator, year: int) -> Figure | None:
    """The figure of a year, None where the cell is empty."""
    return next((f for f in indicator.figures if f.year == year), None)
