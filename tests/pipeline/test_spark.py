"""Spark as the runner, on this machine: the same bytes as its processes make."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from helpers import ROOT, mappe
from mappe_servizi.linking.listed import Listed
from mappe_servizi.releases import Release
from mappe_servizi.synthesize.benchmark import half
from synthetic import small_template, synthesized

STORE = ("store/", ".sizes.json", ".lock")  # RocksDB's files are not the same twice
SPARK = ("--runner", "spark", "--spark-master", "local[2]")


@pytest.fixture(scope="module", autouse=True)
def pyspark() -> None:
    if find_spec("pyspark") is None:
        pytest.fail("Spark is not installed: run `make .venv/.spark`")


@pytest.fixture(scope="module")
def clusters() -> ModuleType:
    """Clusters of the bench: a master and two workers on loopback."""
    spec = spec_from_file_location("clusters", ROOT / "bench" / "spark.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def local(instance: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Every file that processes of this machine make."""
    return built(instance, tmp_path_factory.mktemp("local") / "current")


@pytest.fixture(scope="module")
def instance(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three small towns, of which one cannot be read; its path is a pattern, if one lets it be."""
    place = tmp_path_factory.mktemp("spark")
    template = small_template(place / "template", release.path / "report" / "ledger.csv")
    instance = synthesized(place / "three towns {a,b}", 3, "--data", str(template))
    services = instance / "data" / "municipalities" / "syn_00003" / "services.csv"
    text = services.read_text(encoding="utf-8")
    services.write_text(re.sub(r"\n[^,]*,", "\nNot a slug,", text, count=1), encoding="utf-8")
    return instance


def files(build: Path) -> dict[str, bytes]:
    found = {path.relative_to(build).as_posix(): path for path in build.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in sorted(found.items()) if not name.startswith(STORE)}


def built(instance: Path, output: Path, *arguments: str) -> dict[str, bytes]:
    done = mappe("build", "--cache-size", "0", "--output", output, *arguments, cwd=instance)
    assert done.returncode == 0, done.stderr
    assert "syn_00003" in done.stderr
    assert [path.name for path in output.resolve().parent.glob(".new-*")] == []
    return files(output)


def assert_the_same(made: dict[str, bytes], local: dict[str, bytes]) -> None:
    assert made.keys() == local.keys()
    assert [name for name, data in made.items() if data != local[name]] == []


def test_the_same_bytes_as_this_machines_processes(
    instance: Path, local: dict[str, bytes], tmp_path: Path
) -> None:
    """Every file: dump, tables, reports and manifest, with a municipality in quarantine."""
    assert_the_same(built(instance, tmp_path / "current", *SPARK), local)
    assert b"syn_00003" in local["report/quarantine.csv"]


def test_a_machine_that_is_lost_midway_changes_no_byte(
    instance: Path, local: dict[str, bytes], tmp_path: Path, clusters: ModuleType
) -> None:
    """A standalone cluster, of whose two workers one is killed once the first municipality is there."""
    output = tmp_path / "current"
    with clusters.cluster(tmp_path) as (address, workers):
        spark = ("--runner", "spark", "--spark-master", address)
        clusters.build(instance, output, *spark, lose=workers[0])
        assert [worker.poll() is None for worker in workers] == [False, True]
    assert_the_same(files(output), local)


def test_what_is_missing_is_said_and_nothing_is_left(instance: Path, tmp_path: Path) -> None:
    nowhere, absent = tmp_path / "nowhere", tmp_path / "absent" / "pyspark"
    nowhere.mkdir()
    absent.mkdir(parents=True)
    (absent / "__init__.py").write_text("raise ModuleNotFoundError('pyspark', name='pyspark')")
    for environment, said in (
        ({"PATH": str(nowhere), "JAVA_HOME": str(nowhere)}, "needs Java 17 or newer"),
        ({"PYTHONPATH": str(absent.parent)}, "pip install 'mappe-servizi[spark]'"),
    ):
        output = tmp_path / "build" / "current"
        done = mappe("build", "--output", output, *SPARK, cwd=instance, **environment)
        assert done.returncode == 1
        assert said in done.stderr
        assert "Traceback" not in done.stderr
        assert [path.name for path in output.parent.iterdir() if not path.name.startswith(".")] == []


def test_the_same_links_and_clusters(tmp_path: Path) -> None:
    made = half(seed=5, size=250)
    register = write_list(tmp_path / "register.csv", made.register)
    listed = write_list(tmp_path / "listed.csv", made.listed)
    found = {}
    for name, arguments in (("local", ()), ("spark", SPARK)):
        done = mappe("link", register, listed, "--output", tmp_path / name, *arguments)
        assert done.returncode == 0, done.stderr
        found[name] = files(tmp_path / name)
    assert found["spark"] == found["local"]
    assert found["local"]["links.csv"].count(b"sameAs") > 50
    assert found["local"]["clusters.csv"].count(b"\n") > 100


def write_list(path: Path, rows: Iterable[Listed]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "name", "town"))
        writer.writerows((row.id, row.name, row.town) for row in rows)
    return path
