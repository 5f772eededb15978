"""The build that stands already: known by the key of all its inputs, and whole by the hash of each file."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from mappe_servizi.model.outputs.declared import MANIFEST
from mappe_servizi.pipeline.cache import Cache
from mappe_servizi.pipeline.inputs import of_file
from mappe_servizi.releases.directory import LOCK
from mappe_servizi.releases.manifest import files_in

NOTE = "build.json"


@dataclass(frozen=True, slots=True)
class _Note:
    """A note of a build, which has nothing of its content but hashes."""

    key: str
    owner: str = "builds"
    privacy: str = "none"


def stands(cache: Cache, key: str, link: Path) -> Path | None:
    """The directory that a link names, if it is what a build of these inputs made, to the byte."""
    if not link.is_symlink() or not link.exists():
        return None
    directory = link.resolve()
    with TemporaryDirectory() as place:
        if not cache.fetch(_Note(_of(key, directory)), Path(place)):
            return None
        noted = json.loads((Path(place) / NOTE).read_text(encoding="utf-8"))
    with suppress(OSError):
        return directory if noted == _files(directory) else None
    return None


def note(cache: Cache, key: str, directory: Path) -> None:
    """Note what the directory has that a build of these inputs made."""
    if cache.directory is None:
        return
    with TemporaryDirectory() as place:
        told = json.loads(MANIFEST.at(directory).read_bytes())["files"]
        known = {name: one["sha256"] for name, one in told.items()}
        (Path(place) / NOTE).write_text(json.dumps(_files(directory, known)), encoding="utf-8")
        cache.keep(_Note(_of(key, directory)), Path(place))


def _of(key: str, directory: Path) -> str:
    return hashlib.sha256(f"{key}\0{os.fspath(directory)}".encode()).hexdigest()


def _files(directory: Path, known: Mapping[str, str] | None = None) -> dict[str, str]:
    names = (name for name in files_in(directory) if name != LOCK)
    return {name: (known or {}).get(name) or of_file(directory / name) for name in names}
