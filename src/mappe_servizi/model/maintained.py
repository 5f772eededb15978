"""Reading the TOML that people maintain; errors name file, line and key."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from mappe_servizi.errors import InputError, gathered, meant
from mappe_servizi.instance import knowledge
from mappe_servizi.model.tables.cells import CellKind, Refused
from mappe_servizi.model.tables.codes import load_codes
from mappe_servizi.model.toml_places import Place, line_at, lines_of

OTHERS = "*"
"""Stands for every key that is not named."""


@dataclass(frozen=True, slots=True)
class Value:
    """What the value of a key may be.

    Attributes:
        en: what is allowed, as the end of a sentence that begins with "must be".
        holds: whether a value is that.
        required: whether the key must be there.
        item: what each item of a list must be, so that the one that is not is told.
    """

    en: str
    holds: Callable[[Any], bool]
    required: bool = False
    item: Value | None = None

    def wrong(self, value: Any) -> Any:
        """What of a value that does not hold is wrong: an item of a list, else all of it."""
        if self.item and isinstance(value, list):
            return next((one for one in value if not self.item.holds(one)), value)
        return value


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


TEXT = Value("a text in quotes", _is_text)
TEXT_OR_EMPTY = Value("a text in quotes", lambda value: isinstance(value, str))
WHOLE = Value("a whole number without quotes", lambda value: type(value) is int)
NUMBER = Value("a number without quotes", lambda value: type(value) in (int, float))
YES_NO = Value("true or false", lambda value: isinstance(value, bool))
DAY = Value("a date without quotes (2026-11-28)", lambda value: type(value) is date)


def kind(cell: CellKind) -> Value:
    """A text of a kind that cells of tables have too; codes are those of the bundled vocabularies."""

    def holds(value: Any) -> bool:
        codes = load_codes(knowledge("ontology")) if cell.vocabulary else {}
        try:
            return isinstance(value, str) and cell.parse(value, codes) is not None
        except Refused:
            return False

    return Value(f"{cell.en}, in quotes", holds)


def list_of(value: Value) -> Value:
    """A list of such values."""
    return Value(
        f"a list, each of it {value.en}",
        lambda found: isinstance(found, list) and all(value.holds(one) for one in found),
        item=value,
    )


def required(value: Value) -> Value:
    """The same, and the key must be there."""
    return replace(value, required=True)


Keys = Mapping[str, "Value | Keys | list[Keys]"]
"""The keys that a TOML table may have: what the value may be, keys for a table, a list for ``[[tables]]``.

Of the list the first has force whose required keys a table has, else the last.
"""
Together = Callable[[Mapping[str, Any]], Iterable[tuple[Place, str]]]
"""What is wrong with values that are right each for itself, and where."""


def nothing(values: Mapping[str, Any]) -> Iterable[tuple[Place, str]]:
    """Values that are right each for itself are right."""
    return ()


def read_toml(path: Path, keys: Keys, word: str = "key", together: Together = nothing) -> dict[str, Any]:
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
    said = list(_wrong(values, keys, word)) or list(together(values))
    lines = lines_of(text) if said else {}
    gathered([InputError(message, file=path, line=line_at(lines, place)) for place, message in said])
    return values


def _wrong(values: Mapping[str, Any], keys: Keys, word: str, of: Place = ()) -> Iterator[tuple[Place, str]]:
    """The place of a key, and what is wrong with it or its value."""
    where = ".".join(part for part in of if isinstance(part, str))
    at = f" in [{where}]" if where else ""
    for key, value in values.items():
        allowed = keys.get(key, keys.get(OTHERS))
        if allowed is None:
            yield (
                (*of, key),
                f"there is no {word} {key!r}{at}{meant(key, keys)}; allowed are {', '.join(sorted(keys))}",
            )
        elif isinstance(allowed, Value):
            if not allowed.holds(value):
                yield (*of, key), f"{key!r}{at} must be {allowed.en}, not {_shown(allowed.wrong(value))}"
        else:
            yield from _wrong_table((*of, key), value, allowed, word)
    for key, allowed in keys.items():
        if key in values or isinstance(allowed, list):
            continue
        if not isinstance(allowed, Value):
            yield from _wrong({}, allowed, word, (*of, key))
        elif allowed.required:
            yield of, f"the key {key!r} is missing{at}"


def _wrong_table(
    place: Place, value: Any, allowed: Keys | list[Keys], word: str
) -> Iterator[tuple[Place, str]]:
    many = isinstance(allowed, list)
    tables = value if isinstance(value, list) else [value]
    if isinstance(value, list) is not many or not all(isinstance(one, Mapping) for one in tables):
        name = ".".join(part for part in place if isinstance(part, str))
        written, known = f"[[{name}]]" if many else f"[{name}]", _variant({}, allowed)
        yield place, f"{name!r} must be written as {written}, with {', '.join(sorted(known))}"
        return
    for number, table in enumerate(tables):
        yield from _wrong(table, _variant(table, allowed), word, (*place, number) if many else place)


def _variant(table: Mapping[str, Any], allowed: Keys | list[Keys]) -> Keys:
    """The keys that have force for a table."""
    if not isinstance(allowed, list):
        return allowed
    needed = [{k for k, v in keys.items() if isinstance(v, Value) and v.required} for keys in allowed]
    return next((keys for keys, names in zip(allowed, needed, strict=True) if names <= {*table}), allowed[-1])


def _shown(value: Any) -> str:
    text = (
        value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False, default=str)
    )
    return text if len(text) <= 80 else text[:77] + "..."
