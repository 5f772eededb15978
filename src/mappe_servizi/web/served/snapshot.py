"""One release as it is served: its engine, its kept responses, and what its answers are tagged by."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator, Callable, Iterator

from mappe_servizi import __version__
from mappe_servizi.insights import ServiceInsights
from mappe_servizi.query.columnar.engine import Columnar
from mappe_servizi.query.engine import Engine
from mappe_servizi.query.search import LabelSearch, Searcher
from mappe_servizi.releases.opened import Release
from mappe_servizi.remembered import Kept
from mappe_servizi.rights import Rights, Standing
from mappe_servizi.web.served.cache import ResponseCache
from mappe_servizi.web.served.iris import IriMap

ROOM = 16 << 20
"""Bytes that what figures say may take; that of Cremona takes some 2 MiB."""


def weight(iri: str, of: ServiceInsights) -> int:
    """The bytes that what the figures of a service say takes in memory."""
    return len(iri) + 1100 * len(of.figures) + 256 * len(of.statements)


def entity_tag(*parts: str) -> str:
    """A strong tag from what determines a representation: release, request, format.

    >>> entity_tag("r1", "ASK {}") == entity_tag("r1", "ASK {}") != entity_tag("r1A", "SK {}")
    True
    """
    digest = hashlib.blake2b(digest_size=12)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "little") + data)
    return f'"{digest.hexdigest()}"'


class Snapshot:
    """One release as it is served, until the last request to it has ended.

    Attributes:
        modified: when answers changed last, as HTTP writes dates; "" for a remote endpoint.
        prepared: the rows of queries of ours that were asked beforehand, packed.
        insights: what the figures of services say, by the services' IRIs.
        standing: who publishes its data, in whose right, under which licences.
        counted_until: when the statistics of a remote endpoint are to be counted anew.
        columns: answers questions about figures and tables; None for a remote endpoint.
    """

    def __init__(
        self,
        iris: IriMap,
        engine: Engine,
        capacity: int,
        release: Release | None = None,
        searcher: Searcher | None = None,
    ) -> None:
        self.iris, self.engine, self.release, self.modified = iris, engine, release, ""
        self.searcher = searcher or LabelSearch(engine, iris.base)
        self.columns: Columnar | None = None
        self.identity = f"{release.dump_sha256} {release.version}" if release is not None else ""
        self.cache = ResponseCache(capacity)
        self.standing = Standing.read(release.facts) if release is not None else Standing()
        self.prepared: dict[str, bytes] = {}
        self.insights: Kept[str, ServiceInsights] = Kept(ROOM, weight)
        self.statistics: asyncio.Task[object] | None = None
        self.counted_until = float("inf")
        self._users = 0
        self._unused = asyncio.Event()

    @contextlib.contextmanager
    def in_use(self) -> Iterator[None]:
        """Keep the snapshot open for a request."""
        self._users += 1
        try:
            yield
        finally:
            self._users -= 1
            if not self._users:
                self._unused.set()

    @property
    def immutable(self) -> bool:
        """Whether the same request always gets the same answer from it."""
        return self.release is not None

    def rights(self, iri: str) -> Rights:
        """What holds for what is said of a resource."""
        return self.standing.about(iri, self.iris.base)

    def tag(self, *parts: str) -> str | None:
        """The entity tag of a representation, None where it cannot be exact."""
        return entity_tag(self.identity, __version__, *parts) if self.immutable else None

    async def retire(self) -> None:
        """Close it once no request uses it."""
        while self._users:
            self._unused.clear()
            await self._unused.wait()
        if self.statistics is not None:
            self.statistics.cancel()
        async with contextlib.AsyncExitStack() as stack:  # each, whatever becomes of the others
            if self.release is not None:
                stack.callback(self.release.close)
            stack.callback(self.searcher.close)
            stack.push_async_callback(self.engine.close)
            if self.columns is not None:
                stack.push_async_callback(self.columns.close)


Preparation = Callable[[Snapshot], AsyncIterator[tuple[str, bytes]]]
"""Gives queries and the packed rows of their results, which a snapshot's pages will want."""
