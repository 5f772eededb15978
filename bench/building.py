"""What a build costs, against the bare load of its result.

    python -m bench.building [--data DIR] [--jobs N]

The limit is what nobody can avoid: a process that does nothing but load the dump into a new store and
optimize it. Printed for a build from nothing, for one that changes nothing, and for one whose cache knows
every municipality though the output is new: processor time of all their processes as a ratio to that, wall
time, and the peak memory of the largest process; then how large the dump is, and all of the output. The
program's modules are compiled, as an installation has them.
"""

from __future__ import annotations

import argparse
import compileall
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from mappe_servizi.instance import PACKAGE

MIB = 1 << 20
LOAD = """
import sys
from pyoxigraph import RdfFormat, Store
store = Store(sys.argv[2])
store.bulk_load(path=sys.argv[1], format=RdfFormat.N_QUADS)
store.optimize()
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of processor time of a process and all that it started, of wall time, MiB of the largest."""

    seconds: float
    wall: float
    memory: float


def cost(*command: str | Path) -> Cost:
    """Run a command.

    Raises:
        SystemExit: it fails.
    """
    began = time.monotonic()
    started = subprocess.Popen([str(part) for part in command], stderr=subprocess.PIPE, text=True)
    assert started.stderr is not None
    said = started.stderr.read()
    _, status, usage = os.wait4(started.pid, 0)
    if status:
        sys.exit(said)
    wall = time.monotonic() - began
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default="data")
    parser.add_argument("--jobs", default="0")
    asked = parser.parse_args()
    compileall.compile_dir(PACKAGE, quiet=1)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        build = (
            sys.executable, "-m", "mappe_servizi", "build", "--data", asked.data, "--jobs", asked.jobs,
            "--cache", place / "cache", "--output",
        )  # fmt: skip
        measured = {
            "from nothing": cost(*build, place / "one"),
            "nothing changed": cost(*build, place / "one"),
            "all municipalities known": cost(*build, place / "two"),
        }
        dump = place / "one" / "dump" / "mappe-servizi.nq"
        load = cost(sys.executable, "-c", LOAD, dump, place / "store")
        written = [file.stat().st_size for file in (place / "one").resolve().rglob("*") if file.is_file()]
        sizes = dump.stat().st_size / MIB, sum(written) / MIB
    print(f"{'bare load':<26} {load.seconds:7.2f} s          {load.wall:7.1f} s wall {load.memory:6.0f} MiB")
    for what, one in measured.items():
        ratio = one.seconds / load.seconds
        print(f"{what:<26} {one.seconds:7.2f} s {ratio:6.2f} x {one.wall:7.1f} s wall {one.memory:6.0f} MiB")
    print("dump {:.1f} MiB, all of the output {:.1f} MiB".format(*sizes))


if __name__ == "__main__":
    main()
