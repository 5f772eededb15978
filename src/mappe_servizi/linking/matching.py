"""Every pair of rows of one or two lists that is worth a decision, with its odds.

Pairs lie between the lists, and within each: an organisation may stand in a list twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import log, sqrt

from rapidfuzz import fuzz

from mappe_servizi.linking.comparing import CERTAIN, LEAST, Comparison, Scored, all_of
from mappe_servizi.linking.identifiers import IdentifierEvidence, evidence
from mappe_servizi.linking.listed import Listed, OrganizationList
from mappe_servizi.linking.reading import Read, in_list
from mappe_servizi.linking.scorecard import log_odds
from mappe_servizi.linking.scorer import Pair, Scorer
from mappe_servizi.model.tables.linking import CODES

SURE = log_odds(0.95)
PSEUDO, TWICE = 5.0, 0.1
"""A list is judged as if it had so many rows more, of which this share stands in it twice."""
FEWEST = 0.0005
"""Share of a list's rows that stand in it twice where none is seen to."""


@dataclass
class Matched:
    """Rows of all lists in one sequence, and their pairs.

    Attributes:
        rows: the rows, list after list; ``list_of`` tells the list of each.
        pairs: those between two lists, and within one, best first.
        apart: those whose codes say that they are two.
        between, within: what the lists themselves say, already in the odds of the pairs: how
            much they overlap, and for each list how often a body stands in it twice.
    """

    lists: Sequence[OrganizationList]
    rows: list[Listed]
    list_of: list[int]
    reads: list[Read]
    scorer: Scorer
    pairs: list[Scored] = field(default_factory=list)
    apart: list[Scored] = field(default_factory=list)
    between: float = 0.0
    within: list[float] = field(default_factory=list)

    def compare(self, left: int, right: int) -> Pair | None:
        """Two rows' comparison by names and towns alone, for explanations."""
        return self.scorer.pair(self.reads[left], self.reads[right])

    def evidence(self, left: int, right: int) -> IdentifierEvidence:
        """What the identifiers of two rows say."""
        return evidence(self.rows[left].identifiers, self.rows[right].identifiers)


def match(
    lists: Sequence[OrganizationList],
    scorer: Scorer,
    score: Callable[[Comparison], Iterable[Scored]] = all_of,
) -> Matched:
    """Compare one list with itself, or two with each other and each with itself.

    Args:
        lists: one or two.
        scorer: of two rows.
        score: makes a comparison, in the order that it has by itself: here, or on other machines.
    """
    rows = [row for found in lists for row in found.rows]
    list_of = [at for at, found in enumerate(lists) for _ in found.rows]
    cores = [[scorer.reader.core(row.name) for row in found.rows] for found in lists]
    counted = [
        [(core, row.town) for core, row in zip(known, found.rows, strict=True)]
        for known, found in zip(cores, lists, strict=True)
    ]
    scorer = scorer.for_lists(counted, round(sqrt(len(lists[0].rows) * len(lists[-1].rows))))
    reader = scorer.reader
    reads: list[Read] = []
    for found, known in zip(lists, cores, strict=True):
        read = [
            reader.read(core, row.town, row.near, row.province)
            for row, core in zip(found.rows, known, strict=True)
        ]
        reads += in_list(read, reader.towns, reader.frequencies)
    matched = Matched(lists, rows, list_of, reads, scorer)
    starts = [list_of.index(at) if found.rows else 0 for at, found in enumerate(lists)]
    within = []
    for at, found in enumerate(lists):
        raw = (
            []
            if found.unique
            else list(_pairs(matched, range(starts[at], starts[at] + len(found.rows)), None, score))
        )
        matched.within.append(_prior(_in_pairs(raw), len(found.rows), scorer.card.overlap, TWICE, FEWEST))
        within += [Scored(p.left, p.right, p.odds + _unless_certain(p, matched.within[at])) for p in raw]
    if len(lists) > 1:
        first, second = (range(s, s + len(found.rows)) for s, found in zip(starts, lists, strict=True))
        raw = list(_pairs(matched, first, second, score))
        seen = len({p.left for p in raw if p.odds >= SURE}), len({p.right for p in raw if p.odds >= SURE})
        shorter = min(len(first), len(second))
        matched.between = _prior(min(seen), shorter, scorer.card.overlap, scorer.card.overlap, 0.0)
        within += [Scored(p.left, p.right, p.odds + _unless_certain(p, matched.between)) for p in raw]
    matched.apart = [pair for pair in within if pair.odds <= -CERTAIN]
    matched.pairs = [pair for pair in within if pair.odds >= LEAST]
    matched.pairs.sort(key=lambda p: (-round(p.odds, 1), -_printed(reads, p), p.left, p.right))
    return matched


def _printed(reads: Sequence[Read], pair: Scored) -> float:
    """How like two names are with their forms: of pairs that fit alike, the one printed alike goes first."""
    return fuzz.ratio(reads[pair.left].printed, reads[pair.right].printed)


def _unless_certain(pair: Scored, prior: float) -> float:
    return 0.0 if abs(pair.odds) >= CERTAIN else prior


def _in_pairs(pairs: Iterable[Scored]) -> int:
    """How many rows are surely in the list twice."""
    return len({row for p in pairs if p.odds >= SURE for row in (p.left, p.right)})


def _prior(seen: int, rows: int, trained: float, usual: float, fewest: float) -> float:
    """How much less (log odds) a pair is to be expected than in the lists that were trained on."""
    share = max((seen + PSEUDO * usual) / (rows + PSEUDO), fewest)
    return min(max(log(share / trained), log(FEWEST)), 0.0)


def _pairs(
    matched: Matched, left: range, right: range | None, score: Callable[[Comparison], Iterable[Scored]]
) -> Iterator[Scored]:
    """Pairs by identifiers and by name; of one list with itself, each once."""
    known = set()
    for one, two in _by_code(matched.rows, left, left if right is None else right):
        if right is None and one >= two:
            continue
        if matched.evidence(one, two).verdict == "same":
            known.add((one, two))
            yield Scored(one, two, CERTAIN)
    identifiers = [row.identifiers for row in matched.rows]
    yield from score(Comparison(matched.reads, identifiers, matched.scorer, left, right, frozenset(known)))


def _by_code(rows: Sequence[Listed], left: Sequence[int], right: Sequence[int]) -> set[tuple[int, int]]:
    """Rows that have a code in common; a value that too many have is nobody's."""
    have: dict[str, list[int]] = defaultdict(list)
    for at in right:
        for key in _codes(rows[at]):
            have[key].append(at)
    return {(at, to) for at in left for key in _codes(rows[at]) for to in have.get(key, ())[:50]}


def _codes(row: Listed) -> set[str]:
    """Codes with the kind of their number: a VAT number may be a fiscal code."""
    return {
        f"{'fiscal' if scheme in ('taxcode', 'vat') else scheme} {value}"
        for scheme, value in row.identifiers.items()
        if scheme in CODES
    }
