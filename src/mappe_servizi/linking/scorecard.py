"""The weights: for each feature a few steps, whose sum says how likely two rows are one organisation.

The scorecard is data (``linking-weights.json``), trained offline on real lists (bench/linking); it
is scored here without any other library, so that a server and a cluster's workers can do it.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from pathlib import Path
from typing import Any

from mappe_servizi.errors import InputError
from mappe_servizi.linking.features import FEATURES

WEIGHTS = "linking-weights.json"


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Steps of each feature, and what a score means.

    Attributes:
        intercept: log odds before anything is compared.
        steps: for each of ``FEATURES``: the upper ends of its steps but the last, and a weight a step.
        link, same: from these probabilities on a pair is a skos:closeMatch, an owl:sameAs.
        rows: rows of the lists that the weights were trained on; more rows, more chance likeness.
        overlap: share of the shorter of those lists that the other has too.
    """

    intercept: float
    steps: tuple[tuple[tuple[float, ...], tuple[float, ...]], ...]
    link: float
    same: float
    rows: float
    overlap: float

    @classmethod
    def load(cls, path: Path) -> Scorecard:
        """Read the committed weights.

        Raises:
            InputError: the file cannot be read, or is no scorecard of these features.
        """
        try:
            return cls.of(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(f"is no scorecard: {error}", file=path) from None

    @classmethod
    def of(cls, data: dict[str, Any]) -> Scorecard:
        """A scorecard from its JSON."""
        by_name = data["features"]
        if set(by_name) != set(FEATURES):
            raise ValueError(f"the features are not {', '.join(FEATURES)}")
        steps = []
        for name in FEATURES:
            ends, weights = tuple(map(float, by_name[name]["to"])), tuple(map(float, by_name[name]["weight"]))
            if len(weights) != len(ends) + 1 or list(ends) != sorted(ends):
                raise ValueError(f"the steps of {name} do not fit")
            steps.append((ends, weights))
        at = data["thresholds"]
        return cls(
            float(data["intercept"]), tuple(steps), float(at["closeMatch"]), float(at["sameAs"]),
            float(data["trained"]["rows"]), float(data["trained"]["overlap"]),
        )  # fmt: skip

    def score(self, features: Sequence[float]) -> float:
        """The log odds (natural) of a pair."""
        total = self.intercept
        for value, (ends, weights) in zip(features, self.steps, strict=True):
            total += weights[bisect_left(ends, value)]
        return total

    def weights(self, features: Sequence[float]) -> list[tuple[str, float, float]]:
        """What each feature adds to the log odds: its name, its value, its weight."""
        return [
            (name, value, weights[bisect_left(ends, value)])
            for name, value, (ends, weights) in zip(FEATURES, features, self.steps, strict=True)
        ]


def probability(odds: float) -> float:
    """The probability of log odds.

    >>> probability(0.0)
    0.5
    """
    return 1 / (1 + exp(-max(min(odds, 50.0), -50.0)))


def log_odds(share: float) -> float:
    """The log odds of a probability between 0 and 1.

    >>> round(probability(log_odds(0.9)), 6)
    0.9
    """
    return log(share / (1 - share))
