"""The tables: each query of queries/tables/ gives a CSV file with its CSVW description."""

from __future__ import annotations

import csv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

from mappe_servizi.errors import InputError
from mappe_servizi.model.outputs.declared import TABLES_DESCRIPTION
from mappe_servizi.outputs import csvw
from mappe_servizi.rdf.queries import PublishedQuery, read_queries


def write_tables(store: Store, queries: Path, directory: Path, base: str) -> dict[str, int]:
    """Write NAME.csv and its description for each NAME.rq, and one of all; returns each table's rows.

    Raises:
        InputError: a query is wrong, or gives no table.
    """
    tables = read_queries(queries, base)

    def write(query: PublishedQuery) -> tuple[int, dict[str, Any]]:
        # One thread runs and serialises a query: pyoxigraph's results belong to their thread.
        path = directory / f"{query.name}.csv"
        columns = _run(store, query, path, queries / f"{query.name}.rq")
        described = csvw.describe(query, columns)
        csvw.write(directory / f"{query.name}.csv-metadata.json", described)
        with path.open(encoding="utf-8", newline="") as file:
            return sum(1 for _ in csv.reader(file)) - 1, described

    with ThreadPoolExecutor() as threads:
        written = dict(zip(tables, threads.map(write, tables.values()), strict=True))
    every = csvw.describe_all(tables, [described for _, described in written.values()])
    csvw.write(directory / Path(TABLES_DESCRIPTION.path).name, every)
    return {name: rows for name, (rows, _) in written.items()}


def _run(store: Store, query: PublishedQuery, path: Path, source: Path) -> list[str]:
    found = solutions(store, query, source)
    columns = [variable.value for variable in found.variables]
    found.serialize(path, QueryResultsFormat.CSV)
    return columns


def solutions(store: Store, query: PublishedQuery, source: Path) -> QuerySolutions:
    """The rows of a table's query.

    Args:
        store: what is asked.
        query: a SELECT query.
        source: its file, which an error names.

    Raises:
        InputError: it is no SELECT query, or none at all.
    """
    try:
        found = store.query(query.text)
    except SyntaxError as error:
        raise InputError(f"the query is wrong: {error}", file=source) from error
    if not isinstance(found, QuerySolutions):
        raise InputError("a table needs a SELECT query", file=source)
    return found
