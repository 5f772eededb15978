"""mappe.toml: which settings a file sets, and where."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from mappe_servizi.model.maintained import read_toml
from mappe_servizi.model.toml_places import lines_of
from mappe_servizi.settings.table import SettingRow, rows


def read_file(path: Path) -> dict[str, Any]:
    """The values that a mappe.toml sets, by field name; its paths are relative to its directory.

    Raises:
        InputError: it is not TOML, or has a key that is no setting.
    """
    known = {row.name: row for row in rows()}
    found: dict[str, Any] = {}
    for key, value in read_toml(path, {name: row.value for name, row in known.items()}, "setting").items():
        row = known[key]
        found[row.field] = path.parent / value if row.type is Path and isinstance(value, str) else value
    return found


def set_in(path: Path, row: SettingRow) -> str:
    """The file and line that set a setting; "" where the file does not."""
    text = path.read_text(encoding="utf-8-sig")
    if row.name not in tomllib.loads(text):
        return ""
    line = lines_of(text).get((row.name,))
    return f"{path}:{line}" if line else str(path)
