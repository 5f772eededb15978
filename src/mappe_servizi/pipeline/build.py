"""A build: from the maintained data to a new directory that the link then names.

Every municipality is a stage (``municipality.py``), so are its dumps and the ontology's
pages; a stage whose inputs are those of a result in the cache is not run. What comes of all together
(``union.py``) is written anew, unless no input at all has changed since the build that stands there.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mappe_servizi.errors import gathered
from mappe_servizi.model.outputs.lookup import folders
from mappe_servizi.model.outputs.output import Written
from mappe_servizi.model.tables.whole import told_local
from mappe_servizi.pipeline import municipality, ontology_pages
from mappe_servizi.pipeline.cache import Cache
from mappe_servizi.pipeline.inputs import StageInputs, of_value
from mappe_servizi.pipeline.maintained import shared_errors
from mappe_servizi.pipeline.municipalities import PARTS, make_every
from mappe_servizi.pipeline.municipality import find_municipalities
from mappe_servizi.pipeline.parts import Previous
from mappe_servizi.pipeline.runners.local import collecting_seldom, share_memory
from mappe_servizi.pipeline.runners.runner import chosen
from mappe_servizi.pipeline.stages import Stage
from mappe_servizi.pipeline.standing import note, stands
from mappe_servizi.pipeline.summary import refuse_open, tell
from mappe_servizi.progress import Progress
from mappe_servizi.releases.directory import new_directory, prune, publish
from mappe_servizi.settings import Settings


@collecting_seldom()
def build(settings: Settings, progress: Progress | None = None) -> Path:
    """Build what has changed and repoint the link; returns the directory that it names.

    Raises:
        MappeError: the inputs cannot be used, or nothing can be written; the link is as before.
    """
    share_memory()
    progress = progress or Progress()
    cache = Cache.open(settings.cache, settings.cache_size)
    if settings.cache_size and cache.directory is None:
        progress.tell(f"{settings.cache} cannot be written, so no result is kept for the next build")
    plan = _Plan.of(settings)
    for _, stage in plan.stages:
        cache.purge(stage.owner, stage.privacy)
    if directory := stands(cache, plan.key, settings.output):
        if settings.strict:
            refuse_open(directory)
        progress.done("Nothing has changed")
    else:
        gathered(shared_errors(settings))
        with new_directory(settings.output) as directory:
            _fill(directory, settings, progress, cache, plan)
            if settings.strict:
                refuse_open(directory)
            with progress.step("Publish"):
                publish(directory, settings.output)
        if _Plan.of(settings).key == plan.key:  # nobody changed a file meanwhile
            note(cache, plan.key, directory)
        cache.trim()
        progress.done("Done")
    prune(settings.output, settings.keep)
    if local := told_local(settings.knowledge):
        progress.tell(f"Knowledge has {local}")
    tell(directory, settings.output, progress)
    return directory


@dataclass(frozen=True, slots=True)
class _Plan:
    """The inputs as they are now, the stage of each municipality's folder, and the key of all of it."""

    inputs: StageInputs
    stages: list[tuple[Path, Stage]]
    previous: Previous | None
    key: str

    @classmethod
    def of(cls, settings: Settings) -> _Plan:
        """Hash everything.

        Raises:
            InputError: there is no municipality.
            MappeError: the previous release cannot be used.
        """
        inputs = StageInputs.read(settings)
        found = find_municipalities(settings)
        stages = [(folder, municipality.stage(folder, settings, inputs)) for folder in found]
        previous = Previous.open(settings.previous, settings.base_uri) if settings.previous else None
        keys = [stage.key for _, stage in stages]
        whole = [dict(inputs.all(settings)), keys, previous.key if previous else None]
        return cls(inputs, stages, previous, of_value(whole))


def _fill(directory: Path, settings: Settings, progress: Progress, cache: Cache, plan: _Plan) -> None:
    for name in (*folders(Written.ONCE, Written.ANEW), PARTS):
        (directory / name).mkdir()
    with (
        chosen(settings, len(plan.stages)) as runner,
        ontology_pages.begun(
            directory, settings.ontology, settings.base_uri, settings.assets, cache, plan.inputs
        ) as pages,
    ):
        every = make_every(
            plan.stages,
            directory / PARTS,
            cache=cache,
            runner=runner,
            progress=progress,
            previous=plan.previous,
            strict=settings.strict,
        )
        with progress.step("Document the ontology (begun before)"):
            pages.result()
        from mappe_servizi.pipeline.union import Union  # noqa: PLC0415 - columns take memory: after the map

        Union(directory, settings, progress, runner, cache, every, plan.inputs).write()
