"""Clusters: rows that are one organisation, as far as the pairs hold together.

Pairs are taken best first. One that would merge two clusters of which rows of one list are kept
apart (by the model, by an identifier, by a person) is refused, and told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mappe_servizi.linking.comparing import CERTAIN, LEAST, Scored
from mappe_servizi.linking.matching import Matched

NEVER = -1000.0
"""Log odds of rows that a person or the user keeps apart: no other pair makes up for it."""


@dataclass
class Clusters:
    """The outcome.

    Attributes:
        of: the cluster of each row, named by the place of its first row.
        members: rows of each cluster, in order.
        holding: pairs that brought a cluster's parts together, best first.
        refused: pairs that would merge two clusters kept apart.
    """

    of: list[int]
    members: dict[int, list[int]]
    holding: list[Scored] = field(default_factory=list)
    refused: list[Scored] = field(default_factory=list)


def cluster(
    matched: Matched, link: float, accepted: Iterable[tuple[int, int]], rejected: Iterable[tuple[int, int]]
) -> Clusters:
    """Merge rows along their pairs.

    Args:
        link: log odds from which on a pair may merge.
        accepted, rejected: what people decided about pairs of rows.
    """
    odds = _same_list(matched, rejected)
    of = list(range(len(matched.rows)))
    members = {at: [at] for at in of}
    found = Clusters(of, members)
    decided = [Scored(min(pair), max(pair), CERTAIN) for pair in accepted]
    forced = {(pair.left, pair.right) for pair in decided}
    # What people and identifiers decide comes first, then the model's pairs, best first.
    for pair in [*decided, *(p for p in matched.pairs if p.odds >= link and (p.left, p.right) not in forced)]:
        one, other = of[pair.left], of[pair.right]
        if one == other:
            continue
        if (pair.left, pair.right) not in forced and not _fits(
            matched, odds, members[one], members[other], sure=pair.odds >= CERTAIN
        ):
            found.refused.append(pair)
            continue
        found.holding.append(pair)
        keep, gone = min(one, other), max(one, other)
        for row in members[gone]:
            of[row] = keep
        members[keep] = sorted([*members[keep], *members.pop(gone)])
    return found


def _same_list(matched: Matched, rejected: Iterable[tuple[int, int]]) -> dict[tuple[int, int], float]:
    """Log odds of the pairs that can keep clusters apart: within one list, and whatever is decided."""
    list_of = matched.list_of
    found = {(p.left, p.right): p.odds for p in matched.pairs if list_of[p.left] == list_of[p.right]}
    found |= {(p.left, p.right): NEVER for p in matched.apart}
    found |= {(min(pair), max(pair)): NEVER for pair in rejected}
    return found


def _fits(
    matched: Matched,
    odds: dict[tuple[int, int], float],
    one: Sequence[int],
    other: Sequence[int],
    *,
    sure: bool,
) -> bool:
    """Whether what is known of the rows of two clusters, taken together, lets them be one."""
    list_of, lists = matched.list_of, matched.lists
    total, count = 0.0, 0
    for row in one:
        for to in other:
            pair = (row, to) if row < to else (to, row)
            known = odds.get(pair)
            if known == NEVER:
                return False
            if list_of[row] != list_of[to]:
                continue
            if lists[list_of[row]].unique:
                return False
            total += known if known is not None else LEAST + matched.within[list_of[row]]
            count += 1
    return sure or count == 0 or total / count >= 0.0


def by_cluster(found: Clusters) -> dict[int, list[int]]:
    """The clusters of more than one row."""
    groups: dict[int, list[int]] = defaultdict(list)
    for row, name in enumerate(found.of):
        groups[name].append(row)
    return {name: rows for name, rows in groups.items() if len(rows) > 1}
