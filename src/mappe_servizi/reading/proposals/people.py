"""Which of an official's names is the given one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.proposals import GIVEN_NAMES
from mappe_servizi.model.text import normal
from mappe_servizi.reading.proposals.evidence import Rule


@dataclass(frozen=True, slots=True)
class Parted:
    """A name in two, and the rule that parted it."""

    given: str
    family: str
    rule: Rule


def load_given_names(knowledge: Path) -> frozenset[str]:
    """Common given names, folded.

    Raises:
        InputError, InputErrors: a cell cannot be used.
    """
    return frozenset(normal(row.name) for row in read_rows(GIVEN_NAMES, knowledge / GIVEN_NAMES.file))


def parted(name: str, given: Collection[str]) -> Parted | None:
    """Given and family name of a name without titles; None of one word.

    The given names are those at one end that are common ones; where both ends are, or none is, the family
    name is the first, as lists have it, and somebody should look.

    >>> found = parted("Di Girolamo Gabriella", {"gabriella"})
    >>> (found.given, found.family)
    ('Gabriella', 'Di Girolamo')
    """
    words = name.split()
    if len(words) < 2:
        return None
    known = [normal(word) in given for word in words]
    first = next((i for i, one in enumerate(known) if not one), len(words) - 1)
    last = next((i for i, one in enumerate(reversed(known)) if not one), len(words) - 1)
    if first and not last:
        return Parted(" ".join(words[:first]), " ".join(words[first:]), _rule("a given name stands first"))
    if last and not first:
        cut = len(words) - last
        return Parted(" ".join(words[cut:]), " ".join(words[:cut]), _rule("a given name stands last"))
    return Parted(words[-1], " ".join(words[:-1]), _rule("no word tells"))


def _rule(name: str) -> Rule:
    return Rule("people", name, name)
