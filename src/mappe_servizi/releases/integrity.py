"""Whether the files of a release are as they were when it was published.

Sizes are compared when a release is opened for serving: a ``stat`` a file. Contents are compared
by SHA-256, which reads every published file once; the store has checksums of its own, which its
engine compares as it reads.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mappe_servizi.errors import InputError
from mappe_servizi.releases.directory import SIZES
from mappe_servizi.releases.opened import Release


def check_sizes(release: Release) -> None:
    """Compare the size of every file, the store's and the indexes' included.

    Raises:
        InputError: a file is missing, cannot be reached, or is of another size.
    """
    expected = {name: described["bytes"] for name, described in release.files.items()}
    for name, size in (_noted(release.path) | expected).items():
        check_size(release.path / name, size)


def check_size(path: Path, size: int) -> None:
    """Compare the size of one file.

    Raises:
        InputError: it is missing, cannot be reached, or is of another size.
    """
    try:
        found = path.stat().st_size
    except OSError as error:
        raise InputError(f"it cannot be read: {error.strerror}", file=path) from error
    if found != size:
        raise InputError(f"it has {found} bytes and was published with {size}", file=path)


def check_content(path: Path, described: Mapping[str, Any]) -> None:
    """Compare size and SHA-256 of a published file.

    Raises:
        InputError: it is not what was published.
    """
    check_size(path, described["bytes"])
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"it cannot be read: {error.strerror}", file=path) from error
    if found != described["sha256"]:
        raise InputError("its content is not what was published (SHA-256)", file=path)


def _noted(directory: Path) -> dict[str, int]:
    """The sizes that were noted when the directory was published; older ones have none."""
    file = directory / SIZES
    try:
        return {str(name): int(size) for name, size in json.loads(file.read_bytes()).items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise InputError(f"it cannot be read: {error}", file=file) from error
