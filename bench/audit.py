"""Lighthouse on six kinds of page, as a phone sees them: performance, accessibility, best practices, SEO.

    python -m bench.audit [RELEASE]

Lighthouse is a program of others', locked in bench/lighthouse; `make bench/lighthouse/node_modules/.done`
installs it. It slows network and processor down to a phone's. Each figure is of 100; below the goal the
audits that cost it are named, and the exit status is 1.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from served import serve

HERE = Path(__file__).with_name("lighthouse")
GOAL = 95
FLAGS = "--headless --no-sandbox --disable-gpu"
PAGES = {
    "home": "/",
    "service": "/page/public-service/c_d150/asili-nido",
    "figure": "/page/measurement/c_d150/2020/asili-nido/users-lattanti/2018",
    "providers": "/providers",
    "comparison": "/explore/users",
    "municipality": "/page/municipality/c_d150",
}


def audit(address: str) -> Any:
    """What Lighthouse says of a page."""
    chromium = (
        os.environ.get("MAPPE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    )
    command = [
        HERE / "node_modules" / ".bin" / "lighthouse", address, "--quiet", f"--chrome-flags={FLAGS}",
        "--output=json", "--output-path=stdout",
    ]  # fmt: skip
    environment = os.environ | ({"CHROME_PATH": chromium} if chromium else {})
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return json.loads(done.stdout)


def lacking(report: Any, category: Any) -> Iterator[str]:
    """The audits that cost a category its points, with what they found."""
    for reference in category["auditRefs"]:
        found = report["audits"][reference["id"]]
        if reference["weight"] and found["score"] is not None and found["score"] < 1:
            yield f"{reference['id']} {found.get('displayValue', '')}".strip()


def main(url: str) -> bool:
    """Audit every page; whether all reach the goal."""
    good = True
    for name, path in PAGES.items():
        report = audit(url + path)
        scores = {key: round(100 * one["score"]) for key, one in report["categories"].items()}
        print(f"{name:<13}" + "".join(f"{key} {score:>3}   " for key, score in scores.items()), flush=True)
        for key, score in scores.items():
            if score < GOAL:
                good = False
                print(f"  {key}: {'; '.join(lacking(report, report['categories'][key]))}", flush=True)
    return good


if __name__ == "__main__":
    with serve("--release", Path(sys.argv[1] if len(sys.argv) > 1 else "build/current")) as served:
        reached = main(served.url)
    sys.exit(0 if reached else 1)
