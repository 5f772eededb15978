"""Who may run now: slots, of which some stay free for short queries, shared fairly by clients.

A query starts in any slot. One that is still running after a short time needs a long slot as
well, of which there are fewer than slots; where none is free it gives its slot back and waits
for one (its worker is killed, it starts again later). So runaways never hold all slots, and
neither does one client. Of the clients that wait, the one that has used least time of late goes
first, and the last free slot is only for clients that have used little.

``Admission.wait`` is the one rule of who may start. Whatever gives room, the passing of time
included, starts all that it lets start: nobody waits beside a slot that would take them.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TypeVar

from mappe_servizi.query.errors import BusyError, OverBudgetError

MINUTE = 60.0
HEAVY = 0.5
"""Seconds of late use above which a client may not have the last free slot."""


TICK = 0.001
"""Seconds that the clock is left at least before it is looked at again."""
Clock = Callable[[], float]
Key = TypeVar("Key")


@dataclass(frozen=True)
class Limits:
    """How many queries may run and wait.

    Attributes:
        slots: queries that run at a time, at least 2.
        queue: queries that wait for any slot, and as many that wait for a long one; one client
            may have half as many of each.
        queue_seconds: how long one waits before it is turned away.
        budget: seconds of evaluation that one client may use in a minute, 0 for any.
    """

    slots: int = 4
    queue: int = 256
    queue_seconds: float = 10.0
    budget: float = 0.0

    @cached_property
    def long_slots(self) -> int:
        """Slots that long queries may hold: beside them there is one for those who have used much."""
        return max(1, self.slots - max(2, self.slots // 2))

    @cached_property
    def client_long_slots(self) -> int:
        """Slots that one client's long queries may hold."""
        return max(1, self.long_slots - 1)

    @cached_property
    def client_slots(self) -> int:
        """Slots that one client may hold: not all, but more than its long queries."""
        return max(self.client_long_slots + 1, self.slots - 1)

    @cached_property
    def reserved(self) -> int:
        """Slots for clients that have used little; of two slots none, or a long query would block."""
        return min(1, self.slots - self.long_slots - 1)

    @cached_property
    def client_queue(self) -> int:
        """Queries of one client that wait for any slot, and as many that wait for a long one."""
        return max(1, self.queue // 2)


@dataclass(slots=True, eq=False)
class Ticket:
    """The right to run; ``started`` is None until it is given.

    Attributes:
        again: whether the query gave way to others before; it goes after those that did not.
    """

    client: str
    long: bool
    again: bool = False
    started: float | None = None


@dataclass(slots=True, eq=False)
class Waiter:
    """A query in the queue."""

    ticket: Ticket
    turn: asyncio.Future[None]


class Admission:
    """Gives out tickets. Used from one event loop."""

    def __init__(self, limits: Limits, clock: Clock = time.monotonic) -> None:
        self.limits, self._clock = limits, clock
        self.running: Counter[str] = Counter()
        self.long: Counter[str] = Counter()
        # Those who wait by client, in the order of their coming; the client served last is the last.
        self._queues: OrderedDict[str, deque[Waiter]] = OrderedDict()
        # How many of them are alike to ``wait``: there are few kinds, however many wait.
        self._kinds: Counter[tuple[str, bool]] = Counter()
        self._usage = Usage(clock)
        self._weight = Usage(clock)  # the same, and more for queries that turned out long
        self._alarm: asyncio.TimerHandle | None = None

    @property
    def waiting(self) -> int:
        """Queries that wait."""
        return sum(map(len, self._queues.values()))

    def crowded(self, client: str) -> bool:
        """Whether a query of another client waits that may well be a short one."""
        return any(
            other != client and any(not (w.ticket.long or w.ticket.again) for w in queue)
            for other, queue in self._queues.items()
        )

    def wait(self, ticket: Ticket) -> float:
        """Seconds until a ticket may start if nothing but time passes; 0 for now, infinity for never."""
        client, free = ticket.client, self.limits.slots - self.running.total()
        if (
            free < 1
            or self.running[client] >= self.limits.client_slots
            or (ticket.long and not self._long_free(client))
        ):
            return math.inf
        return self._weight.seconds_until(client, HEAVY) if free <= self.limits.reserved else 0.0

    def _long_free(self, client: str) -> bool:
        return (
            self.long.total() < self.limits.long_slots and self.long[client] < self.limits.client_long_slots
        )

    async def enter(self, client: str, *, long: bool = False, again: bool = False) -> Ticket:
        """Wait for the turn of a client's query.

        Raises:
            BusyError: the queue is full, or the wait was too long.
            OverBudgetError: the client has used up its time.
        """
        self._check_budget(client)
        ticket = Ticket(client, long, again)
        if self.wait(ticket) <= 0:  # whoever waits cannot have the slot, or would have it already
            self._start(ticket)
            return ticket
        self._check_room(ticket)
        await self._turn(Waiter(ticket, asyncio.get_running_loop().create_future()))
        return ticket

    def _check_room(self, ticket: Ticket) -> None:
        alike = sum(number for (_, long), number in self._kinds.items() if long == ticket.long)
        limits = self.limits
        if alike >= limits.queue or self._kinds[ticket.client, ticket.long] >= limits.client_queue:
            raise BusyError(
                f"{limits.queue} queries wait already ({limits.client_queue} of one client at most)",
                retry_after=max(1, round(limits.queue_seconds / 2)),
            )

    async def _turn(self, waiter: Waiter) -> None:
        ticket = waiter.ticket
        self._queues.setdefault(ticket.client, deque()).append(waiter)
        self._kinds[ticket.client, ticket.long] += 1
        self._set_alarm()
        try:
            async with asyncio.timeout(self.limits.queue_seconds):
                await waiter.turn
        except BaseException as error:
            if waiter.ticket.started is None:
                self._forget(waiter)
            else:
                self.leave(waiter.ticket)
            if isinstance(error, TimeoutError):
                raise BusyError(
                    f"no slot was free within {self.limits.queue_seconds:g} s",
                    retry_after=max(1, round(self.limits.queue_seconds)),
                ) from None
            raise

    def _forget(self, waiter: Waiter) -> None:
        client = waiter.ticket.client
        _decrement(self._kinds, (client, waiter.ticket.long))
        self._queues[client].remove(waiter)
        if not self._queues[client]:
            del self._queues[client]

    def promote(self, ticket: Ticket) -> bool:
        """Let a running query go on as a long one, if a long slot is free for its client."""
        if not ticket.long:
            if not self._long_free(ticket.client):
                return False
            ticket.long = True
            self.long[ticket.client] += 1
        return True

    def leave(self, ticket: Ticket, *, preempted: bool = False) -> None:
        """Give a ticket back; of a query that must start again, its client's others come after others'."""
        assert ticket.started is not None
        seconds = self._clock() - ticket.started
        self._usage.charge(ticket.client, seconds)
        self._weight.charge(ticket.client, seconds + (HEAVY if preempted else 0))
        _decrement(self.running, ticket.client)
        if ticket.long:
            _decrement(self.long, ticket.client)
        self._dispatch()

    def _check_budget(self, client: str) -> None:
        budget = self.limits.budget
        if budget and (seconds := self._usage.seconds_until(client, budget)):
            raise OverBudgetError(
                f"one client may use {budget:g} s of query time in a minute",
                retry_after=round(seconds) + 1,
            )

    def _start(self, ticket: Ticket) -> None:
        ticket.started = self._clock()
        self.running[ticket.client] += 1
        if ticket.long:
            self.long[ticket.client] += 1

    def _dispatch(self) -> None:
        """Start all that may start, those clients first that have used least, in turn where alike."""
        while (waiter := next(self._startable(), None)) is not None:
            self._forget(waiter)
            if waiter.ticket.client in self._queues:
                self._queues.move_to_end(waiter.ticket.client)
            self._start(waiter.ticket)
            waiter.turn.set_result(None)
        self._set_alarm()

    def _startable(self) -> Iterator[Waiter]:
        if self.running.total() >= self.limits.slots:
            return
        clients = sorted(self._queues, key=self._rank)
        may_start = {kind: self.wait(Ticket(*kind)) <= 0 for kind in self._kinds}
        if True not in may_start.values():
            return
        for again, client in product((False, True), clients):
            for waiter in self._queues[client]:
                ticket = waiter.ticket
                # One whose turn is done without a start is being cancelled.
                if ticket.again == again and may_start[client, ticket.long] and not waiter.turn.done():
                    yield waiter

    def _rank(self, client: str) -> float:
        """The lower, the sooner a client's turn comes; those who have used little are alike."""
        return max(HEAVY, self._weight.level(client))

    def _set_alarm(self) -> None:
        """Wake up when somebody who waits may start by the clock alone."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if not 0 < self.limits.slots - self.running.total() <= self.limits.reserved:
            return
        seconds = min((self.wait(Ticket(*kind)) for kind in self._kinds), default=math.inf)
        if seconds < math.inf:
            loop = asyncio.get_running_loop()
            self._alarm = loop.call_later(max(seconds, TICK), self._dispatch)


def _decrement(counter: Counter[Key], key: Key) -> None:
    counter[key] -= 1
    if counter[key] <= 0:
        del counter[key]


class Usage:
    """Seconds of evaluation that each client has used of late; a minute halves them."""

    CLIENTS = 10_000

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._used: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def level(self, client: str) -> float:
        """What a client has used."""
        used, at = self._used.get(client, (0.0, 0.0))
        return used * 0.5 ** ((self._clock() - at) / MINUTE) if used else 0.0

    def seconds_until(self, client: str, level: float) -> float:
        """The time in which a client that uses nothing comes down to a level, 0 if it is not above it."""
        used = self.level(client)
        return MINUTE * math.log2(used / level) if used > level else 0.0

    def charge(self, client: str, seconds: float) -> None:
        """Note the use of some seconds."""
        self._used[client] = (self.level(client) + seconds, self._clock())
        self._used.move_to_end(client)
        if len(self._used) > self.CLIENTS:
            self._used.popitem(last=False)
