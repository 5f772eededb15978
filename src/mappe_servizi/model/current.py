"""Which of several editions' statements of one thing holds (reference: model of editions, decision 0029)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class EditionStatement(Generic[Thing]):
    """What one edition says of a thing that others may speak of too.

    Attributes:
        edition: which.
        thing: what is stated.
        known: whether it says how it is: a number, not "n.d.".
    """

    edition: int
    thing: Thing
    known: bool


@dataclass(frozen=True, slots=True)
class Settled(Generic[Thing]):
    """What holds of a thing.

    Attributes:
        current: the statement that holds.
        replaces: each statement that took the place of an older one, with that one.
        unheard: the newer statements that know less than the one that holds.
    """

    current: EditionStatement[Thing]
    replaces: tuple[tuple[EditionStatement[Thing], EditionStatement[Thing]], ...] = ()
    unheard: tuple[EditionStatement[Thing], ...] = ()


def settle(statements: Sequence[EditionStatement[Thing]], chosen: int | None = None) -> Settled[Thing]:
    """Say which of the statements of one thing holds.

    The newest does, but one that does not know never takes the place of one that does. A decision may
    name the edition that holds instead: what newer ones say then takes no one's place.

    Args:
        statements: at least one, of as many editions, in any order.
        chosen: the edition that a decision names.

    Raises:
        LookupError: the edition that the decision names states nothing of it.

    >>> n2019, n2020, nd2021 = (EditionStatement(y, y, y < 2021) for y in (2019, 2020, 2021))
    >>> settle([nd2021, n2020, n2019]).current.edition
    2020
    >>> settle([n2019, n2020], chosen=2019).current.edition
    2019
    """
    ordered = sorted(statements, key=lambda statement: statement.edition)
    if chosen is not None:
        ordered = [statement for statement in ordered if statement.edition <= chosen]
        if not ordered or ordered[-1].edition != chosen:
            raise LookupError(chosen)
    current, replaces, unheard = ordered[0], [], []
    for statement in ordered[1:]:
        if statement.known or not current.known or statement.edition == chosen:
            replaces.append((statement, current))
            current = statement
        else:
            unheard.append(statement)
    return Settled(current, tuple(replaces), tuple(unheard))
