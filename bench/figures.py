"""Questions about figures: /api/figures' engine against oxigraph and Virtuoso on the same figures as triples.

    python -m bench.figures [TOWNS ...]      10 and 100 where not given

Each town is a copy of Cremona's table with values of its own (copies that are alike compress, and flatter
everybody). The peers hold the figures as the graph has them flat (design, section 3) and are asked over HTTP
on loopback, ours through its worker process (an HTTP process adds what bench.http_service measures). Medians
of 15 after 3; a peer's time over ours is the ratio.
"""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pyarrow
import pyarrow.parquet

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import peers  # noqa: E402  # of the tests
from mappe_servizi.query.admission import Admission, Limits  # noqa: E402
from mappe_servizi.query.columnar.engine import Columnar  # noqa: E402
from mappe_servizi.query.columnar.question import FiguresQuestion  # noqa: E402
from mappe_servizi.query.embedded import EmbeddedLimits  # noqa: E402
from mappe_servizi.query.formats import ROWS  # noqa: E402

TABLE = ROOT / "build" / "current" / "tables" / "figures.parquet"
BEFORE, TIMES = 3, 15
MDS = "https://w3id.org/mappe-servizi/onto/MDS/"
XSD = "http://www.w3.org/2001/XMLSchema#"
VALUE = "http://purl.org/linked-data/sdmx/2009/measure#obsValue"
COMMON = f"""PREFIX mds: <{MDS}> PREFIX sdmx: <http://purl.org/linked-data/sdmx/2009/measure#>"""
USERS = """?f mds:ofIndicator ?i ; mds:isCurrent true ; mds:unitCode "count" ; mds:year ?year ;
    sdmx:obsValue ?v . ?i a mds:UserIndicator ; mds:roleCode "item" .
    FILTER NOT EXISTS { ?i mds:repeats ?o . ?o a mds:UserIndicator ; mds:roleCode "item" }"""
CHOSEN: dict[str, Sequence[str | int]] = {"table": ["users"], "unit": ["count"], "role": ["item"]}
QUESTIONS: dict[str, tuple[str, FiguresQuestion]] = {
    "users per year": (
        f"{COMMON} SELECT ?year (SUM(?v) AS ?n) {{ {USERS} }} GROUP BY ?year ORDER BY ?year",
        FiguresQuestion(CHOSEN, by=("year",), measure="sum"),
    ),
    "users per audience of a year": (
        f"""{COMMON} SELECT ?a (SUM(?v) AS ?n) {{ {USERS} ?i mds:audienceCode ?a FILTER(?year = 2019) }}
            GROUP BY ?a ORDER BY ?a""",
        FiguresQuestion(CHOSEN | {"year": [2019]}, by=("audience",), measure="sum"),
    ),
    "the ten largest services of a year": (
        f"""{COMMON} SELECT ?s (SUM(?v) AS ?n) {{ {USERS} ?f mds:serviceName ?s FILTER(?year = 2019) }}
            GROUP BY ?s ORDER BY DESC(?n) LIMIT 10""",
        FiguresQuestion(
            CHOSEN | {"year": [2019]}, by=("title",), measure="sum", sort=[("value", True)], limit=10
        ),
    ),
    "change of users by municipality": (
        f"""{COMMON} SELECT ?m (SUM(?last - ?v) AS ?n) {{ {USERS} ?f mds:municipalityCode ?m
            FILTER(?year = 2018) ?g mds:ofIndicator ?i ; mds:year 2020 ; mds:isCurrent true ;
            sdmx:obsValue ?last }} GROUP BY ?m ORDER BY ?m""",
        FiguresQuestion(CHOSEN, by=("municipality",), measure="change", years=(2018, 2020)),
    ),
}  # fmt: skip


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


def median(ask: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds of a question, and its answer."""
    taken, answer = [], None
    for number in range(BEFORE + TIMES):
        start = time.perf_counter()
        answer = ask()
        if number >= BEFORE:
            taken.append(time.perf_counter() - start)
    return statistics.median(taken) * 1000, answer


def first_number(found: Any) -> float:
    """A number to see that the answers are one."""
    row = found["rows"][0]
    return float(row.get("change", row.get("value", 0)))


def measure(count: int, directory: Path) -> None:
    """Ask all engines about so many towns."""
    table = towns(count)
    (directory / "tables").mkdir()
    pyarrow.parquet.write_table(table, directory / "tables" / "figures.parquet", compression="zstd")
    dump = directory / "figures.nq"
    with dump.open("w", encoding="utf-8") as file:
        file.writelines(triples(table))
    others = {"oxigraph": peers.loaded_oxigraph(dump, directory / "oxigraph")}
    if peers.VIRTUOSO:
        others["Virtuoso"] = peers.virtuoso(dump, directory / "virtuoso")
    print(f"\n{count} towns, {table.num_rows} figures")
    try:
        with asyncio.Runner() as runner:
            limits = EmbeddedLimits()
            engine = Columnar(directory / "tables", Admission(Limits(slots=2)), limits, lambda: None)
            for name, (text, question) in QUESTIONS.items():
                ours, answer = median(lambda q=question: runner.run(engine.ask(q, ROWS, "bench")).body)
                mine = first_number(json.loads(answer))
                line = [f"  {name:36} ours {ours:8.1f} ms"]
                for peer, served in others.items():
                    path = "/query" if peer == "oxigraph" else "/sparql"
                    taken, response = median(lambda u=f"{served.url}{path}", t=text: asked(u, t))
                    theirs = [float(b["n"]["value"]) for b in response["results"]["bindings"]]
                    same = (
                        ""
                        if theirs and abs(theirs[0] - mine) < 1
                        else f" (not the same: {theirs[:1]} and {mine})"
                    )
                    line.append(f"{peer} {taken:9.1f} ms = {taken / ours:6.1f} times{same}")
                print("   ".join(line), flush=True)
            runner.run(engine.close())
    finally:
        for served in others.values():
            served.stop()


def asked(url: str, text: str) -> Any:
    """A peer's answer."""
    data = {"query": text, "default-graph-uri": peers.DATA}
    answer = httpx.post(url, data=data, headers={"accept": "application/sparql-results+json"}, timeout=300)
    answer.raise_for_status()
    return answer.json()


def main() -> None:
    """Measure."""
    for count in map(int, sys.argv[1:] or ("10", "100")):
        with tempfile.TemporaryDirectory() as directory:
            measure(count, Path(directory))


if __name__ == "__main__":
    main()
