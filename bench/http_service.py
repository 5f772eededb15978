"""Our server against its peers on the same data in the same run: single, concurrent, cached.

Ratios are what counts: every figure is the median of interleaved rounds, since other work on a
machine comes and goes. Run as ``python -m bench.http_service --municipalities 0 10``; 0 stands
for the release of the real data. Needs wrk; Virtuoso is left out where it is not installed.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import peers  # noqa: E402
from served import BASE, serve  # noqa: E402

ROUNDS, SECONDS, CONNECTIONS = 5, 2, 32
JSON, TURTLE = "application/sparql-results+json", "text/turtle"
OURS, OXIGRAPH, VIRTUOSO, RDFLIB = "ours", "oxigraph", "virtuoso", "rdflib-endpoint"
REQUESTS = Path(__file__).with_name("requests.lua")


@dataclass
class Target:
    """A server that is measured."""

    name: str
    url: str
    path: str

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=self.url, timeout=120)

    def target(self, query: str) -> str:
        """The path and query string that ask a query."""
        extra = f"default-graph-uri={quote(peers.DATA, safe='')}&" if self.name == VIRTUOSO else ""
        return f"{self.path}?{extra}query={quote(query, safe='')}"

    def milliseconds(self, query: str, accept: str) -> tuple[float, int]:
        """The time of one answer, and its size."""
        started = time.perf_counter()
        response = self.client.get(self.target(query), headers={"accept": accept})
        response.raise_for_status()
        return (time.perf_counter() - started) * 1000, len(response.content)


def wrk(target: Target, targets: list[str], accept: str, *, unique: bool) -> float:
    """Requests a second at ``CONNECTIONS`` connections."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(targets) + "\n")
        file.flush()
        command = [
            "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-H", f"Accept: {accept}", "-s", str(REQUESTS),
            target.url, "--", file.name, "unique" if unique else "same", str(random.randrange(10**9)),
        ]  # fmt: skip
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output:
        raise RuntimeError(f"{target.name}: {output}")
    match = re.search(r"Requests/sec:\s+([\d.]+)", output)
    assert match
    return float(match[1])


def rounds(targets: list[Target], measure: Callable[[Target], float]) -> dict[str, float]:
    """The median of interleaved rounds, by target."""
    found: dict[str, list[float]] = {target.name: [] for target in targets}
    for _ in range(ROUNDS):
        for target in targets:
            found[target.name].append(measure(target))
    return {name: statistics.median(values) for name, values in found.items()}


def show(title: str, figures: dict[str, float], unit: str, *, more_is_better: bool) -> None:
    """A line a target: the figure, and how it compares with the oxigraph server's."""
    peer = figures[OXIGRAPH]
    for name, figure in figures.items():
        ratio = figure / peer if more_is_better else peer / figure
        print(f"{title:<34} {name:<16} {figure:>10.1f} {unit:<6} {ratio:>6.2f} of oxigraph's", flush=True)


def start(release: Path, stack: ExitStack, directory: Path, without: Collection[str]) -> list[Target]:
    """Start the servers on a release, without some."""
    ours = stack.enter_context(serve("--release", release, "--workers", "2", "--query-workers", "4"))
    targets = [Target(OURS, ours.url, "/sparql")]
    store, dump = release.resolve() / "store", release.resolve() / "dump" / "mappe-servizi.nq"
    targets.append(Target(OXIGRAPH, stack.enter_context(peers.oxigraph(store)).url, "/query"))
    if RDFLIB not in without:
        endpoint = stack.enter_context(peers.rdflib_endpoint(dump, directory / "rdflib"))
        targets.append(Target(RDFLIB, endpoint.url, "/"))
    if peers.VIRTUOSO and VIRTUOSO not in without:
        engine = stack.enter_context(peers.virtuoso(dump, directory / "virtuoso"))
        targets.append(Target(VIRTUOSO, engine.url, "/sparql"))
    return targets


def single(targets: list[Target], ipa: str) -> None:
    """The ten queries, one at a time, never from a cache."""
    for path in sorted((ROOT / "bench" / "queries").glob("*.rq")):
        text = path.read_text(encoding="utf-8").replace("c_d150", ipa)
        accept = TURTLE if "CONSTRUCT" in text else JSON
        sizes: dict[str, int] = {}

        def measure(
            target: Target, text: str = text, accept: str = accept, sizes: dict[str, int] = sizes
        ) -> float:
            unique = f"{text}\n# {random.random()}"
            figure, sizes[target.name] = target.milliseconds(unique, accept)
            return figure

        show(path.stem, rounds(targets, measure), "ms", more_is_better=False)


def concurrent(targets: list[Target], services: list[str]) -> None:
    """Look-ups at many connections, uncached and cached, and resource documents."""
    queries = [f"SELECT ?p ?o {{ <{service}> ?p ?o }}" for service in services]
    show(
        f"uncached look-ups, {CONNECTIONS} connections",
        rounds(targets, lambda t: wrk(t, [t.target(q) for q in queries], JSON, unique=True)),
        "req/s",
        more_is_better=True,
    )
    fast = [t for t in targets if t.name in {OURS, OXIGRAPH}]
    show(
        "cached SPARQL GETs",
        rounds(fast, lambda t: wrk(t, [t.target(queries[0])], JSON, unique=False)),
        "req/s",
        more_is_better=True,
    )

    def documents(target: Target) -> list[str]:
        if target.name == OURS:
            return [s.replace(f"{BASE}data/", "/doc/") + ".ttl" for s in services[:1]]
        return [target.target(f"CONSTRUCT {{ <{s}> ?p ?o }} WHERE {{ <{s}> ?p ?o }}") for s in services[:1]]

    def pages(target: Target) -> list[str]:
        if target.name == OURS:
            return [s.replace(f"{BASE}data/", "/page/") for s in services[:1]]
        return documents(target)

    show(
        "resource pages (cached)",
        rounds(fast, lambda t: wrk(t, pages(t), "text/html, text/turtle;q=0.9", unique=False)),
        "req/s",
        more_is_better=True,
    )
    show(
        "resource documents (cached)",
        rounds(fast, lambda t: wrk(t, documents(t), TURTLE, unique=False)),
        "req/s",
        more_is_better=True,
    )


def runaway(release: Path) -> None:
    """How long a runaway lives past its deadline, and how soon a fresh query is answered."""
    # A product that takes time without memory, however large the release is.
    numbers = " ".join(map(str, range(300)))
    values = " ".join(f"VALUES ?{name} {{ {numbers} }}" for name in "abcd")
    product = f"SELECT (COUNT(*) AS ?n) {{ {values} }}"
    late, fresh = [], []
    with serve("--release", release, "--query-seconds", "2") as served, served.client() as client:
        for number in range(ROUNDS):
            started = time.perf_counter()
            response = client.get("/sparql", params={"query": f"{product} # {number}"})
            assert response.status_code == 504, response.text
            ended = time.perf_counter()
            client.get("/sparql", params={"query": f"ASK {{ ?s ?p {number} }}"}).raise_for_status()
            late.append(ended - started - 2)
            fresh.append(time.perf_counter() - ended)
    for what, seconds in (("runaway gone after its deadline", late), ("fresh query after the kill", fresh)):
        print(f"{what:<34} {statistics.median(seconds) * 1000:>27.1f} ms, worst {max(seconds) * 1000:.1f} ms")


def services_of(target: Target) -> list[str]:
    """The services to look up."""
    query = f"SELECT DISTINCT ?s {{ ?s a <{BASE}onto/MDS/MunicipalService> }} ORDER BY ?s LIMIT 500"
    found = httpx.get(target.url + target.target(query), headers={"accept": JSON}, timeout=60).json()
    return [row["s"]["value"] for row in found["results"]["bindings"]]


def made(municipalities: int, directory: Path) -> Path:
    """A build of synthetic municipalities, or of the real data for 0."""
    link, instance, data = directory / "current", directory / "instance", []
    if municipalities:
        run("synthesize", "--municipalities", str(municipalities), "--output", str(instance))
        data = ["--data", str(instance / "data")]
    run("build", "--output", str(link), *data)
    return link


def run(*command: str) -> None:
    """Run `mappe`."""
    if subprocess.run([sys.executable, "-m", "mappe_servizi", *command], check=False).returncode:
        raise RuntimeError(f"mappe {command[0]} failed")


def main() -> None:
    """Run the benchmark for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--municipalities", type=int, nargs="*", default=[0, 10, 100])
    parser.add_argument("--release", type=Path, help="measure this release instead of making one")
    parser.add_argument("--without", nargs="*", default=[], choices=[VIRTUOSO, RDFLIB])
    arguments = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("the benchmark needs wrk (Debian package wrk)")
    for number in [0] if arguments.release else arguments.municipalities:
        with tempfile.TemporaryDirectory() as temporary, ExitStack() as stack:
            directory = Path(temporary)
            release = arguments.release or made(number, directory / "release")
            manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
            print(f"\n== {manifest['editions'][0]} and {len(manifest['editions']) - 1} others", flush=True)
            # rdflib holds all triples in Python's memory: ten millions do not fit.
            without = {*arguments.without, *([RDFLIB] if len(manifest["editions"]) > 10 else [])}
            targets = start(release, stack, directory, without)
            concurrent(targets, services_of(targets[0]))
            single(targets, manifest["editions"][0].rpartition("-")[0])
            runaway(release)


if __name__ == "__main__":
    main()
