"""A build: from the maintained data to a new directory that the link then names.

Every municipality is a stage (``municipality.py``), so are the formats of its dump and the ontology's
pages; a stage whose inputs are those of a result in the cache is not run. What comes of all together
(``union.py``) is written anew, unless no input at all has changed since the build that stands there.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from mappe_servizi.checks.shacl.report import SEVERITIES
from mappe_servizi.model.outputs import declared
from mappe_servizi.model.outputs.lookup import folders
from mappe_servizi.model.outputs.output import Written
from mappe_servizi.outputs.decisions import FILE as DECISIONS
from mappe_servizi.outputs.ontology_pages import write_ontology_pages
from mappe_servizi.pipeline import municipality
from mappe_servizi.pipeline.cache import Cache
from mappe_servizi.pipeline.inputs import Inputs, of_value
from mappe_servizi.pipeline.maintained import check_tables
from mappe_servizi.pipeline.municipality import Town, find_municipalities
from mappe_servizi.pipeline.runners.local import Local, processes
from mappe_servizi.pipeline.stages import Stage, Task, run
from mappe_servizi.pipeline.standing import note, stands
from mappe_servizi.pipeline.union import PARTS, Made, Union
from mappe_servizi.pipeline.validation import VALIDATION_REPORT
from mappe_servizi.progress import Progress
from mappe_servizi.releases.directory import new_directory, prune, publish
from mappe_servizi.settings import Settings

LINK_PROPOSALS = declared.LINK_PROPOSALS.path


def build(settings: Settings, progress: Progress | None = None) -> Path:
    """Build what has changed and repoint the link; returns the directory that it names.

    Raises:
        MappeError: the inputs cannot be used, or nothing can be written; the link is as before.
    """
    progress = progress or Progress()
    cache = Cache.open(settings.cache, settings.cache_size)
    if settings.cache_size and cache.directory is None:
        progress.tell(f"{settings.cache} cannot be written, so no result is kept for the next build")
    inputs, stages, key = _plan(settings)
    for stage in stages:
        cache.purge(stage.owner, stage.privacy)
    if directory := stands(cache, key, settings.output):
        progress.done("Nothing has changed")
    else:
        check_tables(settings)
        with new_directory(settings.output) as directory:
            _fill(directory, settings, progress, cache, stages, inputs)
            with progress.step("Publish"):
                publish(directory, settings.output)
        if _plan(settings)[-1] == key:  # nobody changed a file meanwhile
            note(cache, key, directory)
        cache.trim()
        progress.done("Done")
    prune(settings.output, settings.keep)
    _tell(directory, settings, progress)
    return directory


def _plan(settings: Settings) -> tuple[Inputs, list[Stage], str]:
    """The inputs as they are now, the stage of each municipality, and the key of all of it.

    Raises:
        InputError: there is no municipality.
    """
    inputs = Inputs.read(settings)
    stages = [municipality.stage(folder, settings, inputs) for folder in find_municipalities(settings)]
    return inputs, stages, of_value([dict(inputs.all(settings)), [stage.key for stage in stages]])


def _fill(  # noqa: PLR0913, PLR0917 - what a build consists of
    directory: Path,
    settings: Settings,
    progress: Progress,
    cache: Cache,
    stages: Sequence[Stage],
    inputs: Inputs,
) -> None:
    for name in (*folders(Written.ONCE, Written.ANEW), PARTS):
        (directory / name).mkdir()
    places = [directory / PARTS / stage.owner for stage in stages]
    with (
        Local(settings.jobs, len(stages)) as runner,
        _ontology_pages(directory, settings, cache, inputs) as pages,
    ):
        tasks = [Task(stage, cache, place) for stage, place in zip(stages, places, strict=True)]
        _municipalities(tasks, runner, progress)
        with progress.step("Document the ontology (begun before)"):
            pages.result()
        made = [Made(stage, place, Town.read(place)) for stage, place in zip(stages, places, strict=True)]
        Union(directory, settings, progress, runner, cache, made, inputs).write()


def _municipalities(tasks: Sequence[Task], runner: Local, progress: Progress) -> None:
    count = len(tasks)
    seconds: Counter[str] = Counter()
    with progress.step(f"Build {count} municipalit{'y' if count == 1 else 'ies'}") as tell:
        with ThreadPoolExecutor(runner.jobs) as threads:  # reading and unpacking leave Python's lock
            there = list(threads.map(Task.fetch, tasks))
        missing = [task for task, known in zip(tasks, there, strict=True) if not known]
        for number, taken in enumerate(runner.map(run, missing), start=count - len(missing) + 1):
            tell(f"{number} of {count}")
            seconds.update({f"  {name}": time for name, time in taken.items()})
    progress.add(seconds)
    if known := count - len(missing):
        progress.tell(f"  {known} of {count} unchanged")


@contextmanager
def _ontology_pages(
    directory: Path, settings: Settings, cache: Cache, inputs: Inputs
) -> Iterator[Future[object]]:
    """The pages of the ontology, which are begun in a process of their own: pyLODE is Python all through."""
    folder = directory / declared.ONTOLOGY_PAGE.folder
    stage = Stage(
        name="ontology pages",
        owner="ontology",
        inputs={**inputs.named("program", "ontology"), "base": settings.base_uri},
        make=partial(_write_pages, settings.ontology, settings.base_uri),
    )
    task = Task(stage, cache, folder)
    if task.fetch():
        done: Future[object] = Future()
        done.set_result(None)
        yield done
        return
    with processes(1) as beside:
        yield beside.submit(run, task)


def _write_pages(ontology: Path, base: str, target: Path, progress: Progress) -> None:
    write_ontology_pages(ontology, target.parent, base)


def _tell(directory: Path, settings: Settings, progress: Progress) -> None:
    """What people should know of the build: the decisions that are open, and what the shapes found."""
    with suppress(OSError, ValueError):
        manifest = json.loads((directory / declared.MANIFEST.path).read_text(encoding="utf-8"))
        counts = manifest["counts"]["validation"]
        found = [_counted(counts[s], s.lower()) for s in SEVERITIES if counts.get(s)]
        report = settings.output / VALIDATION_REPORT
        progress.tell(f"The shapes found {', '.join(found) or 'nothing to object to'}: {report}")
    if proposed := _rows(directory / LINK_PROPOSALS):
        plural = "link between providers is" if proposed == 1 else "links between providers are"
        progress.tell(f"{proposed} {plural} proposed: {settings.output / LINK_PROPOSALS}")
    if decisions := _rows(directory / DECISIONS):
        plural = "decision is" if decisions == 1 else "decisions are"
        progress.tell(f"{decisions} {plural} open: {settings.output / DECISIONS}")


def _rows(table: Path) -> int:
    with table.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
