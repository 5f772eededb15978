"""What validating a release costs, against pyshacl: whole processes, and whether both say the same.

    python -m bench.validation [--release DIR]

Each is ``mappe validate`` of all of the release, started anew. Printed: processor time and wall time of each
with all of its processes, the ratio of each, the memory of the largest process. The engine of builds three
times, pyshacl once: it takes a minute.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys

from bench.building import Cost, cost

TIMES = 3
ENGINES = ("shifty", "pyshacl")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--release", default="build/current")
    asked = parser.parse_args()
    command = [sys.executable, "-m", "mappe_servizi", "validate", "--release", asked.release, "--engine"]
    said = {engine: results([*command, engine]) for engine in ENGINES}
    fast = min((cost(*command, ENGINES[0]) for _ in range(TIMES)), key=lambda one: one.seconds)
    reference = cost(*command, ENGINES[1])
    for engine, one in zip(ENGINES, (fast, reference), strict=True):
        show(engine, one, reference)
    print("results: the same" if said[ENGINES[0]] == said[ENGINES[1]] else f"results differ: {said}")


def results(command: list[str]) -> list[tuple[str, ...]]:
    """What an engine finds, as the command tells it in JSON; of a message each chooses a language."""
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, check=False)
    names = ("severity", "component", "path", "focus", "value")
    return sorted(tuple(one[name] for name in names) for one in json.loads(done.stdout)["results"])


def show(engine: str, one: Cost, reference: Cost) -> None:
    """Print a line."""
    ratio, of_wall = reference.seconds / one.seconds, reference.wall / one.wall
    print(
        f"{engine:<8} {one.seconds:7.2f} s {ratio:6.2f} x {one.wall:7.2f} s wall {of_wall:6.2f} x"
        f" {one.memory:6.0f} MiB"
    )


if __name__ == "__main__":
    main()
