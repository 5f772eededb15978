"""Slots, fairness, the queue and the budget, with a real event loop and no engine."""

import asyncio

import pytest

from mappe_servizi.query.admission import Admission, Limits, Ticket
from mappe_servizi.query.errors import BusyError, OverBudgetError


def test_one_client_cannot_hold_all_slots() -> None:
    async def main() -> None:
        admission = Admission(Limits(slots=4, queue_seconds=0.05))
        tickets = [await admission.enter("greedy") for _ in range(3)]
        with pytest.raises(BusyError) as busy:
            await admission.enter("greedy")
        assert busy.value.retry_after
        other = await admission.enter("modest")
        for ticket in [*tickets, other]:
            admission.leave(ticket)
        assert not admission.running
        assert admission.waiting == 0

    asyncio.run(main())


def test_long_queries_leave_slots_for_short_ones() -> None:
    async def main() -> None:
        admission = Admission(Limits(slots=4))
        tickets = [await admission.enter(f"client {i}") for i in range(3)]
        assert [admission.promote(t) for t in tickets] == [True, True, False]
        assert (await admission.enter("short")).long is False

    asyncio.run(main())


def test_clients_take_turns() -> None:
    async def main() -> list[str]:
        admission = Admission(Limits(slots=2, queue_seconds=5))
        held = [await admission.enter("a"), await admission.enter("b")]
        order: list[str] = []

        async def wait(client: str) -> None:
            ticket = await admission.enter(client)
            order.append(client)
            await asyncio.sleep(0)
            admission.leave(ticket)

        waiting = [asyncio.create_task(wait(c)) for c in ("many",) * 5 + ("one",)]
        await asyncio.sleep(0.01)
        for ticket in held:
            admission.leave(ticket)
        await asyncio.gather(*waiting)
        return order

    assert "one" in asyncio.run(main())[:2]


def test_full_queue() -> None:
    async def main() -> None:
        admission = Admission(Limits(slots=3, queue=4, queue_seconds=5))
        for _ in range(2):
            await admission.enter("a")
        waiting = [asyncio.create_task(admission.enter("a", long=i > 1)) for i in range(4)]
        await asyncio.sleep(0)
        assert admission.waiting == 4  # two of each kind: many that are long leave room for short ones
        for long in (False, True):
            with pytest.raises(BusyError, match="2 of one client"):
                await admission.enter("a", long=long)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert admission.waiting == 0

    asyncio.run(main())


def test_clients_that_leave_at_any_moment_leak_no_slot() -> None:
    """A cancelled waiter and the end of a ticket may meet in the same turn of the loop."""

    async def client(admission: Admission, name: str) -> None:
        ticket = await admission.enter(name)
        try:
            await asyncio.sleep(0)
        finally:
            admission.leave(ticket)

    async def main() -> None:
        admission = Admission(Limits(slots=2, queue=1000, queue_seconds=5))
        for round_ in range(50):
            tasks = [asyncio.create_task(client(admission, f"c{i % 3}")) for i in range(20)]
            for _ in range(round_ % 7):
                await asyncio.sleep(0)
            for task in tasks[round_ % 5 :: 2]:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            assert (admission.waiting, admission.running.total(), admission.long.total()) == (0, 0, 0)

    asyncio.run(main())


def test_budget() -> None:
    async def main() -> None:
        admission = Admission(Limits(slots=2, budget=0.01))
        ticket: Ticket = await admission.enter("a")
        await asyncio.sleep(0.05)
        admission.leave(ticket)
        with pytest.raises(OverBudgetError) as over:
            await admission.enter("a")
        assert over.value.retry_after
        admission.leave(await admission.enter("b"))

    asyncio.run(main())
