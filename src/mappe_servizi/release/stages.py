"""What a long command shows: its stage on a terminal, and the time that each took."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from rich.console import Console


class Stages:
    """Prints each stage's time on stderr when it ends; a terminal also sees what is under way."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True, highlight=False)
        self.started = perf_counter()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """A stage of the work."""
        start = perf_counter()
        with self.console.status(name):
            yield
        self._told(name, perf_counter() - start)

    def done(self, name: str) -> None:
        """The end of all stages."""
        self._told(name, perf_counter() - self.started)

    def _told(self, name: str, seconds: float) -> None:
        self.console.print(f"{name:<34} {seconds:7.2f} s", markup=False)
