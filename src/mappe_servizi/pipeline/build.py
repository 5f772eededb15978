"""A build: from the maintained data to a new directory that the link then names."""

from __future__ import annotations

import ctypes
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from pyoxigraph import RdfFormat, Store

from mappe_servizi.checks.shacl import Report, write_report
from mappe_servizi.model.outputs import declared
from mappe_servizi.model.outputs.lookup import check, folders
from mappe_servizi.model.outputs.output import Written
from mappe_servizi.model.records_file import SCHEMA, schema
from mappe_servizi.outputs.decisions import FILE as DECISIONS
from mappe_servizi.outputs.decisions import write_decisions
from mappe_servizi.outputs.ledger import write_ledger
from mappe_servizi.outputs.ontology_pages import write_ontology_pages
from mappe_servizi.outputs.reconcile_index import FILE as RECONCILE_INDEX
from mappe_servizi.outputs.reconcile_index import write_reconcile_index
from mappe_servizi.outputs.search_index import FILE as SEARCH_INDEX
from mappe_servizi.outputs.search_index import write_search_index
from mappe_servizi.outputs.statistics import FILE as STATISTICS
from mappe_servizi.outputs.statistics import write_statistics
from mappe_servizi.outputs.tables import write_tables
from mappe_servizi.pipeline.municipality import PARTS, Built, build_municipalities, find_municipalities
from mappe_servizi.pipeline.validation import VALIDATION_REPORT
from mappe_servizi.progress import Progress
from mappe_servizi.rdf.dump import merge, write_turtle
from mappe_servizi.rdf.formats import write_formats
from mappe_servizi.rdf.namespaces import prefixes
from mappe_servizi.releases.completion import CATALOGUE, DATA, clean, complete, pack_tables, write_sums
from mappe_servizi.releases.directory import new_directory, prune, publish
from mappe_servizi.releases.manifest import facts_of, files_in, write_manifest
from mappe_servizi.settings import Settings

PR_SET_PDEATHSIG = 1
COPIES = {"quality": declared.QUALITY.path}
"""Parts that stand in a second place too."""


def build(settings: Settings, progress: Progress | None = None) -> Path:
    """Build everything and repoint the link; returns the new directory.

    Raises:
        MappeError: the inputs cannot be used, or nothing can be written; the link is as before.
    """
    progress = progress or Progress()
    count = len(find_municipalities(settings))
    with new_directory(settings.output) as directory:
        for name in (*folders(Written.ONCE, Written.ANEW), PARTS):
            (directory / name).mkdir()
        seconds: Counter[str] = Counter()
        built = []
        # pyLODE is Python all through. A forked process would hold the directory's lock as well.
        with ProcessPoolExecutor(1, get_context("spawn"), end_with_parent) as beside:
            pages = beside.submit(write_ontology_pages, settings.ontology, directory, settings.base_uri)
            with progress.step(f"Build {count} municipalit{'y' if count == 1 else 'ies'}") as tell:
                for one in build_municipalities(settings, directory):
                    built.append(one)
                    tell(f"{len(built)} of {count}")
                    seconds.update({f"  {name}": time for name, time in one.seconds.items()})
            progress.add(seconds)
            with progress.step("Document the ontology (begun before)"):
                pages.result()
        writer = _Writer(directory, settings, progress)
        writer.write(built)
        with progress.step("Publish"):
            publish(directory, settings.output)
    prune(settings.output, settings.keep)
    progress.done("Done")
    if writer.open:
        plural = "decision is" if writer.open == 1 else "decisions are"
        progress.tell(f"{writer.open} {plural} open: {settings.output / DECISIONS}")
    return directory


def end_with_parent() -> None:
    """Let this process not outlive the one that it works for, however that ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


@dataclass(slots=True)
class _Writer:
    """Fills a new directory from the municipalities' sorted parts, stage by stage."""

    directory: Path
    settings: Settings
    progress: Progress
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    open: int = 0

    def write(self, built: Sequence[Built]) -> None:
        with self.progress.step("Merge the dump"):
            self._merge()
        with ThreadPoolExecutor(1) as beside:  # the store works outside of Python's lock
            loading = beside.submit(self._store)
            with self.progress.step("Write Turtle, RDF/XML, JSON-LD"):
                self._formats()
            with self.progress.step("Load the store (begun before)"):
                store = loading.result()
        base = self.settings.base_uri
        with self.progress.step("Write the tables"):
            tables = self.settings.queries / "tables"
            self.counts["tables"] = write_tables(store, tables, self.directory / declared.TABLE.folder, base)
        documents = [document for one in built for document in one.documents]
        facts = facts_of(documents, self.settings)
        with self.progress.step("Pack the tables"):
            pack_tables(self.directory, facts, self.settings)
        with self.progress.step("Write the reports"):
            write_ledger(documents, declared.LEDGER.at(self.directory))
            self.open = write_decisions(documents, self.directory / DECISIONS)
            (self.directory / SCHEMA).write_bytes(schema())
        with self.progress.step("Write the catalogue and the dump"):
            completed = complete(self.directory, self.settings, facts)
            self.counts["triples"]["catalogue"] = completed.triples
            store.bulk_load(path=self.directory / CATALOGUE, format=RdfFormat.N_QUADS)
            store.optimize()
            clean(self.directory)
            write_sums(self.directory)
        with self.progress.step("Index the texts, count"):
            write_search_index(store, self.directory / SEARCH_INDEX, base)
            write_statistics(store, self.directory / STATISTICS, base)
            write_reconcile_index(store, self.directory / RECONCILE_INDEX, base)
        report = Report.union([*(one.report for one in built), completed.report])
        write_report(report, self.directory / VALIDATION_REPORT)
        self.counts["validation"] = dict(report.counts)
        write_manifest(self.directory, base, facts, completed.sha256, self.counts)
        check(files_in(self.directory), (Written.ONCE, Written.ANEW))

    def _merge(self) -> None:
        parts = self.directory / PARTS
        for part in sorted(path for path in parts.iterdir() if path.is_dir()):
            merge(sorted(part.iterdir()), parts / f"{part.name}.nq")
            shutil.rmtree(part)
        merge(sorted(parts.iterdir()), self.directory / DATA)

    def _formats(self) -> None:
        known = prefixes(self.settings.base_uri)
        self.counts["triples"] = {}
        for part in sorted((self.directory / PARTS).iterdir()):
            path = declared.DUMP_OF_PART.at(self.directory, part=part.stem)
            with part.open("rb") as lines:
                count = write_turtle(lines, path, known)
            write_formats(path, known)
            self.counts["triples"][part.stem] = count
            if part.stem in COPIES:
                shutil.copyfile(path, self.directory / COPIES[part.stem])
        shutil.rmtree(self.directory / PARTS)

    def _store(self) -> Store:
        store = Store(self.directory / declared.STORE.folder)
        store.bulk_load(path=self.directory / DATA, format=RdfFormat.N_QUADS)
        store.optimize()
        return store
