"""Writing synthetic municipalities as a build: the layout and model of a real one, and the truth."""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import DefaultGraph, NamedNode, Store

from mappe_servizi.errors import InputError
from mappe_servizi.graph import Common, build_edition
from mappe_servizi.graph.vocabularies import build as build_vocabularies
from mappe_servizi.model.identifiers import Identifier, Registry
from mappe_servizi.model.outputs import declared
from mappe_servizi.model.records import Document
from mappe_servizi.outputs.reconcile_index import FILE as RECONCILE_INDEX
from mappe_servizi.outputs.reconcile_index import write_reconcile_index
from mappe_servizi.outputs.search_index import FILE as SEARCH_INDEX
from mappe_servizi.outputs.search_index import write_search_index
from mappe_servizi.outputs.statistics import FILE as STATISTICS
from mappe_servizi.outputs.statistics import write_statistics
from mappe_servizi.outputs.tables import write_tables
from mappe_servizi.pipeline.records import read_records
from mappe_servizi.progress import Progress
from mappe_servizi.providers.rules import Rules
from mappe_servizi.rdf.dump import canonical_lines, merge, quad_lines, write_lines, write_turtle
from mappe_servizi.rdf.namespaces import prefixes
from mappe_servizi.releases.directory import new_directory, publish
from mappe_servizi.releases.manifest import facts_of, write_manifest
from mappe_servizi.settings import Settings
from mappe_servizi.synthesize.municipalities import Synthetic, Truth, synthesize
from mappe_servizi.synthesize.organizations import Organization, organizations

TEMPLATE = "c_d150"
SHARED = 0.5
"""Providers in the pool for each provider slot of a municipality: lower means more overlap."""
MINIMUM = 250
"""A pool is never smaller, so that one municipality draws distinct organisations."""
Made = tuple[Document, tuple[Truth, ...], set[str]]
"""A document without its maps, the truth about its providers, and the IRIs that its data point to."""
TRUTH = tuple(declared.TRUTH.filled(table=table) for table in ("organizations", "mentions"))


@dataclass(frozen=True, slots=True)
class Job:
    """What the processes that make municipalities share."""

    settings: Settings
    count: int
    seed: int
    directory: Path


def build_synthetic(
    settings: Settings, output: Path, count: int, seed: int = 1, progress: Progress | None = None
) -> Path:
    """Build ``count`` synthetic municipalities, then let the link ``output`` name them.

    Raises:
        InputError: the maintained data have no municipality to take the shape from.
        MappeError: nothing can be written; the link is as before.
    """
    progress = progress or Progress()
    if not (settings.data / "municipalities" / TEMPLATE / "municipality.toml").exists():
        raise InputError(
            "there is no such municipality to take the shape from", file=settings.data / TEMPLATE
        )
    with new_directory(output) as directory:
        for name in ("dump", "csv", "report", "store", "truth", ".parts"):
            (directory / name).mkdir()
        job = Job(settings, count, seed, directory)
        with progress.step(f"Make {count} synthetic municipalities"):
            documents, truth, named = _municipalities(job)
            _vocabularies(job, documents, named)
        _write_truth(job, truth)
        with progress.step("Merge the dump"):
            sha256 = merge(sorted((directory / ".parts").iterdir()), declared.DUMP.at(directory))
            for path in (directory / ".parts").iterdir():
                path.unlink()
            (directory / ".parts").rmdir()
        with progress.step("Load the store"):
            store = Store(directory / declared.STORE.folder)
            store.bulk_load(path=declared.DUMP.at(directory))
            store.optimize()
        with progress.step("Index the texts, count"):
            write_search_index(store, directory / SEARCH_INDEX, settings.base_uri)
            write_statistics(store, directory / STATISTICS, settings.base_uri)
        with progress.step("Write the tables"):
            target = directory / declared.TABLE.folder
            tables = write_tables(store, settings.queries / "tables", target, settings.base_uri)
        write_reconcile_index(store, directory / RECONCILE_INDEX, settings.base_uri)
        write_manifest(
            directory, settings.base_uri, facts_of(documents, settings), sha256, {"tables": tables}
        )
        publish(directory, output)
    progress.done("Done")
    return directory


def pool_of(count: int, seed: int) -> list[Organization]:
    """The organisations that ``count`` municipalities draw from."""
    return organizations(max(MINIMUM, int(72 * count * SHARED)), seed)


def _municipalities(job: Job) -> tuple[list[Document], list[Truth], set[str]]:
    jobs = min(job.settings.jobs or os.cpu_count() or 1, job.count)
    numbers = [range(i, job.count + 1, jobs) for i in range(1, jobs + 1)]
    documents: list[Document] = []
    truth: list[Truth] = []
    named: set[str] = set()
    # Not forked: a parent that has used DuckDB or pyoxigraph has threads, which a fork breaks.
    with ProcessPoolExecutor(jobs, get_context("spawn")) as processes:
        for made in processes.map(_make, [job] * jobs, numbers):
            for document, names, concepts in made:
                documents.append(document)
                truth += names
                named |= concepts
    return sorted(documents, key=lambda d: d.municipality.ipa), sorted(truth), named


def _make(job: Job, numbers: Iterable[int]) -> list[Made]:
    """Make some municipalities, one after another: the parts go to files, little stays in memory."""
    with TemporaryDirectory() as temporary:
        return _make_in(job, numbers, Path(temporary))


def _make_in(job: Job, numbers: Iterable[int], temporary: Path) -> list[Made]:
    settings = job.settings
    data = settings.data
    original = read_records(data / "municipalities" / TEMPLATE, settings).document
    rules, common = Rules.load(settings.knowledge, data), Common.load(settings.ontology, settings.base_uri)
    registry = Registry.load(data / "municipalities" / TEMPLATE / "identifiers.csv")
    pool = pool_of(job.count, job.seed)
    made = []
    for number in numbers:
        synthetic = synthesize(original, rules, pool, number, job.seed)
        synthetic_data = _curated(settings.data, synthetic, temporary)
        record = synthetic.document.municipality
        slugs = Registry(synthetic_data, _identifiers(registry, synthetic), str(record.edition))
        part = build_edition(synthetic.document, slugs, settings.knowledge, synthetic_data, common)
        _write_part(job, part.name, canonical_lines(part.triples))
        concepts = {t.object.value for t in part.triples if isinstance(t.object, NamedNode)}
        made.append((replace(synthetic.document, maps=()), synthetic.truth, concepts))
    return made


def _curated(data: Path, synthetic: Synthetic, target: Path) -> Path:
    """A data directory for one municipality: the curated tables of the original, names exchanged."""
    directory = target / "municipalities" / synthetic.document.municipality.ipa
    directory.mkdir(parents=True)
    if not (target / "providers").exists():
        (target / "providers").symlink_to((data / "providers").resolve(), target_is_directory=True)
    for path in (data / "municipalities" / TEMPLATE).glob("*.csv"):
        if path.name not in ("identifiers.csv", "corrections.csv", "people.csv"):
            _rename_table(path, directory / path.name, synthetic)
    return target


def _rename_table(path: Path, target: Path, synthetic: Synthetic) -> None:
    """Exchange the names cell by cell: in a CSV's text a quotation mark is doubled."""
    with (
        path.open(encoding="utf-8", newline="") as source,
        target.open("w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([synthetic.rename(cell) for cell in row] for row in csv.reader(source))


def _identifiers(registry: Registry, synthetic: Synthetic) -> Iterator[Identifier]:
    """The original's slugs for what keeps its label, and slugs for people that are reproducible."""
    ipa = synthetic.document.municipality.ipa
    for row in registry.rows:
        if row.kind != "person" and not row.status and synthetic.rename(row.label) == row.label:
            yield row
    names = {m.responsible.name.value for m in synthetic.document.maps}
    for name in sorted(names):
        slug = hashlib.sha256(f"{ipa}/{name}".encode()).hexdigest()[:8]
        yield Identifier("person", "", name, slug)


def _vocabularies(job: Job, documents: Sequence[Document], named: set[str]) -> None:
    settings = job.settings
    common = Common.load(settings.ontology, settings.base_uri)
    part = build_vocabularies(documents, settings.ontology, common, set(map(NamedNode, named))).part(
        "vocabularies"
    )
    _write_part(job, part.name, canonical_lines(part.triples))


def _write_part(job: Job, name: str, lines: list[bytes]) -> None:
    write_lines(quad_lines(lines, DefaultGraph()), job.directory / ".parts" / f"{name}.nq")
    write_turtle(lines, declared.DUMP_OF_PART.at(job.directory, part=name), prefixes(job.settings.base_uri))


def _write_truth(job: Job, truth: Sequence[Truth]) -> None:
    with (job.directory / TRUTH[0]).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("identifier", "kind", "name", "legalStatus", "town"))
        for o in pool_of(job.count, job.seed):
            writer.writerow((o.identifier, o.kind, o.name, o.code, o.town))
    with (job.directory / TRUTH[1]).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("municipality", "printed", "identifier"))
        writer.writerows(truth)
