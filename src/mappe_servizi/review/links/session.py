"""A session of review: the queue, and what a decision writes."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from mappe_servizi.errors import InputErrors, MappeError
from mappe_servizi.linking.decisions import Decision, load_decisions, places_of, resolve
from mappe_servizi.linking.links import Linked, link_lists
from mappe_servizi.linking.scorer import Scorer
from mappe_servizi.model.outputs import declared
from mappe_servizi.model.tables.providers import DecisionRow, Verdict
from mappe_servizi.pipeline.link.lists import Lists, named_apart
from mappe_servizi.pipeline.links import DECISIONS, registered
from mappe_servizi.pipeline.proposals import municipalities_of
from mappe_servizi.releases.opened import open_release
from mappe_servizi.review.links.merging import Merging, Why
from mappe_servizi.review.links.queue import PairQuestion, questions, shown
from mappe_servizi.review.writing import append_decision
from mappe_servizi.settings import Settings

VERDICTS: tuple[Verdict, ...] = ("accept", "reject", "unsure")


@dataclass
class LinkSession:
    """The pairs of a run that are open, and those decided in it.

    Attributes:
        registered: the IRIs of our own by the registries, which need not stand in a list.
        decided: the verdict of each question answered in this session, by its place.
    """

    linked: Linked
    queue: list[PairQuestion]
    path: Path
    own: str
    reviewer: str
    today: date
    merging: Merging | None = None
    registered: Collection[str] = ()
    decided: dict[int, Verdict] = field(default_factory=dict)

    def show(self, at: int) -> dict[str, object] | None:
        """The first open question from a place on, as the page shows it; None after the last."""
        for place in range(max(at, 0), len(self.queue)):
            if place not in self.decided:
                pair = shown(self.linked.matched, self.queue[place])
                return {**pair, "at": place, "open": len(self.queue) - len(self.decided)}
        return None

    def decide(self, at: int, verdict: Verdict, note: str) -> str:
        """Write a decision; returns what was written, in a sentence.

        Raises:
            MappeError: there is no such question, it is decided, or a table cannot be written.
        """
        if not 0 <= at < len(self.queue) or at in self.decided:
            raise MappeError("this pair is not open any more")
        question, matched = self.queue[at], self.linked.matched
        left, right = matched.rows[question.left], matched.rows[question.right]
        where = "; ".join(
            f"{matched.lists[matched.list_of[place]].name}{f' line {row.line}' if row.line else ''}"
            for place, row in ((question.left, left), (question.right, right))
        )
        why = Why(
            note.strip() or f"both rows side by side: {left.name} | {right.name}",
            f"{where}; probability {question.probability:.3f}; reviewed {self.today.isoformat()}",
        )
        merging = self.merging
        if verdict == "accept" and merging and merging.is_own(left.id) and merging.is_own(right.id):
            slug = merging.merge(left.id, right.id, why)
            said = f"one in the registry: {slug}"
        else:
            one, other = (
                matched.lists[matched.list_of[place]].decided_id(matched.rows[place])
                for place in (question.left, question.right)
            )
            row = DecisionRow(
                one, other, verdict, why.reason, why.evidence, "certain", self.reviewer, self.today
            )
            self._fits(row)
            append_decision(self.path, row)
            said = f"{verdict}: {DECISIONS}"
        self.decided[at] = verdict
        return said

    def _fits(self, row: DecisionRow) -> None:
        """Refuse a decision that contradicts those that stand: the next run would refuse all of them."""
        new = Decision(row.left, row.right, row.decision, row.reason, row.evidence, 0)
        try:
            resolve(
                [*load_decisions(self.path), new],
                self.linked.matched.lists,
                self.path,
                self.own,
                self.registered,
            )
        except InputErrors as refused:
            raise MappeError(f"not written, since {refused.errors[0].message}") from None


def open_session(
    settings: Settings, left: Path | None, right: Path | None, columns: dict[str, str], reviewer: str
) -> LinkSession:
    """Compare lists, and queue what nobody has decided.

    Args:
        left: a list; the release's own providers where there is none.
        right: another list; without it the first is compared with itself.

    Raises:
        InputError, InputErrors, MappeError: a list, a table or the release cannot be used.
    """
    scorer = Scorer.load(settings.knowledge)
    reader = Lists.load(settings.knowledge, scorer.reader.towns, columns)
    release = open_release(settings.release).path if left is None or left.is_dir() else None
    first = reader.read(left or _release(release))
    if left is None:  # a build's directory has another name each time
        first = replace(first, name=settings.release.name)
    lists = [first] if right is None else list(named_apart(first, reader.read(right)))
    path = settings.data / "providers" / DECISIONS
    decisions = load_decisions(path)
    own = f"{settings.base_uri}data/organization/"
    known = registered(settings)
    linked = link_lists(lists, scorer, resolve(decisions, lists, path, own, known))
    tables = left if left is not None and left.is_dir() else release
    uses, towns = _used(tables), municipalities_of(_providers(tables)) if tables else {}
    queue = questions(linked, places_of(decisions, lists), uses, towns)
    merging = Merging(settings, tables.resolve()) if tables else None
    return LinkSession(linked, queue, path, own, reviewer, date.today(), merging, known)


def _release(path: Path | None) -> Path:
    assert path is not None
    return path


def _providers(directory: Path) -> Path:
    return declared.TABLE.at(directory, table="providers")


def _used(directory: Path | None) -> Counter[str]:
    """How many services name each provider of a build."""
    found: Counter[str] = Counter()
    if directory is not None:
        with _providers(directory).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found[row["provider"]] += int(row["services"])
    return found
