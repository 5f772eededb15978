"""A server on the real release, and an assistant at its door."""

from collections.abc import Iterator

import pytest

from asking import Assistant
from mappe_servizi.releases import Release
from served import Served, serve


@pytest.fixture(scope="session")
def site(release: Release) -> Iterator[Served]:
    with serve("--release", release.path) as served:
        yield served


@pytest.fixture(scope="session")
def assistant(site: Served) -> Assistant:
    return Assistant(f"{site.url}/mcp")
