"""What is served: the current release with its engine and cache, exchanged while requests run."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from email.utils import formatdate
from pathlib import Path

from mappe_servizi.errors import MappeError
from mappe_servizi.model.outputs import declared
from mappe_servizi.outputs.search_index import FILE as SEARCH_FILE
from mappe_servizi.query.admission import Admission, Limits
from mappe_servizi.query.columnar.engine import Columnar
from mappe_servizi.query.embedded import Embedded, EmbeddedLimits
from mappe_servizi.query.errors import QueryError
from mappe_servizi.query.fork_client import WorkerConfig
from mappe_servizi.query.remote import Remote, RemoteConfig
from mappe_servizi.rdf.namespaces import prefixes
from mappe_servizi.releases.directory import MANIFEST
from mappe_servizi.releases.opened import open_release
from mappe_servizi.settings import Settings
from mappe_servizi.web.logs import logger
from mappe_servizi.web.metrics import Metrics
from mappe_servizi.web.served.contents import Contents
from mappe_servizi.web.served.iris import IriMap
from mappe_servizi.web.served.snapshot import Preparation, Snapshot
from mappe_servizi.web.served.standing import read_standing
from mappe_servizi.web.served.succession import Refusal, note_served, readable, sentence, served_by_all

WATCH_SECONDS = 0.5
COLUMN_WORKERS = 2
"""Questions about columns that are answered at a time: each takes milliseconds."""


class ApplicationState:
    """Holds the current snapshot and exchanges it when the release's link is repointed."""

    def __init__(self, settings: Settings, metrics: Metrics, prepare: Preparation) -> None:
        self.settings, self.metrics, self._prepare_queries = settings, metrics, prepare
        self.admission = self._admission(settings.query_workers)
        self.column_admission = self._admission(COLUMN_WORKERS)
        self.current: Snapshot
        self.contents = Contents()
        self.refusal: Refusal | None = None
        self.damage = ""
        self._served = served_by_all()
        self._tasks: set[asyncio.Task[None]] = set()

    def _admission(self, slots: int) -> Admission:
        settings = self.settings
        return Admission(
            Limits(
                slots=slots,
                queue=settings.queue,
                queue_seconds=settings.queue_seconds,
                budget=settings.client_budget,
            )
        )

    @property
    def problem(self) -> str:
        """What an operator should mend: why a newer release is not served, or what of this one is spoilt."""
        reason = self.refusal.reason if self.refusal else ""
        return "; ".join(filter(None, (reason, self.damage)))

    async def start(self) -> None:
        """Open the release, or reach the endpoint.

        Raises:
            MappeError: it cannot be used.
        """
        self.current = await self._remote() if self.settings.endpoint else await self._first()
        self._spawn(self._watch())
        self._spawn(self._prepare(self.current))
        self._spawn(self._check(self.current))

    def _spawn(self, coroutine: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _first(self) -> Snapshot:
        """The current release, or where it cannot be opened, the one that other HTTP processes serve.

        A process that takes the place of one that was killed must not end the server.
        """
        try:
            return await self._open(self.settings.release)
        except Exception as error:
            told = error if isinstance(error, MappeError) else MappeError(sentence(error))
            if self._served is None or not self._served.is_symlink():
                raise told from error
            snapshot = await self._open(self._served.readlink())
            self._refuse(self.settings.release, told)
            return snapshot

    async def _open(self, path: Path, *, whole: bool = False) -> Snapshot:
        """Open a release and start its engine; what was opened is closed again if something fails.

        Args:
            path: the link or the directory.
            whole: whether the contents of its files are compared with their checksums first.
        """
        async with contextlib.AsyncExitStack() as stack:
            release = await asyncio.to_thread(open_release, path, wait=False)
            stack.callback(release.close)
            searcher = await asyncio.to_thread(readable, release)
            if searcher is not None:
                stack.callback(searcher.close)
            if whole:
                await self.contents.check_all(release)
            worker = WorkerConfig(
                store=str(release.store),
                held=release.store_bytes <= self.settings.held_store << 20,
                base=release.base_uri,
                prefixes=prefixes(release.base_uri),
                memory=self.settings.query_memory << 20,
                recycle=self.settings.query_memory << 19,
                index=str(index) if (index := release.path / SEARCH_FILE).exists() else "",
            )
            engine = Embedded(worker, self.admission, embedded_limits(self.settings), self.metrics.kills.inc)
            stack.push_async_callback(engine.close)
            await engine.start()
            iris = IriMap(release.base_uri, self.settings.path_prefix)
            tables = release.path / declared.PARQUET.folder
            limits = embedded_limits(self.settings)
            snapshot = Snapshot(iris, engine, self.settings.cache_memory << 20, release, searcher)
            snapshot.columns = Columnar(tables, self.column_admission, limits, self.metrics.kills.inc)
            snapshot.modified = last_modified(path, release.path / MANIFEST, Path(__file__))
            if self._served is not None:
                note_served(self._served, release.path)
            stack.pop_all()
            return snapshot

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
        iris = IriMap(settings.base_uri, settings.path_prefix)
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
            try:
                self.metrics.flush()
                await self._look()
            except Exception as error:  # whatever it is: a good release that follows must be taken up
                self._refuse(self.settings.release, error)

    async def _look(self) -> None:
        """Take up the release that the link names, if it is another one and not one refused of late."""
        release, link = self.current.release, self.settings.release
        if release is None:
            return
        release.lease.take()
        directory = link.resolve()
        if directory == release.path:
            self.refusal = None
        elif self.refusal is None or self.refusal.is_over(directory):
            try:
                opened = await self._open(link, whole=True)
            except Exception:
                if link.resolve() != directory:
                    return  # it is not named any more; what is, is tried next
                raise
            old, self.current = self.current, opened
            self.refusal, self.damage = None, ""
            logger.info("release taken up", release=str(directory))
            self._spawn(old.retire())
            self._spawn(self._prepare(self.current))

    def _refuse(self, link: Path, error: Exception) -> None:
        """Note why a release is not taken up; the log has it once."""
        refusal = Refusal.of(link, error, self.refusal)
        if self.refusal is None or self.refusal.reason != refusal.reason:
            known = isinstance(error, MappeError)
            logger.error("release not taken up", reason=refusal.reason, exc_info=None if known else error)
        self.refusal = refusal

    async def _check(self, snapshot: Snapshot) -> None:
        """Compare the first release's files with their checksums, beside the requests."""
        try:
            with snapshot.in_use():
                if snapshot.release is not None:
                    await self.contents.check_all(snapshot.release)
        except MappeError as error:
            if snapshot is self.current:
                self.damage = f"a file is spoilt and not served: {error}"
                logger.error("file spoilt", reason=str(error))

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
        except Exception as error:  # pages ask what is not prepared
            known = isinstance(error, QueryError)
            logger.warning("not all is prepared", reason=str(error), exc_info=None if known else error)

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
