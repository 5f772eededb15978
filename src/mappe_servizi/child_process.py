"""Programs of ours in processes of their own, which end with the process that began them.

Whatever a working directory holds is not imported: a ``json.py`` there is a stranger's.
"""

from __future__ import annotations

import ctypes
import os
import runpy
import signal
import subprocess
import sys

from mappe_servizi.errors import MappeError

PR_SET_PDEATHSIG = 1


class FailedChild(MappeError):
    """A program of ours ended with an error; the text is the last line that it said."""


def run_module(module: str, *args: str) -> str:
    """Run a module as a program, and return what it wrote to standard output.

    Raises:
        FailedChild: it ended with another status than 0, or was killed.
    """
    done = subprocess.run(  # noqa: S603 - this very program, and modules of ours
        [sys.executable, "-P", "-m", __name__, str(os.getpid()), module, *args],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"its process ended with status {done.returncode}"]
        raise FailedChild(said[-1])
    return done.stdout


def end_with(parent: int) -> None:
    """Let this process not outlive the one that it works for, however that ends, or has ended by now."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)


def main(parent: str, *program: str) -> None:
    """Become the program of a module."""
    end_with(int(parent))
    sys.argv[:] = program
    runpy.run_module(program[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
