"""What others find on the same lists: exact join, rapidfuzz, recordlinkage, splink."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

import pandas as pd
import recordlinkage
from bench.linking.truth import Row
from rapidfuzz import fuzz, utils
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink import comparison_library as cl

Pairs = dict[tuple[str, str], float]


def exact(left: Sequence[Row], right: Sequence[Row]) -> Pairs:
    """The same name in the same town, without case and marks."""
    by_name: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in right:
        by_name[utils.default_process(row.name), row.town].append(row.id)
    return {
        (row.id, other): 1.0 for row in left for other in by_name[utils.default_process(row.name), row.town]
    }


def rapidfuzz(scorer: Callable[..., float]) -> Callable[[Sequence[Row], Sequence[Row]], Pairs]:
    """A scorer of rapidfuzz within the town, each row's best one if it is best for both."""

    def found(left: Sequence[Row], right: Sequence[Row]) -> Pairs:
        by_town: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for row in right:
            by_town[row.town].append((row.id, utils.default_process(row.name)))
        pairs = {}
        for row in left:
            name = utils.default_process(row.name)
            for other, text in by_town[row.town]:
                if (score := scorer(name, text, score_cutoff=60)) > 0:
                    # Many names contain each other: of equal scores, the more alike goes first.
                    pairs[row.id, other] = score / 100 + fuzz.ratio(name, text) / 1e6
        return best_for_both(pairs)

    return found


def best_for_both(pairs: Pairs) -> Pairs:
    """Only pairs that no other of either row beats."""
    left: dict[str, float] = {}
    right: dict[str, float] = {}
    for (one, other), score in pairs.items():
        left[one] = max(left.get(one, 0.0), score)
        right[other] = max(right.get(other, 0.0), score)
    return {pair: s for pair, s in pairs.items() if s >= left[pair[0]] and s >= right[pair[1]]}


def _frame(rows: Sequence[Row]) -> pd.DataFrame:
    names = [utils.default_process(row.name) for row in rows]
    return pd.DataFrame(
        {"unique_id": [r.id for r in rows], "name": names, "town": [r.town for r in rows]},
    )


def record_linkage(left: Sequence[Row], right: Sequence[Row]) -> Pairs:
    """recordlinkage: blocked by town, Jaro-Winkler of the names, best for both."""
    one, other = _frame(left).set_index("unique_id"), _frame(right).set_index("unique_id")
    indexer = recordlinkage.Index()
    indexer.block("town")
    compare = recordlinkage.Compare()
    compare.string("name", "name", method="jarowinkler", label="name")
    features = compare.compute(indexer.index(one, other), one, other)
    return best_for_both({(str(a), str(b)): float(s) for (a, b), s in features["name"].items() if s >= 0.6})


def splink(left: Sequence[Row], right: Sequence[Row]) -> Pairs:
    """splink with its ready-made comparisons, trained as its tutorial does, best for both."""
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("name").configure(term_frequency_adjustments=True),
            cl.ExactMatch("town").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[block_on("town"), block_on("name")],
    )
    api = DuckDBAPI()
    tables = [
        api.register(_frame(rows), dataset_display_name=name, table_name=name)
        for name, rows in (("one", left), ("other", right))
    ]
    linker = Linker(tables, settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match([block_on("name", "town")], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1_000_000, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("town"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("name"))
    ids = {row.id for row in left}
    pairs: Pairs = {}
    for pair in linker.inference.predict(threshold_match_probability=0.01).as_record_list():
        a, b = str(pair["unique_id_l"]), str(pair["unique_id_r"])
        pairs[(a, b) if a in ids else (b, a)] = float(pair["match_probability"])
    return best_for_both(pairs)


PEERS: dict[str, Callable[[Sequence[Row], Sequence[Row]], Pairs]] = {
    "exact join": exact,
    "rapidfuzz ratio": rapidfuzz(fuzz.ratio),
    "rapidfuzz token_sort_ratio": rapidfuzz(fuzz.token_sort_ratio),
    "rapidfuzz token_set_ratio": rapidfuzz(fuzz.token_set_ratio),
    "rapidfuzz WRatio": rapidfuzz(fuzz.WRatio),
    "recordlinkage, Jaro-Winkler": record_linkage,
    "splink, ready-made comparisons": splink,
}
