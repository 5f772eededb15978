"""The map over municipalities: each is taken from the cache or made, and one that fails stops no other."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from mappe_servizi.errors import MappeError
from mappe_servizi.pipeline.cache import Cache
from mappe_servizi.pipeline.inputs import of_value
from mappe_servizi.pipeline.maintained import code_of
from mappe_servizi.pipeline.municipality import Town
from mappe_servizi.pipeline.parts import Previous
from mappe_servizi.pipeline.quarantine import Quarantined, together
from mappe_servizi.pipeline.runners.local import give_back
from mappe_servizi.pipeline.runners.runner import Runner
from mappe_servizi.pipeline.stages import Ran, Stage, Task, attempt
from mappe_servizi.progress import Progress

PARTS = ".parts"
"""Where what is only needed on the way stands in a build's directory, until it is merged."""


@dataclass(frozen=True, slots=True)
class Made:
    """A municipality's folder and stage, the directory of its results, and what it says of itself."""

    folder: str
    stage: Stage
    results: Path
    town: Town


@dataclass(frozen=True, slots=True)
class Every:
    """What came of all municipalities, in their order."""

    made: Sequence[Made]
    quarantined: Sequence[Quarantined]
    privacy: str
    """The hash of what may not be published of any of them."""


def make_every(  # noqa: PLR0913 - what the map needs
    stages: Sequence[tuple[Path, Stage]],
    place: Path,
    *,
    cache: Cache,
    runner: Runner,
    progress: Progress,
    previous: Previous | None = None,
    strict: bool = False,
) -> Every:
    """The results of every municipality.

    Args:
        stages: each with the municipality's folder.
        place: gets a directory of each one's results.
        cache: of results.
        runner: makes what is not there.
        progress: told of each.
        previous: has the parts that stand for municipalities that cannot be read.
        strict: whether none may fail.

    Raises:
        MappeError: none can be read, or one cannot and all must; all that is wrong.
    """
    tasks = [Task(stage, cache, place / stage.owner) for _, stage in stages]
    errors = _run(tasks, runner, progress)
    if errors and (strict or (previous is None and len(errors) == len(tasks))):
        raise together(list(errors.values()))
    made, quarantined = [], []
    for (folder, stage), task in zip(stages, tasks, strict=True):
        if error := errors.get(stage.owner):
            kept, one = _instead(folder, task, error, previous)
            quarantined.append(one)
            progress.tell(one.told())
        else:
            kept = stage
        if kept is not None:
            made.append(Made(folder.name, kept, task.target, Town.read(task.target)))
    if not made:
        raise together(list(errors.values()))
    return Every(made, quarantined, of_value([stage.privacy for _, stage in stages])[:16])


def _run(tasks: Sequence[Task], runner: Runner, progress: Progress) -> dict[str, MappeError]:
    """Fetch or make the results; returns why some cannot be made, by their stages' owners."""
    count = len(tasks)
    seconds: Counter[str] = Counter()
    errors: dict[str, MappeError] = {}
    with progress.step(f"Build {count} municipalit{'y' if count == 1 else 'ies'}") as tell:
        with ThreadPoolExecutor(runner.jobs) as threads:  # reading and unpacking leave Python's lock
            there = list(threads.map(Task.fetch, tasks))
        missing = [task for task, known in zip(tasks, there, strict=True) if not known]
        for number, (task, ran) in enumerate(_ran(missing, runner), start=count - len(missing) + 1):
            tell(f"{number} of {count}")
            seconds.update({f"  {name}": time for name, time in ran.seconds.items()})
            if ran.error:
                errors[task.stage.owner] = ran.error
    give_back()
    progress.add(seconds)
    if known := count - len(missing):
        progress.tell(f"  {known} of {count} unchanged")
    return errors


def _ran(tasks: Sequence[Task], runner: Runner) -> Iterator[tuple[Task, Ran]]:
    return zip(tasks, runner.map(attempt, tasks), strict=True)


def _instead(
    folder: Path, task: Task, error: MappeError, previous: Previous | None
) -> tuple[Stage | None, Quarantined]:
    """What stands for a municipality that cannot be read, if anything does."""
    shutil.rmtree(task.target)
    task.target.mkdir()
    ipa = code_of(folder)
    if previous is None:
        return None, Quarantined(folder, ipa, error)
    stage = previous.stage(task.stage, folder.name)
    if isinstance(stage, str):
        return None, Quarantined(folder, ipa, error, why=stage)
    stage.make(task.target, Progress(quiet=True))
    return stage, Quarantined(folder, ipa, error, kept=stage.inputs["part"])
