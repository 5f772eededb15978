"""The settings in words: the page of the documentation, and what is in force."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mappe_servizi.instance import InKnowledge
from mappe_servizi.settings import Settings, rows

GROUPS: Mapping[str, str] = {
    "data": "Where things are, and how they are built",
    "ckan": "Rehearsal",
    "small_count_threshold": "Small counts",
    "publisher_name": "Who publishes",
    "releases": "Releases",
    "endpoint": "What is served, and where",
    "query_workers": "Limits of queries",
    "cache_memory": "Caches and connections",
    "trusted_proxies": "Behind a proxy",
    "log_level": "Log",
}
"""The groups of settings in the documentation, by the first of each."""


def as_toml(settings: Settings) -> Iterator[str]:
    """Every setting as a line of TOML, with where its value comes from."""
    for row in rows():
        value = getattr(settings, row.field)
        given = settings.origin.of.get(row.field, "default")
        yield f"# {row.name} is not set" if value is None else f"{row.name} = {_toml(value)}  # {given}"


def _toml(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, str | Path):
        return json.dumps(str(value), ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else str(value)


def documentation() -> str:
    """The text of docs/settings.md."""
    lines = [
        "# Settings",
        "",
        "A setting is a flag of the commands that take it, an environment variable, or a key of",
        "`mappe.toml`, which stands in the working directory or one above it and makes its directory the",
        "*instance* (another file: `mappe --config FILE`). A flag wins over a variable, a variable over the",
        "file, the file over the default. `mappe check` takes every setting. Paths of the file, and defaults",
        "that are paths, are relative to the instance; those of flags and variables to where one stands.",
        "",
        "The variable of that file is `MAPPE_CONFIG`. A list is a flag that is repeated, a list in the file",
        "(`['10.0.0.0/8', '127.0.0.1']`), or words with commas or spaces between them in a variable",
        "(`MAPPE_TRUSTED_PROXIES=10.0.0.0/8,127.0.0.1`).",
    ]
    for row in rows():
        if title := GROUPS.get(row.field):
            head = "| setting | variable | default | commands | what it is |"
            lines += ["", f"## {title}", "", head, "|---|---|---|---|---|"]
        choices = f" One of {', '.join(f'`{c}`' for c in row.choices)}." if row.choices else ""
        cells = f"`{row.name}`", f"`{row.variable}`", _printed(row.default), ", ".join(row.commands)
        lines.append(f"| {' | '.join(cells)} | {row.help}{choices} |")
    return "\n".join(lines) + "\n"


def _printed(default: Any) -> str:
    if default is None or default == ():
        return ""
    return str(default) if isinstance(default, InKnowledge) else f"`{default}`"
