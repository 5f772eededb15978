"""One municipality that cannot be read stops no other; its last good part may stand for it."""

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers import mappe
from mappe_servizi.pipeline import municipality
from mappe_servizi.pipeline.cache import Cache
from mappe_servizi.pipeline.inputs import StageInputs
from mappe_servizi.pipeline.stages import Task, attempt
from mappe_servizi.releases import Release
from mappe_servizi.settings import Settings
from synthetic import small_template, synthesized

BAD, GOOD = "syn_00001", "syn_00002"
TOLD = {"SHA256SUMS", "manifest.json", "report/quarantine.csv"}
"""The files that say that a municipality is quarantined."""
STORE = ("store/", ".sizes.json", ".lock")


@pytest.fixture(scope="module")
def good(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance of two small towns, and its build."""
    place = tmp_path_factory.mktemp("quarantine")
    template = small_template(place / "template", release.path / "report" / "ledger.csv")
    instance = synthesized(place / "instance", 2, "--data", str(template))
    build(instance)
    return instance


@pytest.fixture(scope="module")
def bad(good: Path) -> Path:
    """The same, with a wrong cell in a table of one town."""
    instance = good.parent / "bad"
    shutil.copytree(good, instance, ignore=shutil.ignore_patterns("build"))
    shutil.copytree(good / "build" / "cache", instance / "build" / "cache")
    spoil(instance)
    return instance


def spoil(instance: Path) -> None:
    path = town(instance) / "services.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"\n[^,]*,", "\nNot a slug,", text, count=1), encoding="utf-8")


def town(instance: Path, name: str = BAD) -> Path:
    return instance / "data" / "municipalities" / name


def build(instance: Path, *arguments: str | Path) -> str:
    done = mappe("build", *arguments, cwd=instance)
    assert done.returncode == 0, done.stderr
    return done.stderr


def rows(build: Path) -> list[dict[str, str]]:
    with (build / "report" / "quarantine.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def officials(build: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {BAD: set(), GOOD: set()}
    with (build / "csv" / "services.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["responsibleName"]:
                found[row["municipality"]].add(row["responsibleName"])
    return found


def files(link: Path) -> dict[str, bytes]:
    found = {path.relative_to(link).as_posix(): path for path in link.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in sorted(found.items()) if not name.startswith(STORE)}


def test_the_others_stand_and_what_is_wrong_is_told(good: Path, bad: Path, tmp_path: Path) -> None:
    current = tmp_path / "current"
    told = build(bad, "--output", current)
    place = f"municipalities/{BAD}/services.csv"
    assert f"{place}:2: service must be" in told
    assert f"Quarantined: {BAD} (left out): {current}/report/quarantine.csv" in told
    [row] = rows(current)
    assert (row["municipality"], row["file"], row["line"], row["kept"]) == (BAD, place, "2", "")
    assert str(bad) not in (current / "report" / "quarantine.csv").read_text(encoding="utf-8")
    assert BAD not in (current / "dump" / "mappe-servizi.nq").read_text(encoding="utf-8")
    [part] = (current / "dump").glob(f"{GOOD}-*.ttl")
    assert part.read_bytes() == (good / "build" / "current" / "dump" / part.name).read_bytes()
    again = build(bad, "--output", current)
    assert "Nothing has changed" in again
    assert f"Quarantined: {BAD} (left out)" in again
    before = current.resolve()
    strict = mappe("build", "--strict", "--output", current, cwd=bad)
    assert strict.returncode == 1
    assert f"{place}:2: service must be" in strict.stderr
    assert current.resolve() == before


def test_strict_fails_and_leaves_the_link(bad: Path, tmp_path: Path) -> None:
    strict = mappe("build", "--strict", "--output", tmp_path / "current", cwd=bad)
    assert strict.returncode == 1
    assert f"municipalities/{BAD}/services.csv:2: service must be" in strict.stderr
    assert not (tmp_path / "current").exists()


def test_the_last_good_part_is_taken_over(good: Path, bad: Path, tmp_path: Path) -> None:
    """Again from a build that has itself taken it over, so that it stands for as long as it is needed."""
    made = files(good / "build" / "current")
    previous = good / "build" / "current"
    for name in ("first", "second"):
        told = build(bad, "--previous", previous, "--output", tmp_path / name)
        assert f"Quarantined: {BAD} (as before)" in told
        kept = files(tmp_path / name)
        assert {path for path in made if made[path] != kept[path]} == TOLD
        manifest = json.loads(kept["manifest.json"])
        [row] = rows(tmp_path / name)
        assert row["kept"] == manifest["parts"][BAD]["sha256"] == manifest["quarantined"][0]["kept"]
        previous = tmp_path / name


def test_what_was_redacted_since_is_not_taken_over(good: Path, bad: Path, tmp_path: Path) -> None:
    """Nor is it told: the message about the wrong cell quotes it."""
    instance = tmp_path / "redacted"
    shutil.copytree(bad, instance)
    people = officials(good / "build" / "current")
    name = min(people[BAD] - people[GOOD])
    with (town(instance) / "redactions.csv").open("w", encoding="utf-8", newline="") as file:
        columns = ("kind", "service", "table", "label", "year", "reason", "decided")
        csv.writer(file).writerows([columns, ("name", "", "", name, "", "request", "2026-11-28")])
    with (town(instance) / "channels.csv").open("a", encoding="utf-8") as file:
        file.write(f"{name}\n")
    told = build(instance, "--previous", good / "build" / "current", "--output", tmp_path / "current")
    assert f"Quarantined: {BAD} (left out)" in told
    assert "what may be published of it has changed" in told
    found = files(tmp_path / "current")
    assert name in b"".join(files(good / "build" / "current").values()).decode(errors="replace")
    assert [path for path, data in found.items() if name.encode() in data] == []
    assert not (tmp_path / "current" / "parts" / f"{BAD}.zst").exists()


def test_a_part_that_is_damaged_is_not_taken_over(good: Path, bad: Path, tmp_path: Path) -> None:
    previous = tmp_path / "previous"
    shutil.copytree(good / "build" / "current", previous, symlinks=False)
    part = previous / "parts" / f"{BAD}.zst"
    part.chmod(0o644)
    part.write_bytes(part.read_bytes()[:-1])
    done = mappe("build", "--previous", previous, "--output", tmp_path / "current", cwd=bad)
    assert done.returncode == 1
    assert f"{part} is not what the release's manifest says" in done.stderr
    other = mappe("build", "--previous", previous, "--base-uri", "https://a.example.it/", cwd=bad)
    assert other.returncode == 1
    assert "has the base" in other.stderr


def _toml(folder: Path) -> None:
    (folder / "municipality.toml").write_text("ipa = ", encoding="utf-8")


def _no_document(folder: Path) -> None:
    [edition] = folder.glob("editions/*/edition.toml")
    (edition.parent / tomllib.loads(edition.read_text(encoding="utf-8"))["file"]).unlink()


def _not_utf8(folder: Path) -> None:
    next(folder.glob("editions/*/edition.toml")).write_bytes(b"title = \xff\n")


def _unknown_label(folder: Path) -> None:
    path = folder / "identifiers.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("element,")), encoding="utf-8")


def _unreadable_registry(folder: Path) -> None:
    (folder / "identifiers.csv").write_text("kind,label\n", encoding="utf-8")


def _no_edition(folder: Path) -> None:
    shutil.rmtree(folder / "editions")


@pytest.mark.parametrize(
    "harm", [_toml, _no_document, _not_utf8, _unknown_label, _unreadable_registry, _no_edition]
)
def test_whatever_is_wrong_with_a_town_is_told_of_it(
    harm: Callable[[Path], None], good: Path, tmp_path: Path
) -> None:
    shutil.copytree(good / "data", tmp_path / "data")
    folder = tmp_path / "data" / "municipalities" / BAD
    harm(folder)
    settings = Settings(data=tmp_path / "data")
    stage = municipality.stage(folder, settings, StageInputs.read(settings))
    (tmp_path / "made").mkdir()
    ran = attempt(Task(stage, Cache(None, 0), tmp_path / "made"))
    assert ran.error is not None
    assert str(folder) in str(ran.error)


@pytest.mark.parametrize("harm", [_toml, _unreadable_registry])
def test_what_all_need_of_a_town_is_known_without_its_tables(
    harm: Callable[[Path], None], good: Path, tmp_path: Path
) -> None:
    """Also its settings and registry: the others stand without them, and so does its last good part."""
    instance = tmp_path / "instance"
    shutil.copytree(good, instance, ignore=shutil.ignore_patterns("current*"))
    harm(town(instance))
    told = build(instance, "--output", tmp_path / "without")
    assert f"Quarantined: {BAD} (left out)" in told
    assert BAD not in (tmp_path / "without" / "dump" / "mappe-servizi.nq").read_text(encoding="utf-8")
    previous = good / "build" / "current"
    told = build(instance, "--previous", previous, "--output", tmp_path / "with")
    assert f"Quarantined: {BAD} (as before)" in told
    made, kept = files(previous), files(tmp_path / "with")
    assert {path for path in made if made[path] != kept[path]} == TOLD


def test_a_release_never_withdraws_what_only_could_not_be_read(good: Path, bad: Path, tmp_path: Path) -> None:
    releases = tmp_path / "releases"

    def release(build: Path) -> subprocess.CompletedProcess[str]:
        return mappe("release", "--release", build, "--releases", releases, cwd=bad)

    assert release(good / "build" / "current").returncode == 0
    build(bad, "--output", tmp_path / "without")
    refused = release(tmp_path / "without")
    assert refused.returncode == 1
    assert f"{BAD} could not be read" in refused.stderr
    assert f"--previous {releases}/current" in refused.stderr
    build(bad, "--previous", releases / "current", "--output", tmp_path / "with")
    same = release(tmp_path / "with")
    assert same.returncode == 1
    assert "nothing has changed since release 1" in same.stderr
    path = town(bad, GOOD) / "municipality.toml"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace("Sinteticac", "Sinteticaz"), encoding="utf-8")
    build(bad, "--previous", releases / "current", "--output", tmp_path / "changed")
    path.write_text(before, encoding="utf-8")
    done = release(tmp_path / "changed")
    assert done.returncode == 0, done.stderr
    for part in (releases / "1" / "dump").glob(f"{BAD}-*"):
        assert part.read_bytes() == (releases / "2" / "dump" / part.name).read_bytes()


def test_where_no_town_can_be_read_there_is_no_build(bad: Path, tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    shutil.copytree(bad, instance, ignore=shutil.ignore_patterns("build"))
    shutil.rmtree(town(instance, GOOD))
    done = mappe("build", cwd=instance)
    assert done.returncode == 1
    assert "service must be" in done.stderr
    assert not (instance / "build" / "current").exists()


def test_a_build_that_is_killed_goes_on_where_it_was(good: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    command = [sys.executable, "-m", "mappe_servizi", "build", "--jobs", "1", "--cache", str(cache)]
    killed = subprocess.Popen(
        [*command, "--output", str(tmp_path / "killed")], cwd=good, stderr=subprocess.DEVNULL
    )
    while killed.poll() is None and not list(cache.glob("municipality-*/*-*")):
        time.sleep(0.05)
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    assert not (tmp_path / "killed").exists()
    told = build(good, "--jobs", "1", "--cache", cache, "--output", tmp_path / "killed")
    assert " of 2 unchanged" in told
    assert files(tmp_path / "killed") == files(good / "build" / "current")
