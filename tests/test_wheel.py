"""The package as others get it: built from the sdist, installed with no checkout near, used elsewhere."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import six_sheets
from helpers import ROOT, mappe
from mappe_servizi.instance import KNOWLEDGE
from mappe_servizi.rehearsal.entrance import free_port
from mappe_servizi.releases import Release
from newcomer import Newcomer, wait_until
from procedures import blocks
from served import Served

BASE = "https://dati.comune.example.it/mappe/"
SAMPLE = ("municipalities/c_d150", "providers")


def run(*command: str | Path, cwd: Path = ROOT) -> "subprocess.CompletedProcess[str]":
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("MAPPE_", "VIRTUAL_"))}
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd, env=clean, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip


def uv(*arguments: str | Path) -> None:
    done = run(sys.executable, "-m", "uv", *arguments)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of sdist and wheel, the wheel made from the sdist."""
    place = tmp_path_factory.mktemp("wheel")
    uv("build", "--no-build-isolation", "--out-dir", place, ROOT)
    return place


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (path,) = built.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that has the package and what serving needs, nothing else."""
    place = tmp_path_factory.mktemp("environment")
    uv("venv", "--python", sys.executable, place)
    locked = ("--constraint", ROOT / "requirements" / "run.txt")
    uv("pip", "install", "--python", place / "bin" / "python", *locked, wheel)
    return place / "bin"


@pytest.fixture(scope="module")
def instance(environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance with the sample in it."""
    place = tmp_path_factory.mktemp("elsewhere") / "instance"
    done = run(environment / "mappe", "init", place, "--base-uri", BASE, cwd=place.parent)
    assert done.returncode == 0, done.stderr
    with (place / "mappe.toml").open("a", encoding="utf-8") as file:
        file.write('publisher-name = "Comune di Esempio"\npublisher-identifier = "c_x000"\n')
    for name in SAMPLE:
        shutil.copytree(ROOT / "data" / name, place / "data" / name, dirs_exist_ok=True)
    return place


def test_the_wheel_has_the_knowledge_and_nothing_of_an_instance(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for name, place in KNOWLEDGE.items():
        here = {p.relative_to(ROOT / place).as_posix() for p in (ROOT / place).rglob("*") if p.is_file()}
        there = {n.partition(f"bundled/{name}/")[2] for n in names if f"/bundled/{name}/" in n}
        assert there == here, name
    assert not [name for name in names if "municipalities/" in name or "registry.csv" in name]


def test_the_sdist_has_what_a_build_needs_and_no_link(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        assert not [member.name for member in archive if member.issym() or member.islnk()]
        assert not [name for name in archive.getnames() if "/data/municipalities" in name]


def test_the_metadata_are_complete(environment: Path) -> None:
    text = run(
        environment / "python", "-c",
        "from importlib.metadata import metadata; print(metadata('mappe-servizi'))",
    ).stdout  # fmt: skip
    for field in ("Summary", "Author", "License-Expression", "Project-URL", "Keywords", "Classifier"):
        assert re.search(rf"^{field}: \S", text, re.MULTILINE), field
    needed = re.findall(r"^Requires-Dist: ([\w-]+)(\S*)( ; .*)?$", text, re.MULTILINE)
    assert needed
    assert not [name for name, version, _ in needed if "==" in version]
    assert {"build", "link"} <= set(re.findall(r"^Provides-Extra: (\w+)", text, re.MULTILINE))


def test_the_command_that_needs_an_extra_names_it(environment: Path, instance: Path) -> None:
    refused = run(environment / "mappe", "build", cwd=instance)
    assert refused.returncode == 1
    assert re.fullmatch(
        r"mappe: `mappe build` needs \w+: pip install 'mappe-servizi\[build\]'\n", refused.stderr
    )


def test_a_release_is_rehearsed_with_what_serving_needs(
    environment: Path, release: Release, tmp_path: Path
) -> None:
    """What needs an extra or others' programs is left out with a word, all else is harvested."""
    done = run(environment / "mappe", "rehearse", "--release", release.path, "--sample", "200",
               "--output", tmp_path, cwd=tmp_path)  # fmt: skip
    assert done.returncode == 0, done.stdout[:2000] + done.stderr
    assert done.stdout.count("left out") == 3  # the validator, CKAN's own parsers, streams of what has none
    assert "pip install 'mappe-servizi[build]'" in done.stdout
    assert "200 end with 200" in done.stdout


@pytest.fixture(scope="module")
def served(environment: Path, instance: Path, wheel: Path) -> Iterator[Served]:
    """The sample, built and served from a directory inside of the instance."""
    locked = ("--constraint", ROOT / "requirements" / "run.txt")
    uv("pip", "install", "--python", environment / "python", *locked, f"{wheel}[build,documents]")
    built = run(environment / "mappe", "build", cwd=instance / "data")
    assert built.returncode == 0, built.stderr
    validated = run(environment / "mappe", "validate", cwd=instance / "data")
    assert validated.returncode == 0, validated.stdout
    port = free_port()
    config = ("--config", str(instance / "mappe.toml"))
    command = [str(environment / "mappe"), *config, "serve", "--port", str(port)]
    with Served(command, port, "/readyz") as server:
        yield server


def test_a_page_has_its_styles(served: Served) -> None:
    page = httpx.get(f"{served.url}/page/public-service/c_d150/asili-nido")
    assert page.status_code == 200
    styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page.text)
    assert styles
    for address in (*styles, *re.findall(r'<script src="([^"]+)"', page.text)):
        assert httpx.get(served.url + address).status_code == 200, address


def test_the_data_stand_under_the_instance_s_own_address(served: Served) -> None:
    turtle = httpx.get(f"{served.url}/doc/public-service/c_d150/asili-nido.ttl").text
    assert f"{BASE}data/public-service/c_d150/asili-nido" in turtle or f"<{BASE}data/" in turtle


def test_an_instance_is_rehearsed_under_its_own_address(
    served: Served, environment: Path, instance: Path
) -> None:
    done = run(environment / "mappe", "rehearse", "--sample", "300", cwd=instance)
    assert done.returncode == 0, done.stdout[:2000] + done.stderr
    assert f"## {BASE}data/dataset/figures\n" in done.stdout
    assert (instance / "build" / "rehearsal.json").exists()


@pytest.fixture(scope="module")
def newcomer(environment: Path, served: Served, tmp_path_factory: pytest.TempPathFactory) -> Newcomer:
    """Who has the wheel (with what building needs, once the sample is served), the pages and a document."""
    return Newcomer(tmp_path_factory.mktemp("newcomer"), environment)


def test_a_newcomer_publishes_a_town(newcomer: Newcomer) -> None:
    """By the commands that the pages show, one page after another; each is found from the index."""
    assert newcomer.follows("tutorial.md", "").count("open decisions")
    observations = (newcomer.release.path / "csv" / "observations.csv").read_text(encoding="utf-8")
    assert observations.count("\n") == 1 + six_sheets.CELLS

    newcomer.follows("correcting.md")  # an editor who has never seen git
    assert newcomer.changed("sdmx-measure:obsValue") == [("48", "84")]
    newcomer.runs("mappe release --rollback 1")
    assert newcomer.release.number == 1
    newcomer.runs("mappe release --rollback 2")

    with newcomer.behind_nginx() as get:
        assert "84" in get("/page/public-service/c_b129/asilo-nido-comunale").text
        assert newcomer.NAME in get("/csv/services.csv").text
        newcomer.follows("after-a-redaction.md")
        assert newcomer.release.number == 3
        wait_until(lambda: newcomer.NAME not in get("/csv/services.csv").text)
    newcomer.runs("mappe release --sweep")
    assert newcomer.names_in(newcomer.place / "build" / "releases") == []

    back_up, restore = blocks("backup.md")
    newcomer.runs(back_up)
    elsewhere = newcomer.moves("elsewhere")
    elsewhere.runs(restore)
    assert elsewhere.names_in(elsewhere.place / "build") == []
    with elsewhere.behind_nginx() as get:
        assert "84" in get("/page/public-service/c_b129/asilo-nido-comunale").text


def test_no_command_needs_an_instance_to_say_what_it_is(environment: Path, tmp_path: Path) -> None:
    for arguments in (("--help",), ("--version",), ("check",)):
        done = run(environment / "mappe", *arguments, cwd=tmp_path)
        assert done.returncode in {0, 1}
        assert "Traceback" not in done.stderr
    refused = run(environment / "mappe", "build", cwd=tmp_path)
    assert refused.returncode == 1
    assert "`mappe init DIR` makes an instance" in refused.stderr


def test_a_new_instance_asks_for_its_own_address(tmp_path: Path) -> None:
    for base, said in (
        ("https://w3id.org/mappe-servizi/", "need an address of their own"),
        ("dati.example.it", "must be an http(s) IRI"),
    ):
        refused = mappe("init", tmp_path / "new", "--base-uri", base)
        assert refused.returncode == 1
        assert said in refused.stderr
        assert not (tmp_path / "new").exists()
    assert mappe("init", tmp_path / "new", "--base-uri", BASE).returncode == 0
    (tmp_path / "new" / "README.md").write_text("mine")
    again = mappe("init", tmp_path / "new", "--base-uri", BASE)
    assert again.returncode == 1
    assert "an instance already" in again.stderr
    (tmp_path / "new" / "mappe.toml").unlink()
    assert mappe("init", tmp_path / "new", "--base-uri", BASE).returncode == 0
    assert (tmp_path / "new" / "README.md").read_text() == "mine"
