"""Questions about figures: /api/figures against Virtuoso and oxigraph on the same figures as triples.

    python -m bench.columns [TOWNS ...]      10 and 100 where not given

Each town is a copy of Cremona's table with values of its own (copies that are alike compress, and flatter
everybody). The peers hold the figures as the graph has them flat (design, section 3), and nothing else. All
are asked over HTTP on loopback, in turn, so that whatever else the machine does is in all of them; each
question is a new one for ours, whose worker is warm and whose cache knows none. Figures are medians, and how
many times as long a peer took.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pyarrow
import pyarrow.parquet

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import peers  # noqa: E402  # of the tests
from served import serve, write_release  # noqa: E402

TABLE = ROOT / "build" / "current" / "tables" / "figures.parquet"
BEFORE, TIMES = 3, 15
"""Rounds that are not counted, and those that are."""
BUDGET = 20
"""Seconds for a question, after which an engine is asked no more."""
OURS, OXIGRAPH, VIRTUOSO = "ours", "oxigraph", "Virtuoso"
GOALS = {VIRTUOSO: "3 on each question, 5 in the median", OXIGRAPH: "30"}
MDS = "https://w3id.org/mappe-servizi/onto/MDS/"
XSD = "http://www.w3.org/2001/XMLSchema#"
VALUE = "http://purl.org/linked-data/sdmx/2009/measure#obsValue"
COMMON = f"""PREFIX mds: <{MDS}> PREFIX sdmx: <http://purl.org/linked-data/sdmx/2009/measure#>"""
USERS = """?f mds:ofIndicator ?i ; mds:isCurrent true ; mds:unitCode "count" ; mds:year ?year ;
    sdmx:obsValue ?v . ?i a mds:UserIndicator ; mds:roleCode "item" .
    FILTER NOT EXISTS { ?i mds:repeats ?o . ?o a mds:UserIndicator ; mds:roleCode "item" }"""
CHOSEN = {"table": "users", "unit": "count", "role": "item"}
QUESTIONS: dict[str, tuple[str, dict[str, str]]] = {
    "users per year": (
        f"{COMMON} SELECT ?year (SUM(?v) AS ?n) {{ {USERS} }} GROUP BY ?year ORDER BY ?year",
        {"by": "year"},
    ),
    "users per audience of a year": (
        f"""{COMMON} SELECT ?a (SUM(?v) AS ?n) {{ {USERS} ?i mds:audienceCode ?a FILTER(?year = 2019) }}
            GROUP BY ?a ORDER BY ?a""",
        {"by": "audience", "year": "2019"},
    ),
    "the ten largest services of a year": (
        f"""{COMMON} SELECT ?s (SUM(?v) AS ?n) {{ {USERS} ?f mds:serviceName ?s FILTER(?year = 2019) }}
            GROUP BY ?s ORDER BY DESC(?n) LIMIT 10""",
        {"by": "title", "year": "2019", "sort": "-value", "limit": "10"},
    ),
    "change of users by municipality": (
        f"""{COMMON} SELECT ?m (SUM(?last - ?v) AS ?n) {{ {USERS} ?f mds:municipalityCode ?m
            FILTER(?year = 2018) ?g mds:ofIndicator ?i ; mds:year 2020 ; mds:isCurrent true ;
            sdmx:obsValue ?last }} GROUP BY ?m ORDER BY ?m""",
        {"by": "municipality", "measure": "change", "from": "2018", "to": "2020"},
    ),
}  # fmt: skip


@dataclass(slots=True)
class Asked:
    """An engine, how long it took to answer a question each time, and the first number of its answer."""

    name: str
    client: httpx.Client
    taken: list[float] = field(default_factory=list)
    number: float = 0

    def ask(self, text: str, parameters: dict[str, str], *, counts: bool) -> None:
        """Ask a question once, unless it has had its time."""
        if sum(self.taken) > BUDGET:
            return
        start = time.perf_counter()
        if self.name == OURS:
            answer = self.client.get("/api/figures", params=parameters)
        else:
            answer = self.client.post(
                "/query" if self.name == OXIGRAPH else "/sparql",
                data={"query": text, "default-graph-uri": peers.DATA},
                headers={"accept": "application/sparql-results+json"},
            )
        answer.raise_for_status()
        taken = time.perf_counter() - start
        if counts or taken > BUDGET / TIMES:
            self.taken.append(taken)
        self.number = first_number(answer.json())


def first_number(found: Any) -> float:
    """A number to see that the answers are one."""
    if "rows" in found:
        row = found["rows"][0]
        return float(row.get("change", row.get("value", 0)))
    return float(found["results"]["bindings"][0]["n"]["value"])


def towns(count: int) -> pyarrow.Table:
    """The figures of so many towns, each with values of its own."""
    table, chance, made = pyarrow.parquet.read_table(TABLE), random.Random(1), []
    rows = table.to_pylist()
    for number in range(count):
        code, size = f"c_x{number:03}", chance.uniform(0.1, 9)
        made += [
            {
                name: value.replace("c_d150", code) if isinstance(value, str)
                else [one.replace("c_d150", code) for one in value] if isinstance(value, list)
                else round(value * size * chance.uniform(0.7, 1.4)) if name == "value" and value is not None
                else value
                for name, value in row.items()
            }
            for row in rows
        ]  # fmt: skip
    return pyarrow.Table.from_pylist(made, schema=table.schema)


def triples(table: pyarrow.Table) -> Iterator[str]:
    """The figures as the graph has them flat, with what the questions ask of their indicators."""
    for row in table.to_pylist():
        figure, indicator = f"<{row['observation']}>", f"<{row['indicator']}>"
        class_ = "UserIndicator" if row["table"] == "users" else "OutputIndicator"
        said = {
            "ofIndicator": indicator,
            "isCurrent": f'"{str(row["current"]).lower()}"^^<{XSD}boolean>',
            "unitCode": f'"{row["unit"]}"',
            "year": f'"{row["year"]}"^^<{XSD}integer>',
            "municipalityCode": f'"{row["municipality"]}"',
            "serviceName": '"' + row["title"].replace('"', '\\"') + '"',
        }
        for name, value in said.items():
            yield f"{figure} <{MDS}{name}> {value} .\n"
        if row["value"] is not None:
            yield f'{figure} <{VALUE}> "{row["value"]}"^^<{XSD}decimal> .\n'
        yield f"{indicator} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{MDS}{class_}> .\n"
        yield f'{indicator} <{MDS}roleCode> "{row["role"]}" .\n'
        if row["repeats"]:
            yield f"{indicator} <{MDS}repeats> <{row['repeats']}> .\n"
        for audience in row["audiences"]:
            yield f'{indicator} <{MDS}audienceCode> "{audience}" .\n'


def question(engines: list[Asked], text: str, parameters: dict[str, str]) -> None:
    """Ask all engines a question, in turn."""
    for number in range(BEFORE + TIMES):
        # A value that no figure has makes it another question, which no cache knows.
        fresh = {**CHOSEN, **parameters, "unit": f"count,{time.time_ns()}"}
        for engine in engines:
            engine.ask(text, fresh, counts=number >= BEFORE)


def measure(count: int, stack: ExitStack) -> None:
    """Ask all engines about so many towns."""
    directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    table = towns(count)
    release = write_release(directory / "release", b"<urn:a> <urn:b> <urn:c> .\n")
    (release / "tables").mkdir()
    pyarrow.parquet.write_table(table, release / "tables" / "figures.parquet", compression="zstd")
    dump = directory / "figures.nq"
    with dump.open("w", encoding="utf-8") as file:
        file.writelines(triples(table))
    ours = stack.enter_context(serve("--release", directory / "release", "--workers", "1"))
    urls = {OURS: ours.url}
    if peers.VIRTUOSO:
        urls[VIRTUOSO] = started(peers.virtuoso(dump, directory / "virtuoso"), stack)
    urls[OXIGRAPH] = started(peers.loaded_oxigraph(dump, directory / "oxigraph"), stack)
    clients = {
        name: stack.enter_context(httpx.Client(base_url=url, timeout=300)) for name, url in urls.items()
    }
    print(f"\n{count} towns, {table.num_rows} figures")
    ratios: dict[str, list[float]] = {name: [] for name in urls if name != OURS}
    for name, (text, parameters) in QUESTIONS.items():
        engines = [Asked(engine, client) for engine, client in clients.items()]
        question(engines, text, parameters)
        mine, *others = engines
        own = statistics.median(mine.taken)
        line = [f"  {name:36} ours {own * 1000:8.1f} ms"]
        for peer in others:
            taken = statistics.median(peer.taken)
            ratios[peer.name].append(taken / own)
            unlike = (
                "" if abs(peer.number - mine.number) < 1 else f" (not the same: {peer.number} {mine.number})"
            )
            line.append(f"{peer.name} {taken * 1000:9.1f} ms = {taken / own:6.1f} times{unlike}")
        print("   ".join(line), flush=True)
    for peer, found in ratios.items():
        print(
            f"  {peer}: least {min(found):.1f}, median {statistics.median(found):.1f} (goal: {GOALS[peer]})"
        )


def started(served: Any, stack: ExitStack) -> str:
    """The address of a peer that is stopped in the end."""
    stack.callback(served.stop)
    return str(served.url)


def main() -> None:
    """Measure."""
    for count in map(int, sys.argv[1:] or ("10", "100")):
        with ExitStack() as stack:
            measure(count, stack)


if __name__ == "__main__":
    main()
