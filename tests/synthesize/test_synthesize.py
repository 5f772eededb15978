"""Synthetic municipalities: an instance like any other, reproducible, and never mistaken for a real one."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from pathlib import Path

import pytest

from helpers import mappe
from mappe_servizi.releases import open_release
from synthetic import built, synthesized


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return synthesized(tmp_path_factory.mktemp("synthetic") / "instance", 2)


@pytest.fixture(scope="module")
def build(instance: Path) -> Path:
    return built(instance)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def files(directory: Path) -> dict[str, bytes]:
    found = (path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in found}


def test_the_build_builds_it_whole(build: Path) -> None:
    release = open_release(build)
    assert release.editions == ("syn_00001-2020", "syn_00002-2020")
    services = rows(build / "csv" / "services.csv")
    assert len(services) == 2 * 73
    assert {row["municipality"] for row in services} == {"syn_00001", "syn_00002"}
    assert {"catalogue.ttl", "tables/observations.parquet", "report/ledger.csv"} <= release.files.keys()


def test_it_has_no_violation(build: Path) -> None:
    validated = mappe("validate", "--release", build)
    assert validated.returncode == 0, validated.stdout


def test_it_says_that_it_is_synthetic_and_names_nothing_of_the_original(instance: Path, build: Path) -> None:
    dump = (build / "dump" / "syn_00001-2020.ttl").read_text("utf-8")
    assert "Comune sintetico" in dump
    known = re.compile(
        "AEM Cremona|Agropolis|Sforza|c_d150|Comune di Cremona|comune-di-cremona", re.IGNORECASE
    )
    written = {**files(instance / "data"), **files(build / "csv"), **files(build / "records")}
    for name, data in {**written, "dump": dump.encode()}.items():
        assert not known.search(data.decode()), name


def test_what_added_up_adds_up_and_lines_print_what_is_read(build: Path, release_rows: Path) -> None:
    """Figures are a multiple of the original's, in the quoted lines too."""
    mine = [r for r in rows(build / "csv" / "observations.csv") if r["municipality"] == "syn_00001"]
    originals = rows(release_rows)
    assert [(r["number"], r["position"], r["year"]) for r in mine] == [
        (r["number"], r["position"], r["year"]) for r in originals
    ]
    factors = [
        Decimal(r["value"]) / Decimal(o["value"])
        for r, o in zip(mine, originals, strict=True)
        if r["value"] and Decimal(o["value"]) and r["raw"] != o["raw"]
    ]
    assert len(factors) > 1500
    assert len(set(factors)) == 1
    lines = (build / "records" / "syn_00001-2020.json").read_text(encoding="utf-8")
    row = next(r for r in mine if r["number"] == "1" and r["label"].startswith("n. totale interventi"))
    same = [r["raw"] for r in mine if r["observation"][:-4] == row["observation"][:-4]]
    assert "\\t".join([row["label"], *same]) in lines


@pytest.fixture
def release_rows(release: object) -> Path:
    return release.path / "csv" / "observations.csv"  # type: ignore[attr-defined]


def test_the_truth_covers_every_provider(instance: Path, build: Path) -> None:
    truth = {
        (r["municipality"], r["printed"]): r["identifier"] for r in rows(instance / "truth" / "mentions.csv")
    }
    known = {row["identifier"] for row in rows(instance / "truth" / "organizations.csv")}
    assert set(truth.values()) <= known
    structures = rows(build / "csv" / "structures.csv")
    providers = [(r["municipality"], r["name"]) for r in structures if r["type"] == "provider"]
    assert len(providers) == 2 * 77
    assert [p for p in providers if p not in truth] == []


def test_providers_are_shared_by_municipalities(instance: Path) -> None:
    by_municipality: dict[str, set[str]] = {}
    for row in rows(instance / "truth" / "mentions.csv"):
        by_municipality.setdefault(row["municipality"], set()).add(row["identifier"])
    first, second = by_municipality.values()
    assert len(first & second) >= 10


def test_the_same_seed_makes_the_same_data(instance: Path, tmp_path: Path) -> None:
    again = synthesized(tmp_path / "again", 2, "--jobs", "1")
    assert files(again) == {
        name: data for name, data in files(instance).items() if not name.startswith("build/")
    }
    other = synthesized(tmp_path / "other", 1, "--seed", "2")
    name = "truth/mentions.csv"
    assert files(other)[name] != files(again)[name]


def test_what_stands_there_is_not_overwritten(instance: Path) -> None:
    before = files(instance / "data")
    again = mappe("synthesize", "--municipalities", "1", "--output", instance)
    assert again.returncode == 1
    assert "something stands here already" in again.stderr
    assert files(instance / "data") == before
