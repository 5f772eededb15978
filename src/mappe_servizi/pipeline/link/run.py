"""A run of ``mappe link``: read, score, decide, cluster, publish."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mappe_servizi.linking.decisions import load_decisions, resolve
from mappe_servizi.linking.links import Linked, link_lists
from mappe_servizi.linking.listed import OrganizationList
from mappe_servizi.linking.scorer import Scorer
from mappe_servizi.pipeline.link.lists import Lists, named_apart
from mappe_servizi.pipeline.link.publish import publish
from mappe_servizi.pipeline.link.scoring import scoring
from mappe_servizi.pipeline.links import DECISIONS, registered
from mappe_servizi.settings import Settings


@dataclass(frozen=True, slots=True)
class LinkOptions:
    """What a user asks of a run.

    Attributes:
        columns: headers by role, where they are not the usual ones.
        unique: the lists of which the user says that none stands in them twice: "left", "right".
        explain: whether to write a drawing and the figures of why each pair is linked.
    """

    columns: dict[str, str]
    unique: frozenset[str] = frozenset()
    explain: bool = False


def link(
    settings: Settings, left: Path, right: Path | None, output: Path, asked: LinkOptions | None = None
) -> tuple[Linked, list[str]]:
    """Link two lists, or one with itself, and write the results to a directory.

    Returns:
        What was found, and what is to be told of the lists.

    Raises:
        InputError, InputErrors: a list, the knowledge or the decisions cannot be used.
    """
    asked = asked or LinkOptions({})
    directory = settings.data / "providers"
    scorer = Scorer.load(settings.knowledge)
    lists = _read(Lists.load(settings.knowledge, scorer.reader.towns, asked.columns), left, right, asked)
    own = f"{settings.base_uri}data/organization/"
    path = directory / DECISIONS
    decided = resolve(load_decisions(path), lists, path, own, registered(settings))
    with scoring(settings) as score:
        linked = link_lists(lists, scorer, decided, score)
    publish(linked, output, settings.base_uri, explain=asked.explain)
    told = [f"{found.name}: {said}" for found in lists for said in found.told]
    if decided.elsewhere:
        told.append(f"{DECISIONS}: {decided.elsewhere} decisions are about other lists")
    return linked, told


def _read(lists: Lists, left: Path, right: Path | None, asked: LinkOptions) -> Sequence[OrganizationList]:
    first = lists.read(left, unique="left" in asked.unique)
    if right is None:
        return [first]
    return named_apart(first, lists.read(right, unique="right" in asked.unique))
