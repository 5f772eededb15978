"""A build's output, as those who read it see it."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from mappe_servizi import __version__
from mappe_servizi.errors import InputError, MappeError
from mappe_servizi.model.outputs import declared
from mappe_servizi.releases.directory import MANIFEST, Lease

FORMAT: Final = 1
"""The manifest's format: it rises when programs of before would misread one. Keys may be added to it."""
ADDED_LATER: Final[Mapping[str, Any]] = {
    "licences": (), "knowledge": {}, "publisher": None, "publisherName": None, "creator": None,
    "creatorName": None, "redactions": (), "suppressedBelow": 0,
}  # fmt: skip
"""The keys that manifests of the first programs lack, with what they would have said."""


@dataclass(frozen=True, slots=True)
class Release:
    """An immutable directory that a build wrote.

    Holds a lease: keep the object for as long as the directory is read.

    Attributes:
        path: the real directory, not the link.
        version: of the package that built it.
        base_uri: the base of every IRI.
        modified: the date of the newest input, ISO 8601.
        dump_sha256: of dump/mappe-servizi.nq, which identifies the content.
        editions: "{ipa}-{edition}" of every document in it.
        counts: how many triples each part, and rows each table has.
        number: of a release, None for a build that is none.
        facts: the manifest.
        files: size in bytes and SHA-256 of every published file, by its path in the directory.
    """

    path: Path
    version: str
    base_uri: str
    modified: str
    dump_sha256: str
    editions: tuple[str, ...]
    counts: Mapping[str, Mapping[str, int]]
    files: Mapping[str, Mapping[str, Any]]
    lease: Lease
    number: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def store(self) -> Path:
        """The directory of the embedded store, to be opened read-only."""
        return self.path / declared.STORE.folder

    @property
    def store_bytes(self) -> int:
        """The size of the embedded store on the disk."""
        return sum(file.stat().st_size for file in self.store.glob("*"))

    @property
    def towns(self) -> frozenset[str]:
        """IPA codes of the municipalities that it is of."""
        return frozenset(edition.rpartition("-")[0] for edition in self.editions)

    @property
    def first_service(self) -> str:
        """The IRI of the first service of its tables, "" where it has none."""
        path = self.path / declared.TABLE.filled(table="services")
        try:
            with path.open(encoding="utf-8", newline="") as file:
                return next(csv.DictReader(file), {}).get("service") or ""
        except OSError:
            return ""

    @property
    def dump(self) -> Path:
        """The canonical dump, N-Quads."""
        return declared.DUMP.at(self.path)

    def close(self) -> None:
        """Let go of the directory, which may then be pruned."""
        self.lease.close()


def open_release(path: Path, *, wait: bool = True) -> Release:
    """Open a build's output by its link or its directory.

    Args:
        path: the link or the directory.
        wait: whether to wait for the lease, some seconds at most; else the release may be one whose
            lease is not ``held``, to be taken later.

    Raises:
        MappeError: there is none, or another process keeps it locked.
        InputError: its manifest cannot be read.
    """
    for _ in range(10):  # the link may be repointed, and the old directory pruned, meanwhile
        directory = _resolved(path)
        try:
            return _opened(directory, wait=wait)
        except (FileNotFoundError, NotADirectoryError):
            if directory == _resolved(path):
                raise MappeError(f"{path} is not a build's output; `mappe build` makes one") from None
    raise MappeError(f"{path} changes faster than it can be opened")


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:  # the latter: a link that leads to itself
        raise MappeError(f"{path} leads nowhere: {error}") from error


def _opened(directory: Path, *, wait: bool) -> Release:
    try:
        lease = Lease(directory)
    except PermissionError as error:
        raise MappeError(f"{directory} may not be read: {error.strerror}") from error
    try:
        if wait:
            lease.wait()
        return _release(directory, json.loads((directory / MANIFEST).read_bytes()), lease)
    except (FileNotFoundError, NotADirectoryError):
        lease.close()
        raise
    except (OSError, ValueError, RecursionError) as error:
        lease.close()
        raise InputError(f"the manifest cannot be read: {error}", file=directory / MANIFEST) from error
    except BaseException:
        lease.close()
        raise


def _check_format(manifest: Any, file: Path) -> None:
    found = manifest.get("format") if isinstance(manifest, dict) else None
    if type(found) is int and found > FORMAT:
        made = manifest.get("version", "unknown")
        raise InputError(
            f"it was written by mappe-servizi {made} in format {found}, and {__version__} reads up to format "
            f"{FORMAT}: install {made} or a newer version",
            file=file,
        )
    if found != FORMAT:
        raise InputError(f"its format is {found!r}, and there is none but {FORMAT}; build again", file=file)


def _release(directory: Path, manifest: Any, lease: Lease) -> Release:
    file = directory / MANIFEST
    _check_format(manifest, file)
    manifest = {**ADDED_LATER, **manifest}
    try:
        return Release(
            path=directory,
            version=manifest["version"],
            base_uri=manifest["baseUri"],
            modified=manifest["modified"],
            dump_sha256=str(manifest["dump"]),
            editions=tuple(manifest["editions"]),
            counts=manifest["counts"],
            files={
                str(name): {"bytes": int(described["bytes"]), "sha256": str(described["sha256"])}
                for name, described in manifest["files"].items()
            },
            lease=lease,
            number=(manifest.get("release") or {}).get("number"),
            facts=manifest,
        )
    except KeyError as error:
        raise InputError(f"{error} is missing", file=file) from error
    except (TypeError, AttributeError, ValueError) as error:
        raise InputError(f"a value is not of its kind: {error}", file=file) from error
