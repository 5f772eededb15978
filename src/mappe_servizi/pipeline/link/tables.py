"""Tables as people have them: CSV with any usual delimiter and encoding, XLSX, Parquet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from mappe_servizi.errors import InputError

Cells = list[str]
DELIMITED, WORKBOOK, PARQUET = (".csv", ".tsv", ".tab", ".txt"), (".xlsx", ".xlsm"), (".parquet", ".pq")
SUFFIXES = (*DELIMITED, *WORKBOOK, *PARQUET)
_DELIMITERS = ",;\t|"


def read_cells(path: Path) -> Iterator[tuple[int, Cells]]:
    """The rows of a table, each with its line (1-based), the header among them.

    Raises:
        InputError: the file cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix in WORKBOOK:
        yield from _workbook(path)
    elif suffix in PARQUET:
        yield from _parquet(path)
    else:
        yield from _delimited(path)


def decoded(data: bytes) -> str:
    """Text of UTF-8 or UTF-16 (with its mark), else of Windows' Western European code page.

    >>> decoded("Città".encode("cp1252")), decoded(b"\\xef\\xbb\\xbfid")
    ('Città', 'id')
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _delimited(path: Path) -> Iterator[tuple[int, Cells]]:
    try:
        text = decoded(path.read_bytes())
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read: {error}", file=path) from None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text))
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError(f"cannot be read: {error}", file=path, line=reader.line_num) from None
        yield reader.line_num, row


def delimiter(text: str) -> str:
    """What parts the cells: the mark that stands most often in the first lines, outside quotes.

    >>> delimiter('"Nome, per esteso";Comune\\nA;B')
    ';'
    """
    counts = dict.fromkeys(_DELIMITERS, 0)
    for line in text[:20_000].splitlines()[:20]:
        for part in line.split('"')[::2]:
            for mark in _DELIMITERS:
                counts[mark] += part.count(mark)
    return max(counts, key=lambda mark: counts[mark])


def _workbook(path: Path) -> Iterator[tuple[int, Cells]]:
    from openpyxl import load_workbook  # noqa: PLC0415 - only for those who have workbooks

    try:
        book = load_workbook(path, read_only=True, data_only=True)
        for sheet in book.worksheets:
            filled = enumerate(sheet.iter_rows(values_only=True), 1)
            rows = [(n, [_text(cell) for cell in row]) for n, row in filled]
            if any(any(cells) for _, cells in rows):
                yield from rows
                return
    except Exception as error:  # what a broken workbook raises is not told in the library's documentation
        raise InputError(f"cannot be read as a workbook: {error}", file=path) from None


def _parquet(path: Path) -> Iterator[tuple[int, Cells]]:
    try:
        file = pq.ParquetFile(path)
        yield 1, list(file.schema_arrow.names)
        line = 1
        for batch in file.iter_batches(batch_size=10_000):
            columns = [column.to_pylist() for column in batch.columns]
            for values in zip(*columns, strict=True):
                line += 1
                yield line, [_text(value) for value in values]
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"cannot be read as Parquet: {error}", file=path) from None


def _text(value: object) -> str:
    """A cell as text; a code that a spreadsheet took for a number is written without a decimal point."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
