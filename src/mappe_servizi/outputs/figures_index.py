"""The index of figures: what questions about them are answered from where they are too many to be held.

A question chooses a table, a unit, a role and often a year, and adds up what is alike. So rows that are
chosen together stand together, and what is compared with other rows is a number.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pyarrow
import pyarrow.compute as pc
import pyarrow.parquet

from mappe_servizi.model.outputs.figures import ALIKE, INDEXED, NUMBERS

ROWS: Final = 65_536
"""A row group: by so many, what a question does not choose is left out."""
ORDER: Final = ("table", "unit", "role", "year", "place")
LEAVES: Final = ("item", "total")
BESIDE: Final = ("repeats", "totalOf")
"""Columns that only numbers are made of."""


def write_figures_index(figures: Path, path: Path) -> None:
    """Write the index.

    Args:
        figures: the table, as it is published.
        path: of the index.
    """
    schema = pyarrow.parquet.read_schema(figures)
    texts = [field.name for field in schema if field.type == pyarrow.string()]
    with pyarrow.parquet.ParquetFile(figures, read_dictionary=texts) as file:
        read = file.read([*INDEXED, *BESIDE], use_threads=False)
    table = _numbered(read.unify_dictionaries().combine_chunks())
    keys = pyarrow.table({name: _sortable(table[name]) for name in ORDER})
    order = pc.sort_indices(keys, [(name, "ascending") for name in ORDER])
    written = pyarrow.schema(
        [schema.field(n) if n in schema.names else table.schema.field(n) for n in table.column_names]
    )
    with pyarrow.parquet.ParquetWriter(path, written, compression="zstd") as writer:
        # Text again by so many rows: pyarrow writes all that a dictionary has with each row group.
        for start in range(0, max(len(order), 1), ROWS):
            writer.write_table(table.take(order.slice(start, ROWS)).cast(written))


def _numbered(table: pyarrow.Table) -> pyarrow.Table:
    """The columns of the index, with ``NUMBERS`` at their end."""
    thing, role, zero = table["indicator"].combine_chunks(), table["role"].combine_chunks(), _number(0)
    roles = role.dictionary.to_pylist()
    item, total = (
        pc.equal(role.indices, _number(roles.index(one) if one in roles else -1)) for one in LEAVES
    )
    numbers = {
        "thing": thing.indices,
        "again": pc.index_in(_text(table["repeats"]), value_set=thing.dictionary),
        "alike": _alike(table),
        "leaf": pc.or_(item, pc.and_(total, pc.equal(pc.list_value_length(table["totalOf"]), zero))),
        "place": _numbers(range(len(table))),
    }
    columns = {name: table[name] for name in INDEXED}
    return pyarrow.table(columns | {name: numbers[name] for name in NUMBERS})


def _alike(table: pyarrow.Table) -> pyarrow.Array:
    """A number of what a figure has of ``ALIKE``; an absent value is one of its own."""
    number = _number(0)
    for name in ALIKE:
        column = table[name].combine_chunks()
        code = pc.coalesce(column.indices, _number(len(column.dictionary)))
        number = pc.add(pc.multiply(number, _number(len(column.dictionary) + 1)), code)
    return pc.dictionary_encode(number).indices


def _numbers(values: Iterable[int]) -> pyarrow.Array:
    """Whole numbers as Arrow has them: to take them over from Python it loads all of pandas."""
    taken = array("q", values)
    return pyarrow.Array.from_buffers(pyarrow.int64(), len(taken), [None, pyarrow.py_buffer(taken)])


def _number(value: int) -> pyarrow.Scalar:
    return _numbers([value])[0]


def _text(column: pyarrow.ChunkedArray) -> pyarrow.ChunkedArray:
    return pc.cast(column, pyarrow.string())


def _sortable(column: pyarrow.ChunkedArray) -> pyarrow.ChunkedArray:
    """A column as it is sorted: pyarrow does not sort dictionaries."""
    return _text(column) if pyarrow.types.is_dictionary(column.type) else column
