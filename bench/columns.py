"""Questions about figures: /api/figures against Virtuoso and oxigraph on the same figures as triples.

    python -m bench.columns [TOWNS ...]      10 and 100 where not given

Each town is a copy of Cremona's table with values of its own (copies that are alike compress, and flatter
everybody). The peers hold the figures as the graph has them flat (design, section 3), and nothing else. All
are asked over HTTP on loopback, ours and Virtuoso in turn, so that whatever else the machine does is in both;
oxigraph, which takes up to minutes, after them, and not beyond a hundred towns. Each question is new to all,
by a value that no figure has or a comment: the second time ours would come from its cache. Figures are
medians of warm engines, and how many times as long a peer took.
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
from mappe_servizi.model.outputs.declared import FIGURES, FIGURES_INDEX  # noqa: E402
from mappe_servizi.outputs.figures_index import write_figures_index  # noqa: E402
from served import serve, write_release  # noqa: E402

TABLE = ROOT / "build" / "current" / "tables" / "figures.parquet"
AT_ONCE = 33
"""Towns of a row group."""
OF_OXIGRAPH = 100
"""Towns up to which oxigraph is asked: of a hundred it answers no question within a minute."""
BEFORE, TIMES = 3, 15
"""Rounds that are not counted, and those that are."""
BUDGET, LONGEST = 20, 60
"""Seconds for a question, after which an engine is asked no more, and those of one answer."""
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
    number: float | None = None

    @property
    def median(self) -> float:
        """Seconds; ``LONGEST`` where there was no answer in them."""
        return statistics.median(self.taken)

    def ask(self, text: str, parameters: dict[str, str], *, counts: bool) -> None:
        """Ask a question once, unless the engine has had its time."""
        if sum(self.taken) > BUDGET:
            return
        start = time.perf_counter()
        try:
            self.number = first_number(self._answer(text, parameters))
        except httpx.TimeoutException:
            self.taken.append(LONGEST)
            return
        taken = time.perf_counter() - start
        if counts or taken > BUDGET / TIMES:
            self.taken.append(taken)

    def _answer(self, text: str, parameters: dict[str, str]) -> Any:
        fresh = time.time_ns()
        if self.name == OURS:
            # A value that no figure has makes it another question.
            asked = {**CHOSEN, **parameters, "unit": f"count,{fresh}"}
            answer = self.client.get("/api/figures", params=asked)
        else:
            answer = self.client.post(
                "/query" if self.name == OXIGRAPH else "/sparql",
                data={"query": f"{text} # {fresh}\n", "default-graph-uri": peers.DATA},
                headers={"accept": "application/sparql-results+json"},
            )
        answer.raise_for_status()
        return answer.json()


def first_number(found: Any) -> float:
    """A number to see that the answers are one."""
    if "rows" in found:
        row = found["rows"][0]
        return float(row.get("change", row.get("value", 0)))
    return float(found["results"]["bindings"][0]["n"]["value"])


def write_towns(count: int, path: Path) -> int:
    """Write the figures of so many towns, each with values of its own; how many they are."""
    table, chance, made = pyarrow.parquet.read_table(TABLE), random.Random(1), 0
    rows = table.to_pylist()
    with pyarrow.parquet.ParquetWriter(path, table.schema, compression="zstd") as writer:
        for first in range(0, count, AT_ONCE):
            some = [
                row
                for number in range(first, min(first + AT_ONCE, count))
                for row in town(rows, f"c_x{number:03}", chance.uniform(0.1, 9), chance)
            ]
            writer.write_table(pyarrow.Table.from_pylist(some, schema=table.schema))
            made += len(some)
    return made


def town(
    rows: list[dict[str, Any]], code: str, size: float, chance: random.Random
) -> Iterator[dict[str, Any]]:
    """The figures of a town of another size than Cremona."""
    for row in rows:
        yield {
            name: value.replace("c_d150", code) if isinstance(value, str)
            else [one.replace("c_d150", code) for one in value] if isinstance(value, list)
            else round(value * size * chance.uniform(0.7, 1.4)) if name == "value" and value is not None
            else value
            for name, value in row.items()
        }  # fmt: skip


def triples(path: Path) -> Iterator[str]:
    """The figures as the graph has them flat, with what the questions ask of their indicators."""
    for row in (
        row for batch in pyarrow.parquet.ParquetFile(path).iter_batches() for row in batch.to_pylist()
    ):
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


def ask(clients: dict[str, httpx.Client]) -> dict[tuple[str, str], Asked]:
    """Ask some engines all questions, in turn: by question and engine."""
    asked = {}
    for name, (text, parameters) in QUESTIONS.items():
        engines = [Asked(engine, client) for engine, client in clients.items()]
        for number in range(BEFORE + TIMES):
            for engine in engines:
                engine.ask(text, parameters, counts=number >= BEFORE)
        asked |= {(name, engine.name): engine for engine in engines}
    return asked


def measure(count: int, directory: Path) -> None:
    """Ask all engines about so many towns."""
    release = write_release(directory / "release", b"<urn:a> <urn:b> <urn:c> .\n")
    (release / "tables").mkdir()
    table = FIGURES.at(release)
    figures = write_towns(count, table)
    write_figures_index(table, FIGURES_INDEX.at(release))
    dump = directory / "figures.nq"
    with dump.open("w", encoding="utf-8") as file:
        file.writelines(triples(table))
    print(f"\n{count} towns, {figures} figures", flush=True)
    with ExitStack() as stack:
        served = {OURS: stack.enter_context(serve("--release", directory / "release", "--workers", "1"))}
        if peers.VIRTUOSO:
            served[VIRTUOSO] = peers.virtuoso(dump, directory / "virtuoso")
            stack.callback(served[VIRTUOSO].stop)
        asked = ask({name: client(one, stack) for name, one in served.items()})
    if count > OF_OXIGRAPH:
        return tell(asked)
    with ExitStack() as stack:
        oxigraph = peers.loaded_oxigraph(dump, directory / "oxigraph")
        stack.callback(oxigraph.stop)
        asked |= ask({OXIGRAPH: client(oxigraph, stack)})
    return tell(asked)


def client(served: Any, stack: ExitStack) -> httpx.Client:
    """A client of an engine, which keeps its connection."""
    return stack.enter_context(httpx.Client(base_url=served.url, timeout=LONGEST))


def tell(asked: dict[tuple[str, str], Asked]) -> None:
    """Print what was measured, and ratios."""
    peers_of = [name for name in (VIRTUOSO, OXIGRAPH) if any(engine == name for _, engine in asked)]
    ratios: dict[str, list[float]] = {name: [] for name in peers_of}
    for name in QUESTIONS:
        ours = asked[name, OURS]
        line = [f"  {name:36} ours {ours.median * 1000:8.1f} ms"]
        for peer in peers_of:
            other = asked[name, peer]
            ratio = other.median / ours.median
            ratios[peer].append(ratio)
            least = " at least" if other.number is None else ""
            unlike = other.number is not None and abs(other.number - (ours.number or 0)) >= 1
            line.append(f"{peer} {other.median * 1000:9.1f} ms ={least} {ratio:6.1f} times")
            line.append(f"(not the same: {other.number} {ours.number})" if unlike else "")
        print("   ".join(filter(None, line)))
    for peer, found in ratios.items():
        print(
            f"  {peer}: least {min(found):.1f}, median {statistics.median(found):.1f} (goal: {GOALS[peer]})"
        )


def main() -> None:
    """Measure."""
    for count in map(int, sys.argv[1:] or ("10", "100")):
        with tempfile.TemporaryDirectory() as directory:
            measure(count, Path(directory))


if __name__ == "__main__":
    main()
