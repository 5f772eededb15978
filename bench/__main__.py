"""``make bench``: every benchmark, one after another. Figures are printed, nothing is judged."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ABUSE = {"MAPPE_ABUSE": "20000"}


def main() -> None:
    """Run each module of this directory that has a main, then the hostile suite at its full length."""
    for path in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        print(f"\n# {path.stem}", flush=True)
        subprocess.run([sys.executable, "-m", f"bench.{path.stem}"], check=True)
    hostile = [sys.executable, "-m", "pytest", "-q", "-s", "tests/server/test_hostile.py"]
    subprocess.run(hostile, env=os.environ | ABUSE, check=True)


if __name__ == "__main__":
    main()
