"""What is served, counted: as its release has it, or once through the engine."""

from __future__ import annotations

import asyncio
import time

from mappe_servizi.outputs.statistics import COUNTS, FILE, Statistics, gathered, read_statistics
from mappe_servizi.web.served.results import parse_rows, run_whole
from mappe_servizi.web.served.snapshot import Snapshot


async def _count(snapshot: Snapshot) -> Statistics:
    release = snapshot.release
    if release is not None and (found := read_statistics(release.path / FILE)):
        return found
    rows = {}
    for name, query in COUNTS.items():
        answer = parse_rows((await run_whole(snapshot, query, "statistics")).body)
        rows[name] = [{variable: term.value for variable, term in row.items()} for row in answer]
    return gathered(rows)


async def statistics(snapshot: Snapshot, keep_remote: float) -> Statistics:
    """The counts of a snapshot, made once; of a remote endpoint, whose data change, kept for so many seconds.

    Raises:
        QueryError: a count failed; the next request tries again.
    """
    task = snapshot.statistics
    stale = snapshot.counted_until < time.monotonic()
    if task is None or stale or (task.done() and (task.cancelled() or task.exception())):
        task = snapshot.statistics = asyncio.get_running_loop().create_task(_count(snapshot))
        snapshot.counted_until = float("inf") if snapshot.immutable else time.monotonic() + keep_remote
    found = await asyncio.shield(task)
    assert isinstance(found, Statistics)
    return found
