"""From lists to links: identifiers and decisions first, then the model, then clusters."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from mappe_servizi.linking.clusters import Clusters, by_cluster, cluster
from mappe_servizi.linking.comparing import CERTAIN, Comparison, Scored, all_of
from mappe_servizi.linking.decisions import Decided, Decision
from mappe_servizi.linking.listed import OrganizationList
from mappe_servizi.linking.matching import Matched, match
from mappe_servizi.linking.reading import Read
from mappe_servizi.linking.scorecard import log_odds, probability
from mappe_servizi.linking.scorer import Scorer
from mappe_servizi.model.identifiers import slugify

AHEAD = 1.0
"""Log odds that a sameAs is ahead of what its rows might be as well: where two fit alike, nothing is sure."""
Relation = Literal["sameAs", "closeMatch", "rejected"]
By = Literal["reviewer", "identifier", "model"]


@dataclass(frozen=True, slots=True)
class Link:
    """A pair of rows (their places in ``Matched.rows``) and what they are to each other.

    Attributes:
        score: the probability, 0 to 1; of what a person decided, 1 or 0.
    """

    left: int
    right: int
    relation: Relation
    score: float
    by: By
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class Linked:
    """All that a run found.

    Attributes:
        links: between the two lists, or within the one; best first, rejected ones last.
        names: the stable name of each cluster of two rows and more, by its number in ``clusters``.
    """

    matched: Matched
    clusters: Clusters
    names: dict[int, str]
    links: list[Link]


def link_lists(
    lists: Sequence[OrganizationList],
    scorer: Scorer,
    decided: Decided,
    score: Callable[[Comparison], Iterable[Scored]] = all_of,
) -> Linked:
    """Link one list with itself, or two with each other; ``score`` makes the comparisons."""
    matched = match(lists, scorer, score)
    clusters = cluster(matched, log_odds(scorer.card.link), decided.accepted, decided.rejected)
    names = {number: _name(matched, rows) for number, rows in by_cluster(clusters).items()}
    return Linked(matched, clusters, names, _links(matched, clusters, decided))


def _links(matched: Matched, clusters: Clusters, decided: Decided) -> list[Link]:
    """Pairs within a cluster: decided ones first, then the model's from the threshold on, then rejections."""
    card = matched.scorer.card
    least, same = log_odds(card.link), log_odds(card.same)
    rivals, taken = _rivals(matched, clusters), set[int]()
    one_list = len(matched.lists) == 1

    def shown(pair: tuple[int, int]) -> bool:
        return one_list or matched.list_of[pair[0]] != matched.list_of[pair[1]]

    links = [Link(*pair, "sameAs", 1.0, "reviewer", d) for pair, d in decided.accepted.items() if shown(pair)]
    for pair in matched.pairs:
        key = pair.left, pair.right
        if pair.odds < least or key in decided.accepted or key in decided.rejected:
            continue
        if not shown(key) or clusters.of[pair.left] != clusters.of[pair.right]:
            continue
        by: By = "identifier" if pair.odds >= CERTAIN else "model"
        ahead = pair.odds - max(rivals.get(pair.left, -CERTAIN), rivals.get(pair.right, -CERTAIN))
        # Of rows of one list that fit alike, the first, which is printed most alike, is the same.
        first = by == "identifier" or one_list or not taken & {pair.left, pair.right}
        taken |= {pair.left, pair.right}
        placed = by == "identifier" or _one_place(matched.reads[pair.left], matched.reads[pair.right])
        sure = pair.odds >= same and ahead >= AHEAD and first and placed
        relation: Relation = "sameAs" if sure else "closeMatch"
        links.append(Link(pair.left, pair.right, relation, round(probability(pair.odds), 6), by))
    links += [
        Link(*pair, "rejected", 0.0, "reviewer", d) for pair, d in decided.rejected.items() if shown(pair)
    ]
    return links


def _one_place(a: Read, b: Read) -> bool:
    """Whether two rows are known to be of one town: a name alone is never sure."""
    return bool(a.town and (a.town == b.town or a.town in b.named)) or bool(b.town and b.town in a.named)


def _rivals(matched: Matched, clusters: Clusters) -> dict[int, float]:
    """For each row, the log odds of its best pair with a row of another cluster."""
    found: dict[int, float] = {}
    for pair in matched.pairs:
        if clusters.of[pair.left] != clusters.of[pair.right]:
            for row in (pair.left, pair.right):
                found[row] = max(found.get(row, pair.odds), pair.odds)
    return found


def _name(matched: Matched, rows: Sequence[int]) -> str:
    """A cluster's name: it stays while its first member, in the order of lists and ids, stays."""
    first = min(rows, key=lambda row: (matched.list_of[row], matched.rows[row].id))
    listed = matched.rows[first]
    space = matched.lists[matched.list_of[first]].name
    digest = hashlib.sha256(f"{space}\n{listed.id}".encode()).hexdigest()[:8]
    return f"{slugify(listed.name, 48)}-{digest}"


def roles(linked: Linked) -> list[tuple[Scored, str]]:
    """Pairs that made the clusters what they are: "holds" joined two parts, "kept apart" was refused."""
    holding = [(pair, "holds") for pair in linked.clusters.holding]
    return [*holding, *((pair, "kept apart") for pair in linked.clusters.refused)]
