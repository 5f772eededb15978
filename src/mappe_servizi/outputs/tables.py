"""The tables: each query of queries/tables/ gives a CSV file with its CSVW description."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

from mappe_servizi.errors import InputError
from mappe_servizi.rdf.queries import LANGUAGES, PublishedQuery, read_queries

CSVW = "http://www.w3.org/ns/csvw"


def write_tables(store: Store, queries: Path, directory: Path, base: str) -> dict[str, int]:
    """Write NAME.csv and NAME.csv-metadata.json for each NAME.rq; returns each table's rows.

    Raises:
        InputError: a query is wrong, or gives no table.
    """
    tables = read_queries(queries, base)

    def write(query: PublishedQuery) -> int:
        # One thread runs and serialises a query: pyoxigraph's results belong to their thread.
        path = directory / f"{query.name}.csv"
        columns = _run(store, query, path, queries / f"{query.name}.rq")
        _write_json(directory / f"{query.name}.csv-metadata.json", metadata(query, columns))
        with path.open(encoding="utf-8", newline="") as file:
            return sum(1 for _ in csv.reader(file)) - 1

    with ThreadPoolExecutor() as threads:
        return dict(zip(tables, threads.map(write, tables.values()), strict=True))


def _run(store: Store, query: PublishedQuery, path: Path, source: Path) -> list[str]:
    try:
        solutions = store.query(query.text)
    except SyntaxError as error:
        raise InputError(f"the query is wrong: {error}", file=source) from error
    if not isinstance(solutions, QuerySolutions):
        raise InputError("a table needs a SELECT query", file=source)
    columns = [variable.value for variable in solutions.variables]
    solutions.serialize(path, QueryResultsFormat.CSV)
    return columns


def metadata(query: PublishedQuery, columns: list[str]) -> dict[str, Any]:
    """The table's description (CSV on the Web: Metadata Vocabulary for Tabular Data)."""
    return {
        "@context": [CSVW, {"@language": LANGUAGES[0]}],
        "url": f"{query.name}.csv",
        "dc:title": _texts(query.title),
        "dc:description": _texts(query.description),
        "dialect": {"encoding": "utf-8", "delimiter": ",", "lineTerminators": ["\r\n"], "header": True},
        "tableSchema": {"columns": [_column(query, name) for name in columns]},
    }


def _column(query: PublishedQuery, name: str) -> dict[str, Any]:
    column: dict[str, Any] = {"name": name, "titles": name}
    if described := query.columns.get(name):
        column["dc:description"] = _texts(described.description)
        column["datatype"] = described.type
    return column


def _texts(texts: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"@value": texts[language], "@language": language} for language in LANGUAGES if language in texts]


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
