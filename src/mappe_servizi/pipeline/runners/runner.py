"""What a runner can do, and the one that the settings choose."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, TypeVar

from mappe_servizi.pipeline.runners.local import Local
from mappe_servizi.settings import Settings

Item = TypeVar("Item")
Result = TypeVar("Result")


class Runner(Protocol):
    """A place where work is done; everything that it makes has the same bytes as any other's."""

    @property
    def jobs(self) -> int:
        """How much this machine does at a time."""

    def map(self, function: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
        """The function's results in the order of the items.

        Raises:
            MappeError: whatever the function raises of this kind, where its item's turn is.
        """

    def merge(self, sources: Sequence[Path], path: Path) -> None:
        """Merge files of sorted lines into one, sorted by their bytes, each line once."""


def chosen(settings: Settings, most: int) -> AbstractContextManager[Runner]:
    """The runner of the settings; it works within the ``with`` block.

    Args:
        settings: of a build.
        most: items that there can be at a time.

    Raises:
        MappeError: Spark is chosen, and cannot be used here.
    """
    if settings.runner == "spark":
        from mappe_servizi.pipeline.runners.spark import Spark  # noqa: PLC0415 - most have no Spark

        return Spark(settings.spark_master)
    return Local(settings.jobs, most)
