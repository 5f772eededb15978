"""Reading the TOML that people maintain; errors name file, line and key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mappe_servizi.errors import InputError, meant

Keys = Mapping[str, "Keys | list[Keys] | None"]
"""The keys that a TOML table may have: None for a value, more keys for a table, a list for ``[[tables]]``."""


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
