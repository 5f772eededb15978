"""The engine that a release brings with it: pyoxigraph in supervised processes."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace

from mappe_servizi.errors import MappeError
from mappe_servizi.query.admission import Admission, Ticket
from mappe_servizi.query.engine import Job, Result
from mappe_servizi.query.errors import QueryError, QueryTimeoutError
from mappe_servizi.query.fork_client import WorkerConfig, WorkerDiedError
from mappe_servizi.query.pool import Pool
from mappe_servizi.query.process import WorkerProcess, death

REMEMBERED = 4096
PATIENCE = 20
LOOKS = 4
"""How often a query is looked after while it counts as a short one."""


@dataclass(frozen=True, slots=True)
class EmbeddedLimits:
    """What one query may use.

    Attributes:
        deadline: seconds of evaluation and transfer.
        short: processor seconds after which a query counts as long; while other clients wait, it
            gives way after a quarter of it, and counts as long when that happens again.
        hold: bytes of a result that are held back until it is known to be whole.
        result: bytes of the largest result.
        spare: warm workers beyond those that may run.
    """

    deadline: float = 30.0
    short: float = 0.2
    hold: int = 4 << 20
    result: int = 256 << 20
    spare: int = 1


class Embedded:
    """Runs jobs on the store of one release, under an admission that outlives it."""

    def __init__(
        self,
        worker: WorkerConfig,
        admission: Admission,
        limits: EmbeddedLimits,
        on_kill: Callable[[], None] = lambda: None,
    ) -> None:
        self.limits, self.admission = limits, admission
        self.pool = Pool(worker, admission.limits.slots + limits.spare, limits.hold, on_kill)
        self._long_queries: OrderedDict[int, None] = OrderedDict()

    async def start(self) -> None:
        """Open the store in a first worker.

        Raises:
            MappeError: it does not open.
        """
        try:
            await self.pool.start()
        except (WorkerDiedError, OSError) as error:
            raise MappeError(f"the store {self.pool.config.store} cannot be opened: {error}") from error

    async def run(self, job: Job) -> Result:
        """The result of a job.

        Raises:
            QueryError: there is none.
        """
        key = hash((job.task, job.query, job.default_graphs, job.named_graphs))
        long, again = key in self._long_queries, False
        while True:
            ticket = await self.admission.enter(job.client, long=long, again=again)
            run = Run(self, job, ticket)
            try:
                result = await run.result()
            except PreemptedError as preempted:
                # It has not been answered with a byte yet: it starts again, in a long slot if it is long.
                if preempted.long:
                    long = True
                    self._remember(key)
                again = not long
                continue
            if ticket.long and run.seconds < self.limits.short and result.stream is None:
                self._long_queries.pop(key, None)
            return result

    def _remember(self, key: int) -> None:
        self._long_queries[key] = None
        if len(self._long_queries) > REMEMBERED:
            self._long_queries.popitem(last=False)

    async def close(self) -> None:
        """Let running jobs end, then stop the workers."""
        await self.pool.close(self.limits.deadline + 1)

    async def ready(self) -> bool:
        """Whether a worker is there, running or idle."""
        return self.pool.workers > 0

    def facts(self) -> dict[str, object]:
        """What /readyz tells."""
        return {"engine": "embedded", "isolation": dict(self.pool.isolation)}


class PreemptedError(Exception):
    """A query must start again: it is long and no long slot was free, or it gave way to others."""

    def __init__(self, *, long: bool) -> None:
        super().__init__()
        self.long = long


class Run:
    """One evaluation: a ticket, a worker, and the clocks that end it."""

    def __init__(self, engine: Embedded, job: Job, ticket: Ticket) -> None:
        self.engine, self.job, self.ticket = engine, job, ticket
        limits = engine.limits
        self.deadline = min(job.seconds or limits.deadline, limits.deadline)
        self.started = time.monotonic()
        self.seconds = 0.0
        self._used_before = 0.0
        self._worker: WorkerProcess | None = None
        self._end: Exception | None = None
        self._demoted = False
        self._clocks: list[asyncio.TimerHandle] = []
        self._rest: AsyncIterator[bytes] | None = None

    async def result(self) -> Result:
        """Evaluate.

        Raises:
            QueryError: the evaluation failed, or met a limit.
            PreemptedError: it must be started again, with a long ticket.
        """
        try:
            worker = await self._prepare()
            body, whole = await worker.run(self.job, self.engine.limits.result)
            if not whole and not self._go_on():
                self._end = PreemptedError(long=True)
                raise self._end
        except WorkerDiedError as error:
            self._finish(keep=False)
            raise (self._end or death(error.code)) from None
        except QueryError:
            self._finish(keep=True)
            raise
        except BaseException:
            self._finish(keep=False)
            raise
        if not whole:
            self._rest = worker.rest()
            return Result(body, self, "long")
        cost = "long" if self.ticket.long else "short"
        self._finish(keep=True)
        return Result(body, None, cost)  # type: ignore[arg-type]

    async def _prepare(self) -> WorkerProcess:
        engine, loop = self.engine, asyncio.get_running_loop()
        if self.job.service:
            config = replace(engine.pool.config, network=True, held=False)
            self._worker = await WorkerProcess.start_alone(config, engine.limits.hold)
        else:
            self._worker = await engine.pool.acquire()
        self.started = time.monotonic()
        self._clocks.append(loop.call_later(self.deadline, self._time_out))
        if self.ticket.long:
            self._demote()
        else:
            self._used_before = self._worker.processor_seconds()
            self._look_after()
        return self._worker

    def _look_after(self) -> None:
        seconds = self.engine.limits.short / LOOKS
        self._clocks[1:] = [asyncio.get_running_loop().call_later(seconds, self._look)]

    def _look(self) -> None:
        """A query has its time as a short one, or a part of it where others wait.

        Processor time, that is: on a busy machine every query takes long. A query that does
        not compute waits for its client to read, and is long by the clock.
        """
        limit = self.engine.limits.short
        assert self._worker is not None
        used = self._worker.processor_seconds() - self._used_before
        if used >= limit or time.monotonic() - self.started > limit * PATIENCE:
            self._turn_long()
        elif used >= limit / LOOKS and self.engine.admission.crowded(self.job.client):
            if not self._go_on():
                self._stop(PreemptedError(long=self.ticket.again))
        else:
            self._look_after()

    def _time_out(self) -> None:
        self._stop(
            QueryTimeoutError(
                f"the query was stopped after {self.deadline:g} s, the most that it may take; "
                "ask for less at a time, or take the data from /dump/"
            )
        )

    def _turn_long(self) -> None:
        if not self._go_on():
            self._stop(PreemptedError(long=True))

    def _go_on(self) -> bool:
        if not self.engine.admission.promote(self.ticket):
            return False
        self._demote()
        return True

    def _demote(self) -> None:
        if not self._demoted and self._worker is not None:
            self._demoted = True
            self._worker.demote()

    def _stop(self, end: Exception) -> None:
        if self._end is None and self._worker is not None:
            self._end = end
            self._worker.kill()

    def _finish(self, *, keep: bool) -> None:
        """Stop the clocks, give back worker and ticket. A demoted worker cannot be promoted again."""
        for clock in self._clocks:
            clock.cancel()
        self.seconds = time.monotonic() - self.started
        worker, self._worker = self._worker, None
        if worker is not None and self.job.service:
            worker.kill()
        elif worker is not None:
            self.engine.pool.release(worker, keep=keep and not self._demoted)
        if self.ticket is not None:
            self.engine.admission.leave(self.ticket, preempted=isinstance(self._end, PreemptedError))

    # The stream of a result that was not held back as a whole.

    def __aiter__(self) -> Run:
        return self

    async def __anext__(self) -> bytes:
        assert self._rest is not None
        try:
            return await anext(self._rest)
        except WorkerDiedError as error:
            raise (self._end or death(error.code)) from None
        except StopAsyncIteration:
            await self.aclose()
            raise

    async def aclose(self) -> None:
        """Give back worker and ticket."""
        if self._worker is not None:
            self._finish(keep=False)
