"""Pages and documents of a release, uncached and cached: requests a second and the slowest hundredth.

    python -m bench.pages [RELEASE]

Two HTTP processes, eight requests at a time, every address asked once for the uncached figures
(a parameter that nothing reads makes each address new, so that the cache has no answer).
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from served import serve

CONCURRENCY, ROUNDS = 8, 600
LISTED = """PREFIX mds: <https://w3id.org/mappe-servizi/onto/MDS/>
SELECT ?s {
  VALUES ?class {
    mds:MunicipalService mds:UserSegment mds:ServiceIndicator mds:YearlyFigure mds:ServiceProvider
  }
  ?s a ?class FILTER(STRSTARTS(STR(?s), "https://w3id.org/mappe-servizi/data/"))
} ORDER BY MD5(STR(?s)) LIMIT 600"""
DATA = "https://w3id.org/mappe-servizi/data/"


async def ask(
    client: httpx.AsyncClient, paths: list[str], headers: dict[str, str]
) -> tuple[list[float], float]:
    """The seconds of each request, eight at a time, and of all."""
    waiting, seconds = iter(paths), []

    async def visitor() -> None:
        for path in waiting:
            started = time.perf_counter()
            answer = await client.get(path, headers=headers)
            seconds.append(time.perf_counter() - started)
            assert answer.status_code == 200, (path, answer.status_code)

    started = time.perf_counter()
    await asyncio.gather(*(visitor() for _ in range(CONCURRENCY)))
    return seconds, time.perf_counter() - started


def report(name: str, seconds: list[float], whole: float) -> None:
    """A line of figures."""
    slowest = statistics.quantiles(seconds, n=100)[98] * 1000
    middle = statistics.median(seconds) * 1000
    print(f"{name:<24} {len(seconds) / whole:8.0f}/s   median {middle:6.1f} ms   p99 {slowest:6.1f} ms")


async def main(url: str) -> None:
    """Measure."""
    limits = httpx.Limits(max_connections=CONCURRENCY)
    async with httpx.AsyncClient(base_url=url, limits=limits, timeout=60) as client:
        rows = (await client.get("/sparql", params={"query": LISTED, "format": "json"})).json()["results"][
            "bindings"
        ]
        rests = [row["s"]["value"].removeprefix(DATA) for row in rows]
        html, turtle = {"accept": "text/html"}, {"accept": "text/turtle"}
        await ask(client, ["/page/" + rests[0]] * 16, html)  # the processes have started, the labels are read
        for name, space, headers in (("page", "page", html), ("document", "doc", turtle)):
            uncached = [f"/{space}/{rest}?bench=1" for rest in rests]
            report(f"{name}, uncached", *await ask(client, uncached, headers))
            services = [f"/{space}/{rest}?bench=2" for rest in rests if rest.startswith("public-service/")]
            report(f"{name} of a service", *await ask(client, services * 1, headers))
            same = [f"/{space}/{rests[0]}"] * ROUNDS
            await ask(client, same[:32], headers)
            report(f"{name}, cached", *await ask(client, same, headers))


if __name__ == "__main__":
    release = sys.argv[1] if len(sys.argv) > 1 else "build/current"
    with serve("--release", release, "--workers", "2") as served:
        asyncio.run(main(served.url))
