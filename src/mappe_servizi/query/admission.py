"""Who may run now: slots, of which some stay free for short queries, shared fairly by clients.

A query starts in any slot. One that is still running after a short time needs a long slot as
well, of which there are fewer than slots; where none is free it gives its slot back and waits
for one (its worker is killed, it starts again later). So runaways never hold all slots, and
neither does one client. Of the clients that wait, the one that has used least time of late goes
first, and the last free slot is only for clients that have used little.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter, OrderedDict, deque
from dataclasses import dataclass

from mappe_servizi.query.errors import BusyError, OverBudgetError

MINUTE = 60.0
HEAVY = 0.5
"""Seconds of late use above which a client may not have the last free slot."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many queries may run and wait.

    Attributes:
        slots: queries that run at a time, at least 2.
        queue: queries that wait for any slot, and as many that wait for a long one; one client
            may have half as many in all.
        queue_seconds: how long one waits before it is turned away.
        budget: seconds of evaluation that one client may use in a minute, 0 for any.
    """

    slots: int = 4
    queue: int = 256
    queue_seconds: float = 10.0
    budget: float = 0.0

    @property
    def long_slots(self) -> int:
        """Slots that long queries may hold."""
        return self.slots - max(1, self.slots // 2)

    @property
    def client_slots(self) -> int:
        """Slots that one client may hold."""
        return max(1, self.slots - 1)

    @property
    def client_long_slots(self) -> int:
        """Slots that one client's long queries may hold."""
        return max(1, self.long_slots - 1)


@dataclass(slots=True, eq=False)
class Ticket:
    """The right to run."""

    client: str
    long: bool
    started: float = 0.0


@dataclass(slots=True, eq=False)
class Waiter:
    """A query in the queue."""

    ticket: Ticket
    turn: asyncio.Future[None]


class Admission:
    """Gives out tickets. Used from one event loop."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.running: Counter[str] = Counter()
        self.long: Counter[str] = Counter()
        self._waiting = {False: 0, True: 0}  # by whether the ticket is long
        self._queues: dict[str, deque[Waiter]] = {}
        self._usage = Usage()
        self._weight = Usage()  # the same, and more for queries that turned out long

    @property
    def waiting(self) -> int:
        """Queries that wait."""
        return sum(self._waiting.values())

    @property
    def crowded(self) -> bool:
        """Whether a query waits that may well be a short one."""
        return self._waiting[False] > 0

    async def enter(self, client: str, *, long: bool = False) -> Ticket:
        """Wait for the turn of a client's query.

        Raises:
            BusyError: the queue is full, or the wait was too long.
            OverBudgetError: the client has used up its time.
        """
        self._check_budget(client)
        ticket = Ticket(client, long)
        if self._may_start(ticket) and client not in self._queues:
            self._start(ticket)
            return ticket
        queue = self._queues.get(client, ())
        if self._waiting[long] >= self.limits.queue or len(queue) >= max(1, self.limits.queue // 2):
            raise BusyError(
                f"{self.limits.queue} queries wait already ({max(1, self.limits.queue // 2)} of one "
                "client at most)",
                retry_after=max(1, round(self.limits.queue_seconds / 2)),
            )
        await self._wait(Waiter(ticket, asyncio.get_running_loop().create_future()))
        return ticket

    async def _wait(self, waiter: Waiter) -> None:
        client = waiter.ticket.client
        queue = self._queues.setdefault(client, deque())
        queue.append(waiter)
        self._waiting[waiter.ticket.long] += 1
        try:
            async with asyncio.timeout(self.limits.queue_seconds):
                await waiter.turn
        except BaseException as error:
            if waiter.ticket.started:
                self.leave(waiter.ticket)
            else:
                self._forget(waiter)
            if isinstance(error, TimeoutError):
                raise BusyError(
                    f"no slot was free within {self.limits.queue_seconds:g} s",
                    retry_after=max(1, round(self.limits.queue_seconds)),
                ) from None
            raise

    def _forget(self, waiter: Waiter) -> None:
        client = waiter.ticket.client
        if waiter not in self._queues.get(client, ()):
            return  # cancelled, and found out by _dispatch before it could say so
        self._queues[client].remove(waiter)
        if not self._queues[client]:
            del self._queues[client]
        self._waiting[waiter.ticket.long] -= 1

    def promote(self, ticket: Ticket) -> bool:
        """Let a running query go on as a long one, if a long slot is free for its client."""
        if not ticket.long:
            if not self._long_free(ticket.client):
                return False
            ticket.long = True
            self.long[ticket.client] += 1
        return True

    def preempted(self, client: str) -> None:
        """Note that a query of a client turned out long: its others wait behind those of others."""
        self._weight.charge(client, HEAVY)

    def leave(self, ticket: Ticket) -> None:
        """Give a ticket back."""
        for record in (self._usage, self._weight):
            record.charge(ticket.client, time.monotonic() - ticket.started)
        _decrement(self.running, ticket.client)
        if ticket.long:
            _decrement(self.long, ticket.client)
        self._dispatch()

    def _check_budget(self, client: str) -> None:
        budget = self.limits.budget
        if budget and (level := self._usage.level(client)) >= budget:
            raise OverBudgetError(
                f"one client may use {budget:g} s of query time in a minute",
                retry_after=round(MINUTE * math.log2(level / budget)) + 1,
            )

    def _may_start(self, ticket: Ticket) -> bool:
        free = self.limits.slots - self.running.total()
        return (
            free > (1 if self._weight.level(ticket.client) > HEAVY else 0)
            and self.running[ticket.client] < self.limits.client_slots
            and (not ticket.long or self._long_free(ticket.client))
        )

    def _long_free(self, client: str) -> bool:
        return (
            self.long.total() < self.limits.long_slots and self.long[client] < self.limits.client_long_slots
        )

    def _start(self, ticket: Ticket) -> None:
        ticket.started = time.monotonic()
        self.running[ticket.client] += 1
        if ticket.long:
            self.long[ticket.client] += 1

    def _dispatch(self) -> None:
        """Start what may start, a query of each client, those first that have used least."""
        for client in sorted(self._queues, key=lambda c: max(HEAVY, self._weight.level(c))):
            if self.running[client] >= self.limits.client_slots:
                continue
            for waiter in tuple(self._queues[client]):
                if waiter.turn.done():
                    self._forget(waiter)
                elif self._may_start(waiter.ticket):
                    self._forget(waiter)
                    self._start(waiter.ticket)
                    waiter.turn.set_result(None)
                    break
            if self.running.total() >= self.limits.slots:
                return


def _decrement(counter: Counter[str], key: str) -> None:
    counter[key] -= 1
    if counter[key] <= 0:
        del counter[key]


class Usage:
    """Seconds of evaluation that each client has used of late; a minute halves them."""

    CLIENTS = 10_000

    def __init__(self) -> None:
        self._used: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def level(self, client: str) -> float:
        """What a client has used."""
        used, at = self._used.get(client, (0.0, 0.0))
        return used * 0.5 ** ((time.monotonic() - at) / MINUTE) if used else 0.0

    def charge(self, client: str, seconds: float) -> None:
        """Note the use of some seconds."""
        self._used[client] = (self.level(client) + seconds, time.monotonic())
        self._used.move_to_end(client)
        if len(self._used) > self.CLIENTS:
            self._used.popitem(last=False)
