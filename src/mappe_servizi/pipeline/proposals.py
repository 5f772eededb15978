"""The stage of proposals: links between the providers of its municipalities. A person decides about them."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from mappe_servizi.linking.decisions import load_decisions, resolve
from mappe_servizi.linking.explain import because
from mappe_servizi.linking.links import Linked, link_lists
from mappe_servizi.linking.scorer import Scorer
from mappe_servizi.model.outputs import declared
from mappe_servizi.pipeline.inputs import Inputs, of_file, only
from mappe_servizi.pipeline.link.lists import Lists
from mappe_servizi.pipeline.links import DECISIONS
from mappe_servizi.pipeline.stages import Stage
from mappe_servizi.progress import Progress
from mappe_servizi.settings import Settings

COLUMNS: Final = (
    "left", "leftName", "leftMunicipalities", "right", "rightName", "rightMunicipalities", "score",
    "relation", "reason",
)  # fmt: skip
TABLE, TOLD = "link-proposals.csv", "told.txt"
PLACES = ("data", "knowledge")
MOST: Final = 100_000
"""Providers that a build compares by itself: of more, `mappe link` is asked for."""


def stage(directory: Path, settings: Settings, inputs: Inputs, privacy: str) -> Stage:
    """The stage of a build that has its tables.

    Args:
        directory: of the build.
        settings: of the build.
        inputs: as they were when the municipalities were made.
        privacy: the hash of what may not be published of any municipality.
    """
    mine = only(settings, (*PLACES, "base_uri"))
    return Stage(
        name="link proposals",
        owner="proposals",
        inputs={
            **inputs.named("program", *PLACES),
            "providers": of_file(_providers(directory)),
            "base_uri": mine.base_uri,
        },
        make=partial(make, directory, mine),
        privacy=privacy,
        still=partial(inputs.stand, settings),
    )


def make(directory: Path, settings: Settings, target: Path, progress: Progress) -> None:
    """Write the table of proposals, and what is to be told ("" for nothing).

    Raises:
        InputErrors: decisions contradict each other.
    """
    towns = municipalities_of(_providers(directory))
    several = len({town for found in towns.values() for town in found}) > 1
    rows: list[list[object]] = []
    told = ""
    if several and len(towns) > MOST:
        told = f"{len(towns)} providers are not compared with each other; `mappe link` does it"
    elif several:
        rows = list(_rows(compared(directory, settings), towns))
    with (target / TABLE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    (target / TOLD).write_text(told, encoding="utf-8")


def _providers(directory: Path) -> Path:
    return declared.TABLE.at(directory, table="providers")


def municipalities_of(table: Path) -> dict[str, tuple[str, ...]]:
    """The municipalities that each provider of a table works for, by its IRI."""
    found: dict[str, set[str]] = defaultdict(set)
    with table.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["provider"]].add(row["municipality"])
    return {iri: tuple(sorted(towns)) for iri, towns in found.items()}


def compared(directory: Path, settings: Settings) -> Linked:
    """The providers of a build compared with each other, by the scorer and with what is decided.

    Raises:
        InputErrors: decisions contradict each other.
    """
    scorer = Scorer.load(settings.knowledge)
    providers = Lists.load(settings.knowledge, scorer.reader.towns).read(directory)
    path = settings.data / "providers" / DECISIONS
    own = f"{settings.base_uri}data/organization/"
    about_us = [d for d in load_decisions(path) if d.left.startswith(own) and d.right.startswith(own)]
    return link_lists([providers], scorer, resolve(about_us, [providers], path, own))


def _rows(linked: Linked, towns: Mapping[str, tuple[str, ...]]) -> Iterator[list[object]]:
    """The pairs whose providers work for different municipalities, and of which nobody has decided."""
    rows = linked.matched.rows
    for link in linked.links:
        left, right = rows[link.left], rows[link.right]
        if link.by == "reviewer" or len({*towns[left.id], *towns[right.id]}) < 2:
            continue
        yield [
            left.id, left.name, " | ".join(towns[left.id]), right.id, right.name, " | ".join(towns[right.id]),
            link.score, link.relation, "; ".join(because(linked.matched, link).splitlines()),
        ]  # fmt: skip
