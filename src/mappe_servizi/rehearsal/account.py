"""What a harvester goes away with: records, problems, notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Record = dict[str, Any]
"""A record's fields as a portal shows them: texts, lists of texts, or records."""


@dataclass(frozen=True, slots=True, order=True)
class Loss:
    """Something that a harvester loses, or would rather have otherwise.

    Attributes:
        about: the IRI or address that it is about.
        text: what is wrong.
        loss: whether something is lost or shown wrongly; else it is advice.
    """

    about: str
    text: str
    loss: bool = True


@dataclass(slots=True)
class Account:
    """What one harvester sees of a release.

    Attributes:
        name: of the harvester.
        records: by their key, an IRI as a rule.
        problems: what is wrong.
        notes: figures, and what was left out and why.
    """

    name: str
    records: dict[str, Record] = field(default_factory=dict)
    problems: list[Loss] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def lose(self, about: str, *texts: str) -> None:
        """Something is lost."""
        self.problems += [Loss(about, text) for text in texts]

    def advise(self, about: str, *texts: str) -> None:
        """Something might be better."""
        self.problems += [Loss(about, text, loss=False) for text in texts]

    @property
    def losses(self) -> int:
        """How many problems are losses."""
        return sum(problem.loss for problem in self.problems)


def missing(record: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    """A sentence for each field that a record lacks.

    >>> missing({"title": "Figures", "notes": ""}, ("title", "notes"))
    ['notes is missing']
    """
    return [f"{name} is missing" for name in names if record.get(name) in (None, "", [], {})]
