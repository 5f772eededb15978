"""What is served: the current release with its engine and cache, exchanged while requests run."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from email.utils import formatdate
from pathlib import Path

from mappe_servizi import __version__
from mappe_servizi.errors import MappeError
from mappe_servizi.graph.namespaces import prefixes
from mappe_servizi.query.admission import Admission, Limits
from mappe_servizi.query.embedded import Embedded, EmbeddedLimits
from mappe_servizi.query.engine import Engine
from mappe_servizi.query.errors import QueryError
from mappe_servizi.query.process import WorkerConfig
from mappe_servizi.query.remote import Remote, RemoteConfig
from mappe_servizi.query.search import Index, LabelSearch, Searcher
from mappe_servizi.release.directory import MANIFEST
from mappe_servizi.release.opened import Release, open_release
from mappe_servizi.release.search_index import FILE as SEARCH_FILE
from mappe_servizi.rights import Rights, Standing
from mappe_servizi.server.cache import ResponseCache
from mappe_servizi.server.conditional import entity_tag
from mappe_servizi.server.iris import Iris
from mappe_servizi.server.logs import logger
from mappe_servizi.server.metrics import Metrics
from mappe_servizi.server.standing import read_standing
from mappe_servizi.settings import Settings

WATCH_SECONDS = 0.5


class Snapshot:
    """One release as it is served, until the last request to it has ended.

    Attributes:
        modified: when answers changed last, as HTTP writes dates; "" for a remote endpoint.
        prepared: results of queries of ours that were asked beforehand, packed.
        standing: who publishes its data, in whose right, under which licences.
    """

    def __init__(
        self,
        iris: Iris,
        engine: Engine,
        capacity: int,
        release: Release | None = None,
        modified: str = "",
    ) -> None:
        self.iris, self.engine, self.release, self.modified = iris, engine, release, modified
        index = release.path / SEARCH_FILE if release is not None else None
        self.searcher: Searcher = Index(index) if index and index.exists() else LabelSearch(engine, iris.base)
        self.identity = f"{release.dump_sha256} {release.version}" if release is not None else ""
        self.cache = ResponseCache(capacity)
        self.standing = Standing.read(release.facts) if release is not None else Standing()
        self.prepared: dict[str, bytes] = {}
        self.statistics: asyncio.Task[object] | None = None
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
        await self.engine.close()
        self.searcher.close()
        if self.release is not None:
            self.release.close()


Preparation = Callable[[Snapshot], AsyncIterator[tuple[str, bytes]]]
"""Gives queries and their packed results, which a snapshot's pages will want."""


class Site:
    """Holds the current snapshot and exchanges it when the release's link is repointed."""

    def __init__(self, settings: Settings, metrics: Metrics, prepare: Preparation) -> None:
        self.settings, self.metrics, self._prepare_queries = settings, metrics, prepare
        self.admission = Admission(
            Limits(
                slots=settings.query_workers,
                queue=settings.queue,
                queue_seconds=settings.queue_seconds,
                budget=settings.client_budget,
            )
        )
        self.problem = ""
        self.current: Snapshot
        self._directory: Path | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Open the release, or reach the endpoint.

        Raises:
            MappeError: it cannot be used.
        """
        self.current = await self._remote() if self.settings.endpoint else await self._open()
        self._spawn(self._watch())
        self._spawn(self._prepare(self.current))

    def _spawn(self, coroutine: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _open(self) -> Snapshot:
        release = open_release(self.settings.release)
        worker = WorkerConfig(
            store=str(release.store),
            base=release.base_uri,
            prefixes=prefixes(release.base_uri),
            memory=self.settings.query_memory << 20,
            recycle=self.settings.query_memory << 19,
            index=str(index) if (index := release.path / SEARCH_FILE).exists() else "",
        )
        engine = Embedded(worker, self.admission, embedded_limits(self.settings), self.metrics.kills.inc)
        try:
            await engine.start()
        except MappeError:
            release.close()
            raise
        self._directory = release.path
        iris = Iris(release.base_uri, self.settings.path_prefix)
        modified = last_modified(self.settings.release, release.path / MANIFEST, Path(__file__))
        return Snapshot(iris, engine, self.settings.cache_memory << 20, release, modified)

    async def _remote(self) -> Snapshot:
        settings = self.settings
        assert settings.endpoint is not None
        config = RemoteConfig(
            settings.endpoint,
            settings.base_uri,
            prefixes(settings.base_uri),
            settings.query_seconds,
            settings.hold_back << 10,
            settings.result_limit << 20,
        )
        engine = Remote(config, self.admission)
        await engine.start()
        iris = Iris(settings.base_uri, settings.path_prefix)
        snapshot = Snapshot(iris, engine, settings.cache_memory << 20)
        self._spawn(self._tell_standing(snapshot))
        return snapshot

    @staticmethod
    async def _tell_standing(snapshot: Snapshot) -> None:
        """An endpoint may be slow, so pages tell licence and publisher as soon as it has answered."""
        snapshot.standing = await read_standing(snapshot.engine, snapshot.iris.base)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            self.metrics.flush()
            try:
                if not self.settings.endpoint and self.settings.release.resolve() != self._directory:
                    await self._exchange()
            except (MappeError, OSError) as error:
                if self.problem != str(error):
                    self.problem = str(error)
                    logger.error("release not taken up", reason=self.problem)

    async def _exchange(self) -> None:
        old, self.current = self.current, await self._open()
        self.problem = ""
        logger.info("release taken up", release=str(self._directory))
        self._spawn(old.retire())
        self._spawn(self._prepare(self.current))

    async def _prepare(self, snapshot: Snapshot) -> None:
        """Ask beforehand, one query after another, until a newer release is served."""
        room = self.settings.cache_memory << 18
        if not snapshot.immutable or not room:
            return
        try:
            with snapshot.in_use():
                async for query, body in self._prepare_queries(snapshot):
                    room -= len(query) + len(body)
                    if room < 0 or snapshot is not self.current:
                        break
                    snapshot.prepared[query] = body
        except QueryError as error:
            logger.warning("not all is prepared", reason=str(error))

    async def close(self) -> None:
        """Stop watching, let what runs end, close the engine."""
        for task in tuple(self._tasks):
            task.cancel()
        await self.current.retire()


def embedded_limits(settings: Settings) -> EmbeddedLimits:
    """The limits of one query, from the settings."""
    return EmbeddedLimits(
        deadline=settings.query_seconds,
        short=settings.short_seconds,
        hold=settings.hold_back << 10,
        result=settings.result_limit << 20,
        spare=settings.spare_workers,
    )


def last_modified(*paths: Path) -> str:
    """The newest time of some files, as HTTP writes dates.

    Of the link to a release, of the release and of this package: an answer changes with a newer
    release, with an older one that is put back, and with newer software. The date of the documents
    says nothing of that; the pages and the catalogue tell it.
    """
    return formatdate(max(path.lstat().st_mtime for path in paths), usegmt=True)
