"""The commands that a page of the documentation shows for a procedure, run as a person would."""

import os
import re
import subprocess
import sys
from pathlib import Path

from helpers import ROOT

BLOCK = re.compile(r"^( *)```bash\n(.*?)^ *```", re.MULTILINE | re.DOTALL)


def blocks(page: str) -> list[str]:
    """The commands of a page, a text a block."""
    return [block for _, block in BLOCK.findall((ROOT / "docs" / page).read_text(encoding="utf-8"))]


def launcher(directory: Path) -> Path:
    """A directory with the command ``mappe`` of the running environment."""
    directory.mkdir(exist_ok=True)
    path = directory / "mappe"
    path.write_text(f'#!/bin/sh\nexec {sys.executable} -m mappe_servizi "$@"\n', encoding="utf-8")
    path.chmod(0o755)
    return directory


def run(block: str, place: Path, programs: Path) -> str:
    """What a block says; its commands must not fail.

    Args:
        block: commands of a shell.
        place: the directory in which they are given.
        programs: where the command ``mappe`` is.
    """
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("MAPPE_", "SOURCE_DATE", "VIRTUAL_"))}
    environment = {**clean, "PATH": f"{programs}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-euc", block],
        cwd=place, env=environment, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr
