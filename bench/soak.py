"""Mixed load for minutes: a normal client with known answers, hostile ones, and new releases.

    python -m bench.soak [--seconds 600] [--every 20]

The normal client looks things up, reads pages and tables and downloads the dump, and knows what is
right. Meanwhile every hostile query and request of the suites is sent, clients leave or do not read,
and a release with other data is published again and again. Printed are wrong answers, errors of the
server, memory of all its processes after the first minute and at the end, and the normal client's
waits. Exits with 1 after a wrong answer or an error other than an honest 503.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import os
import random
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.synchronize import Event
from pathlib import Path
from types import SimpleNamespace

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from hostile import QUERIES, RAW, ask, raw, runaway_request
from served import BASE, Served, processes, serve, write_release

LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
SERVICES, SETTLED = 400, 60.0
LIMITS = {
    "--query-seconds": 2,
    "--query-memory": 1536,
    "--result-limit": 8,
    "--hold-back": 512,
    "--request-limit": 512,
    "--queue-seconds": 3,
    "--write-seconds": 5,
    "--cache-memory": 16,  # so that what fills it is not taken for a leak
    "--log-level": "error",
}
HOSTILE = 6
"""Clients of each of the two kinds that send without a pause."""
NICENESS = 10
"""Of the process that they share: what they cost themselves is not to be measured."""


def quads(generation: int) -> bytes:
    """A release's data: every label tells which release it is of."""
    lines = []
    for number in range(SERVICES):
        service = f"<{BASE}data/public-service/c_d150/servizio-{number}>"
        lines.append(f"{service} {TYPE} <http://purl.org/vocab/cpsv#PublicService> .")
        lines.append(f'{service} {LABEL} "Servizio {number} di {generation}"@it .')
    return "\n".join(lines).encode() + b"\n"


@dataclass
class Normal:
    """The normal client: every answer is that of one release, and of none before one seen already.

    Attributes:
        published: when each release was published, by its number.
        lag: the longest time from there to the first answer of that release.
    """

    url: str
    published: dict[int, float]
    seen: int = 1
    lag: float = 0.0
    waits: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    errors: Counter[int] = field(default_factory=Counter)
    turned_away: int = 0

    def run(self, stop: Event) -> None:
        """Ask until it is told to stop."""
        transport = httpx.HTTPTransport(local_address="127.0.0.2")
        kinds = itertools.cycle([self.look_up] * 6 + [self.page, self.table, self.document, self.dump])
        with httpx.Client(base_url=self.url, transport=transport, timeout=60) as client:
            while not stop.wait(0.02):
                try:
                    next(kinds)(client)
                except (httpx.HTTPError, LookupError, ValueError) as error:
                    self.wrong.append(repr(error))

    def get(self, client: httpx.Client, path: str, **options: object) -> httpx.Response | None:
        """An answer, None where it was an honest 503 or an error that is counted."""
        started = time.perf_counter()
        response = client.get(path, **options)  # type: ignore[arg-type]
        self.waits.append(time.perf_counter() - started)
        if response.status_code == 503 and "retry-after" in response.headers:
            self.turned_away += 1
        elif response.status_code >= 500:
            self.errors[response.status_code] += 1
        elif response.status_code != 200:
            self.wrong.append(f"{path}: {response.status_code}")
        else:
            return response
        return None

    def expect(self, is_of: Callable[[int], bool], shown: str) -> None:
        """See of which release an answer is."""
        found = next((number for number in range(self.seen, max(self.published) + 1) if is_of(number)), None)
        if found is None:
            self.wrong.append(f"after release {self.seen}: {shown[:200]}")
        elif found > self.seen:
            self.seen, self.lag = found, max(self.lag, time.monotonic() - self.published[found])

    def look_up(self, client: httpx.Client) -> None:
        """A label by SPARQL; a number that is never the same keeps the answer from the cache."""
        number = random.randrange(SERVICES)
        service = f"<{BASE}data/public-service/c_d150/servizio-{number}>"
        limit = random.randrange(10**9) + 1
        query = f"SELECT ?l {{ {service} {LABEL} ?l }} LIMIT {limit}"
        if response := self.get(client, "/sparql", params={"query": query}):
            found = response.json()["results"]["bindings"][0]["l"]["value"]
            self.expect(lambda release: found == f"Servizio {number} di {release}", found)

    def table(self, client: httpx.Client) -> None:
        """A table of all services as CSV."""
        limit = SERVICES + random.randrange(10**9)
        query = f"SELECT ?l {{ ?s {TYPE} ?c ; {LABEL} ?l }} ORDER BY ?s LIMIT {limit}"
        if response := self.get(client, "/sparql", params={"query": query}, headers={"accept": "text/csv"}):
            names = sorted(
                range(SERVICES), key=lambda number: f"{BASE}data/public-service/c_d150/servizio-{number}"
            )
            rows = response.text.split("\r\n")[1:-1]
            self.expect(lambda r: rows == [f"Servizio {number} di {r}" for number in names], response.text)

    def page(self, client: httpx.Client) -> None:
        """A page."""
        number = random.randrange(SERVICES)
        path = f"/page/public-service/c_d150/servizio-{number}"
        if response := self.get(client, path, headers={"accept": "text/html"}):
            self.expect(lambda release: f"Servizio {number} di {release}<" in response.text, response.text)

    def document(self, client: httpx.Client) -> None:
        """A description in RDF."""
        number = random.randrange(SERVICES)
        if response := self.get(client, f"/doc/public-service/c_d150/servizio-{number}.nt"):
            self.expect(
                lambda release: f'"Servizio {number} di {release}"@it' in response.text, response.text
            )

    def dump(self, client: httpx.Client) -> None:
        """The whole dump, byte for byte."""
        path = f"/dump/mappe-servizi.nq?{random.randrange(10**9)}"
        if response := self.get(client, path):
            self.expect(lambda release: response.content == quads(release), response.text)


def hostile(port: int, stop: Event) -> None:
    """All hostile clients, in a process of their own."""
    os.nice(NICENESS)
    served = SimpleNamespace(port=port, url=f"http://127.0.0.1:{port}")
    threads = [
        threading.Thread(target=kind, args=(served, stop, number), daemon=True)
        for number in range(HOSTILE)
        for kind in (runaways, mischief)
    ]
    for thread in threads:
        thread.start()
    stop.wait()
    for thread in threads:
        thread.join(10)


def runaways(served: Served, stop: Event, number: int) -> None:
    """Queries of the hostile suite, one after another, from an address of its own."""
    transport = httpx.HTTPTransport(local_address=f"127.0.0.{10 + number}")
    queries = [query for query, _ in QUERIES.values()]
    with httpx.Client(base_url=served.url, transport=transport, timeout=60) as client:
        while not stop.is_set():
            try:
                ask(client, random.choice(queries))
            except httpx.HTTPError:
                time.sleep(0.1)


def mischief(served: Served, stop: Event, number: int) -> None:
    """Broken requests, clients that leave, and clients that do not read."""
    requests = [data for data, _ in RAW.values()]
    rows = b"SELECT%20*%20%7B?a%20?p%20?b.%20?c%20?q%20?d%7D%20LIMIT%2030000"
    large = b"GET /sparql?query=%s HTTP/1.1\r\nhost: x\r\n\r\n" % rows
    unread: list[socket.socket] = []
    while not stop.is_set():
        try:
            raw(served, random.choice(requests), 0.3)
            with socket.create_connection(("127.0.0.1", served.port)) as connection:
                connection.sendall(runaway_request(random.randrange(10**6)))
                time.sleep(random.random() / 10)
            unread.append(socket.create_connection(("127.0.0.1", served.port)))
            unread[-1].sendall(
                random.choice([large, b"POST /sparql HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nq"])
            )
        except OSError:
            time.sleep(0.1)
        while len(unread) > 20:
            unread.pop(0).close()
    for connection in unread:
        connection.close()


def memory(served: Served) -> float:
    """MiB of all its processes; pages that they share count in parts."""
    tree, found = {served.process.pid}, processes()
    while grown := {pid for pid, (parent, _) in found.items() if parent in tree} - tree:
        tree |= grown
    total = 0
    for pid in tree:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total / 1024


def steady(served: Served, samples: int = 5) -> float:
    """The median of some looks at the memory, which comes and goes with each query."""
    found = []
    for _ in range(samples):
        found.append(memory(served))
        time.sleep(1)
    return statistics.median(found)


def soak(seconds: float, every: float) -> bool:
    """Run it; whether every answer was right."""
    published = {1: time.monotonic()}
    spawn = multiprocessing.get_context("spawn")
    stop = spawn.Event()
    with tempfile.TemporaryDirectory() as directory:
        link = Path(directory) / "current"
        write_release(link, quads(1))
        arguments = [str(part) for pair in LIMITS.items() for part in pair]
        with serve("--release", link, *arguments) as served:
            normal = Normal(served.url, published)
            clients = [
                threading.Thread(target=normal.run, args=(stop,), daemon=True),
                spawn.Process(target=hostile, args=(served.port, stop), daemon=True),
            ]
            for client in clients:
                client.start()
            started, early = time.monotonic(), 0.0
            while (passed := time.monotonic() - started) < seconds:
                if passed >= every * len(published):
                    number = len(published) + 1
                    published[number] = time.monotonic()  # before, since it may be served at once
                    write_release(link, quads(number))
                if not early and passed >= min(SETTLED, seconds / 3):
                    early = steady(served)
                time.sleep(0.2)
            late = steady(served)
            stop.set()
            for client in clients:
                client.join(60)
            answering = httpx.get(f"{served.url}/readyz", timeout=30).json()
    waits = sorted(normal.waits)
    print(f"{len(waits)} requests of the normal client in {seconds:g} s, {len(published)} releases")
    print(f"p50 {waits[len(waits) // 2] * 1000:.0f} ms, p99 {waits[int(len(waits) * 0.99)] * 1000:.0f} ms")
    errors = dict(normal.errors)
    print(f"wrong answers: {len(normal.wrong)}; errors: {errors}; turned away: {normal.turned_away}")
    for text in normal.wrong[:10]:
        print(f"  {text}")
    print(f"memory of all processes: {early:.0f} MiB after the first minute, {late:.0f} MiB at the end")
    print(f"longest time from a release's publication to an answer from it: {normal.lag:.1f} s")
    print(f"problem at the end: {answering['problem']}")
    return not (normal.wrong or normal.errors or answering["problem"])


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=600.0, help="how long (default: %(default)s)")
    parser.add_argument("--every", type=float, default=20.0, help="seconds between releases (%(default)s)")
    options = parser.parse_args()
    sys.exit(0 if soak(options.seconds, options.every) else 1)


if __name__ == "__main__":
    main()
