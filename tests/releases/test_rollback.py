"""Going back to a release, and on from there."""

import shutil
import time
from pathlib import Path

import httpx
import pytest

from helpers import mappe
from mappe_servizi.releases import open_release
from mappe_servizi.releases.withdrawal import withdraw
from releases_world import DATES, World
from served import serve


@pytest.fixture
def copy(second: World, tmp_path: Path) -> World:
    """Two releases that are nobody else's."""
    shutil.copytree(second.releases, tmp_path / "releases", symlinks=True)
    return World(tmp_path / "releases", second.data, tmp_path)


def roll_back(world: World, number: object) -> tuple[int, str]:
    done = mappe("release", "--releases", world.releases, "--rollback", str(number))
    return done.returncode, done.stderr


def number(world: World) -> int | None:
    with_number = open_release(world.releases / "current")
    with_number.close()
    return with_number.number


def test_back_forth_and_on(copy: World, second: World) -> None:
    with serve("--release", copy.releases / "current") as server:
        for wanted in (1, 2, 1):
            assert roll_back(copy, wanted) == (0, "")
            assert number(copy) == wanted
            for _ in range(100):
                served = httpx.get(f"{server.url}/readyz").json()["directory"]
                if served == (copy.releases / str(wanted)).resolve().name:
                    break
                time.sleep(0.1)
            else:
                pytest.fail(f"release {wanted} is not served")
    # The same data as the newest: that one is there to be rolled forward to.
    again = ("release", "--releases", copy.releases, "--release", second.place / "build2")
    refused = mappe(*again, SOURCE_DATE_EPOCH=DATES[3])
    assert refused.returncode == 1
    assert "nothing has changed since release 2" in refused.stderr
    # Other data become the number after the highest.
    build = second.releases / "1"
    done = mappe(
        "release", "--releases", copy.releases, "--release", build.resolve(), SOURCE_DATE_EPOCH=DATES[3]
    )
    assert done.returncode == 0, done.stderr
    assert number(copy) == 3
    history = open_release(copy.releases / "current").facts["release"]["history"]
    assert [entry["number"] for entry in history] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("wanted", "said"), [(7, "there are 1, 2"), (0, "not in the range"), ("x", "valid int")]
)
def test_what_is_not_there_is_refused(copy: World, wanted: object, said: str) -> None:
    status, error = roll_back(copy, wanted)
    assert status != 0
    assert said in error
    assert number(copy) == 2


def test_what_was_withdrawn_stays_withdrawn(copy: World) -> None:
    withdraw(copy.releases, 2)
    status, error = roll_back(copy, 1)
    assert status == 1
    assert "release 1 was withdrawn" in error
    assert number(copy) == 2
