"""The figures as one flat table of typed columns, from which interfaces answer without the graph.

Its columns are those of ``queries/figures/figures.rq``, whose comments say their types and what each
holds. Every other query there gives one more column, of its own name: by ``indicator`` a list, one value a
row; by ``observation`` one value. They are joined here, in one pass: a query over all of them takes the
square of their number.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pyarrow
import pyarrow.json
import pyarrow.parquet
from pyoxigraph import QuerySolutions, Store

from mappe_servizi.model.outputs.figures import COLUMNS
from mappe_servizi.outputs.tables import solutions
from mappe_servizi.rdf.queries import PublishedQuery, QueryField, read_queries

FIGURES: Final = "figures"
"""The query of the figures themselves."""
OF_LISTS: Final = "indicator"
"""The column that the queries of lists share with it."""
OF_ONE: Final = "observation"
"""The column that the queries of one value share with it."""
TEXT: Final = pyarrow.string()
TYPES: Final[dict[str, tuple[pyarrow.DataType, Callable[[str], Any]]]] = {
    "integer": (pyarrow.int64(), int),
    "decimal": (pyarrow.float64(), float),
    "boolean": (pyarrow.bool_(), lambda text: text == "true"),
}
"""Arrow type and reader of each column type of a query; all others are text."""
ROWS: Final = 65_536
"""A row group: as many rows as are held at once."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A column that a query of its own gives.

    Attributes:
        field: its name, type and description.
        key: the column of figures that it is found by.
        cells: what is found, as Parquet has it.
        absent: what a figure has that is not found.
    """

    field: QueryField
    key: str
    cells: Mapping[str, Any]
    absent: list[str] | None


def write_figures(store: Store, queries: Path, path: Path, base: str) -> int:
    """Write every figure of a store as Parquet; returns how many there are.

    A column of lists has an empty list where it has no value, every other one null.

    Args:
        store: of the release.
        queries: the directory of the published queries.
        path: of the file.
        base: the base of every IRI.

    Raises:
        InputError: a query is missing or wrong.
    """
    known = read_queries(queries / FIGURES, base)
    figures = known.pop(FIGURES)
    joined = {name: _joined(store, query, queries) for name, query in known.items()}
    schema = pyarrow.schema([_field(name, figures, joined) for name in COLUMNS])
    count = 0
    with pyarrow.parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for cells in _batches(_solutions(store, figures, queries)):
            columns = [_column(name, figures, cells, joined) for name in COLUMNS]
            writer.write_table(_table(columns, schema))
            count += len(columns[0])
    return count


def _solutions(store: Store, query: PublishedQuery, queries: Path) -> QuerySolutions:
    return solutions(store, query, queries / FIGURES / f"{query.name}.rq")


def _joined(store: Store, query: PublishedQuery, queries: Path) -> Joined:
    column, found = query.columns[query.name], _solutions(store, query, queries)
    if OF_ONE in query.columns:
        _, read = TYPES.get(column.type, (TEXT, str))
        return Joined(column, OF_ONE, {r[OF_ONE].value: read(r[query.name].value) for r in found}, None)
    lists: dict[str, list[str]] = defaultdict(list)
    for row in found:
        lists[row[OF_LISTS].value].append(row[query.name].value)
    return Joined(column, OF_LISTS, lists, [])


def _batches(solutions: QuerySolutions) -> Iterator[dict[str, Sequence[Any]]]:
    """The cells of so many rows at a time, by column; of none at all, too."""
    names = [variable.value for variable in solutions.variables]
    rows, first = map(tuple, solutions), True
    while (batch := list(islice(rows, ROWS))) or first:
        yield dict(zip(names, zip(*batch, strict=True) if batch else [()] * len(names), strict=True))
        first = False


def _field(name: str, figures: PublishedQuery, joined: Mapping[str, Joined]) -> pyarrow.Field:
    column = joined[name].field if name in joined else figures.columns[name]
    type_, _ = TYPES.get(column.type, (TEXT, str))
    of_lists = name in joined and joined[name].key == OF_LISTS
    told = {f"description@{language}": text for language, text in column.description.items()}
    return pyarrow.field(name, pyarrow.list_(type_) if of_lists else type_, metadata=told)


def _column(
    name: str, figures: PublishedQuery, cells: Mapping[str, Sequence[Any]], joined: Mapping[str, Joined]
) -> list[Any]:
    if name in joined:
        one = joined[name]
        return [one.cells.get(cell.value, one.absent) for cell in cells[one.key]]
    _, read = TYPES.get(figures.columns[name].type, (TEXT, str))
    return [None if cell is None else read(cell.value) for cell in cells[name]]


def _table(columns: Sequence[list[Any]], schema: pyarrow.Schema) -> pyarrow.Table:
    """The columns as Arrow has them, by way of JSON: to make arrays of lists Arrow loads all of pandas."""
    lines = "\n".join(
        json.dumps(dict(zip(schema.names, row, strict=True))) for row in zip(*columns, strict=True)
    )
    if not lines:
        return schema.empty_table()
    content = lines.encode()
    whole = pyarrow.json.ReadOptions(use_threads=False, block_size=len(content) + 1)
    typed = pyarrow.json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error")
    read = pyarrow.json.read_json(pyarrow.py_buffer(content), whole, typed)
    return read.cast(schema)
