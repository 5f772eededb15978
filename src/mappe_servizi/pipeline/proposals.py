"""The stage of proposals: links between the providers of its municipalities. A person decides about them."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from mappe_servizi.linking.decisions import load_decisions, resolve
from mappe_servizi.linking.explain import because
from mappe_servizi.linking.links import Linked, link_lists
from mappe_servizi.linking.scorer import Scorer
from mappe_servizi.model.outputs import declared
from mappe_servizi.model.tables.knowledge import MUNICIPALITIES
from mappe_servizi.pipeline.inputs import StageInputs, of_file, of_value, only
from mappe_servizi.pipeline.link.lists import Lists
from mappe_servizi.pipeline.links import DECISIONS, registered
from mappe_servizi.pipeline.stages import Stage
from mappe_servizi.progress import Progress
from mappe_servizi.providers.registry import ProviderRegistry
from mappe_servizi.settings import Settings

COLUMNS: Final = (
    "left", "leftName", "leftMunicipalities", "right", "rightName", "rightMunicipalities", "score",
    "relation", "reason",
)  # fmt: skip
TABLE, TOLD = "link-proposals.csv", "told.txt"
PLACES = ("data", "knowledge")
MOST: Final = 100_000
"""Providers that a build compares by itself: of more, `mappe link` is asked for."""


def stage(  # noqa: PLR0913, PLR0917 - what proposals depend on
    directory: Path,
    settings: Settings,
    inputs: StageInputs,
    own: Iterable[str],
    absent: Iterable[str],
    privacy: str,
) -> Stage:
    """The stage of a build that has its tables.

    Args:
        directory: of the build.
        settings: of the build.
        inputs: as they were when the municipalities were made.
        own: the IRIs of organisations that a municipality's registry has, in the build or not.
        absent: codes of municipalities of which the build has nothing: decisions about theirs are open.
        privacy: the hash of what may not be published of any municipality.
    """
    mine, own, absent = only(settings, (*PLACES, "base_uri")), sorted(own), sorted(absent)
    return Stage(
        name="link proposals",
        owner="proposals",
        inputs={
            **inputs.named("program", *PLACES),
            "providers": of_value([of_file(_providers(directory)), own, absent]),
            "base_uri": mine.base_uri,
        },
        make=partial(make, directory, mine, own, absent),
        privacy=privacy,
        still=partial(inputs.stand, settings),
    )


def make(  # noqa: PLR0913, PLR0917 - what proposals depend on
    directory: Path,
    settings: Settings,
    own: Iterable[str],
    absent: Iterable[str],
    target: Path,
    progress: Progress,
) -> None:
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
        space = f"{settings.base_uri}data/organization/"
        known = {*own, *(f"{space}{slug}" for slug in _registry(settings).providers)}
        away = tuple(f"{space}{ipa}/" for ipa in absent)
        rows = list(_rows(compared(directory, settings, known, away), towns))
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


def _registry(settings: Settings) -> ProviderRegistry:
    return ProviderRegistry.load(settings.data / "providers", settings.knowledge / MUNICIPALITIES.file)


def compared(
    directory: Path, settings: Settings, known: Collection[str] | None = None, away: tuple[str, ...] = ()
) -> Linked:
    """The providers of a build compared with each other, by the scorer and with what is decided.

    Args:
        directory: of the build.
        settings: where knowledge and the decisions are.
        known: the IRIs of our own providers, where not all registries say them.
        away: what IRIs of our own begin with that cannot be known now.

    Raises:
        InputErrors: decisions contradict each other.
    """
    scorer = Scorer.load(settings.knowledge)
    providers = Lists.load(settings.knowledge, scorer.reader.towns).read(directory)
    path = settings.data / "providers" / DECISIONS
    own = f"{settings.base_uri}data/organization/"
    about_us = [d for d in load_decisions(path) if d.left.startswith(own) and d.right.startswith(own)]
    about_us = [d for d in about_us if not (d.left.startswith(away) or d.right.startswith(away))]
    known = registered(settings) if known is None else known
    return link_lists([providers], scorer, resolve(about_us, [providers], path, own, known))


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
