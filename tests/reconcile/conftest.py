"""A real server on a build of the real data."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mappe_servizi.releases import Release
from served import Served, serve


@pytest.fixture(scope="session")
def served(release: Release) -> Iterator[Served]:
    with serve("--release", release.path) as server:
        yield server
