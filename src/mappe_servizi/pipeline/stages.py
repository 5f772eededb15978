"""A stage: a pure function of named inputs that writes files, and is not run where its result is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from errno import EEXIST, ENOTEMPTY
from pathlib import Path
from tempfile import TemporaryDirectory

from mappe_servizi.errors import MappeError
from mappe_servizi.pipeline.cache import Cache
from mappe_servizi.pipeline.inputs import of_value
from mappe_servizi.progress import Progress

Make = Callable[[Path, Progress], None]
"""Writes the results below a directory that is there, and tells the time of its steps."""


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage with its inputs; it may go to another process.

    Attributes:
        name: what it makes ("municipality", "dump"), not of what.
        owner: whose results they are: a municipality's folder, or what all share.
        inputs: the hash of everything that it depends on, by name; the program's is one of them.
        make: the function; the same inputs must give the same bytes.
        privacy: the hash of what may not be published of the owner.
        still: whether the inputs are as they were when they were hashed: files may change meanwhile.
    """

    name: str
    owner: str
    inputs: Mapping[str, str]
    make: Make
    privacy: str = "none"
    still: Callable[[], bool] = _always

    @property
    def key(self) -> str:
        """The hash of all inputs, by which the result is known."""
        return of_value([self.name, self.owner, dict(self.inputs), self.privacy])


@dataclass(frozen=True, slots=True)
class Task:
    """A stage with the cache that may know its result, and the directory that it is wanted in."""

    stage: Stage
    cache: Cache
    target: Path

    def fetch(self) -> bool:
        """Take the result from the cache; returns whether it was there."""
        self.target.mkdir(parents=True, exist_ok=True)
        return self.cache.fetch(self.stage, self.target)


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a stage: the seconds of its steps, or why its inputs cannot be used."""

    seconds: Mapping[str, float]
    error: MappeError | None = None


def attempt(task: Task) -> Ran:
    """Run a stage and keep its result; nothing that is wrong with its inputs is raised."""
    try:
        return Ran(run(task))
    except MappeError as error:
        return Ran({}, error)


def run(task: Task) -> dict[str, float]:
    """Run a stage and keep its result; returns the seconds of its steps.

    Raises:
        MappeError: its inputs cannot be used.
    """
    progress = Progress(quiet=True)
    with _apart(task.target) as place:
        task.stage.make(place, progress)
        if task.stage.still():
            task.cache.keep(task.stage, place)
    return progress.seconds


@contextmanager
def _apart(target: Path) -> Iterator[Path]:
    """A directory of the same name that becomes the target in one step.

    A cluster may run a stage again whose machine only seems to be gone: neither finds the other's files
    half written, and who comes second leaves the first one's, which are the same.
    """
    with TemporaryDirectory(prefix=".new-", dir=target.parent) as beside:
        place = Path(beside) / target.name
        place.mkdir()
        yield place
        try:
            place.rename(target)  # which is not there, or empty
        except OSError as error:
            if error.errno not in {ENOTEMPTY, EEXIST}:
                raise
