"""What tests in several directories use."""

import fcntl
import os
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
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


def on_terminal(columns: int, *arguments: str | Path) -> str:
    """What the command ``mappe`` shows on a terminal of so many columns, without its styles."""
    ours, its = os.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("MAPPE_", "COLUMNS", "FORCE_"))}
    command = [sys.executable, "-m", "mappe_servizi", *map(str, arguments)]
    shown = b""
    with subprocess.Popen(
        command, cwd=ROOT, env={**clean, "TERM": "xterm", "NO_COLOR": "1"}, stdout=its, stderr=its
    ):
        os.close(its)
        with suppress(OSError):  # its end: the command has gone
            while some := os.read(ours, 1 << 16):
                shown += some
    os.close(ours)
    return re.sub(r"\x1b\[[0-9;]*m", "", shown.decode())


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
