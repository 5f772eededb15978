"""What the system refuses to a command is told in a sentence."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpers import ROOT, mappe


def test_a_disk_that_takes_no_more_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "mappe_servizi", "build", "--output", tmp_path / "current"]
    limited = ["bash", "-c", 'ulimit -f 64; exec "$@"', "-", *build]
    done = subprocess.run(limited, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    told = done.stderr.splitlines()[-1]
    assert told.startswith("mappe: ")
    assert "File too large" in told
    assert list(tmp_path.iterdir()) == []


def test_an_output_that_cannot_be_written_is_told() -> None:
    with Path("/dev/full").open("w") as full:  # opened, never named to a command: one could replace it
        done = subprocess.run(
            [sys.executable, "-m", "mappe_servizi", "check"],
            cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == "mappe: No space left on device\n"


def test_the_update_works_from_any_directory(tmp_path: Path) -> None:
    """A program of the same name tells where, and as what, it is called."""
    (tmp_path / "mappe").write_text('#!/bin/sh\necho "$1 $MAPPE_RELEASE in $PWD"\n')
    (tmp_path / "mappe").chmod(0o755)
    variables = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "MAPPE_OUTPUT": "/x/build"}
    told = subprocess.check_output([ROOT / "deploy" / "update.sh"], cwd="/", env=variables, text=True)
    assert told.splitlines() == [f"{name} /x/build in {ROOT}" for name in ("build", "validate", "release")]


def test_a_setting_of_other_commands_is_no_default_of_an_option(tmp_path: Path) -> None:
    """`output` of mappe.toml is where a build goes, and not what else a command writes."""
    made = mappe("init", "--base-uri", "https://dati.example.it/", tmp_path / "instance")
    assert made.returncode == 0, made.stderr
    (tmp_path / "instance" / "list.csv").write_text("name\nPro Loco Cremona\nPro Loco di Cremona\n")
    linked = mappe("link", "list.csv", cwd=tmp_path / "instance")
    assert linked.returncode == 0, linked.stderr
    built = sorted(path.name for path in (tmp_path / "instance" / "build").iterdir())
    assert built == ["links"]


def test_rows_are_written_also_where_nobody_reads_them_to_the_end(tmp_path: Path) -> None:
    """`mappe identifiers | head` wrote nothing."""
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data" / "municipalities" / "c_d150", data / "municipalities" / "c_d150")
    registry = data / "municipalities" / "c_d150" / "identifiers.csv"
    whole = registry.read_text(encoding="utf-8").splitlines(keepends=True)
    registry.write_text("".join(line for line in whole if not line.startswith("place,")), encoding="utf-8")
    command = f"{sys.executable} -m mappe_servizi identifiers --data {data} | true"
    subprocess.run(["bash", "-c", command], cwd=ROOT, check=False, timeout=120, capture_output=True)
    found = registry.read_text(encoding="utf-8").splitlines(keepends=True)
    assert sum(line.startswith("place,") for line in found) == sum(
        line.startswith("place,") for line in whole
    )


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_installed_where_a_shell_looks(shell: str, tmp_path: Path) -> None:
    variables = {"HOME": str(tmp_path), "XDG_DATA_HOME": "", "XDG_CONFIG_HOME": ""}
    printed = mappe("completion", shell, **variables)
    installed = mappe("completion", shell, "--install", **variables)
    assert installed.returncode == 0, installed.stderr
    path = Path(installed.stdout.strip())
    assert path.is_relative_to(tmp_path)
    assert path.read_text(encoding="utf-8") == printed.stdout
    assert "_MAPPE_COMPLETE" in printed.stdout


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("mappe rele", "release"),
        ("mappe query services-by-a", "services-by-area"),
        ("mappe check c_", "c_d150"),
        ("mappe release --max-op", "--max-open-decisions"),
    ],
)
def test_a_shell_completes(words: str, found: str) -> None:
    variables = {"_MAPPE_COMPLETE": "bash_complete", "COMP_WORDS": words}
    place = len(words.split()) - 1
    done = mappe(COMP_CWORD=str(place), **variables)
    assert f"plain,{found}" in done.stdout.splitlines()
