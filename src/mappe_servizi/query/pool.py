"""Query workers kept ready: as many as may run, and some spare ones that stand in at once."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from typing import cast

from mappe_servizi.query.errors import EngineFailedError
from mappe_servizi.query.fork_client import ForkClient, WorkerConfig, WorkerDiedError
from mappe_servizi.query.process import WorkerProcess

RETRY_SECONDS, TRIES = 0.1, 5


class Pool:
    """Workers on one store."""

    def __init__(
        self, config: WorkerConfig, size: int, hold: int, on_kill: Callable[[], None] = lambda: None
    ) -> None:
        self.config, self.target, self.hold, self.on_kill = config, size, hold, on_kill
        self.isolation: dict[str, bool] = {}
        self._idle: deque[WorkerProcess] = deque()
        self._busy: set[WorkerProcess] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self._waiters: deque[asyncio.Future[WorkerProcess]] = deque()
        self._closing = False
        self._drained = asyncio.Event()
        self._server: ForkClient | None = None
        self._server_starts = asyncio.Lock()

    async def start(self) -> None:
        """Start one worker, to see that the store opens, and the others behind it.

        Raises:
            WorkerDiedError: the store does not open.
        """
        self._idle.append(await self._start_worker())
        self._replenish()

    async def _start_worker(self) -> WorkerProcess:
        async with self._server_starts:
            if self._server is None or self._server.lost:
                if self._server is not None:
                    await self._server.close()
                self._server = await ForkClient.start(self.config)
                self.isolation = self._server.isolation
        return await WorkerProcess.start(self._server, self.hold)

    @property
    def workers(self) -> int:
        """Workers that run or could."""
        return len(self._idle) + len(self._busy)

    async def acquire(self) -> WorkerProcess:
        """An idle worker; a moment's wait where none is ready."""
        while self._idle:
            worker = self._idle.popleft()
            if worker.alive:
                self._busy.add(worker)
                return worker
            self._drop(worker)
            self._replenish()
        self._replenish()
        future: asyncio.Future[WorkerProcess] = asyncio.get_running_loop().create_future()
        self._waiters.append(future)
        try:
            return await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled() and future.exception() is None:
                self.release(future.result())
            raise

    def release(self, worker: WorkerProcess, *, keep: bool = True) -> None:
        """Take a worker back after its job; one that is not kept is killed and replaced."""
        self._busy.discard(worker)
        if keep and worker.alive and not self._closing:
            self._hand_over(worker)
        else:
            self._drop(worker)
            self._replenish()
        if self._closing and not self._busy:
            self._drained.set()

    def _drop(self, worker: WorkerProcess) -> None:
        if worker.retired:
            worker.close()
        else:
            self.on_kill()
            worker.kill()

    def _hand_over(self, worker: WorkerProcess) -> None:
        while self._waiters:
            future = self._waiters.popleft()
            if not future.done():
                self._busy.add(worker)
                future.set_result(worker)
                return
        # The one used last is the one whose caches are warm.
        self._idle.appendleft(worker)

    def _replenish(self) -> None:
        missing = self.target - len(self._idle) - len(self._busy) - len(self._starting)
        for _ in range(0 if self._closing else missing):
            task = asyncio.create_task(self._start_one())
            self._starting.add(task)
            task.add_done_callback(self._starting.discard)

    async def _start_one(self) -> None:
        failures = 0
        while not self._closing:
            try:
                worker = await self._start_worker()
            except (WorkerDiedError, OSError) as error:
                failures += 1
                if failures >= TRIES:
                    self._refuse(f"no query worker could be started: {error}")
                await asyncio.sleep(RETRY_SECONDS * min(failures, 10))
                continue
            # Counted once: the task ends a turn of the loop later, and whoever replenishes until then would
            # take it for another worker that comes.
            self._starting.discard(cast("asyncio.Task[None]", asyncio.current_task()))
            if self._closing:
                worker.close()
            else:
                self._hand_over(worker)
            return

    def _refuse(self, reason: str) -> None:
        while self._waiters:
            future = self._waiters.popleft()
            if not future.done():
                future.set_exception(EngineFailedError(reason, retry_after=5))

    async def close(self, seconds: float) -> None:
        """Take no more jobs, let the running ones end for some seconds, then kill them."""
        self._closing = True
        for task in tuple(self._starting):
            task.cancel()
        leaving = [*self._idle]
        self._idle.clear()
        for worker in leaving:
            worker.close()
        if self._busy:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._drained.wait(), seconds)
        for worker in self._busy:
            worker.kill()
        leaving += self._busy
        await asyncio.gather(*(worker.exit_code() for worker in leaving))
        if self._server is not None:
            await self._server.close()
