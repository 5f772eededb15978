"""Decisions about pairs: what people accepted or rejected goes before identifiers and the model."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rapidfuzz import fuzz, process

from mappe_servizi.errors import InputError, InputErrors, gathered
from mappe_servizi.linking.listed import Listed, OrganizationList
from mappe_servizi.model.tables import Errors, read_file
from mappe_servizi.model.tables.common import Certainty
from mappe_servizi.model.tables.providers import DECISIONS, Verdict

_SPACE = re.compile(r"^.*[/#:]")
"""The part of an id before its own part: ids that share it come from one list."""
_IN_LIST = re.compile(r"#(?:id|row)=")
"""In ids that say of which list they are."""


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
    found: dict[tuple[str, str], Decision] = {}
    errors: Errors = []
    for item in read_file(DECISIONS, path, errors=errors):
        row, line = item.row, item.line
        # Of bare numbers the other way round is another pair: ids of two lists are two spaces.
        known = _space(row.left) or _space(row.right)
        pair = (min(row.left, row.right), max(row.left, row.right)) if known else (row.left, row.right)
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
    decisions: Iterable[Decision],
    lists: Sequence[OrganizationList],
    path: Path,
    own: str,
    known: Collection[str] = (),
) -> Decided:
    """Find the rows that decisions are about.

    Args:
        path: of the decisions, for errors.
        own: what the IRIs of the instance's own providers begin with.
        known: those that the registries have, which need not stand in a list.

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
            if said := places.misspelt(decision, own, known):
                errors.append(InputError(said, file=path, line=decision.line))
            elsewhere += 1
        elif pair[0] == pair[1]:
            errors.append(InputError("both ids are of one row", file=path, line=decision.line))
        elif decision.verdict != "unsure":
            if before := found.accepted.get(pair) or found.rejected.get(pair):
                said = f"this pair is decided twice, first on line {before.line}"
                errors.append(InputError(said, file=path, line=decision.line))
            else:
                (found.accepted if decision.verdict == "accept" else found.rejected)[pair] = decision
    errors += _contradictions(found, places, path, own)
    if errors:
        raise InputErrors(sorted(errors, key=lambda e: e.line or 0))
    return Decided(found.accepted, found.rejected, elsewhere)


def places_of(decisions: Iterable[Decision], lists: Sequence[OrganizationList]) -> set[tuple[int, int]]:
    """The pairs of rows (the smaller place first) that anything is said of, "unsure" too."""
    places = _Places(lists)
    found = (places.pair(decision.left, decision.right) for decision in decisions)
    return {pair for pair in found if pair is not None}


class _Places:
    """Where each id stands: its place among the rows of all lists."""

    def __init__(self, lists: Sequence[OrganizationList]) -> None:
        self.by_id: list[dict[str, int]] = []
        self.rows: list[Listed] = []
        self.list_of: list[int] = []
        for at, found in enumerate(lists):
            start = len(self.rows)
            places = {row.id: start + n for n, row in enumerate(found.rows)}
            places |= {found.decided_id(row): start + n for n, row in enumerate(found.rows)}
            self.by_id.append(places)
            self.rows += found.rows
            self.list_of += [at] * len(found.rows)
        self.known = [id_ for places in self.by_id for id_ in places]
        self.spaces = {_space(id_) for id_ in self.known}

    def pair(self, left: str, right: str) -> tuple[int, int] | None:
        """The rows of two ids: left in the first list and right in the second, if that can be."""
        first, last = self.by_id[0], self.by_id[-1]
        for one, other in ((first, last), (last, first), (first, first), (last, last)):
            if left in one and right in other:
                pair = one[left], other[right]
                return min(pair), max(pair)
        return None

    def misspelt(self, decision: Decision, own: str, registered: Collection[str]) -> str:
        """What is wrong with a decision of which an id is in no list; "" if it is about other lists."""
        for id_ in (decision.left, decision.right):
            if id_ in registered or any(id_ in known for known in self.by_id):
                continue
            ours = id_.startswith(own)
            # A number of last year's list is like one of this year's, and is no slip.
            known = [] if _IN_LIST.search(id_) else [*self.known, *(registered if ours else ())]
            like = process.extractOne(id_, known, scorer=fuzz.ratio, score_cutoff=90.0)
            if like or (ours and registered) or _space(id_) in self.spaces:
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
