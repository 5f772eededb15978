"""Reading the TOML that people maintain; errors name file, line and key."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from mappe_servizi.errors import InputError, gathered, meant
from mappe_servizi.model.tables.cells import CellKind, Refused

OTHERS = "*"
"""Stands for every key that is not named."""


@dataclass(frozen=True, slots=True)
class Value:
    """What the value of a key may be.

    Attributes:
        en: what is allowed, as the end of a sentence that begins with "must be".
        holds: whether a value is that.
        required: whether the key must be there.
    """

    en: str
    holds: Callable[[Any], bool]
    required: bool = False


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


TEXT = Value("a text in quotes", _is_text)
TEXT_OR_EMPTY = Value("a text in quotes", lambda value: isinstance(value, str))
WHOLE = Value("a whole number without quotes", lambda value: type(value) is int)
NUMBER = Value("a number without quotes", lambda value: type(value) in (int, float))
YES_NO = Value("true or false", lambda value: isinstance(value, bool))
DAY = Value("a date without quotes (2026-11-28)", lambda value: type(value) is date)


def kind(cell: CellKind) -> Value:
    """A text of a kind that cells of tables have too."""

    def holds(value: Any) -> bool:
        try:
            return isinstance(value, str) and cell.parse(value, {}) is not None
        except Refused:
            return False

    return Value(f"{cell.en}, in quotes", holds)


def list_of(value: Value) -> Value:
    """A list of such values."""
    return Value(
        f"a list, each of it {value.en}",
        lambda found: isinstance(found, list) and all(value.holds(one) for one in found),
    )


def required(value: Value) -> Value:
    """The same, and the key must be there."""
    return replace(value, required=True)


Keys = Mapping[str, "Value | Keys | list[Keys]"]
"""The keys that a TOML table may have: what the value may be, keys for a table, a list for ``[[tables]]``."""


def read_toml(path: Path, keys: Keys, word: str = "key") -> dict[str, Any]:
    """A TOML file that says no more and nothing else than these keys; ``word`` is what they are called.

    Raises:
        InputError, InputErrors: it cannot be read, is no TOML, or has keys that there are not or that
            must not say what they say, or lacks some; all of them.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        values = tomllib.loads(text)
    except OSError as error:
        raise InputError(f"it cannot be read: {error.strerror}", file=path) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"this is not TOML: {error}", file=path) from error
    said = list(_wrong(values, keys, word))
    gathered([InputError(message, file=path, line=line_of_key(text, key)) for key, message in said])
    return values


def _wrong(values: Mapping[str, Any], keys: Keys, word: str, where: str = "") -> Iterator[tuple[str, str]]:
    """The key, and what is wrong with it or its value."""
    at = f" in [{where}]" if where else ""
    for key, value in values.items():
        allowed = keys.get(key, keys.get(OTHERS))
        if allowed is None:
            yield (
                key,
                f"there is no {word} {key!r}{at}{meant(key, keys)}; allowed are {', '.join(sorted(keys))}",
            )
        elif isinstance(allowed, Value):
            if not allowed.holds(value):
                yield key, f"{key!r}{at} must be {allowed.en}, not {_shown(value)}"
        else:
            yield from _wrong_table(f"{where}.{key}" if where else key, value, allowed, word)
    for key, allowed in keys.items():
        if isinstance(allowed, Value) and allowed.required and key not in values:
            yield key, f"the key {key!r} is missing{at}"


def _wrong_table(place: str, value: Any, allowed: Keys | list[Keys], word: str) -> Iterator[tuple[str, str]]:
    many = isinstance(allowed, list)
    inner: Keys = allowed[0] if isinstance(allowed, list) else allowed
    tables = value if isinstance(value, list) else [value]
    if isinstance(value, list) is not many or not all(isinstance(one, Mapping) for one in tables):
        written = f"[[{place}]]" if many else f"[{place}]"
        yield (
            place.rpartition(".")[2],
            f"{place!r} must be written as {written}, with {', '.join(sorted(inner))}",
        )
        return
    for table in tables:
        yield from _wrong(table, inner, word, place)


def _shown(value: Any) -> str:
    text = (
        value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False, default=str)
    )
    return text if len(text) <= 80 else text[:77] + "..."


def line_of_key(text: str, key: str) -> int | None:
    """The line of a key, where only one can be meant: the reader of TOML does not tell."""
    name = re.escape(key)
    found = [*re.finditer(rf"""^[ \t\[]*(?:[^\s=#]*\.)?["']?{name}["']?[ \t]*[=.\]]""", text, re.MULTILINE)]
    return text.count("\n", 0, found[0].start()) + 1 if len(found) == 1 else None
