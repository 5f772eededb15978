"""The stage of the ontology's pages: begun beside all else, in a process that imports little."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mappe_servizi.model.outputs.declared import ONTOLOGY_PAGE
from mappe_servizi.outputs.ontology_pages import write_kept_pages, write_ontology_pages
from mappe_servizi.pipeline.runners.local import processes
from mappe_servizi.pipeline.stages import Stage, Task, run
from mappe_servizi.progress import Progress

if TYPE_CHECKING:
    from mappe_servizi.pipeline.cache import Cache
    from mappe_servizi.pipeline.inputs import StageInputs


@contextmanager
def begun(  # noqa: PLR0913, PLR0917 - where they come from
    directory: Path, ontology: Path, base: str, assets: Path, cache: Cache, inputs: StageInputs
) -> Iterator[Future[object]]:
    """The pages below a new directory, from those of the program, from the cache, or being made by pyLODE."""
    done: Future[object] = Future()
    done.set_result(None)
    if write_kept_pages(ontology, directory, base, assets):
        yield done
        return
    stage = Stage(
        name="ontology pages",
        owner="ontology",
        inputs={**inputs.named("program", "ontology"), "base": base},
        make=partial(_write_pages, ontology, base),
    )
    task = Task(stage, cache, directory / ONTOLOGY_PAGE.folder)
    if task.fetch():
        yield done
        return
    with processes(1) as beside:
        yield beside.submit(run, task)


def _write_pages(ontology: Path, base: str, target: Path, progress: Progress) -> None:
    write_ontology_pages(ontology, target.parent, base)
