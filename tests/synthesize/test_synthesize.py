"""Synthetic municipalities: laid out like a real build, reproducible, and never mistaken for one."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest

from mappe_servizi.releases import open_release
from mappe_servizi.settings import Settings
from mappe_servizi.synthesize.build import build_synthetic


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_synthetic(Settings(), tmp_path_factory.mktemp("synthetic") / "current", 2)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_it_opens_like_a_release(built: Path) -> None:
    release = open_release(built)
    assert release.path == built
    services = rows(built / "csv" / "services.csv")
    assert len(services) == 2 * 73
    assert {row["municipality"] for row in services} == {"syn_00001", "syn_00002"}


def test_it_says_that_it_is_synthetic_and_names_nothing_of_the_original(built: Path) -> None:
    dump = (built / "dump" / "syn_00001-2020.ttl").read_text("utf-8")
    assert "Comune sintetico" in dump
    for name in ("AEM Cremona", "Agropolis", "Sforza", "SFORZA", "c_d150/2020", "Comune di Cremona"):
        assert name not in dump, name


def test_the_truth_covers_every_provider(built: Path) -> None:
    truth = {
        (r["municipality"], r["printed"]): r["identifier"] for r in rows(built / "truth" / "mentions.csv")
    }
    known = {row["identifier"] for row in rows(built / "truth" / "organizations.csv")}
    assert set(truth.values()) <= known
    structures = rows(built / "csv" / "structures.csv")
    providers = [(r["municipality"], r["name"]) for r in structures if r["type"] == "provider"]
    assert len(providers) == 2 * 77
    assert [p for p in providers if p not in truth] == []


def test_providers_are_shared_by_municipalities(built: Path) -> None:
    by_municipality: dict[str, set[str]] = {}
    for row in rows(built / "truth" / "mentions.csv"):
        by_municipality.setdefault(row["municipality"], set()).add(row["identifier"])
    first, second = by_municipality.values()
    assert len(first & second) >= 10


def test_the_same_seed_makes_the_same_data(built: Path, tmp_path: Path) -> None:
    again = build_synthetic(Settings(), tmp_path / "current", 2)
    digests = [
        hashlib.sha256((path / "dump" / "mappe-servizi.nq").read_bytes()).digest() for path in (built, again)
    ]
    assert digests[0] == digests[1]
