"""A server on a numbered release of the real data, with limits that abuse meets soon."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers import mappe
from mappe_servizi.releases import Release
from served import Served, serve

LIMITS = ("--query-seconds", "2", "--request-limit", "256", "--log-level", "error")


@pytest.fixture(scope="session")
def numbered(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The link of a numbered release, with its feed."""
    releases = tmp_path_factory.mktemp("adversary") / "releases"
    done = mappe("release", "--release", release.path, "--releases", releases)
    assert done.returncode == 0, done.stderr
    return releases / "current"


@pytest.fixture(scope="session")
def target(numbered: Path) -> Iterator[Served]:
    """The server."""
    with serve("--release", numbered, *LIMITS) as served:
        yield served
