"""The lists with known truth, their halves, and draws of them that are thinner than real lists are."""

from __future__ import annotations

import csv
import os
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = Path(os.environ.get("MAPPE_REFERENCE", ROOT.parent / "shared" / "reference")) / "organizations"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list; ``code`` is the fiscal code, the truth, which no matcher may look at."""

    id: str
    name: str
    town: str
    code: str
    near: str = ""

    @property
    def even(self) -> bool:
        """Whether it belongs to the half that is tuned on."""
        return self.code[-1] in "02468"


def read(name: str) -> list[Row]:
    """A list: "left" or "right"."""
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [Row(r["id"], r["name"], r["comune"], r["id"][7:]) for r in csv.DictReader(file)]


def truth() -> dict[tuple[str, str], bool]:
    """The true pairs, and whether name or town differ."""
    with (REFERENCE / "truth.csv").open(encoding="utf-8", newline="") as file:
        return {(r["left"], r["right"]): r["hard"] == "1" for r in csv.DictReader(file)}


def thinned(rows: Iterable[Row], share: float, rng: random.Random) -> list[Row]:
    """A part of a list: most lists have few of a town's organisations."""
    return [row for row in rows if rng.random() < share]


def townless(rows: Sequence[Row], share: float, rng: random.Random) -> list[Row]:
    """A list that does not give every town; for half of these, the map's town is known."""
    return [
        Row(row.id, row.name, "", row.code, row.town if rng.random() < 0.5 else "")
        if rng.random() < share
        else row
        for row in rows
    ]


def draws(
    left: Sequence[Row], right: Sequence[Row], chosen: Callable[[Row], bool], seed: int = 7
) -> list[tuple[list[Row], list[Row]]]:
    """Pairs of lists to train on: whole, thin, long against short, and with towns missing."""
    rng = random.Random(seed)
    one, other = [r for r in left if chosen(r)], [r for r in right if chosen(r)]
    found = [(one, other)]
    found += [
        (thinned(one, a, rng), thinned(other, b, rng)) for a, b in ((0.5, 0.5), (0.15, 1.0), (1.0, 0.15))
    ]
    found.append((townless(one, 0.4, rng), townless(other, 0.8, rng)))
    found.append((townless(thinned(one, 0.3, rng), 0.4, rng), townless(thinned(other, 0.3, rng), 0.8, rng)))
    return found
