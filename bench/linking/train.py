"""``python -m bench.linking.train``: train the scorecard on the tuning half, and count words and names.

Needs scikit-learn (dependency group ``linking``). An additive model of steps: boosted trees of
which each looks at one feature only add up to one table a feature; likeness may only help.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from bench.linking.truth import ROOT, Row, draws, read
from sklearn.ensemble import HistGradientBoostingClassifier

from mappe_servizi.linking.candidates import candidates
from mappe_servizi.linking.features import FEATURES, compare
from mappe_servizi.linking.frequencies import TOTAL, Frequencies
from mappe_servizi.linking.reading import Read, Reader, in_list
from mappe_servizi.linking.scorecard import WEIGHTS
from mappe_servizi.model.tables.linking import NAME_FREQUENCIES, WORD_FREQUENCIES

DIRECTORY = ROOT / "data" / "knowledge"
HELPS = dict.fromkeys(
    (
        "cover",
        "contained",
        "shared",
        "letters",
        "sorted",
        "set",
        "start",
        "town",
        "forms",
        "spelt",
    ),
    1,
) | dict.fromkeys(
    ("over_less", "over_more", "strongest", "sport", "numbers", "bearers", "place", "local", "bare"), -1
)
THRESHOLDS = {"closeMatch": 0.4, "sameAs": 0.95}
OVERLAP = 0.85
ROUNDS, RATE, PENALTY, SMALLEST, SEED = 150, 0.1, 2.0, 15, 1


def count(rows: Iterable[Row], reader: Reader) -> Frequencies:
    """The words and names of distinct organisations."""
    by_code = {row.code: reader.core(row.name).words for row in rows}
    return Frequencies.of(by_code[code] for code in sorted(by_code))


def reads(rows: Sequence[Row], reader: Reader) -> list[Read]:
    """Rows read as `mappe link` reads them."""
    return in_list(
        [reader.read(row.name, row.town, row.near) for row in rows], reader.towns, reader.frequencies
    )


def pairs(
    left: Sequence[Row], right: Sequence[Row], reader: Reader
) -> list[tuple[Row, Row, tuple[float, ...]]]:
    """Every pair that is compared, with its features."""
    one, other = reads(left, reader), reads(right, reader)
    found = []
    for at, group in candidates(one, other):
        for to in group:
            features = compare(one[at], other[to], reader.frequencies)
            if features is not None:
                found.append((left[at], right[to], features))
    return found


def fit(
    lists: Iterable[tuple[Sequence[Row], Sequence[Row]]], reader: Reader
) -> HistGradientBoostingClassifier:
    """The additive model of the pairs of several pairs of lists."""
    found = [pair for left, right in lists for pair in pairs(left, right, reader)]
    features = np.array([pair[2] for pair in found])
    same = np.array([pair[0].code == pair[1].code for pair in found])
    model = HistGradientBoostingClassifier(
        max_iter=ROUNDS, learning_rate=RATE, max_leaf_nodes=10, l2_regularization=PENALTY,
        min_samples_leaf=SMALLEST, monotonic_cst=[HELPS.get(name, 0) for name in FEATURES],
        interaction_cst="no_interactions", random_state=SEED, early_stopping=False,
    )  # fmt: skip
    return model.fit(features, same)


def steps(model: HistGradientBoostingClassifier) -> dict[str, dict[str, list[float]]]:
    """The trees of one feature added up: where its steps end, and what each weighs."""
    cuts: dict[int, set[float]] = {at: set() for at in range(len(FEATURES))}
    trees: list[tuple[int, Any]] = []
    for (predictor,) in model._predictors:
        nodes = predictor.nodes
        used = {int(n["feature_idx"]) for n in nodes if not n["is_leaf"]}
        assert len(used) <= 1, "a tree looks at one feature"
        for feature in used:
            cuts[feature] |= {float(n["num_threshold"]) for n in nodes if not n["is_leaf"]}
            trees.append((feature, nodes))
    found = {}
    for at, name in enumerate(FEATURES):
        ends = sorted(cuts[at])
        weights = []
        for value in [*ends, float("inf")]:  # a value at the end of a step belongs to it
            weights.append(sum(leaf(nodes, value) for feature, nodes in trees if feature == at))
        found[name] = simplified([round(end, 4) for end in ends], [round(w, 3) for w in weights])
    return found


def leaf(nodes: Any, value: float) -> float:
    """What a tree says of a value of its feature."""
    at = 0
    while not nodes[at]["is_leaf"]:
        at = nodes[at]["left"] if value <= nodes[at]["num_threshold"] else nodes[at]["right"]
    return float(nodes[at]["value"])


def simplified(ends: Sequence[float], weights: Sequence[float]) -> dict[str, list[float]]:
    """Neighbouring steps of next to the same weight made one."""
    kept_ends: list[float] = []
    kept = [weights[0]]
    for end, weight in zip(ends, weights[1:], strict=True):
        if abs(weight - kept[-1]) >= 0.02 and (not kept_ends or end > kept_ends[-1]):
            kept_ends.append(end)
            kept.append(weight)
    return {"to": kept_ends, "weight": kept}


def scorecard(model: HistGradientBoostingClassifier, rows: int) -> dict[str, Any]:
    """The model as committed."""
    return {
        "about": "Log odds that two rows are one organisation: the intercept and, for each feature, the "
        "weight of the step that its value lies in. A step ends with its value in 'to'; the last is open.",
        "trained": {
            "by": "python -m bench.linking.train", "rows": rows, "overlap": OVERLAP,
            "on": "non-profit organisations of Piemonte in the 5 per mille lists of 2017 and 2020 "
            "(Agenzia delle Entrate), the half whose fiscal codes end in an even digit",
        },
        "thresholds": THRESHOLDS,
        "intercept": round(float(np.ravel(model._baseline_prediction)[0]), 4),
        "features": steps(model),
    }  # fmt: skip


def write(directory: Path, card: dict[str, Any]) -> None:
    """One feature a line, so that a change can be read."""
    lines = json.dumps({k: v for k, v in card.items() if k != "features"}, indent=1).rstrip("\n}")
    features = ",\n".join(f'  "{k}": {json.dumps(v)}' for k, v in card["features"].items())
    (directory / WEIGHTS).write_text(f'{lines},\n "features": {{\n{features}\n }}\n}}\n', "utf-8")


def write_counts(directory: Path, counted: Frequencies) -> None:
    """word-frequencies.csv and name-frequencies.csv: words and names, and how many bear them."""
    for name, column, counts in (
        (WORD_FREQUENCIES.file, "word", {TOTAL: counted.total, **dict(sorted(counted.words.items()))}),
        (NAME_FREQUENCIES.file, "name", dict(sorted(counted.names.items()))),
    ):
        with (directory / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow((column, "count"))
            writer.writerows(counts.items())


def trained(
    left: Sequence[Row], right: Sequence[Row], reader: Reader, chosen: Callable[[Row], bool]
) -> dict[str, Any]:
    """The scorecard of the rows chosen."""
    lists = draws(left, right, chosen)
    return scorecard(fit(lists, reader), len(lists[0][0]))


def main() -> None:
    """Count, train, write."""
    left, right = read("left"), read("right")
    for table in (WORD_FREQUENCIES, NAME_FREQUENCIES):
        (DIRECTORY / table.file).unlink(missing_ok=True)
    reader = Reader.load(DIRECTORY)
    counted = count([*left, *right], reader)
    write_counts(DIRECTORY, counted)
    reader = replace(reader, frequencies=counted)
    write(DIRECTORY, trained(left, right, reader, lambda row: row.even))


if __name__ == "__main__":
    main()
