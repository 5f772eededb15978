"""``python -m bench.linking``: links between real lists by names and towns, ours and the peers'.

Needs the dependency group ``linking``. Weights are tuned on the half of even fiscal codes, and so is each
peer's threshold (the best recall that keeps the precision asked for); figures are of the other half, in
the whole lists. Provinces never seen: the weights are trained anew without them.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from bench.linking.peers import PEERS, Pairs
from bench.linking.train import DIRECTORY, count, trained
from bench.linking.truth import Row, read, truth

from mappe_servizi.linking.candidates import candidates
from mappe_servizi.linking.decisions import Decided
from mappe_servizi.linking.frequencies import Frequencies
from mappe_servizi.linking.links import Linked, link_lists
from mappe_servizi.linking.listed import Listed, OrganizationList
from mappe_servizi.linking.scorecard import Scorecard
from mappe_servizi.linking.scorer import Scorer

Truth = Mapping[tuple[str, str], bool]
UNSEEN = (("TO",), ("CN",), ("AL", "AT"), ("NO", "VB"), ("BI", "VC"))
HEAD = "| | precision | recall | recall where names differ |\n|---|---|---|---|"


def run(lists: Iterable[tuple[str, Sequence[Row]]], scorer: Scorer) -> Linked:
    """Link lists as `mappe link` does."""
    read_ = [
        OrganizationList(name, [Listed(r.id, r.name, r.town) for r in sorted(rows, key=lambda r: r.id)])
        for name, rows in lists
    ]
    return link_lists(read_, scorer, Decided({}, {}, 0))


def pairs(linked: Linked, relations: Collection[str]) -> set[tuple[str, str]]:
    """The pairs of ids of links."""
    rows = linked.matched.rows
    return {(rows[x.left].id, rows[x.right].id) for x in linked.links if x.relation in relations}


def figures(found: Iterable[tuple[str, str]], true: Truth, of: Callable[[str], bool]) -> tuple[float, ...]:
    """Precision, recall, and recall of the pairs of which name or town differ, of a part of the left rows."""
    kept = {pair for pair in found if of(pair[0])}
    wanted = {pair for pair in true if of(pair[0])}
    hard = {pair for pair in wanted if true[pair]}
    right = kept & wanted
    return len(right) / max(len(kept), 1), len(right) / len(wanted), len(right & hard) / max(len(hard), 1)


def line(name: str, values: Iterable[float]) -> str:
    """A row of the table."""
    return f"| {name} | " + " | ".join(f"{value:.4f}" for value in values) + " |"


def threshold(found: Pairs, true: Truth, precision: float) -> float:
    """The lowest score that keeps a precision on the tuning half; the highest if none does."""
    ranked = sorted(((s, pair in true) for pair, s in found.items() if even(pair[0])), reverse=True)
    best, right = 1.1, 0
    for n, (score, is_true) in enumerate(ranked, 1):
        right += is_true
        last = n == len(ranked) or ranked[n][0] < score
        if last and right / n >= precision:
            best = score
    return best


def even(id_: str) -> bool:
    """Whether a row is of the tuning half."""
    return id_[-1] in "02468"


def odd(id_: str) -> bool:
    """Whether a row is of the test half."""
    return not even(id_)


def side_by_side(left: Sequence[Row], right: Sequence[Row], true: Truth) -> None:
    """Ours and the peers', on the test half."""
    linked = run((("left", left), ("right", right)), Scorer.load(DIRECTORY))
    print("\nTest half, whole lists, names and towns alone\n")
    print(HEAD)
    both = pairs(linked, ("sameAs", "closeMatch"))
    print(line("mappe link, closeMatch and sameAs", figures(both, true, odd)))
    print(line("mappe link, sameAs", figures(pairs(linked, ("sameAs",)), true, odd)))
    for name, peer in PEERS.items():
        found = peer(left, right)
        for precision in (0.995, 0.98):
            at = threshold(found, true, precision)
            if at > 1.0:
                print(f"| {name}: no threshold has a precision of {precision} on the tuning half | | | |")
                continue
            chosen = [pair for pair, score in found.items() if score >= at]
            print(line(f"{name}, from {at:.2f} (P {precision} when tuned)", figures(chosen, true, odd)))


def blocking(left: Sequence[Row], right: Sequence[Row], true: Truth) -> None:
    """How many true pairs are compared at all."""
    reader = Scorer.load(DIRECTORY).reader
    one, other = ([reader.read(r.name, r.town) for r in rows] for rows in (left, right))
    compared = {(left[at].id, right[to].id) for at, group in candidates(one, other) for to in group}
    share = sum(pair in compared for pair in true) / len(true)
    print(f"\nCompared: {len(compared)} pairs, {share:.4f} of the true ones")


def unseen(left: Sequence[Row], right: Sequence[Row], true: Truth) -> None:
    """Provinces of which neither weights nor frequencies know anything."""
    base = Scorer.load(DIRECTORY)
    towns = base.reader.towns
    province = {row.code: min(towns.provinces(towns.read(row.town)) or {"TO"}) for row in (*right, *left)}
    print("\nProvinces never seen (weights and frequencies of the others)\n")
    print(HEAD)
    every: dict[str, set[tuple[str, str]]] = {"closeMatch and sameAs": set(), "sameAs": set()}
    for held in UNSEEN:
        rest = [[r for r in rows if province[r.code] not in held] for rows in (left, right)]
        plain = replace(base.reader, frequencies=Frequencies())
        reader = replace(base.reader, frequencies=count([*rest[0], *rest[1]], plain))
        card = Scorecard.of(trained(*rest, reader, lambda _: True))
        lists = [[r for r in rows if province[r.code] in held] for rows in (left, right)]
        linked = run(zip(("left", "right"), lists, strict=True), Scorer(reader, card))
        ids = {row.id for rows in lists for row in rows}
        own = {pair: hard for pair, hard in true.items() if pair[0] in ids and pair[1] in ids}
        for name, relations in (("closeMatch and sameAs", ("sameAs", "closeMatch")), ("sameAs", ("sameAs",))):
            found = pairs(linked, relations)
            every[name] |= found
            print(line(f"{' '.join(held)}, {name}", figures(found, own, lambda _: True)))
    code = {row.id: province[row.code] for row in (*left, *right)}
    among = {
        p: h for p, h in true.items() if any(code[p[0]] in held and code[p[1]] in held for held in UNSEEN)
    }
    for name, found in every.items():
        print(line(f"all, {name}", figures(found, among, lambda _: True)))


def duplicates(left: Sequence[Row], right: Sequence[Row]) -> None:
    """Both lists as one, so that bodies stand in it twice: pairwise and B-cubed figures of the clusters."""
    rng = random.Random(5)
    rows = [r for r in (*left, *right) if odd(r.code)]
    rng.shuffle(rows)
    linked = run((("both", rows),), Scorer.load(DIRECTORY))
    code = {row.id: row.code for row in rows}
    cluster = {linked.matched.rows[at].id: linked.clusters.of[at] for at in range(len(linked.matched.rows))}
    print("\nThe test half of both lists as one list with duplicates: clusters\n")
    print("| | precision | recall |\n|---|---|---|")
    print(line("pairwise", _pairwise(code, cluster)))
    print(line("B-cubed", _b_cubed(code, cluster)))


def _groups(of: Mapping[str, object]) -> dict[object, set[str]]:
    groups: dict[object, set[str]] = defaultdict(set)
    for id_, name in of.items():
        groups[name].add(id_)
    return groups


def _pairwise(code: Mapping[str, object], cluster: Mapping[str, object]) -> tuple[float, float]:
    def joined(of: Mapping[str, object]) -> set[frozenset[str]]:
        return {frozenset((a, b)) for g in _groups(of).values() for a in g for b in g if a < b}

    true, found = joined(code), joined(cluster)
    return len(true & found) / len(found), len(true & found) / len(true)


def _b_cubed(code: Mapping[str, object], cluster: Mapping[str, object]) -> tuple[float, float]:
    true, found = _groups(code), _groups(cluster)
    shares = [
        (len(true[code[i]] & found[cluster[i]]), len(found[cluster[i]]), len(true[code[i]])) for i in code
    ]
    return sum(b / f for b, f, _ in shares) / len(code), sum(b / t for b, _, t in shares) / len(code)


def main() -> None:
    """Print every table."""
    left, right, true = read("left"), read("right"), truth()
    side_by_side(left, right, true)
    blocking(left, right, true)
    duplicates(left, right)
    unseen(left, right, true)


if __name__ == "__main__":
    main()
