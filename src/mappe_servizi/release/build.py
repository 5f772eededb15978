"""A build: from the maintained data to a new directory that the link then names."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from pyoxigraph import Store

from mappe_servizi.document import read_document
from mappe_servizi.document.disclosure import flag_small_counts, suppress_small_counts, vulnerable_audiences
from mappe_servizi.errors import InputError
from mappe_servizi.graph import Part, Validation, build_parts
from mappe_servizi.graph.curated import read_audiences
from mappe_servizi.graph.namespaces import prefixes
from mappe_servizi.identifiers import Registry, UnknownLabels
from mappe_servizi.records import Document
from mappe_servizi.release.checks import VALIDATION_REPORT
from mappe_servizi.release.directory import new_directory, prune, publish
from mappe_servizi.release.dump import canonical_lines, merge, quad_lines, write_lines, write_turtle
from mappe_servizi.release.ledger import write_ledger
from mappe_servizi.release.manifest import write_manifest
from mappe_servizi.release.search_index import FILE as SEARCH_INDEX
from mappe_servizi.release.search_index import write_search_index
from mappe_servizi.release.stages import Stages
from mappe_servizi.release.tables import write_tables
from mappe_servizi.settings import Settings
from mappe_servizi.validation import Report, read_shapes, validate, write_report
from mappe_servizi.validation.report import VIOLATION, WARNING

DIRECTORIES = ("dump", "csv", "report", "store")
COPIES = {"catalogue": "catalogue.ttl", "quality": "report/quality.ttl"}
"""Parts that stand in a second place too."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a build starts from: the documents, and the registry of each municipality."""

    documents: tuple[Document, ...]
    registries: Mapping[str, Registry]


def read_inputs(settings: Settings) -> Inputs:
    """Read every municipality's document, in processes of their own where there are several.

    Raises:
        InputError: there is no municipality, or a file cannot be used.
    """
    municipalities = settings.data / "municipalities"
    directories = sorted(path.parent for path in municipalities.glob("*/municipality.toml"))
    if not directories:
        raise InputError("there is no municipality with a municipality.toml here", file=municipalities)
    read = partial(_read, settings)
    jobs = min(settings.jobs or os.cpu_count() or 1, len(directories))
    if jobs == 1:
        documents = tuple(map(read, directories))
    else:
        with ProcessPoolExecutor(jobs) as processes:
            documents = tuple(processes.map(read, directories))
    registries = {
        d.municipality.ipa: Registry.load(directory / "identifiers.csv", str(d.municipality.edition))
        for d, directory in zip(documents, directories, strict=True)
    }
    return Inputs(documents, registries)


def _read(settings: Settings, directory: Path) -> Document:
    """A document with its small counts flagged, or without them."""
    form = settings.data / "form"
    document = read_document(directory, form)
    audiences = read_audiences(directory, document)
    vulnerable = vulnerable_audiences(form)
    document = flag_small_counts(document, audiences, vulnerable, settings.small_count_threshold)
    return suppress_small_counts(document) if settings.suppress_small_counts else document


def incomplete_registries(settings: Settings) -> list[Registry]:
    """The registries that lack rows which a build needs, with their proposals.

    Raises:
        InputError: the inputs cannot be used.
    """
    inputs = read_inputs(settings)
    with suppress(UnknownLabels):
        _graph(inputs, settings)
    return [registry for registry in inputs.registries.values() if registry.missing]


@dataclass(slots=True)
class _Validator:
    """Validates the parts that the quality graph tells of, and keeps the report."""

    settings: Settings
    stages: Stages
    report: Report | None = None

    def __call__(self, parts: Sequence[Part]) -> Validation:
        with self.stages.stage("Validate"):
            triples = b"\n".join(line for part in parts for line in canonical_lines(part.triples))
            shapes = read_shapes(self.settings.shapes, self.settings.base_uri)
            self.report = validate(triples, shapes, self.settings.engine)
        counts = self.report.counts
        return Validation(counts.get(VIOLATION, 0), counts.get(WARNING, 0))


def _graph(inputs: Inputs, settings: Settings, validator: _Validator | None = None) -> list[Part]:
    return build_parts(
        inputs.documents,
        inputs.registries,
        data=settings.data,
        ontology=settings.ontology,
        base=settings.base_uri,
        validate=validator,
    )


def build(settings: Settings, stages: Stages | None = None) -> Path:
    """Build everything and repoint the link; returns the new directory.

    Raises:
        MappeError: the inputs cannot be used, or nothing can be written; the link is as before.
    """
    stages = stages or Stages()
    with stages.stage("Read the documents"):
        inputs = read_inputs(settings)
    validator = _Validator(settings, stages)
    with stages.stage("Build the graph"):
        parts = _graph(inputs, settings, validator)
    with new_directory(settings.output) as directory:
        _Writer(directory, settings, stages).write(inputs.documents, parts, validator.report)
        with stages.stage("Publish"):
            publish(directory, settings.output)
    prune(settings.output, settings.keep)
    stages.done("Done")
    return directory


@dataclass(slots=True)
class _Writer:
    """Fills a new directory, stage by stage."""

    directory: Path
    settings: Settings
    stages: Stages
    counts: dict[str, dict[str, int]] = field(default_factory=dict)

    def write(self, documents: Sequence[Document], parts: Sequence[Part], report: Report | None) -> None:
        for name in DIRECTORIES:
            (self.directory / name).mkdir()
        with self.stages.stage("Sort the triples"):
            lines = {part.name: canonical_lines(part.triples) for part in parts}
            self.counts["triples"] = {name: len(part) for name, part in lines.items()}
        with self.stages.stage("Write the dumps"):
            sha256 = self._dumps(parts, lines)
        with self.stages.stage("Load the store"):
            store = self._store()
        with self.stages.stage("Write the tables"):
            base, csv = self.settings.base_uri, self.directory / "csv"
            self.counts["tables"] = write_tables(store, self.settings.queries / "tables", csv, base)
        with self.stages.stage("Index the texts"):
            write_search_index(store, self.directory / SEARCH_INDEX, base)
        with self.stages.stage("Write the reports"):
            if report:
                write_report(report, self.directory / VALIDATION_REPORT)
                self.counts["validation"] = dict(report.counts)
            write_ledger(documents, self.directory / "report" / "ledger.csv")
            write_manifest(self.directory, self.settings.base_uri, documents, sha256, self.counts)

    def _dumps(self, parts: Sequence[Part], lines: Mapping[str, Sequence[bytes]]) -> str:
        dump, sorted_parts = self.directory / "dump", self.directory / ".parts"
        sorted_parts.mkdir()
        for part in parts:
            write_lines(quad_lines(lines[part.name], part.graph), sorted_parts / f"{part.name}.nq")
            write_turtle(lines[part.name], dump / f"{part.name}.ttl", prefixes(self.settings.base_uri))
            if part.name in COPIES:
                shutil.copyfile(dump / f"{part.name}.ttl", self.directory / COPIES[part.name])
        sha256 = merge(sorted(sorted_parts.iterdir()), dump / "mappe-servizi.nq")
        shutil.rmtree(sorted_parts)
        return sha256

    def _store(self) -> Store:
        store = Store(self.directory / "store")
        store.bulk_load(path=self.directory / "dump" / "mappe-servizi.nq")
        store.optimize()
        return store
