"""What a label counts and whom a segment means, by the first word of data/knowledge that fits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from mappe_servizi.model.service_map import Indicator, Segment, Table
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.proposals import AUDIENCE_WORDS, COUNTED_WORDS
from mappe_servizi.model.text import normal
from mappe_servizi.model.wording import Wording
from mappe_servizi.reading.proposals.evidence import Rule

WHO: Final = frozenset(
    {"people", "children", "staff", "offices", "businesses", "organisations", "families", "buildings",
     "committees", "groups", "facilities"}
)  # fmt: skip
"""What users are; rows of users that name something else are less often what they say. Those that name people
in general (users, citizens) are right less often, too, and stand apart."""


UNTOLD: Final[dict[Table, str]] = {"users": "people", "outputs": "acts"}
CITIZENS: Final = "citizens"
NOTHING: Final = "no word tells"
REST: Final = "what the rest of its table counts"
PARTS: Final = "what its parts, or its whole, count"
OTHERS: Final = "whom the other segments mean"
OF_ONE_SHEET: Final = frozenset({NOTHING, REST, OTHERS})
"""Rules that look at the sheet and not at the words: an answer for several rows is one for a sheet."""


def asked_together(method: str, service: str) -> tuple[str, str]:
    """What the rows that a reviewer is asked about at once share: the rule, and the sheet if need be.

    >>> asked_together("audiences: citizens", "anagrafe")
    ('audiences: citizens', '')
    >>> asked_together("audiences: no word tells", "anagrafe")
    ('audiences: no word tells', 'anagrafe')
    """
    return method, service if method.partition(": ")[2] in OF_ONE_SHEET else ""


class Expression(NamedTuple):
    """A row of the tables of words: an expression, the code that it gives, and what it is called.

    One with concepts is only for services of one of them.
    """

    pattern: re.Pattern[str]
    code: str
    concepts: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Guess:
    """A code that a rule gives."""

    code: str
    rule: Rule

    def reason(self, table: str) -> str:
        """What a row says of it: the rule, and the table of words where it stands in one."""
        return self.rule.name if self.rule.name in {*OF_ONE_SHEET, PARTS} else f"{table}: {self.rule.name}"


@dataclass(frozen=True, slots=True)
class Words:
    """The rules, in their order."""

    counted: Sequence[Expression]
    audiences: Sequence[Expression]
    wording: Wording

    @classmethod
    def load(cls, knowledge: Path) -> Words:
        """What is known for every municipality.

        Raises:
            InputError, InputErrors: a cell cannot be used.
        """
        counted = read_rows(COUNTED_WORDS, knowledge / COUNTED_WORDS.file)
        audiences = read_rows(AUDIENCE_WORDS, knowledge / AUDIENCE_WORDS.file)
        return cls(
            [Expression(row.pattern, row.counted, row.concept, row.reason) for row in counted],
            [Expression(row.pattern, row.audience, row.concept, row.reason) for row in audiences],
            Wording.load(knowledge),
        )

    def thing(self, label: str, table: Table, concept: str = "") -> Guess | None:
        """What the rows of a label count, in a service of a concept."""
        found = self._first(self.counted, label, concept)
        if found is None:
            return None
        group = found.code if found.code == "people" else "who" if found.code in WHO else "what"
        return Guess(found.code, Rule(f"indicators/{table}", group, found.name))

    def things(self, rows: Sequence[Indicator], table: Table, concept: str = "") -> dict[int, Guess]:
        """What each row of a table counts, by position: by its words, else what the rest of the table does.

        A total counts what its parts do, a part what its whole does. Where nothing in the table tells, users
        are people, outputs acts: a guess that is seldom right, but a question that a reviewer sees, beside
        the others of its sheet.
        """
        found = {
            row.position: guess for row in rows if (guess := self.thing(row.label.value, table, concept))
        }
        usual = _usual([guess.code for guess in found.values()])
        parts = self.parts_of(rows)
        for row in rows:
            if row.position in found:
                continue
            of = [found[part].code for part in parts.get(row.position, ("", ()))[1] if part in found]
            rule = PARTS if of else REST if usual else NOTHING
            code = _usual(of) or usual or UNTOLD[table]
            found[row.position] = Guess(code, Rule(f"indicators/{table}", rule, rule))
        return found

    def meant(self, segments: Sequence[Segment], concept: str) -> dict[int, Guess]:
        """Whom each segment of a sheet means, by position: by its words, else whom most of the others do."""
        found = {one.position: guess for one in segments if (guess := self.audience(one.name.value, concept))}
        usual = _usual([guess.code for guess in found.values()])
        rule = OTHERS if usual else NOTHING
        rest = Guess(usual or CITIZENS, Rule("audiences", rule, rule))
        return {one.position: found.get(one.position, rest) for one in segments}

    def audience(self, name: str, concept: str) -> Guess | None:
        """Whom a segment of a service means."""
        found = self._first(self.audiences, name, concept)
        return Guess(found.code, Rule("audiences", "all", found.name)) if found else None

    def parts_of(self, rows: Sequence[Indicator]) -> dict[int, tuple[str, tuple[int, ...]]]:
        """The rows of a table that are no items, by position: their role, and what they sum or divide.

        A row that calls itself a total, or has no label, and is the sum of the rows above it in every year,
        is one. A row that says "di cui" divides the one above it, unless it is greater.
        """
        found: dict[int, tuple[str, tuple[int, ...]]] = {}
        above: list[Indicator] = []
        for row in rows:
            words = normal(row.label.value)
            if re.match(rf"{self.wording['total']}\b|$", words) and _is_sum(row, above):
                found[row.position] = ("total", tuple(part.position for part in above))
                above = []
            elif re.match(self.wording["breakdown"], words) and above and _is_part(row, above[-1]):
                found[row.position] = ("breakdown", (above[-1].position,))
            else:
                above.append(row)
        return found

    def _first(self, rules: Sequence[Expression], text: str, concept: str) -> Expression | None:
        words = normal(text)
        words = re.sub(rf"^(?:{self.wording['before-counted']}\s+)+", "", f"{words} ").strip() or words
        mine = (rule for rule in rules if not rule.concepts or concept in rule.concepts)
        return next((rule for rule in mine if rule.pattern.search(words)), None)


def _usual(codes: Sequence[str]) -> str:
    """The most frequent one, the first of equals; empty where there is none."""
    return Counter(codes).most_common(1)[0][0] if codes else ""


def _is_sum(row: Indicator, parts: Sequence[Indicator]) -> bool:
    if len(parts) < 2 or not row.figures:
        return False
    return all(
        figure.value is not None
        and figure.value
        == sum(p.value for part in parts for p in part.figures if p.year == figure.year and p.value)
        for figure in row.figures
    )


def _is_part(row: Indicator, whole: Indicator) -> bool:
    of = {figure.year: figure.value for figure in whole.figures}
    return all(
        figure.value is None or (value := of.get(figure.year)) is None or figure.value <= value
        for figure in row.figures
    )


def segments_of(label: str, segments: Sequence[Segment]) -> tuple[int, ...]:
    """The positions of the segments that have a row's very name."""
    return tuple(one.position for one in segments if normal(one.name.value) == normal(label))
