"""Reading what people maintain: CSV tables with a header row, TOML; errors name file and line or key."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from mappe_servizi.errors import InputError

Row = dict[str, str]
Keys = Mapping[str, "Keys | list[Keys] | None"]
"""The keys that a TOML table may have: None for a value, more keys for a table, a list for ``[[tables]]``."""


def read_rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, Row]]:
    """The rows of a maintained table, each with the line on which it ends.

    Raises:
        InputError: the file cannot be read, its columns are others, or a row is too long or short.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            if tuple(reader.fieldnames or ()) != columns:
                raise InputError(f"the columns must be {', '.join(columns)}", file=path, line=1)
            for row in reader:
                if None in row or None in row.values():
                    raise InputError("the row has too many or too few cells", file=path, line=reader.line_num)
                yield reader.line_num, row
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(str(error), file=path) from error


def read_table(path: Path, columns: Sequence[str], *, required: Sequence[str] = ()) -> list[Row]:
    """The rows of a maintained table; a table that does not exist has none.

    Args:
        columns: what the header row must be, in this order.
        required: columns in which every row must have a value.

    Raises:
        InputError: the header differs, a row has too few or too many cells, or a value is missing.
    """
    if not path.exists():
        return []
    rows = []
    for line, row in read_rows(path, tuple(columns)):
        if empty := [column for column in required if not row[column]]:
            raise InputError(f"{', '.join(empty)} must not be empty", file=path, line=line)
        rows.append(row)
    return rows


def read_toml(path: Path, keys: Keys, word: str = "key") -> dict[str, Any]:
    """A TOML file that has no other keys than these; ``word`` is what its reader calls a key.

    Raises:
        InputError: it cannot be read, is no TOML, has another key, or a value where a table must be.
    """
    try:
        text = path.read_text(encoding="utf-8")
        values = tomllib.loads(text)
    except OSError as error:
        raise InputError(f"it cannot be read: {error.strerror}", file=path) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"this is not TOML: {error}", file=path) from error
    _check_keys(path, text, values, keys, word)
    return values


def _check_keys(  # noqa: PLR0913, PLR0917  # what is checked, against what, and where it stands
    path: Path, text: str, values: Mapping[str, Any], keys: Keys, word: str, where: str = ""
) -> None:
    for key, value in values.items():
        place = f"{where}.{key}" if where else key
        if key not in keys:
            at = f" in [{where}]" if where else ""
            said = f"there is no {word} {key!r}{at}{meant(key, keys)}; allowed are {', '.join(sorted(keys))}"
            raise InputError(said, file=path, line=_line_of(text, key))
        allowed = keys[key]
        if allowed is None:
            continue
        many, inner = isinstance(allowed, list), allowed[0] if isinstance(allowed, list) else allowed
        tables = value if isinstance(value, list) else [value]
        if isinstance(value, list) is not many or not all(isinstance(one, Mapping) for one in tables):
            written = f"[[{place}]]" if many else f"[{place}]"
            said = f"{place!r} must be written as {written}, with {', '.join(sorted(inner))}"
            raise InputError(said, file=path, line=_line_of(text, key))
        for table in tables:
            _check_keys(path, text, table, inner, word, place)


def _line_of(text: str, key: str) -> int | None:
    """The line of a key, where only one can be meant: the reader of TOML does not tell."""
    name = re.escape(key)
    found = [*re.finditer(rf"""^[ \t\[]*(?:[^\s=#]*\.)?["']?{name}["']?[ \t]*[=.\]]""", text, re.MULTILINE)]
    return text.count("\n", 0, found[0].start()) + 1 if len(found) == 1 else None


def meant(name: str, known: Iterable[str]) -> str:
    """What a mistyped name may have meant, as a part of a sentence; "" where nothing is near.

    >>> meant("license", ["licence", "basis"]), meant("x", ["licence"])
    (" (did you mean 'licence'?)", '')
    """
    folded = {one.casefold(): one for one in known}
    near = get_close_matches(name.casefold(), folded, 1, 0.7)
    return f" (did you mean {folded[near[0]]!r}?)" if near else ""
