"""What DuckDB found as CSV, TSV, Parquet or a workbook: row after row, never all of them at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from mappe_servizi.query.worker import ResultWriter

BATCH: Final = 2000
ROW_GROUP: Final = 65_536
"""Rows of Parquet that are held at a time."""


def separated(
    columns: Sequence[str], result: Any, output: ResultWriter, separator: str, *, rounded: bool
) -> None:
    """Write a result as CSV or TSV."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows_of(result):
        writer.writerow([cell(value, rounded=rounded) for value in row])
        if text.tell() > 1 << 16:
            output.write(text.getvalue().encode())
            text.seek(0)
            text.truncate()
    output.write(text.getvalue().encode())


def rows_of(result: Any) -> Iterator[tuple[Any, ...]]:
    """The rows of a result, fetched some at a time."""
    while rows := result.fetchmany(BATCH):
        yield from rows


def parquet(result: Any, output: ResultWriter) -> None:
    """Write a result as Parquet."""
    import pyarrow.parquet  # noqa: PLC0415  # only when it is asked for

    reader = result.to_arrow_reader(ROW_GROUP)
    sink = pyarrow.PythonFile(_Sink(output), mode="w")
    with pyarrow.parquet.ParquetWriter(sink, reader.schema, compression="zstd") as writer:
        for batch in reader:
            writer.write_batch(batch)


class _Sink:
    """What pyarrow writes to."""

    closed = False

    def __init__(self, output: ResultWriter) -> None:
        self._output, self._written = output, 0

    def write(self, data: Any) -> int:
        taken = bytes(data)
        self._output.write(taken)
        self._written += len(taken)
        return len(taken)

    def tell(self) -> int:
        return self._written

    def flush(self) -> None:
        """Frames are sent when they are full."""

    def close(self) -> None:
        """The end of the job ends the result."""


def plain(value: Any, *, rounded: bool) -> Any:
    """A value of JSON: whole numbers without a point.

    Args:
        value: as DuckDB gives it.
        rounded: what was computed has six digits behind the point; what was printed has those that it has.

    >>> plain(204.0, rounded=True), plain(1 / 3, rounded=True), plain(None, rounded=True)
    (204, 0.333333, None)
    >>> plain(0.1234567, rounded=False)
    0.1234567
    """
    if isinstance(value, float):
        if value.is_integer() and (not rounded or abs(value) < 1 << 53):
            return int(value)
        return round(value, 6) if rounded else value
    return value


def cell(value: Any, *, rounded: bool) -> Any:
    """A cell of CSV.

    >>> cell(True, rounded=False), cell(["a", "b"], rounded=False), cell(0.0000001, rounded=False)
    ('true', 'a | b', '0.0000001')
    """
    if isinstance(value, str) or value is None:
        return value
    if isinstance(value, list):
        return " | ".join(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    found = plain(value, rounded=rounded)
    return format(Decimal(repr(found)), "f") if isinstance(found, float) and not rounded else found
