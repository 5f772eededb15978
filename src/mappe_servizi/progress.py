"""What a long command shows: its step on a terminal, and the time that each took."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter

from rich.console import Console


class Progress:
    """Prints each step's time on stderr when it ends; a terminal also sees what is under way.

    A quiet one only counts. A step inside another takes its time away from it.

    Attributes:
        seconds: the time of each step so far.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet
        self.console = Console(stderr=True, highlight=False, quiet=quiet)
        self.started = perf_counter()
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[Callable[[str], None]]:
        """A step of the work; what it yields tells how far it is."""
        start, inner = perf_counter(), sum(self.seconds.values())
        with self.console.status(name) as status:
            yield lambda text: status.update(f"{name}: {text}")
        inner = sum(self.seconds.values()) - inner
        self.add({name: perf_counter() - start - inner})

    def add(self, seconds: Mapping[str, float]) -> None:
        """Count time, for example of what went on in other processes."""
        for name, time in seconds.items():
            self.seconds[name] = self.seconds.get(name, 0.0) + time
            self._told(name, time)

    def done(self, name: str) -> None:
        """The end of all steps."""
        self._told(name, perf_counter() - self.started)

    def tell(self, text: str) -> None:
        """A line of its own."""
        self.console.print(text, markup=False, soft_wrap=True)

    def _told(self, name: str, seconds: float) -> None:
        self.console.print(f"{name:<34} {seconds:7.2f} s", markup=False)
