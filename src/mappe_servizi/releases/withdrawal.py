"""Withdrawing earlier releases: what they say is no longer to be published (a redaction).

A withdrawn release keeps its number: its link names a directory with nothing but a tombstone,
which is what its address answers (410). Its old directory goes as soon as nobody holds it.
"""

from __future__ import annotations

import json
from pathlib import Path

from mappe_servizi.releases.directory import new_directory, publish, remove_if_free

TOMBSTONE = "withdrawn.json"


def withdraw(releases: Path, superseding: int) -> list[int]:
    """Withdraw all releases before one; returns the numbers of those that were not yet."""
    gone = []
    for number in range(1, superseding):
        link = releases / str(number)
        old = link.resolve()
        if (old / TOMBSTONE).exists():
            continue
        with new_directory(link) as directory:
            tombstone = {"release": number, "supersededBy": superseding, "reason": "redaction"}
            (directory / TOMBSTONE).write_text(json.dumps(tombstone) + "\n", encoding="utf-8")
            publish(directory, link)
        remove_if_free(old)
        gone.append(number)
    return gone


def is_withdrawn(directory: Path) -> bool:
    """Whether a release's directory has only a tombstone left."""
    return (directory / TOMBSTONE).exists()
