"""This machine: processes, as many as it has processors."""

from __future__ import annotations

import ctypes
import gc
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from mappe_servizi.child_process import end_with
from mappe_servizi.rdf.dump import merge

M_ARENA_MAX = -8  # malloc.h
SELDOM = (50_000, 20, 50)
"""Thresholds of the collector, by generation: with these a build takes a fifteenth less time."""
Item = TypeVar("Item")
Result = TypeVar("Result")


class Local:
    """Runs functions in processes of its own, which it starts when they are first needed.

    Args:
        jobs: how many; 0 is one a processor.
        most: more are never needed.
    """

    def __init__(self, jobs: int, most: int) -> None:
        self.jobs = min(jobs or os.cpu_count() or 1, most)
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Local:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def map(self, function: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
        """The function's results in the order of the items; an error comes where its item's turn is.

        All begin at once, but where there is one process only: that is this one, when it is asked.
        """
        if self.jobs <= 1 or not items:
            return map(function, items)
        if self._pool is None:
            # Fresh processes: a fork would copy whatever locks this one's threads hold.
            self._pool = processes(self.jobs)
        return self._pool.map(function, items)

    def merge(self, sources: Sequence[Path], path: Path) -> None:
        """Merge sorted files of lines into one, each line once."""
        merge(sources, path)


def processes(count: int) -> ProcessPoolExecutor:
    """Fresh processes that end with this one."""
    return ProcessPoolExecutor(count, get_context("spawn"), _begin, (os.getpid(),))


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Within it Python looks for cycles seldom: a graph is millions of objects, and none is in a cycle."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def give_back() -> None:
    """Give the memory of what is no longer used back to the machine, or the next step has its own beside it.

    C's library keeps what lies between things that are still used.
    """
    with suppress(AttributeError):  # another library than the GNU one
        ctypes.CDLL(None).malloc_trim(0)


def share_memory() -> None:
    """Let the threads of this process take their memory from one place.

    C's library gives each of them one of its own, which keeps what a thread has given back: a tenth of what a
    build takes.
    """
    with suppress(AttributeError):  # another library than the GNU one
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


def _begin(parent: int) -> None:
    share_memory()
    gc.set_threshold(*SELDOM)
    end_with(parent)
