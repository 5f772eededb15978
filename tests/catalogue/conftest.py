"""The catalogue of a build, and others' programs to read it with."""

import subprocess
from pathlib import Path

import pytest

from helpers import ROOT
from others import BIN, Run


@pytest.fixture(scope="session")
def other() -> Run:
    """Runs a program of .venv/harvest, which `make test` sets up."""
    if not (BIN.parent / ".done").exists():
        pytest.fail("others' programs are not installed: run `make .venv/harvest/.done`")

    def run(program: str, *arguments: str | Path, cwd: Path = ROOT) -> "subprocess.CompletedProcess[str]":
        command = [str(BIN / program), *map(str, arguments)]
        return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=300)

    return run
