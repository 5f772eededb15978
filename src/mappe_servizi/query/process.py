"""The server's side of a query worker: give it a job, read its frames, kill it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import time
from collections import deque
from collections.abc import AsyncIterator, Mapping

from mappe_servizi.query.engine import Job
from mappe_servizi.query.errors import (
    BadQueryError,
    BadRequestError,
    EngineFailedError,
    IncomparableError,
    MemoryLimitError,
    QueryError,
    ResultTooLargeError,
)
from mappe_servizi.query.fork_client import START_SECONDS, ForkClient, WorkerConfig, WorkerDiedError
from mappe_servizi.query.frames import DATA, FAILED, HEADER, LAST, READY, FrameProtocol

LONG_NICENESS = 10
PLAIN = {error.kind: error for error in (BadRequestError, IncomparableError, ResultTooLargeError)}
"""What a worker reports in a sentence of its own, by its reason."""


class WorkerProcess(FrameProtocol):
    """A worker process and the socket to it.

    Attributes:
        alone: it is the only one of its server, which ends with it.
    """

    def __init__(self, server: ForkClient, pid: int, hold: int, *, alone: bool = False) -> None:
        super().__init__()
        self.server, self.pid, self.hold, self.alone = server, pid, hold, alone
        self.retired = self.killed = False
        self._loop = asyncio.get_running_loop()
        self._chunks: deque[bytes] = deque()
        self._held = 0
        self._waiter: asyncio.Future[bytes] | None = self._loop.create_future()
        self._end: bytes | None = None
        self._failure: QueryError | None = None
        self._lost = False
        self._reaper: asyncio.Task[int] | None = None

    @classmethod
    async def start_alone(cls, config: WorkerConfig, hold: int) -> WorkerProcess:
        """Start a worker that shares nothing with others.

        Raises:
            WorkerDiedError: it could not.
        """
        server = await ForkClient.start(config)
        try:
            return await cls.start(server, hold, alone=True)
        except BaseException:
            await server.close()
            raise

    @classmethod
    async def start(cls, server: ForkClient, hold: int, *, alone: bool = False) -> WorkerProcess:
        """Start a worker and wait until it is ready.

        Raises:
            WorkerDiedError: it could not.
        """
        channel, pid = await server.fork()
        worker = cls(server, pid, hold, alone=alone)
        try:
            async with asyncio.timeout(START_SECONDS):
                await worker._loop.create_unix_connection(lambda: worker, sock=channel)
                await worker._frame()
        except TimeoutError:
            worker.kill()
            raise WorkerDiedError(await worker.exit_code()) from None
        except asyncio.CancelledError:
            worker.kill()
            raise
        except QueryError as error:
            raise WorkerDiedError(await worker.exit_code(), error.detail) from None
        return worker

    # The loop's side.

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: D102
        self._lost = True
        self._wake(b"")

    def _take(self, kind: bytes, payload: bytes) -> None:
        if kind == READY:
            self._chunks.append(payload)
        elif kind == FAILED:
            self._failure = failure(*json.loads(payload))
        else:
            self._chunks.append(payload)
            self._held += len(payload)
            self.retired |= kind == LAST
        if kind != DATA:
            self._end = kind
            self._wake(kind)
        elif self._held > self.hold:
            assert self._transport is not None
            self._transport.pause_reading()
            self._wake(kind)

    def _wake(self, kind: bytes) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(kind)

    async def _wait(self) -> None:
        """Wait for the end, for more than is held back, or for the death of the process.

        Raises:
            WorkerDiedError: it died.
        """
        if self._end is None and not self._lost:
            self._waiter = self._loop.create_future()
            await self._waiter
        if self._end is None and self._lost:
            raise WorkerDiedError(await self.exit_code())

    async def _frame(self) -> bytes:
        assert self._waiter is not None
        await self._waiter
        await self._wait()
        if self._failure is not None:
            raise self._failure
        return self._chunks.popleft()

    # The pool's side.

    async def run(self, job: Job, limit: int) -> tuple[bytes, bool]:
        """Run a job: a result and True, or its beginning and False; ``rest`` gives the rest.

        Args:
            job: what to run.
            limit: the largest result, in bytes.

        Raises:
            QueryError: the evaluation failed.
            WorkerDiedError: the process ended, or was killed.
        """
        assert self._transport is not None
        self._end, self._failure, self._held = None, None, 0
        self._chunks.clear()
        message = json.dumps(
            {
                "task": job.task,
                "query": job.query,
                "format": job.format.name,
                "default": job.default_graphs if job.has_dataset else None,
                "named": job.named_graphs,
                "limit": limit,
            }
        ).encode()
        self._transport.write(HEADER.pack(b"Q", len(message)) + message)
        await self._wait()
        if self._failure is not None:
            raise self._failure
        body = b"".join(self._chunks) if len(self._chunks) > 1 else self._chunks[0]
        self._chunks.clear()
        return body, self._end is not None

    async def rest(self) -> AsyncIterator[bytes]:
        """What follows the beginning that ``run`` returned, chunk by chunk.

        Raises:
            QueryError, WorkerDiedError: the result cannot be completed.
        """
        assert self._transport is not None
        while True:
            while self._chunks:
                yield self._chunks.popleft()
            if self._failure is not None:
                raise self._failure
            if self._end is not None:
                return
            self._held = 0
            self._transport.resume_reading()
            await self._wait()

    @property
    def alive(self) -> bool:
        """Whether it can take a job."""
        return not (self._lost or self.retired or self.killed)

    def processor_seconds(self) -> float:
        """Processor time that the process has used so far; wall-clock time where that is not told."""
        try:
            # The clock of another process: MAKE_PROCESS_CPUCLOCK of linux/posix-timers.h.
            return time.clock_gettime((~self.pid << 3) | 2)
        except OSError:
            return time.monotonic()

    def demote(self) -> None:
        """Let short queries go before it from now on."""
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, LONG_NICENESS)

    def kill(self) -> None:
        """End the process now, whatever it does."""
        self.killed = True
        if self._reaper is None or not self._reaper.done():  # its number may be another's by now
            self.server.kill(self.pid)
        if self._transport is not None:
            self._transport.abort()
        self._reap()

    def close(self) -> None:
        """Let the process end by itself: it has no job."""
        if self._transport is not None:
            self._transport.close()
        self._reap()

    def _reap(self) -> asyncio.Task[int]:
        if self._reaper is None:
            self._reaper = self._loop.create_task(self._reaped())
        return self._reaper

    async def _reaped(self) -> int:
        code = await self.server.exit_code(self.pid)
        if self.alone:
            await self.server.close()
        return code

    async def exit_code(self) -> int:
        """The status that the process ended with, awaited."""
        return await self._reap()


def failure(reason: str, detail: str, more: Mapping[str, object]) -> QueryError:
    """What a worker reports, as an error for the user."""
    if reason in {"refused", "bad-query"}:
        return BadQueryError(detail, more=more)
    if reason in PLAIN:
        return PLAIN[reason](detail)
    if reason == "memory":
        return MemoryLimitError("the query needs more memory than a query may use")
    if reason == "too-large":
        return ResultTooLargeError("the result is larger than a result may be")
    return EngineFailedError(f"the evaluation failed: {detail}")


def death(code: int) -> QueryError:
    """What the death of a worker that nobody killed means: aborts are failed allocations."""
    if code in {-6, -9}:
        return MemoryLimitError("the query needs more memory than a query may use")
    if code == -11:
        return BadQueryError("the query is nested too deeply to be evaluated")
    return EngineFailedError("the query worker ended unexpectedly")
