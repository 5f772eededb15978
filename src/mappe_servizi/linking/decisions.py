"""Decisions about pairs: what people accepted or rejected goes before identifiers and the model."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rapidfuzz import fuzz, process

from mappe_servizi.errors import InputError, InputErrors, gathered
from mappe_servizi.linking.listed import Listed, OrganizationList
from mappe_servizi.model.tables import Errors, read_file
from mappe_servizi.model.tables.municipality import Certainty
from mappe_servizi.model.tables.providers import DECISIONS, Verdict

_SPACE = re.compile(r"^.*[/#:]")
"""The part of an id before its own part: ids that share it come from one list."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A reviewed pair, with the line of the file that it stands on.

    Attributes:
        verdict: "unsure" keeps a pair open: it was looked at, and decides nothing.
        decided: the day, None where it is not told.
    """

    left: str
    right: str
    verdict: Verdict
    reason: str
    evidence: str
    line: int
    certainty: Certainty = "certain"
    reviewer: str = ""
    decided: date | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """Decisions about the rows of a run: pairs of rows (the smaller place first) with their decision."""

    accepted: dict[tuple[int, int], Decision]
    rejected: dict[tuple[int, int], Decision]
    elsewhere: int
    """How many decisions are about other lists."""


def load_decisions(path: Path) -> list[Decision]:
    """Read decisions.csv; there may be none yet.

    Raises:
        InputError, InputErrors: a cell cannot be used, or a pair is decided twice; all of them at once.
    """
    found: dict[frozenset[str], Decision] = {}
    errors: Errors = []
    for item in read_file(DECISIONS, path, errors=errors):
        row, line = item.row, item.line
        pair = frozenset((row.left, row.right))
        before = found.get(pair)
        if before and before.verdict != "unsure":
            said = f"this pair is decided twice, first on line {before.line}"
            errors.append(InputError(said, file=path, line=line))
            continue
        found[pair] = Decision(
            row.left, row.right, row.decision, row.reason, row.evidence, line,
            row.certainty, row.reviewer, row.decided,
        )  # fmt: skip
    gathered(errors)
    return list(found.values())


def resolve(
    decisions: Iterable[Decision], lists: Sequence[OrganizationList], path: Path, own: str
) -> Decided:
    """Find the rows that decisions are about.

    Args:
        path: of the decisions, for errors.
        own: what the IRIs of the instance's own providers begin with.

    Raises:
        InputErrors: an id is misspelt, or decisions contradict each other.
    """
    places = _Places(lists)
    errors: list[InputError] = []
    found = Decided({}, {}, 0)
    elsewhere = 0
    for decision in decisions:
        pair = places.pair(decision.left, decision.right)
        if pair is None:
            if said := places.misspelt(decision):
                errors.append(InputError(said, file=path, line=decision.line))
            elsewhere += 1
        elif pair[0] == pair[1]:
            errors.append(InputError("both ids are of one row", file=path, line=decision.line))
        elif decision.verdict != "unsure":
            (found.accepted if decision.verdict == "accept" else found.rejected)[pair] = decision
    errors += _contradictions(found, places, path, own)
    if errors:
        raise InputErrors(sorted(errors, key=lambda e: e.line or 0))
    return Decided(found.accepted, found.rejected, elsewhere)


class _Places:
    """Where each id stands: its place among the rows of all lists."""

    def __init__(self, lists: Sequence[OrganizationList]) -> None:
        self.by_id: list[dict[str, int]] = []
        self.rows: list[Listed] = []
        self.list_of: list[int] = []
        for at, found in enumerate(lists):
            start = len(self.rows)
            self.by_id.append({row.id: start + n for n, row in enumerate(found.rows)})
            self.rows += found.rows
            self.list_of += [at] * len(found.rows)
        self.spaces = {_space(row.id) for row in self.rows}

    def pair(self, left: str, right: str) -> tuple[int, int] | None:
        """The rows of two ids: left in the first list and right in the second, if that can be."""
        first, last = self.by_id[0], self.by_id[-1]
        for one, other in ((first, last), (last, first), (first, first), (last, last)):
            if left in one and right in other:
                pair = one[left], other[right]
                return min(pair), max(pair)
        return None

    def misspelt(self, decision: Decision) -> str:
        """What is wrong with a decision of which an id is in no list; "" if it is about other lists."""
        for id_ in (decision.left, decision.right):
            if any(id_ in known for known in self.by_id):
                continue
            known = [row.id for row in self.rows]
            like = process.extractOne(id_, known, scorer=fuzz.ratio, score_cutoff=90.0)
            if like or _space(id_) in self.spaces:
                hint = f"; did you mean {like[0]!r}?" if like else ""
                return f"no list has the id {id_!r}{hint}"
        return ""


def _space(id_: str) -> str:
    found = _SPACE.match(id_)
    return found[0] if found else ""


def _contradictions(found: Decided, places: _Places, path: Path, own: str) -> Iterable[InputError]:
    """Rows accepted as one though two are rejected, are our own, or of one list and not said to be one."""
    groups = _groups(found.accepted)
    group_of = {row: number for number, rows in enumerate(groups) for row in rows}
    for pair, decision in found.rejected.items():
        if pair[0] in group_of and group_of[pair[0]] == group_of.get(pair[1]):
            said = f"rejects {decision.left} and {decision.right}, which accepted pairs make one"
            yield InputError(said, file=path, line=decision.line)
    for rows in groups:
        for at, one in enumerate(rows):
            for other in rows[at + 1 :]:
                if said := _apart(one, other, places, found, own):
                    lines = sorted(d.line for pair, d in found.accepted.items() if {one, other} & set(pair))
                    yield InputError(
                        f"{said} (lines {', '.join(map(str, lines))})", file=path, line=lines[-1]
                    )


def _apart(one: int, other: int, places: _Places, found: Decided, own: str) -> str:
    a, b = places.rows[one], places.rows[other]
    if a.id.startswith(own) and b.id.startswith(own) and a.id != b.id:
        return f"accepted pairs make one of {a.id} and {b.id}, both our own: merge them in the registry"
    if places.list_of[one] == places.list_of[other] and (one, other) not in found.accepted:
        return (
            f"accepted pairs make one of {a.id} and {b.id}, two rows of one list; "
            "if they are, accept them as a pair too"
        )
    return ""


def _groups(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Rows that pairs join, each group in order."""
    near: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        near[one].add(other)
        near[other].add(one)
    groups, seen = [], set[int]()
    for start in sorted(near):
        if start in seen:
            continue
        group, todo = set[int](), [start]
        while todo:
            row = todo.pop()
            if row not in group:
                group.add(row)
                todo += near[row]
        seen |= group
        groups.append(sorted(group))
    return groups
