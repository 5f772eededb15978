"""The file that a rehearsal leaves, one field a line, and what the next one finds different."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mappe_servizi.errors import InputError
from mappe_servizi.rehearsal.account import Account

FILE = "rehearsal.json"
Kept = dict[str, dict[str, Any]]
"""By harvester: its records by key, its problems as sentences, its notes."""


def plain(accounts: Sequence[Account]) -> Kept:
    """What is kept of a rehearsal."""
    return {
        account.name: {
            "records": account.records,
            "losses": [f"{p.about}: {p.text}" for p in sorted(account.problems) if p.loss],
            "advice": [f"{p.about}: {p.text}" for p in sorted(account.problems) if not p.loss],
            "notes": account.notes,
        }
        for account in accounts
    }


def read(path: Path) -> Kept | None:
    """The last rehearsal's, None where there was none.

    Raises:
        InputError: the file is another.
    """
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError) as error:
        raise InputError(f"it is not what a rehearsal leaves: {error}", file=path) from error
    if not isinstance(found, dict) or not all(isinstance(v, dict) and "records" in v for v in found.values()):
        raise InputError("it is not what a rehearsal leaves", file=path)
    return found


def write(path: Path, kept: Kept) -> None:
    """Write it, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    new.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    new.replace(path)


def differences(before: Kept, now: Kept) -> list[str]:
    """What is different, a sentence each, of the harvesters that came both times.

    >>> old = {"CKAN": {"records": {"a": {"url": "x"}, "b": {}}}}
    >>> differences(old, {"CKAN": {"records": {"a": {"url": "y", "tags": ["z"]}}}})
    ['CKAN: a: url: "x" is now "y"', 'CKAN: a: tags: new: ["z"]', 'CKAN: b: the record is gone']
    """
    found = []
    for name in (n for n in now if n in before):
        old, new = before[name]["records"], now[name]["records"]
        for key in dict.fromkeys((*new, *old)):
            if key not in old:
                found.append(f"{name}: {key}: the record is new")
            elif key not in new:
                found.append(f"{name}: {key}: the record is gone")
            else:
                found += [f"{name}: {key}: {sentence}" for sentence in _fields(old[key], new[key])]
    return found


def _fields(old: Any, new: Any, where: str = "") -> Iterator[str]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys((*old, *new)):
            place = f"{where}{key}: "
            if key not in new:
                yield f"{place}gone: {_text(old[key])}"
            elif key not in old:
                yield f"{place}new: {_text(new[key])}"
            else:
                yield from _fields(old[key], new[key], place)
    elif _keyed(old) and _keyed(new):
        yield from _fields({o["uri"]: o for o in old}, {n["uri"]: n for n in new}, where)
    elif old != new:
        yield f"{where}{_text(old)} is now {_text(new)}"


def _keyed(value: Any) -> bool:
    """Whether it is a list of records that say which they are."""
    return isinstance(value, list) and all(isinstance(one, Mapping) and "uri" in one for one in value)


def _text(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:199]}…"
