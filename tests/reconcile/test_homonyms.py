"""Names of other bodies that are most like our providers' names: none is matched without anybody looking."""

from __future__ import annotations

import csv
from pathlib import Path

from rapidfuzz import fuzz, process, utils

from helpers import Tell
from mappe_servizi.outputs.reconcile_index import FILE
from mappe_servizi.query.reconciliation import Condition, Matcher
from mappe_servizi.releases import Release

NUMBER = 2000


def most_alike(reference: Path, names: list[str]) -> list[tuple[str, str]]:
    """The names of real bodies of another region that are most like some names, with their towns."""
    known = [utils.default_process(name) for name in names]
    found = {}
    for side in ("left", "right"):
        with (reference / "organizations" / f"{side}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                name = utils.default_process(row["name"])
                best = process.extractOne(name, known, scorer=fuzz.token_set_ratio)
                found[row["name"], row["comune"]] = best[1] if best else 0.0
    return sorted(found, key=lambda pair: (-found[pair], pair))[:NUMBER]


def test_near_homonyms_from_other_towns(release: Release, reference: Path, tell: Tell) -> None:
    matcher = Matcher.load(release.path / FILE)
    names = [name for entity in matcher.entities if entity.type == "provider" for name in entity.names]
    others = most_alike(reference, names)
    matched, with_town = [], []
    for name, town in others:
        matched += [name for c in matcher.find(name, ["provider"], (), 2) if c.match]
        condition = Condition("town", (town,))
        with_town += [name for c in matcher.find(name, ["provider"], (condition,), 2) if c.match]
    tell(f"near-homonyms: {len(others)}, matched by name {len(matched)}, with their town {len(with_town)}")
    assert len(others) == NUMBER
    assert matched == with_town == []


def test_every_name_of_our_own_is_found_first(release: Release, tell: Tell) -> None:
    matcher = Matcher.load(release.path / FILE)
    first = matched = wrong = 0
    named = [(n, e) for e in matcher.entities if e.type == "provider" for n in e.names]
    for name, entity in named:
        found = matcher.find(name, ["provider"], (), 5)
        first += bool(found) and found[0].entity is entity
        matched += bool(found) and found[0].match
        wrong += bool(found) and found[0].match and found[0].entity is not entity
    tell(f"names of our own: {len(named)}, right first {first}, matched {matched}, wrong {wrong}")
    assert wrong == 0
    assert first >= 0.97 * len(named)
    assert matched >= 0.75 * len(named)
