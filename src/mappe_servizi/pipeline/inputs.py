"""What a stage is a function of, as hashes: contents of files, settings, and the program itself."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from mappe_servizi import __version__
from mappe_servizi.instance import PACKAGE
from mappe_servizi.settings import BUILD, Settings, rows

DISTRIBUTION = "mappe-servizi"
MUNICIPALITIES = "municipalities"
ABSENT = "absent"
OUTSIDE = frozenset({"jobs", "keep", "cache_size", "strict", "runner", "spark_master"})
"""Settings of a build that nothing in its output depends on, beside those that are paths."""


def of_value(value: Any) -> str:
    """The hash of plain values.

    >>> of_value({"a": 1, "b": 2}) == of_value({"b": 2, "a": 1})
    True
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def of_file(path: Path) -> str:
    """The hash of a file's content; that it is absent, or cannot be read, is a content too."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return ABSENT
    except OSError as error:  # whoever needs the file tells it
        return f"{ABSENT}: {error.strerror}"


def of_directory(directory: Path, without: Iterable[str] = ()) -> str:
    """The hash of all files below a directory, by their names in it.

    Args:
        directory: followed through links; hidden files (an editor's, git's) do not count.
        without: names of its own directories that do not count.
    """
    return of_value({name: of_file(path) for name, path in sorted(_files(directory, set(without)))})


def _files(directory: Path, without: set[str]) -> Iterator[tuple[str, Path]]:
    for place, folders, names in os.walk(directory, followlinks=True):
        here = Path(place)
        skipped = without if here == directory else set()
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f not in skipped)
        for name in names:
            if not name.startswith("."):
                path = here / name
                yield path.relative_to(directory).as_posix(), path


def of_municipality(folder: Path) -> str:
    """The hash of a municipality's folder, and of documents that it names outside of itself."""
    named = [(path, _document(path)) for path in sorted(folder.rglob("*.toml"))]
    outside = [path.parent / name for path, name in named if name]
    return of_value([of_directory(folder), [of_file(path) for path in outside]])


def _document(path: Path) -> str:
    """The file that a settings file names: in its [document], or at its top."""
    with suppress(OSError, ValueError, AttributeError):
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        return str(values.get("file") or values.get("document", {}).get("file") or "")
    return ""


@cache
def program() -> str:
    """The hash of what runs: this package's version and source, Python, and what the package requires."""
    required = (re.match(r"[\w.-]+", line) for line in _requirements())
    versions = {name[0]: _version(name[0]) for name in required if name}
    source = {p.relative_to(PACKAGE).as_posix(): of_file(p) for p in sorted(PACKAGE.rglob("*.py"))}
    return of_value([__version__, sys.version, versions, source])


def _requirements() -> list[str]:
    with suppress(metadata.PackageNotFoundError):
        return metadata.requires(DISTRIBUTION) or []
    return []


def _version(name: str) -> str:
    with suppress(metadata.PackageNotFoundError):
        return metadata.version(name)
    return ABSENT


def only(settings: Settings, names: Iterable[str]) -> Settings:
    """Settings of which a stage sees these alone, so that it cannot depend on one that its key lacks."""
    return Settings(**{name: getattr(settings, name) for name in names})


@dataclass(frozen=True, slots=True)
class StageInputs:
    """The hashes of what all municipalities share.

    Attributes:
        data: of the instance's data beside its municipalities: registry of providers, catalogue.
    """

    program: str
    data: str
    knowledge: str
    ontology: str
    shapes: str
    queries: str

    @classmethod
    def read(cls, settings: Settings) -> StageInputs:
        """Hash them as they are now."""
        return cls(
            program(),
            of_directory(settings.data, (MUNICIPALITIES,)),
            of_directory(settings.knowledge),
            of_directory(settings.ontology),
            of_directory(settings.shapes),
            of_directory(settings.queries),
        )

    def stand(self, settings: Settings) -> bool:
        """Whether they are as they were."""
        return StageInputs.read(settings) == self

    def named(self, *names: str) -> Mapping[str, str]:
        """Some of them by name."""
        return {name: getattr(self, name) for name in names}

    def all(self, settings: Settings) -> Mapping[str, str]:
        """All of them, with every setting that an output may tell."""
        told = {
            row.field: getattr(settings, row.field)
            for row in rows(BUILD)
            if row.type is not Path and row.field not in OUTSIDE
        }
        epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
        return {**self.named(*(f.name for f in fields(self))), "settings": of_value(told), "epoch": epoch}
