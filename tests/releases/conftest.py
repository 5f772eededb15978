"""Three releases of data that change: the project's own, an edited copy, and one with redactions."""

import shutil
from collections.abc import Iterator

import pytest

from helpers import ROOT, mappe
from mappe_servizi.releases import Release
from releases_world import DATES, World, edit
from served import Served, serve


@pytest.fixture(scope="session")
def first(release: Release, tmp_path_factory: pytest.TempPathFactory) -> World:
    """One release: that of the project's own build."""
    place = tmp_path_factory.mktemp("releases")
    world = World(place / "releases", place / "data", place)
    shutil.copytree(ROOT / "data", world.data)
    done = mappe(
        "release", "--release", release.path, "--releases", world.releases, SOURCE_DATE_EPOCH=DATES[1]
    )
    assert done.returncode == 0, done.stderr
    return world


@pytest.fixture(scope="session")
def second(first: World) -> World:
    """Two releases, the second of edited data."""
    edit(first.data)
    first.build_and_release(2)
    return first


@pytest.fixture(scope="session")
def server(second: World) -> Iterator[Served]:
    """A server on the second release. It goes on when a third is made."""
    with serve("--release", second.releases / "current") as served:
        yield served
