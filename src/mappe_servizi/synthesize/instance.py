"""Writing synthetic municipalities as an instance: what `mappe build` builds as any other, and the truth.

{directory}/mappe.toml
{directory}/data/municipalities/syn_00001/    a folder each (``folders.py``)
{directory}/truth/                            which organisation each printed name is
"""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

from mappe_servizi.errors import MappeError
from mappe_servizi.instance import CONFIG_FILE
from mappe_servizi.pipeline.municipality import find_municipalities, incomplete_registry
from mappe_servizi.pipeline.records import read_records
from mappe_servizi.progress import Progress
from mappe_servizi.providers.rules import Rules
from mappe_servizi.settings import Settings
from mappe_servizi.synthesize.folders import write_folder
from mappe_servizi.synthesize.municipalities import Truth, synthesize
from mappe_servizi.synthesize.organizations import Organization, organizations

BASE = "https://example.org/synthetic/"
SHARED = 0.5
"""Providers in the pool for each provider slot of a municipality: lower means more overlap."""
MINIMUM = 250
"""A pool is never smaller, so that one municipality draws distinct organisations."""
CONFIG = f"""\
# Synthetic data, made by `mappe synthesize`: no such municipality, person or organisation exists.
base-uri = "{BASE}"
publisher-name = "Dati sintetici (mappe synthesize)"
publisher-identifier = "synthetic"
"""


@dataclass(frozen=True, slots=True)
class SynthesisJob:
    """What the processes that make municipalities share."""

    settings: Settings
    count: int
    seed: int
    directory: Path


def write_instance(
    settings: Settings, directory: Path, count: int, seed: int = 1, progress: Progress | None = None
) -> Path:
    """Write ``count`` synthetic municipalities as an instance; returns its directory.

    The same data, knowledge, count and seed make the same files.

    Raises:
        InputError: the maintained data have no municipality to take the shape from.
        MappeError: something stands there already, or cannot be written.
    """
    progress = progress or Progress()
    find_municipalities(settings)  # of which the first gives the shape
    if directory.is_symlink() or (
        directory.exists() and (not directory.is_dir() or any(directory.iterdir()))
    ):
        raise MappeError(f"{directory}: something stands here already; remove it, or name another directory")
    try:
        (directory / "data" / "municipalities").mkdir(parents=True)
        (directory / "data" / "providers").mkdir()
        (directory / CONFIG_FILE).write_text(CONFIG, encoding="utf-8")
        with progress.step(f"Make {count} synthetic municipalities") as tell:
            truth = _municipalities(SynthesisJob(settings, count, seed, directory), tell)
        _write_truth(directory / "truth", truth, pool_of(count, seed))
    except BaseException:
        shutil.rmtree(directory, ignore_errors=True)
        raise
    return directory


def pool_of(count: int, seed: int) -> list[Organization]:
    """The organisations that ``count`` municipalities draw from."""
    return organizations(max(MINIMUM, int(72 * count * SHARED)), seed)


def _municipalities(job: SynthesisJob, tell: Callable[[str], None]) -> list[Truth]:
    jobs = min(job.settings.jobs or os.cpu_count() or 1, job.count)
    shares = [range(i, job.count + 1, jobs) for i in range(1, jobs + 1)]
    truth: list[Truth] = []
    # Not forked: a parent that has used DuckDB or pyoxigraph has threads, which a fork breaks.
    with ProcessPoolExecutor(jobs, get_context("spawn")) as processes:
        for made in processes.map(_make, [job] * jobs, shares):
            truth += made
    return sorted(truth)


def _make(job: SynthesisJob, numbers: Iterable[int]) -> list[Truth]:
    """Make some municipalities, one after another: they go to files, little stays in memory."""
    settings, data = job.settings, job.directory / "data"
    template = find_municipalities(settings)[0]
    original = read_records(template, settings)[-1].printed
    rules, pool = Rules.load(settings.knowledge, settings.data), pool_of(job.count, job.seed)
    own = replace(settings, data=data, base_uri=BASE)
    truth: list[Truth] = []
    for number in numbers:
        synthetic = synthesize(original, rules, pool, number, job.seed)
        folder = data / "municipalities" / synthetic.document.municipality.ipa
        write_folder(folder, synthetic, template)
        registry = incomplete_registry(folder, own)
        if registry.missing:
            registry.write()
        truth += synthetic.truth
    return truth


def _write_truth(directory: Path, truth: Sequence[Truth], pool: Sequence[Organization]) -> None:
    directory.mkdir()
    organizations_ = ((o.identifier, o.kind, o.name, o.code, o.town) for o in pool)
    header = ("identifier", "kind", "name", "legalStatus", "town")
    _write(directory / "organizations.csv", header, organizations_)
    _write(directory / "mentions.csv", ("municipality", "printed", "identifier"), truth)


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
