"""One server on the real release, for all tests of a process that only ask."""

from collections.abc import Iterator

import httpx
import pytest

from mappe_servizi.releases import Release
from served import Served, serve


@pytest.fixture(scope="session")
def site(release: Release) -> Iterator[Served]:
    """A server on the real release."""
    with serve("--release", release.path) as served:
        yield served


@pytest.fixture
def client(site: Served) -> Iterator[httpx.Client]:
    """A client that follows no redirects."""
    with site.client() as client:
        yield client
