"""The synthetic benchmark of linkage: a register and a noisy list of the same organisations.

The weights are trained and measured on real lists (bench/linking); these halves, drawn with
different seeds and sharing no organisation, show kinds of noise that those lists do not have:
towns not given, initials, saints, former towns.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mappe_servizi.linking.decisions import Decided
from mappe_servizi.linking.links import Link, Linked, link_lists
from mappe_servizi.linking.listed import Listed, OrganizationList
from mappe_servizi.linking.scorer import Scorer
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.providers import ALIASES, REGISTRY
from mappe_servizi.synthesize.noise import noisy
from mappe_servizi.synthesize.organizations import organizations

SIZE, OVERLAP = 3000, 0.6
SEEDS = (11, 12)


@dataclass(frozen=True, slots=True)
class Half:
    """A register with clean names, and a list with noisy ones; ``truth`` tells who each row is, by its id."""

    register: tuple[Listed, ...]
    listed: tuple[Listed, ...]
    truth: dict[str, str]


@dataclass(frozen=True, slots=True)
class Measured:
    """How well links were found: counts of right, wrong and missed links."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of the links found that are right."""
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        """Share of the true links that are found."""
        return self.right / max(self.right + self.missed, 1)


def half(seed: int, size: int = SIZE) -> Half:
    """One half of the benchmark: the same seed makes the same lists."""
    rng = random.Random(seed)  # noqa: S311 - reproducible, not secret
    register, listed = [], []
    truth: dict[str, str] = {}
    for organization in organizations(size, seed):
        draw = rng.random()
        if draw < OVERLAP + (1 - OVERLAP) / 2:
            register.append(Listed(f"r-{organization.identifier}", organization.name, organization.town))
        if draw < OVERLAP or draw >= OVERLAP + (1 - OVERLAP) / 2:
            listed.append(Listed(f"l-{organization.identifier}", *noisy(organization, rng)))
        truth |= dict.fromkeys(
            (f"{side}-{organization.identifier}" for side in "rl"), organization.identifier
        )
    return Half(tuple(register), tuple(listed), truth)


def linked(data: Half, scorer: Scorer) -> Linked:
    """Link a half as `mappe link` does."""
    lists = OrganizationList("register", data.register), OrganizationList("list", data.listed)
    return link_lists(lists, scorer, Decided({}, {}, 0))


def measure(data: Half, found: Linked, links: Iterable[Link]) -> Measured:
    """Compare links with the truth."""
    rows, truth = found.matched.rows, data.truth
    pairs = {(rows[link.left].id, rows[link.right].id) for link in links}
    right = sum(truth[left] == truth[other] for left, other in pairs)
    both = {truth[row.id] for row in data.register} & {truth[row.id] for row in data.listed}
    return Measured(right, len(pairs) - right, len(both) - right)


def mentions(directory: Path) -> Half:
    """The registry, and every printed mention that people resolved to it."""
    registry = read_rows(REGISTRY, directory / REGISTRY.file)
    register = tuple(Listed(f"r-{row.slug}", row.name, row.seat) for row in registry)
    aliases = list(enumerate(read_rows(ALIASES, directory / ALIASES.file)))
    listed = tuple(Listed(f"l-{n}", alias.printed) for n, alias in aliases)
    truth = {f"r-{row.slug}": row.slug for row in registry} | {f"l-{n}": a.provider for n, a in aliases}
    return Half(register, listed, truth)


def evaluate_mentions(knowledge: Path, directory: Path) -> Measured:
    """Link the mentions of the documents to the registry, by names alone; the truth is what people decided.

    Several mentions may be of one organisation, so each is measured for itself.
    """
    data = mentions(directory)
    found = linked(data, Scorer.load(knowledge))
    measured = measure(data, found, found.links)
    return Measured(measured.right, measured.wrong, len(data.listed) - measured.right)


def report(knowledge: Path, directory: Path) -> str:
    """The figures of both halves, of all links and of the sure ones, for people."""
    scorer, lines = Scorer.load(knowledge), []
    for seed in SEEDS:
        data = half(seed)
        found = linked(data, scorer)
        for name, links in (
            ("all links", found.links),
            ("sameAs", [link for link in found.links if link.relation == "sameAs"]),
        ):
            lines.append(_line(f"synthetic half {seed}, {name}", measure(data, found, links)))
    lines.append(
        _line("mentions of the documents against the registry", evaluate_mentions(knowledge, directory))
    )
    return "\n".join(lines)


def _line(what: str, m: Measured) -> str:
    return (
        f"{what}: precision {m.precision:.4f}, recall {m.recall:.4f} "
        f"({m.right} right, {m.wrong} wrong, {m.missed} missed)"
    )
