"""Pages and documents of a release, uncached and cached: requests a second and the slowest hundredth.

    python -m bench.pages [RELEASE]

Two HTTP processes, eight requests at a time, from wrk. For the uncached figures every request has a
parameter that nothing reads, so that no cache has its answer; the goal for these is a slowest
hundredth under 50 ms. Each figure is the median of rounds.
"""

from __future__ import annotations

import random
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from served import serve

CONNECTIONS, SECONDS, ROUNDS, GOAL = 8, 6, 3, 50.0
REQUESTS = Path(__file__).with_name("requests.lua")
LISTED = """PREFIX mds: <https://w3id.org/mappe-servizi/onto/MDS/>
SELECT ?s {
  VALUES ?class {
    mds:MunicipalService mds:UserSegment mds:ServiceIndicator mds:YearlyFigure mds:ServiceProvider
    mds:MunicipalServiceElement mds:DeliveryStructure
  }
  ?s a ?class FILTER(STRSTARTS(STR(?s), "https://w3id.org/mappe-servizi/data/"))
} ORDER BY MD5(STR(?s)) LIMIT 2000"""
DATA = "https://w3id.org/mappe-servizi/data/"
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0, "h": 3_600_000.0}


def percentiles(said: str) -> dict[float, float]:
    """Milliseconds by percentile, of all that wrk printed; a slow machine has waits of minutes.

    >>> percentiles("     50%    8.21ms\\n     99%    1.05m \\n")
    {50.0: 8.21, 99.0: 63000.0}
    """
    found = re.findall(r"^\s*([\d.]+)%\s+([\d.]+)(us|ms|s|m|h)\s*$", said, re.MULTILINE)
    return {float(share): float(number) * MILLISECONDS[unit] for share, number, unit in found}


def ask(url: str, targets: list[str], accept: str, *, unique: bool) -> tuple[float, float, float]:
    """Requests a second, median and slowest hundredth in milliseconds."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(targets) + "\n")
        file.flush()
        command = [
            "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency", "-H", f"Accept: {accept}",
            "-s", str(REQUESTS), url, "--", file.name, "unique" if unique else "same",
            str(random.randrange(10**9)),
        ]  # fmt: skip
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said:
        raise RuntimeError(said)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    waits = percentiles(said)
    if rate is None or not {50.0, 99.0} <= waits.keys():
        raise NoFiguresError(said)
    return float(rate[1]), waits[50.0], waits[99.0]


class NoFiguresError(Exception):
    """wrk printed no rate or no percentiles: no request ended in the time that it had."""


def show(name: str, url: str, targets: list[str], accept: str, *, unique: bool) -> None:
    """A line of figures."""
    try:
        found = [ask(url, targets, accept, unique=unique) for _ in range(ROUNDS)]
    except NoFiguresError as error:
        print(f"{name:<28} no figures: in {SECONDS} s no request ended. wrk said:\n{error}", flush=True)
        return
    rate, median, slowest = (statistics.median(values) for values in zip(*found, strict=True))
    goal = f"   {slowest / GOAL:4.2f} of the goal" if unique else ""
    print(f"{name:<28} {rate:8.0f}/s   median {median:6.2f} ms   p99 {slowest:6.2f} ms{goal}", flush=True)


def main(url: str) -> None:
    """Measure."""
    rows = httpx.get(f"{url}/sparql", params={"query": LISTED, "format": "json"}, timeout=60).json()
    rests = [quote(row["s"]["value"].removeprefix(DATA)) for row in rows["results"]["bindings"]]
    services = [rest for rest in rests if rest.startswith("public-service/")]
    print(f"{len(rests)} resources, of which {len(services)} services", flush=True)
    for name, space, accept in (("page", "page", "text/html"), ("document", "doc", "text/turtle")):
        for kind, chosen in (("any", rests), ("service", services)):
            targets = [f"/{space}/{rest}?bench=" for rest in chosen]
            show(f"{name}, {kind}, uncached", url, targets, accept, unique=True)
        show(f"{name}, cached", url, [f"/{space}/{rests[0]}"], accept, unique=False)


if __name__ == "__main__":
    release = sys.argv[1] if len(sys.argv) > 1 else "build/current"
    with serve("--release", release, "--workers", "2") as served:
        main(served.url)
