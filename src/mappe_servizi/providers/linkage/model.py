"""The splink model: which comparisons, how it is trained, how pairs are scored.

The trained weights are data (data/knowledge/linkage-model.json), tuned on one half of the
benchmark and reported on the other (see mappe_servizi.synthesize.benchmark).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from splink import Linker, SettingsCreator, block_on
from splink.internals.comparison_level_library import CustomLevel, ElseLevel, NullLevel
from splink.internals.comparison_library import CustomComparison
from splink.internals.duckdb.database_api import DuckDBAPI

from mappe_servizi.errors import InputError
from mappe_servizi.providers.linkage.features import COLUMNS

Columns = Sequence[Mapping[str, str | None]]
LEVELS = {
    "name": (
        ("core_l = core_r AND alone_l = alone_r", "same words, and no other of the name in either list"),
        ("core_l = core_r", "same words in the same order"),
        ("sorted_core_l = sorted_core_r", "same words in another order"),
        ("skeleton_l = skeleton_r", "same last word and initials"),
        ("jaro_winkler_similarity(core_l, core_r) >= 0.94", "nearly the same letters"),
        ("jaro_winkler_similarity(sorted_core_l, sorted_core_r) >= 0.90", "similar letters"),
    ),
    "town": (("town_l = town_r", "same town"),),
    "form": (("form_l = form_r", "same kind of legal form"),),
}
"""Levels of each comparison, from best to worst; what fits none is the last level ("different")."""
BLOCKING = ("core", "skeleton", "sorted_core", ("town", "first"))
NOT_GIVEN, DIFFERENT, FREQUENCY = "not given", "different", "how frequent the name is"
TABLES = ("list_a", "list_b")
SEED = 20201231
LEAST_M = 0.002
"""No level is taken to be impossible for one organisation: lists are wrong sometimes."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A pair with its probability and the match weight that each comparison added.

    Attributes:
        prior: log2 of the odds before anything is compared.
        weights: comparison, level's description and match weight, in order; their sum and the
            prior is the match weight of the pair.
    """

    left: str
    right: str
    probability: float
    prior: float
    weights: tuple[tuple[str, str, float], ...]


def settings() -> SettingsCreator:
    """The comparisons and blocking rules, untrained."""
    return SettingsCreator(
        link_type="link_only",
        unique_id_column_name="unique_id",
        comparisons=[_comparison(name) for name in LEVELS],
        blocking_rules_to_generate_predictions=[
            block_on(*([rule] if isinstance(rule, str) else rule)) for rule in BLOCKING
        ],
        retain_intermediate_calculation_columns=True,
        linker_uid="providers",
    )


def _comparison(name: str) -> CustomComparison:
    column = "core" if name == "name" else name
    levels: list[Any] = [NullLevel(column)]
    for sql, label in LEVELS[name]:
        level = CustomLevel(sql, label_for_charts=label)
        if label == "same words in the same order":
            level.configure(tf_adjustment_column="core")
        levels.append(level)
    levels.append(ElseLevel())
    return CustomComparison(levels, output_column_name=name)


def train(left: Columns, right: Columns) -> dict[str, Any]:
    """Estimate the weights from two lists whose truth is known; returns the model as JSON data."""
    linker = _linker(left, right, settings())
    truth = {row["truth"] for row in left} & {row["truth"] for row in right}
    linker._settings_obj._probability_two_random_records_match = len(truth) / (len(left) * len(right))
    linker.training.estimate_u_using_random_sampling(max_pairs=2_000_000, seed=SEED)
    linker.training.estimate_m_from_label_column("truth")
    model: dict[str, Any] = linker.misc.save_model_to_json(out_path=None)
    for comparison in model["comparisons"]:
        _smooth([level for level in comparison["comparison_levels"] if not level.get("is_null_level")])
    return model


def _smooth(levels: list[dict[str, Any]]) -> None:
    """Give every level at least ``LEAST_M``, so that the shares still add up to one."""
    shares = [max(level.get("m_probability") or 0.0, LEAST_M) for level in levels]
    for level, share in zip(levels, shares, strict=True):
        level["m_probability"] = round(share / sum(shares), 6)
        level["u_probability"] = round(max(level.get("u_probability") or 0.0, 1e-7), 9)


def load_model(path: Path) -> dict[str, Any]:
    """Read a trained model.

    Raises:
        InputError: the file cannot be read or is no JSON object.
    """
    try:
        model = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read: {error}", file=path) from None
    if not isinstance(model, dict) or "comparisons" not in model:
        raise InputError("is not a splink model", file=path)
    return model


def score(left: Columns, right: Columns, model: dict[str, Any], least: float) -> list[Scored]:
    """Every pair of the two lists whose probability reaches ``least``, best first."""
    if not left or not right:
        return []
    linker = _linker(left, right, model)
    pairs = linker.inference.predict(threshold_match_probability=least).as_record_list()
    prior = model["probability_two_random_records_match"]
    return sorted((_scored(pair, prior) for pair in pairs), key=lambda p: (-p.probability, p.left, p.right))


def _scored(pair: Mapping[str, Any], prior: float) -> Scored:
    weights = []
    for name, levels in LEVELS.items():
        gamma = int(pair[f"gamma_{name}"])
        label = NOT_GIVEN if gamma < 0 else DIFFERENT if gamma == 0 else levels[len(levels) - gamma][1]
        weights.append((name, label, _rounded(pair[f"mw_{name}"])))
        if pair.get(f"mw_tf_adj_{name}"):
            weights.append((name, FREQUENCY, _rounded(pair[f"mw_tf_adj_{name}"])))
    first, second = str(pair["unique_id_l"]), str(pair["unique_id_r"])
    if pair["source_dataset_l"] == TABLES[1]:
        first, second = second, first
    probability = round(float(pair["match_probability"]), 6)
    return Scored(first, second, probability, _rounded(log2(prior / (1 - prior))), tuple(weights))


def _rounded(weight: float) -> float:
    return round(float(weight), 4)


def _linker(left: Columns, right: Columns, model: SettingsCreator | dict[str, Any]) -> Linker:
    api = DuckDBAPI(duckdb.connect(":memory:"))
    api.duckdb_con.execute("SET threads = 2")
    tables = [
        api.register(_table(rows), dataset_display_name=name, table_name=name)
        for name, rows in zip(TABLES, (left, right), strict=True)
    ]
    return Linker(tables, model, log_level=None, validate_settings=False)


def _table(rows: Columns) -> pa.Table:
    schema = pa.schema([(column, pa.string()) for column in COLUMNS])
    return pa.Table.from_pylist([dict(row) for row in rows], schema=schema)
