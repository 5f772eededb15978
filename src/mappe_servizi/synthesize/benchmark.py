"""The linkage benchmark: a register and a noisy list of the same synthetic organisations.

Half of the organisations stand in both; the tuning half and the test half are drawn with
different seeds and share no organisation.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mappe_servizi.providers.legal_forms import LegalForms
from mappe_servizi.providers.linkage.decisions import LINK, SAME, decide
from mappe_servizi.providers.linkage.features import Listed, Towns, all_features, load_common
from mappe_servizi.providers.linkage.model import Columns, Scored, load_model, score, train
from mappe_servizi.providers.registry import ALIASES, REGISTRY
from mappe_servizi.providers.tables import read_table
from mappe_servizi.synthesize.noise import noisy
from mappe_servizi.synthesize.organizations import organizations

SIZE, OVERLAP = 3000, 0.6
TUNING_SEED, TEST_SEED = 11, 12


@dataclass(frozen=True, slots=True)
class Half:
    """A register with clean names, and a list with noisy ones."""

    register: tuple[Listed, ...]
    listed: tuple[Listed, ...]


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
    made = organizations(size, seed)
    register, listed = [], []
    for organization in made:
        draw = rng.random()
        truth = f"{seed}/{organization.identifier}"
        if draw < OVERLAP + (1 - OVERLAP) / 2:
            register.append(
                Listed(f"r-{organization.identifier}", organization.name, organization.town, "", truth)
            )
        if draw < OVERLAP or draw >= OVERLAP + (1 - OVERLAP) / 2:
            name, town = noisy(organization, rng)
            listed.append(Listed(f"l-{organization.identifier}", name, town, "", truth))
    return Half(tuple(register), tuple(listed))


def measure(data: Half, links: Sequence[Scored]) -> Measured:
    """Compare the links found with the truth."""
    truth = {item.id: item.truth for item in (*data.register, *data.listed)}
    right = sum(truth[link.left] == truth[link.right] for link in links)
    both = {item.truth for item in data.register} & {item.truth for item in data.listed}
    return Measured(right, len(links) - right, len(both) - right)


def columns(data: Half, knowledge: Path) -> tuple[Columns, Columns]:
    """The features of both lists of a half."""
    forms = LegalForms.load(knowledge / "legal-forms.csv")
    towns = Towns.load(knowledge, (item.town for item in (*data.register, *data.listed)))
    common = load_common(knowledge / "common-names.csv")
    return all_features(data.register, forms, towns, common), all_features(data.listed, forms, towns, common)


def tune_model(knowledge: Path) -> None:
    """Train on the tuning half and write linkage-model.json."""
    model = train(*columns(half(TUNING_SEED), knowledge))
    text = json.dumps(model, indent=1, sort_keys=True, ensure_ascii=False)
    (knowledge / "linkage-model.json").write_text(text + "\n", encoding="utf-8")


def evaluate(knowledge: Path, seed: int, least: float) -> Measured:
    """Link one half as ``mappe link`` does, and measure the links from a probability on."""
    data = half(seed)
    found = score(*columns(data, knowledge), load_model(knowledge / "linkage-model.json"), LINK / 2)
    links = [link.scored for link in decide(found, ()) if link.scored and link.scored.probability >= least]
    return measure(data, links)


def mentions(directory: Path) -> Half:
    """The registry, and every printed mention that people resolved to it."""
    registry = read_table(directory / "registry.csv", REGISTRY)
    register = [Listed(f"r-{r['slug']}", r["name"], r["seat"], r["legalForm"], r["slug"]) for r in registry]
    aliases = read_table(directory / "aliases.csv", ALIASES)
    listed = [Listed(f"l-{n}", a["printed"], "", "", a["provider"]) for n, a in enumerate(aliases)]
    return Half(tuple(register), tuple(listed))


def evaluate_mentions(knowledge: Path, directory: Path, least: float) -> Measured:
    """Link each mention of the documents to its best organisation of the registry, by names alone.

    Several mentions may be of one organisation, so each is measured for itself; the truth is what
    people decided.
    """
    data = mentions(directory)
    found = score(*columns(data, knowledge), load_model(knowledge / "linkage-model.json"), least)
    truth = {item.id: item.truth for item in (*data.register, *data.listed)}
    best: dict[str, Scored] = {}
    for pair in found:  # best first
        best.setdefault(pair.right, pair)
    right = sum(truth[pair.left] == truth[pair.right] for pair in best.values())
    return Measured(right, len(best) - right, len(data.listed) - right)


def report(knowledge: Path, directory: Path) -> str:
    """The figures of both halves at both thresholds, for people."""
    lines = []
    for name, seed in (("tuning half", TUNING_SEED), ("test half", TEST_SEED)):
        for relation, least in (("closeMatch or sameAs", LINK), ("sameAs", SAME)):
            m = evaluate(knowledge, seed, least)
            lines.append(
                f"{name}, {relation} (from {least}): precision {m.precision:.4f}, recall {m.recall:.4f} "
                f"({m.right} right, {m.wrong} wrong, {m.missed} missed)"
            )
    m = evaluate_mentions(knowledge, directory, LINK)
    lines.append(
        f"mentions of the documents against the registry (from {LINK}): precision {m.precision:.4f}, "
        f"recall {m.recall:.4f} ({m.right} right, {m.wrong} wrong, {m.missed} missed)"
    )
    return "\n".join(lines)
