"""The procedures of bad days, by the very commands that the pages show, one after another in an instance."""

import csv
import json
import shutil
from collections import defaultdict
from pathlib import Path

import pytest

import procedures
from mappe_servizi.releases import Release, open_release
from mappe_servizi.releases.opened import ADDED_LATER
from procedures import blocks
from second_town import IPA, NAME, write_town

BASE, MOVED = "https://dati.comune.example.it/mappe/", "https://dati.nuovo.example.it/mappe/"
FIGURE = ("7633", "7634")
SETTINGS = f'base-uri = "{BASE}"\npublisher-name = "{NAME}"\npublisher-identifier = "{IPA}"\n'


def run(block: str, place: Path) -> str:
    return procedures.run(block, place, procedures.launcher(place.parent / "bin"))


def shape(place: Path) -> tuple[dict[str, str], set[frozenset[str]]]:
    """The links of an instance's releases, and which of their files are one file with several names."""
    releases = place / "build" / "releases"
    paths = sorted(releases.rglob("*"))
    links = {path.name: str(path.readlink()) for path in paths if path.is_symlink()}
    names = defaultdict(set)
    for path in paths:
        if path.is_file() and not path.is_symlink():
            names[path.stat().st_ino].add(str(path.relative_to(releases)))
    return links, {frozenset(same) for same in names.values() if len(same) > 1}


def correct(place: Path) -> None:
    """A figure for the next release."""
    path = place / "data" / "municipalities" / IPA / "editions" / "2020" / "document.txt"
    text = path.read_text(encoding="utf-8")
    assert text.count(FIGURE[0]) == 1
    path.write_text(text.replace(*FIGURE), encoding="utf-8")


def current(place: Path, releases: str = "releases") -> Release:
    found = open_release(place / "build" / releases / "current")
    found.close()
    return found


@pytest.fixture(scope="module")
def instance(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A town of three services with one release, and what a program of before left out of its manifest."""
    place = tmp_path_factory.mktemp("procedures") / "instance"
    write_town(place / "data" / "municipalities", release.path / "report" / "ledger.csv", 3, 1)
    (place / "mappe.toml").write_text(SETTINGS, encoding="utf-8")
    run("mappe identifiers\nmappe build\nmappe release", place)
    manifest = place / "build" / "releases" / "1" / "manifest.json"
    values = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.chmod(0o644)
    manifest.write_text(json.dumps({k: v for k, v in values.items() if k not in ADDED_LATER}))
    return place


@pytest.fixture(scope="module")
def restored(instance: Path) -> Path:
    """The instance on another machine, from its backup."""
    correct(instance)
    run(blocks("upgrading.md")[-1], instance)  # two releases, so that files are shared
    place = instance.parent / "elsewhere"
    place.mkdir()
    back_up, restore = blocks("backup.md")
    run(back_up, instance)
    run(restore, place)
    return place


def test_a_new_program_goes_on_from_releases_of_an_old_one(restored: Path, instance: Path) -> None:
    assert current(instance).number == 2
    with (instance / "build" / "releases" / "2" / "report" / "changes.csv").open(encoding="utf-8") as file:
        assert FIGURE in {(row["old"], row["new"]) for row in csv.DictReader(file)}


def test_a_restored_instance_is_the_same_and_goes_on(restored: Path, instance: Path) -> None:
    assert shape(restored) == shape(instance)
    links, shared = shape(restored)
    assert set(links) == {"1", "2", "current"}
    assert shared
    run("mappe release --rollback 1", restored)
    assert current(restored).number == 1
    run("mappe release --rollback 2", restored)
    history = current(restored).facts["release"]["history"]
    assert [one["number"] for one in history] == ["1", "2"]


def test_an_older_program_says_which_version_reads_a_release(restored: Path, tmp_path: Path) -> None:
    newer = tmp_path / "newer"
    shutil.copytree(restored / "build" / "releases" / "2", newer)
    values = json.loads((newer / "manifest.json").read_text(encoding="utf-8"))
    (newer / "manifest.json").chmod(0o644)
    (newer / "manifest.json").write_text(json.dumps({**values, "format": 2, "version": "7.1.0"}))
    with pytest.raises(
        AssertionError, match=r"written by mappe-servizi 7\.1\.0 in format 2.*install 7\.1\.0"
    ):
        run(f"mappe query services --release {newer}", restored)


def test_an_instance_moves_to_another_address(restored: Path) -> None:
    (move,) = blocks("moving.md")
    lines = move.splitlines()
    mixed = "\n".join(line for line in lines if "releases-new" not in line)
    with pytest.raises(AssertionError, match="no change log could tell that everything moved"):
        run(mixed, restored)
    assert current(restored).number == 2
    run(move, restored)
    moved = current(restored, "releases-new")
    assert (moved.number, moved.base_uri) == (1, MOVED)
    assert f"{BASE}data/" not in moved.dump.read_text(encoding="utf-8")
