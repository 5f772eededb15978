"""The goals, on the half of real lists that the weights were not tuned on, by names and towns alone."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from helpers import Tell
from mappe_servizi.linking.decisions import Decided
from mappe_servizi.linking.links import Linked, link_lists
from mappe_servizi.linking.listed import Listed, OrganizationList
from mappe_servizi.linking.scorer import Scorer


def rows(path: Path) -> list[Listed]:
    with path.open(encoding="utf-8", newline="") as file:
        return [Listed(r["id"], r["name"], r["comune"]) for r in csv.DictReader(file)]


def in_test_half(id_: str) -> bool:
    return id_[-1] in "13579"


@pytest.fixture(scope="module")
def linked(reference: Path, scorer: Scorer) -> Linked:
    lists = [
        OrganizationList(side, rows(reference / "organizations" / f"{side}.csv"))
        for side in ("left", "right")
    ]
    return link_lists(lists, scorer, Decided({}, {}, 0))


def test_precision_and_recall_on_the_test_half(linked: Linked, reference: Path, tell: Tell) -> None:
    with (reference / "organizations" / "truth.csv").open(encoding="utf-8", newline="") as file:
        hard = {(r["left"], r["right"]): r["hard"] == "1" for r in csv.DictReader(file)}
    true = {pair for pair in hard if in_test_half(pair[0])}
    listed = linked.matched.rows
    for relations, precision, recall in ((("sameAs", "closeMatch"), 0.995, 0.95), (("sameAs",), 0.999, 0.85)):
        found = {
            (listed[x.left].id, listed[x.right].id)
            for x in linked.links
            if x.relation in relations and in_test_half(listed[x.left].id)
        }
        right = found & true
        differ = {pair for pair in true if hard[pair]}
        tell(
            f"test half, {' and '.join(relations)}: precision {len(right) / len(found):.4f}, "
            f"recall {len(right) / len(true):.4f}, where names differ {len(right & differ) / len(differ):.4f}"
        )
        assert len(right) / len(found) >= precision
        assert len(right) / len(true) >= recall


def test_every_true_pair_is_within_reach(linked: Linked, reference: Path, tell: Tell) -> None:
    """Renamed bodies apart, nothing true is lost because it was never compared."""
    scorer, reads = linked.matched.scorer, linked.matched.reads
    at = {row.id: n for n, row in enumerate(linked.matched.rows)}
    kept = {(p.left, p.right) for p in linked.matched.pairs}
    with (reference / "organizations" / "truth.csv").open(encoding="utf-8", newline="") as file:
        pairs = [(at[r["left"]], at[r["right"]]) for r in csv.DictReader(file)]
    likely = [p for p in pairs if (c := scorer.pair(reads[p[0]], reads[p[1]])) and c.odds >= 0.0]
    lost = [p for p in likely if p not in kept]
    tell(f"true pairs: {len(pairs)}, likely by their names {len(likely)}, never compared {len(lost)}")
    assert len(lost) <= 0.002 * len(pairs)
