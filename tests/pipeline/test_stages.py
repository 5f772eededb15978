"""Stages: what has not changed is not made again, and nothing is ever served that is of other inputs."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
import zstandard

from helpers import ROOT, mappe
from mappe_servizi.pipeline import municipality
from mappe_servizi.pipeline.cache import DIGEST, Cache
from mappe_servizi.pipeline.inputs import StageInputs, of_directory, of_municipality
from mappe_servizi.pipeline.municipality import MATTER, PLACES, find_municipalities
from mappe_servizi.pipeline.stages import Stage, Task, run
from mappe_servizi.releases import Release
from mappe_servizi.settings import BUILD, Settings, rows
from second_town import IPA, write_instance
from synthetic import small_template, synthesized

STORE = ("store/", ".sizes.json", ".lock")  # RocksDB's files are not the same twice
PERSON = "Pierluigi Sforza"
SPELLED = ("Pierluigi Sforza", "SFORZA PIERLUIGI", "Sforza Pierluigi")


@pytest.fixture(scope="module")
def town(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small town in an instance of its own."""
    return write_instance(tmp_path_factory.mktemp("town"), release.path / "report" / "ledger.csv")


@pytest.fixture
def instance(town: Path, tmp_path: Path) -> Path:
    """It, with a cache of its own."""
    shutil.copytree(town, tmp_path / "instance")
    return tmp_path / "instance"


def built(instance: Path, *arguments: str) -> str:
    done = mappe("build", *arguments, cwd=instance)
    assert done.returncode == 0, done.stderr
    return done.stderr


def files(link: Path) -> dict[str, bytes]:
    found = {path.relative_to(link).as_posix(): path for path in link.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in sorted(found.items()) if not name.startswith(STORE)}


def entries(instance: Path, owner: str = "*") -> list[Path]:
    return sorted((instance / "build" / "cache").glob(f"{owner}/*"))


def unpacked(entry: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(zstandard.decompress(entry.read_bytes()[DIGEST:]))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def redact(instance: Path, *redactions: tuple[str, ...]) -> None:
    path = instance / "data" / "municipalities" / IPA / "redactions.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        columns = ("kind", "service", "table", "label", "year", "reason", "decided")
        csv.writer(file).writerows([columns, *redactions])


NAME = ("name", "", "", PERSON, "", "request", "2026-11-28")


def test_a_build_that_changes_nothing_leaves_what_stands(instance: Path) -> None:
    current = instance / "build" / "current"
    built(instance)
    before = current.resolve()
    assert "Nothing has changed" in built(instance)
    assert current.resolve() == before
    # What is damaged, or was made by somebody else, is not what such a build would make.
    table = before / "csv" / "services.csv"
    table.chmod(0o644)
    table.write_bytes(table.read_bytes()[:-1])
    assert "1 of 1 unchanged" in built(instance)
    assert current.resolve() != before


def test_the_cache_changes_no_byte(instance: Path, tmp_path: Path) -> None:
    """From nothing, from the cache, without one, and whatever is damaged in it."""
    current = instance / "build" / "current"
    built(instance)
    made = files(current)
    assert "1 of 1 unchanged" in built(instance, "--output", str(tmp_path / "cached"))
    assert files(tmp_path / "cached") == made
    kept = entries(instance, "municipality-c_d142")
    assert len(kept) == 2
    for path, harm in zip(kept, (lambda b: b[:-9] + b"damaged!!", lambda b: b[:100]), strict=True):
        path.write_bytes(harm(path.read_bytes()))
    told = built(instance, "--output", str(tmp_path / "damaged"))
    assert "unchanged" not in told
    assert files(tmp_path / "damaged") == made
    assert entries(instance, "municipality-c_d142") == kept
    built(instance, "--output", str(tmp_path / "none"), "--cache-size", "0")
    assert files(tmp_path / "none") == made
    shutil.rmtree(instance / "build" / "cache")
    built(instance, "--output", str(tmp_path / "deleted"))
    assert files(tmp_path / "deleted") == made


def test_a_redaction_is_never_undone_by_what_was_kept(instance: Path, tmp_path: Path) -> None:
    """The name is in no byte of the build, nor of the cache, whatever both had before."""
    current = instance / "build" / "current"

    def spelled() -> list[str]:
        said = [name for name, data in files(current).items() if any(s.encode() in data for s in SPELLED)]
        for path in entries(instance, "municipality-*"):
            texts = unpacked(path).values()
            said += [path.name for text in texts if any(s.encode() in text for s in SPELLED)]
        return said

    built(instance)
    assert spelled()
    late = {path.name: path.read_bytes() for path in entries(instance, "municipality-c_d142")}
    redact(instance, NAME)
    built(instance)
    assert spelled() == []
    redacted = files(current)
    # What another build, begun before the redaction, puts there afterwards.
    for name, data in late.items():
        (instance / "build" / "cache" / "municipality-c_d142" / name).write_bytes(data)
    built(instance, "--output", str(tmp_path / "after"))
    assert spelled() == []
    assert files(tmp_path / "after") == redacted


def test_suppressed_counts_are_not_kept_either(instance: Path, tmp_path: Path) -> None:
    built(instance)
    shown = files(instance / "build" / "current")
    built(instance, "--suppress-small-counts")
    hidden = files(instance / "build" / "current")
    assert shown["csv/observations.csv"] != hidden["csv/observations.csv"]
    assert len(entries(instance, "municipality-c_d142")) == 2
    built(
        instance,
        "--suppress-small-counts",
        "--output",
        str(tmp_path / "clean"),
        "--cache",
        str(tmp_path / "c"),
    )
    assert files(tmp_path / "clean") == hidden


@pytest.fixture(scope="module")
def towns(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three synthetic towns, built with two processes."""
    place = tmp_path_factory.mktemp("towns")
    template = small_template(place / "template", release.path / "report" / "ledger.csv")
    instance = synthesized(place / "instance", 3, "--data", str(template))
    built(instance, "--jobs", "2")
    return instance


def test_a_change_of_one_town_costs_that_town(towns: Path, tmp_path: Path) -> None:
    path = towns / "data" / "municipalities" / "syn_00002" / "municipality.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Sinteticac", "Sinteticaz"), encoding="utf-8")
    told = built(towns)
    assert "2 of 3 unchanged" in told
    built(towns, "--output", str(tmp_path / "anew"), "--cache-size", "0", "--jobs", "1")
    assert files(tmp_path / "anew") == files(towns / "build" / "current")


def test_two_builds_at_once_share_a_cache(towns: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mappe_servizi", "build", "--cache", str(tmp_path / "cache"), "--output"]
    running = [
        subprocess.Popen([*command, str(tmp_path / name)], cwd=towns, stderr=subprocess.PIPE) for name in "ab"
    ]
    for one in running:
        _, said = one.communicate(timeout=300)
        assert one.returncode == 0, said
    assert files(tmp_path / "a") == files(tmp_path / "b")
    assert not list((tmp_path / "cache").rglob(".new-*"))


def test_what_is_shared_is_made_once(towns: Path) -> None:
    """No town has the vocabularies among its results."""
    for path in entries(towns, "municipality-syn_0000*"):
        assert not [name for name in unpacked(path) if "vocabularies" in name]


def key_of(data: Path, **changed: object) -> str:
    settings = Settings(data=data, **changed)  # type: ignore[arg-type]
    [folder] = find_municipalities(settings)
    return municipality.stage(folder, settings, StageInputs.read(settings)).key


def test_every_input_is_part_of_the_key(instance: Path, tmp_path: Path) -> None:
    data = instance / "data"
    before = key_of(data)
    assert key_of(data) == before
    assert key_of(data, jobs=7, keep=9, publisher_name="X") == before
    told = {"base_uri": "https://a.example.it/", "engine": "pyshacl", "small_count_threshold": 5}
    for name, value in {**told, "suppress_small_counts": True}.items():
        assert key_of(data, **{name: value}) != before, name
    for place in ("knowledge", "ontology", "shapes"):
        shutil.copytree(getattr(Settings(), place), tmp_path / place)
        assert key_of(data, **{place: tmp_path / place}) == before, place
        (tmp_path / place / "new.csv").write_text("a\n")
        assert key_of(data, **{place: tmp_path / place}) != before, place
    for path in sorted(path for path in data.rglob("*") if path.is_file() and "knowledge" not in path.parts):
        content = path.read_bytes()
        path.write_bytes(content + b" ")
        assert key_of(data) != before, path
        path.write_bytes(content)
    assert key_of(data) == before


def test_a_document_outside_of_the_folder_is_an_input_too(tmp_path: Path) -> None:
    folder = tmp_path / "c_x000" / "editions" / "2020"
    folder.mkdir(parents=True)
    (folder / "edition.toml").write_text('file = "../../../maps.txt"\n')
    (tmp_path / "maps.txt").write_text("one")
    before = of_municipality(tmp_path / "c_x000")
    (tmp_path / "maps.txt").write_text("two")
    assert of_municipality(tmp_path / "c_x000") != before


def test_files_are_told_apart_by_name_and_place(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x").write_text("1")
    first = of_directory(tmp_path / "a")
    (tmp_path / "a" / ".x.swp").write_text("an editor's")
    assert of_directory(tmp_path / "a") == first
    (tmp_path / "a" / "x").rename(tmp_path / "a" / "y")
    assert of_directory(tmp_path / "a") != first


def test_a_changed_program_has_other_keys(instance: Path, tmp_path: Path) -> None:
    """A comment is enough: nobody has to say that results are other ones."""
    shutil.copytree(ROOT / "src" / "mappe_servizi", tmp_path / "src" / "mappe_servizi")
    ask = "from mappe_servizi.pipeline.inputs import program; print(program())"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "src")}

    def program() -> str:
        return subprocess.check_output([sys.executable, "-c", ask], env=environment, cwd=tmp_path, text=True)

    before = program()
    assert program() == before
    with (tmp_path / "src" / "mappe_servizi" / "reading" / "numbers.py").open("a") as file:
        file.write("# other\n")
    assert program() != before


def test_a_municipality_s_stage_sees_only_the_settings_of_its_key() -> None:
    """A new setting that it may see must be among those that its key tells."""
    [folder] = find_municipalities(Settings())
    settings = Settings(publisher_name="X", contact_email="a@example.it", base_uri="https://a.example.it/")
    stage = municipality.stage(folder, settings, StageInputs.read(settings))
    seen = stage.make.args[1]  # type: ignore[attr-defined]
    differing = {
        row.field for row in rows(BUILD) if getattr(seen, row.field) != getattr(Settings(), row.field)
    }
    assert differing <= {*PLACES, *MATTER}
    assert seen.base_uri == settings.base_uri
    assert set(MATTER) <= stage.inputs.keys()


def stage_of(text: str, made: list[str]) -> Stage:
    def make(target: Path, progress: object) -> None:
        made.append(text)
        (target / "result").write_text(text)

    return Stage("test", "owner", {"text": text}, make)


def test_the_cache_is_bounded_and_the_least_recently_used_goes(tmp_path: Path) -> None:
    cache, made = Cache(tmp_path / "cache", 10**6), []
    (tmp_path / "cache").mkdir()
    tasks = [Task(stage_of(f"text {n}", made), cache, tmp_path / str(n)) for n in range(3)]
    for n, task in enumerate(tasks):
        assert not task.fetch()
        run(task)
        os.utime(next((tmp_path / "cache").glob(f"*/*-{task.stage.key}")), (n, n))
    assert tasks[0].fetch()  # used again, so the second is the oldest now
    size = sum(path.stat().st_size for path in (tmp_path / "cache").glob("*/*"))
    Cache(tmp_path / "cache", size - 1).trim()
    assert [task.fetch() for task in tasks] == [True, False, True]
    assert made == ["text 0", "text 1", "text 2"]


def test_inputs_that_change_while_a_stage_runs_leave_nothing_to_serve(tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    cache, made = Cache(tmp_path / "cache", 10**6), []
    stage = stage_of("text", made)
    moved = Stage(stage.name, stage.owner, stage.inputs, stage.make, still=lambda: False)
    task = Task(moved, cache, tmp_path / "there")
    assert not task.fetch()
    run(task)
    assert not list((tmp_path / "cache").rglob("*-*"))


def test_a_cache_that_cannot_be_written_is_told_and_does_no_harm(instance: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no directory")
    told = built(instance, "--cache", str(tmp_path / "file"))
    assert f"{tmp_path / 'file'} cannot be written" in told


def test_a_build_says_what_the_shapes_found_and_how_many_decisions_are_open(instance: Path) -> None:
    said = []
    for _ in range(2):
        lines = built(instance).splitlines()
        said.append(lines[next(n for n, line in enumerate(lines) if line.startswith("The shapes found ")) :])
    assert said[0] == said[1]
    manifest = json.loads((instance / "build" / "current" / "manifest.json").read_text(encoding="utf-8"))
    assert f"{manifest['counts']['validation']['Warning']} warnings" in said[0][0]
