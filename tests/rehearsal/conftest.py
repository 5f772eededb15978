"""A release to rehearse, and copies of it in which something is wrong."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers import mappe
from mappe_servizi.releases import Release
from mappe_servizi.releases.directory import MANIFEST, SIZES
from releases_world import DATES

Broken = Callable[..., Path]


@pytest.fixture(scope="session")
def released(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a numbered release of this repository's data."""
    place = tmp_path_factory.mktemp("rehearsed") / "releases"
    done = mappe("release", "--release", release.path, "--releases", place, SOURCE_DATE_EPOCH=DATES[1])
    assert done.returncode == 0, done.stderr
    return place / "1"


@pytest.fixture
def broken(released: Path, tmp_path: Path) -> Broken:
    """Makes a copy of the release in which a text stands in another's place, in files by pattern."""

    def broke(pattern: str, old: str, new: str, count: int = -1) -> Path:
        directory = tmp_path / "broken"
        shutil.copytree(released, directory)
        (directory / SIZES).unlink(missing_ok=True)
        manifest = json.loads((directory / MANIFEST).read_bytes())
        changed = 0
        for path in directory.glob(pattern):
            text = path.read_text(encoding="utf-8")
            content = text.replace(old, new, count).encode()
            changed += text.encode() != content
            path.unlink()
            path.write_bytes(content)
            described = manifest["files"].get(path.relative_to(directory).as_posix())
            if described:
                described |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        assert changed, f"nothing to break in {pattern}"
        (directory / MANIFEST).unlink()
        (directory / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
        return directory

    return broke
