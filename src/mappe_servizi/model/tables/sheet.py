"""A CSV file as cells, whoever wrote it: spreadsheets have marks, delimiters and encodings of their own."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from mappe_servizi.errors import InputError

DELIMITERS = (",", ";", "\t")
Cells = list[str]


def content_of(path: Path) -> bytes | None:
    """The bytes of a file; None where there is none.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=path) from None


def read_sheet(path: Path, columns: Iterable[str]) -> list[tuple[int, Cells]]:
    """The rows of a file as cells, each with the line on which it begins; none where there is no file.

    Args:
        path: the file.
        columns: what its header may have; the delimiter is the one that shows most of them.

    Raises:
        InputError: it cannot be read, is in no known encoding, is no CSV, or is empty.
    """
    return sheet_of(content_of(path), path, columns)


def sheet_of(data: bytes | None, path: Path, columns: Iterable[str]) -> list[tuple[int, Cells]]:
    """The same of a file's content; ``path`` is what errors name.

    Raises:
        InputError: it is in no known encoding, is no CSV, or is empty.
    """
    if data is None:
        return []
    names = set(columns)
    text = _decoded(data, path)
    first = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=lambda d: len(names & {cell.strip(' \r"') for cell in first.split(d)}))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, line = [], 1
    try:
        for cells in reader:
            rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"this is not CSV: {error}", file=path, line=line) from None
    if not rows:
        raise InputError(f"the file is empty; its columns are {', '.join(sorted(names))}", file=path, line=1)
    return rows


def _decoded(data: bytes, path: Path) -> str:
    """UTF-8 or UTF-16 with a mark, UTF-8 without, else what spreadsheets on Windows write."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError("this is neither UTF-8 nor Windows-1252", file=path)
