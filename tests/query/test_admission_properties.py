"""The queue under random arrivals: the real class, in time that is simulated."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import example, given, settings
from hypothesis import strategies as st

from mappe_servizi.query.admission import HEAVY, Admission, Limits
from mappe_servizi.query.errors import BusyError
from simulated import simulate

SHORT = 0.2
"""Seconds after which a running query needs a long slot, as in ``Embedded``."""


@dataclass(frozen=True)
class Arrival:
    """A query: when it comes, of whom, how long it runs, and after how long its client gives up."""

    at: float
    client: str
    seconds: float
    patience: float | None = None


@dataclass
class Served:
    """What became of it: seconds in the queue, and whether it was answered."""

    arrival: Arrival
    waited: float = 0.0
    answered: bool = False


class Simulation:
    """Clients that do with the admission what ``Embedded`` does."""

    def __init__(self, limits: Limits, check: Callable[[Admission], None] = lambda _: None) -> None:
        self.limits, self.check = limits, check
        self.served: list[Served] = []

    async def run(self, arrivals: list[Arrival]) -> list[Served]:
        self.loop = asyncio.get_running_loop()
        self.admission = Admission(self.limits, self.loop.time)
        tasks = [asyncio.create_task(self._client(arrival)) for arrival in arrivals]
        watching = asyncio.create_task(self._watch())
        await asyncio.gather(*tasks)
        watching.cancel()
        assert self.admission.waiting == 0
        assert not self.admission.running
        assert not self.admission.long
        return self.served

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(0.0137)
            self.check(self.admission)

    async def _client(self, arrival: Arrival) -> None:
        await asyncio.sleep(arrival.at)
        served = Served(arrival)
        self.served.append(served)
        with contextlib.suppress(BusyError, TimeoutError):
            async with asyncio.timeout(arrival.patience):
                await self._query(arrival, served)
                served.answered = True

    async def _query(self, arrival: Arrival, served: Served) -> None:
        long = False
        while True:
            came = self.loop.time()
            try:
                ticket = await self.admission.enter(arrival.client, long=long)
            finally:
                served.waited += self.loop.time() - came
            preempted = False
            try:
                await asyncio.sleep(min(arrival.seconds, SHORT) if not long else arrival.seconds)
                if long or arrival.seconds <= SHORT:
                    return
                if self.admission.promote(ticket):
                    await asyncio.sleep(arrival.seconds - SHORT)
                    return
                preempted = long = True
            finally:
                self.admission.leave(ticket, preempted=preempted)


def nobody_waits_in_vain(admission: Admission) -> None:
    """No slot is free that would take somebody who waits, by the text of the rule and not by its code."""
    limits, running, long = admission.limits, admission.running, admission.long
    free = limits.slots - running.total()
    for client, queue in admission._queues.items():
        for waiter in queue:
            if waiter.turn.done():
                continue
            light = admission._weight.level(client) <= HEAVY * 0.999
            may = free >= 1 and running[client] < limits.client_slots
            may = may and (light or free > limits.reserved)
            if waiter.ticket.long:
                may = may and long.total() < limits.long_slots and long[client] < limits.client_long_slots
            assert not may, (client, waiter.ticket, dict(running), dict(long))


def limits_hold(admission: Admission) -> None:
    """No client has all slots, long queries have not all slots."""
    limits = admission.limits
    assert admission.running.total() <= limits.slots
    assert admission.long.total() <= limits.long_slots < limits.slots
    assert max(admission.running.values(), default=0) <= limits.client_slots
    assert max(admission.long.values(), default=0) <= limits.client_long_slots < limits.client_slots


CLIENTS = st.sampled_from("abcde")
LENGTHS = st.one_of(st.floats(0.001, 0.05), st.floats(0.05, 0.4), st.floats(1, 40))
ARRIVALS = st.builds(
    Arrival,
    at=st.floats(0, 20),
    client=CLIENTS,
    seconds=LENGTHS,
    patience=st.none() | st.floats(0.01, 15),
)


@given(st.integers(2, 8), st.lists(ARRIVALS, max_size=60))
@settings(max_examples=150, deadline=None)
def test_nobody_waits_while_a_slot_that_would_take_them_is_free(slots: int, arrivals: list[Arrival]) -> None:
    def check(admission: Admission) -> None:
        nobody_waits_in_vain(admission)
        limits_hold(admission)

    served = simulate(Simulation(Limits(slots=slots), check).run(arrivals))
    assert len(served) == len(arrivals)


@given(
    st.integers(2, 8),
    st.lists(st.floats(0, 5), min_size=1, max_size=8),
    st.lists(st.floats(0, 30), max_size=60),
)
@example(4, [0, 0], [3, 3, 3])
@example(2, [0, 0], [3, 3, 3])
@example(3, [0, 0, 0], [3, 3, 3])
@settings(max_examples=100, deadline=None)
def test_a_short_query_never_waits_behind_a_long_one(
    slots: int, slow: list[float], short: list[float]
) -> None:
    """Of one client: its short queries wait for each other and for those not yet known to be long."""
    arrivals = [Arrival(at, "a", 20.0) for at in slow] + [Arrival(at, "a", 0.01) for at in short]
    served = [s for s in simulate(Simulation(Limits(slots=slots)).run(arrivals)) if s.arrival.seconds < SHORT]
    longest = max((s.waited for s in served), default=0.0)
    # Each slow one runs for SHORT before it is known; then only the short ones share what is left.
    assert longest <= len(slow) * (SHORT + 0.001) + len(short) * 0.01 + 0.001
    assert all(s.answered for s in served)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_thirty_people_behind_one_address_do_not_notice_two_slow_queries(data: st.DataObject) -> None:
    """Each asks something short every second or two, one of them two slow things besides."""
    slots = data.draw(st.integers(2, 6))
    people = [
        Arrival(start + number * pause, "office", data.draw(st.floats(0.002, 0.02)))
        for start, pause in data.draw(
            st.lists(st.tuples(st.floats(0, 2), st.floats(1, 2)), min_size=30, max_size=30)
        )
        for number in range(6)
    ]
    when = data.draw(st.lists(st.floats(0, 3), min_size=2, max_size=2))
    slow = [Arrival(at, "office", 20.0) for at in when]
    served = simulate(Simulation(Limits(slots=slots)).run(people + slow))
    short = [s for s in served if s.arrival.seconds < SHORT]
    waits = sorted(s.waited for s in short)
    assert all(s.answered for s in short)
    assert waits[len(waits) // 2] < 0.1
    assert waits[-1] < 1.0  # some come in the same moment, and twice a slow one runs unrecognised


@given(st.integers(2, 8), st.lists(st.floats(0, 20), min_size=20, max_size=60))
@settings(max_examples=60, deadline=None)
def test_a_client_that_sends_only_slow_queries_does_not_harm_others(slots: int, at: list[float]) -> None:
    hostile = [Arrival(moment, "hostile", 30.0) for moment in at]
    modest = [Arrival(0.3 * number, "modest", 0.005) for number in range(100)]
    served = simulate(Simulation(Limits(slots=slots), limits_hold).run(hostile + modest))
    waits = [s.waited for s in served if s.arrival.client == "modest"]
    assert all(s.answered for s in served if s.arrival.client == "modest")
    assert max(waits) <= SHORT + 0.01  # of two slots, one may be held by a query not yet known to be slow


def test_clients_that_have_used_less_go_first_and_equals_take_turns() -> None:
    order: list[str] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        admission = Admission(Limits(slots=4, queue_seconds=60), loop.time)
        for client, seconds in (("heavy", 5.0), ("heavier", 9.0)):
            ticket = await admission.enter(client)
            await asyncio.sleep(seconds)
            admission.leave(ticket)
        held = [await admission.enter(f"other {number}") for number in range(4)]

        async def ask(client: str) -> None:
            ticket = await admission.enter(client)
            order.append(client)
            await asyncio.sleep(0.01)
            admission.leave(ticket)

        names = ["heavier", "heavy", "many", "many", "many", "one", "two"]
        tasks = [asyncio.create_task(ask(name)) for name in names]
        await asyncio.sleep(0)
        admission.leave(held[0])
        await asyncio.sleep(0.2)
        for ticket in held[1:]:
            admission.leave(ticket)
        await asyncio.gather(*tasks)

    simulate(main())
    assert order == ["many", "one", "two", "many", "many", "heavy", "heavier"]


def test_what_time_alone_lets_start_is_started() -> None:
    """The last free slot is for those who have used little of late: a minute halves what one used."""

    async def main() -> float:
        loop = asyncio.get_running_loop()
        admission = Admission(Limits(slots=4, queue_seconds=100), loop.time)
        ticket = await admission.enter("a")
        await asyncio.sleep(2 * HEAVY)
        admission.leave(ticket)
        await asyncio.gather(*(admission.enter(f"other {number}") for number in range(3)))
        came = loop.time()
        await admission.enter("a")
        return loop.time() - came

    waited = simulate(main())
    assert 59.9 < waited < 60.1


def test_a_waiter_that_is_turned_away_leaves_no_trace() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        admission = Admission(Limits(slots=2, queue_seconds=1), loop.time)
        held = [await admission.enter("a"), await admission.enter("b")]
        waits: dict[str, list[float]] = defaultdict(list)
        for client in "abc":
            came = loop.time()
            with contextlib.suppress(BusyError):
                await admission.enter(client)
            waits[client].append(loop.time() - came)
        assert all(0.99 < seconds < 1.01 for (seconds,) in waits.values())
        assert admission.waiting == 0
        for ticket in held:
            admission.leave(ticket)
        assert (await admission.enter("c")).started is not None

    simulate(main())
