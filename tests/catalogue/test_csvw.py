"""The tables as readers of CSV on the Web take them: valid, their keys true, what they say in the graph."""

import csv
import json
import re
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Triple, parse

from helpers import ROOT, Tell
from mappe_servizi.rdf.namespaces import RDF
from mappe_servizi.rdf.queries import read_queries
from mappe_servizi.releases import Release
from others import Run

TABLES = read_queries(ROOT / "queries" / "tables")
ROWS = ROOT / "tests" / "catalogue" / "csvw_rows.py"
XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIXES = {"rdfs:": "http://www.w3.org/2000/01/rdf-schema#"}
Rows = list[dict[str, Any]]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def address(release: Release) -> Iterator[str]:
    """Where the release's files are, as readers of the web fetch them."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(release.path)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def read(address: str, other: Run) -> dict[str, dict[str, Any]]:
    """What the library csvw makes of each table."""
    addresses = {name: f"{address}/csv/{name}.csv-metadata.json" for name in TABLES}
    done = other("python", ROWS, *addresses.values())
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    return {name: found[url] for name, url in addresses.items()}


@pytest.fixture(scope="module")
def graph(release: Release) -> set[Triple]:
    return {quad.triple for quad in parse(path=release.dump)}


def cells(release: Release, table: str) -> list[dict[str, str]]:
    with (release.path / "csv" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("mode", ["standard", "minimal"])
def test_what_a_reader_gets_is_in_the_graph(
    mode: str, read: dict[str, dict[str, Any]], graph: set[Triple], release: Release, tell: Tell
) -> None:
    """By subject, property and the characters of the value: JSON has neither languages nor XSD's types."""
    said = {(t.subject, t.predicate, plain(t.object)) for t in graph}
    count = 0
    for name, query in TABLES.items():
        rows: Rows = read[name][mode]
        assert read[name]["valid"], name
        assert len(rows) == len(cells(release, name)), name
        properties = {s.property for s in query.meaning.says.values()}
        for row, cell in zip(rows, cells(release, name), strict=True):
            subject = NamedNode(row["@id"])
            assert subject.value == cell[query.meaning.row], name
            kind = query.meaning.kind
            assert not kind or (subject, RDF["type"], row.get("@type", row.get("rdf:type"))) in said, name
            for key, value in row.items():
                if (iri := full(key)) in properties:
                    assert (subject, NamedNode(iri), plain(value)) in said, (name, row["@id"], key, value)
                    count += 1
    assert count > 10_000
    tell(f"csvw, {mode} mode: {count} values with a property of the ontology, all of them in the graph")


def full(key: str) -> str:
    for prefix, iri in PREFIXES.items():
        key = iri + key.removeprefix(prefix) if key.startswith(prefix) else key
    return key


def plain(value: Any) -> str:
    """A value's characters; numbers in one form."""
    if isinstance(value, NamedNode | Literal):
        value = value.value
    if isinstance(value, bool):
        return str(value).lower()
    try:
        return repr(float(value))
    except ValueError:
        return str(value)


def test_the_columns_of_every_table_say_something() -> None:
    for name, query in TABLES.items():
        assert query.meaning.row, name
        assert query.meaning.key, name
        assert query.meaning.says, name
        assert name in {"services", "providers", "links"} or query.meaning.refers, name


def test_keys_tell_rows_apart_and_lead_to_one(release: Release, tell: Tell) -> None:
    keys, led = {}, 0
    for name, query in TABLES.items():
        found = [tuple(row[column] for column in query.meaning.key) for row in cells(release, name)]
        assert all(all(key) for key in found), name
        assert len(set(found)) == len(found), name
        keys[name] = set(found)
    for name, query in TABLES.items():
        for columns, other in query.meaning.refers:
            refers = {tuple(row[column] for column in columns) for row in cells(release, name)}
            assert refers <= keys[other], (name, other)
            led += len(refers)
    tell(f"keys: {sum(map(len, keys.values()))} rows told apart, {led} keys lead to a row of another table")


def test_a_validator_accepts_all_tables_with_their_keys(release: Release, other: Run, tmp_path: Path) -> None:
    description = release.path / "csv" / "csv-metadata.json"
    assert other("csvwvalidate", description).returncode == 0
    described = json.loads(description.read_bytes())
    assert [t["url"] for t in described["tables"]] == [f"{name}.csv" for name in TABLES]
    for path in description.parent.glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        without_a_service = (
            text.replace("c_d150,2020,1,", "c_d150,2019,1,") if path.stem == "services" else text
        )
        (tmp_path / path.name).write_text(without_a_service, encoding="utf-8", newline="")
    (tmp_path / description.name).write_bytes(description.read_bytes())
    assert other("csvwvalidate", tmp_path / description.name).returncode != 0


def test_the_data_package_has_the_same_keys(release: Release) -> None:
    package = json.loads((release.path / "datapackage.json").read_bytes())
    for resource in package["resources"]:
        meaning = TABLES[resource["name"]].meaning
        assert resource["schema"]["primaryKey"] == [*meaning.key]
        foreign = [
            (tuple(k["fields"]), k["reference"]["resource"])
            for k in resource["schema"].get("foreignKeys", ())
        ]
        assert foreign == meaning.refers


def test_values_are_the_graph_s_to_the_letter(release: Release, graph: set[Triple], tell: Tell) -> None:
    """Languages and types of XSD too, which JSON has not: by the rules of csv2rdf, from the descriptions."""
    count = 0
    for name in TABLES:
        path = release.path / "csv" / f"{name}.csv-metadata.json"
        schema = json.loads(path.read_bytes())["tableSchema"]
        for cell in cells(release, name):
            subject = NamedNode(expanded(schema["aboutUrl"], cell))
            for column in schema["columns"]:
                value = cell.get(column["name"], "")
                if "propertyUrl" in column and (value or column.get("virtual")):
                    triple = Triple(subject, NamedNode(column["propertyUrl"]), term(column, cell, value))
                    assert triple in graph, (name, str(triple))
                    count += 1
    tell(f"CSVW: {count} triples of the tables' descriptions, all of them in the graph")


def expanded(template: str, cell: dict[str, str]) -> str:
    return re.sub(r"\{\+?(\w+)\}", lambda match: cell[match[1]], template)


def term(column: dict[str, Any], cell: dict[str, str], value: str) -> NamedNode | Literal:
    if "valueUrl" in column:
        return NamedNode(expanded(column["valueUrl"], cell))
    if "lang" in column:
        return Literal(value, language=column["lang"])
    return Literal(value, datatype=NamedNode(XSD + column["datatype"]))
