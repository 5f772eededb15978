"""Programs of ours in processes of their own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from mappe_servizi.child_process import FailedChild, run_module

Found = TypeVar("Found")
BEGUN = "import sys; from mappe_servizi.child_process import run_module; run_module(*sys.argv[1:])"


WAITS = """
import os, sys, time
with open(sys.argv[1], "w") as file:
    file.write(f"{os.getpid()}\\n")
time.sleep(600)
"""


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory of modules to run."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    return tmp_path


@pytest.fixture
def waits(modules: Path) -> Path:
    """Where the module ``waits`` says who it is, before it waits."""
    (modules / "waits.py").write_text(WAITS)
    return modules / "said"


def test_nothing_of_the_working_directory_is_run(modules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (modules / "ours.py").write_text("import json, sys\nprint(json.dumps(sys.argv[1:]))\n")
    (modules / "elsewhere").mkdir()
    (modules / "elsewhere" / "json.py").write_text("raise SystemExit('a stranger')\n")
    monkeypatch.chdir(modules / "elsewhere")
    assert run_module("ours", "a b", "è") == '["a b", "\\u00e8"]\n'


def test_the_error_is_the_last_line_that_it_said(modules: Path) -> None:
    (modules / "fails.py").write_text("import sys\nsys.exit('first\\nlast\\n')\n")
    (modules / "killed.py").write_text("import os\nos.kill(os.getpid(), 9)\n")
    for module, said in (
        ("nobody", "ImportError: No module named nobody"),
        ("fails", "last"),
        ("killed", "its process ended with status -9"),
    ):
        with pytest.raises(FailedChild) as error:
            run_module(module)
        assert str(error.value) == said


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux ends it")
def test_it_ends_with_who_began_it(waits: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", BEGUN, "waits", str(waits)]) as parent:
        pid = int(until(lambda: waits.read_text() if waits.exists() else "").strip())
        parent.send_signal(signal.SIGKILL)
    assert until(lambda: not alive(pid))


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux ends it")
def test_it_does_not_begin_for_who_has_ended(waits: Path) -> None:
    """Between the start of a process and its first line whoever began it may be killed."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    begun = [sys.executable, "-m", "mappe_servizi.child_process", str(gone.pid), "waits", str(waits)]
    assert subprocess.run(begun, check=False, timeout=60).returncode == -signal.SIGKILL
    assert not waits.exists()


def alive(pid: int) -> bool:
    """Whether the process is one that does something: a dead one waits for somebody to ask for its end."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def until(found: Callable[[], Found]) -> Found:
    """What is found, waited for."""
    deadline = time.monotonic() + 60
    while not (value := found()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return value
