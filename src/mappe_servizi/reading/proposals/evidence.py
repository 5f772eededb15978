"""How often a rule's proposals were right: counted on reviewed rows, told as a probability."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple

from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.proposals import EVIDENCE

WEIGHT: Final = 4
"""How many cases the whole group of a rule counts for beside the rule's own."""


class Rule(NamedTuple):
    """A rule where it is applied.

    Attributes:
        table: what it proposes rows of: "indicators/users".
        group: rules that are right about as often.
        name: the rule.
    """

    table: str
    group: str
    name: str

    @property
    def method(self) -> str:
        """As the column ``method`` of a drafted row has it."""
        return f"{self.table}: {self.name}"


class Case(NamedTuple):
    """A reviewed row, and whether a rule had proposed it."""

    rule: Rule
    right: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """Cases and right ones of every rule and group.

    A rule that nobody has seen at work is as sure as its group, a group that nobody has seen as a coin.
    """

    rules: Mapping[Rule, tuple[int, int]] = field(default_factory=dict)
    groups: Mapping[tuple[str, str], tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, cases: Iterable[Case]) -> Evidence:
        """What reviewed rows tell."""
        all_, right = Counter[Rule](), Counter[Rule]()
        for case in cases:
            all_[case.rule] += 1
            right[case.rule] += case.right
        return cls.counted({rule: (count, right[rule]) for rule, count in all_.items()})

    @classmethod
    def counted(cls, rules: Mapping[Rule, tuple[int, int]]) -> Evidence:
        """The same from the counts of each rule."""
        groups: dict[tuple[str, str], tuple[int, int]] = {}
        for rule, (cases, right) in rules.items():
            before = groups.get((rule.table, rule.group), (0, 0))
            groups[rule.table, rule.group] = (before[0] + cases, before[1] + right)
        return cls(rules, groups)

    @classmethod
    def load(cls, knowledge: Path) -> Evidence:
        """What is known for every municipality.

        Raises:
            InputError, InputErrors: a cell cannot be used.
        """
        rows = read_rows(EVIDENCE, knowledge / EVIDENCE.file)
        return cls.counted({Rule(row.table, row.group, row.rule): (row.cases, row.right) for row in rows})

    def probability(self, rule: Rule) -> Decimal:
        """The expected precision of a rule's proposals, two digits.

        >>> rule = Rule("indicators/users", "people", "^utent")
        >>> Evidence.of([Case(rule, True)] * 16 + [Case(rule, False)]).probability(rule)
        Decimal('0.93')
        """
        cases, right = self.groups.get((rule.table, rule.group), (0, 0))
        expected = (right + 1) / (cases + 2)
        cases, right = self.rules.get(rule, (0, 0))
        return Decimal(f"{(right + WEIGHT * expected) / (cases + WEIGHT):.2f}")
