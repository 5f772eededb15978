"""What tests in several directories use."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
Tell = Callable[[str], None]
"""Tells a figure that a test measured."""


def mappe(*arguments: str | Path, cwd: Path = ROOT, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run the command ``mappe`` as a user does, in the project's directory."""
    command = [sys.executable, "-m", "mappe_servizi", *map(str, arguments)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MAPPE_")}
    return subprocess.run(
        command, cwd=cwd, env=clean | environment, capture_output=True, text=True, check=False, timeout=300
    )


@contextmanager
def process(program: str, *arguments: Path) -> "Iterator[subprocess.Popen[str]]":
    """Another process, which has said "ready" on a line of its own."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
            yield child
        finally:
            child.kill()
