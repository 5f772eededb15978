"""manifest.json: what is in a build's directory. Written last, it makes the directory complete."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mappe_servizi import __version__
from mappe_servizi.errors import MappeError
from mappe_servizi.records import Document
from mappe_servizi.release.directory import LOCK, MANIFEST
from mappe_servizi.release.opened import FORMAT
from mappe_servizi.release.search_index import FILE as SEARCH_INDEX

UNLISTED = frozenset({"store", SEARCH_INDEX, LOCK, MANIFEST, "report/validation.ttl"})
"""Not published, or written anew by a later ``mappe validate``."""


def write_manifest(
    directory: Path,
    base: str,
    documents: Sequence[Document],
    dump_sha256: str,
    counts: Mapping[str, Mapping[str, int]],
) -> None:
    """Describe everything that stands in the directory."""
    manifest = {
        "format": FORMAT,
        "version": __version__,
        "baseUri": base,
        "modified": modified(documents),
        "dump": dump_sha256,
        "editions": sorted(f"{d.municipality.ipa}-{d.municipality.edition}" for d in documents),
        "counts": counts,
        "files": {name: _described(directory / name) for name in _published(directory)},
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    (directory / MANIFEST).write_text(text + "\n", encoding="utf-8")


def modified(documents: Sequence[Document]) -> str | None:
    """The date of the newest input: SOURCE_DATE_EPOCH where it is set, else of the documents.

    Raises:
        MappeError: SOURCE_DATE_EPOCH is not a number of seconds.
    """
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        try:
            return datetime.fromtimestamp(int(epoch), UTC).date().isoformat()
        except (ValueError, OverflowError) as error:
            raise MappeError(f"SOURCE_DATE_EPOCH must be a number of seconds: {epoch!r}") from error
    dates = [document.modified for document in documents if document.modified]
    return max(dates).isoformat() if dates else None


def _published(directory: Path) -> Iterator[str]:
    for path in sorted(directory.rglob("*")):
        name = path.relative_to(directory).as_posix()
        if path.is_file() and not {name, name.split("/", 1)[0]} & UNLISTED:
            yield name


def _described(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
