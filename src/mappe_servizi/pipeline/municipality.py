"""The map over municipalities: each is read, built, validated and sorted in a process of its own.

What comes out are sorted N-Quads, one file a part and municipality. The union of the graphs of
all municipalities is the graph of the build, so the rest is merging.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from mappe_servizi.checks.shacl import Report, read_shapes, validate
from mappe_servizi.checks.shacl.report import VIOLATION, WARNING
from mappe_servizi.errors import InputError
from mappe_servizi.graph import Part, Validation, build_parts
from mappe_servizi.model.identifiers import Registry, UnknownLabels
from mappe_servizi.model.records import Document
from mappe_servizi.model.records_file import file_name, to_json
from mappe_servizi.model.tables.municipality import IDENTIFIERS
from mappe_servizi.pipeline.records import Records, read_records
from mappe_servizi.progress import Progress
from mappe_servizi.rdf.dump import canonical_lines, quad_lines, write_lines
from mappe_servizi.reading.curated import check_decisions
from mappe_servizi.settings import Settings

PARTS = ".parts"
"""Where the sorted quads stand until they are merged."""


@dataclass(frozen=True, slots=True)
class Built:
    """What came of a municipality, beside the files of its parts.

    Attributes:
        documents: as read, one an edition, oldest first.
        report: what the shapes say of its data.
        seconds: how long each step took.
    """

    documents: tuple[Document, ...]
    report: Report
    seconds: dict[str, float]


def build_municipalities(settings: Settings, output: Path) -> Iterator[Built]:
    """Build every municipality, in a fixed order.

    Its quads are in ``{output}/.parts/{part}/{directory}.nq``, its records in ``{output}/records/``.

    Raises:
        MappeError: there is no municipality, or something of one cannot be used.
    """
    directories = find_municipalities(settings)
    one = partial(_build_one, settings, output)
    jobs = min(settings.jobs or os.cpu_count() or 1, len(directories))
    if jobs == 1:
        yield from map(one, directories)
        return
    # Fresh processes: a fork would copy whatever locks this one's threads hold.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as processes:
        yield from processes.map(one, directories)


def find_municipalities(settings: Settings) -> list[Path]:
    """The directories of the municipalities.

    Raises:
        InputError: there is none.
    """
    municipalities = settings.data / "municipalities"
    found = sorted(path.parent for path in municipalities.glob("*/municipality.toml"))
    if not found:
        raise InputError("there is no municipality with a municipality.toml here", file=municipalities)
    return found


def incomplete_registries(settings: Settings) -> list[Registry]:
    """The registries that lack rows which a build needs, with their proposals.

    Raises:
        InputError: the inputs cannot be used.
    """
    found = (incomplete_registry(directory, settings) for directory in find_municipalities(settings))
    return [registry for registry in found if registry.missing]


def incomplete_registry(directory: Path, settings: Settings) -> Registry:
    """A municipality's registry, with proposals for the rows that it lacks.

    Raises:
        InputError: the inputs cannot be used.
    """
    registry = Registry.load(directory / IDENTIFIERS.file)
    records = read_records(directory, settings, registry)
    with suppress(UnknownLabels):
        _graph(settings, records, registry)
    return registry


def _build_one(settings: Settings, output: Path, directory: Path) -> Built:
    progress = Progress(quiet=True)
    with progress.step("Read the documents"):
        registry = Registry.load(directory / IDENTIFIERS.file)
        records = read_records(directory, settings, registry)
    with progress.step("Write the records"):
        for one in records:
            of = one.document.municipality
            (output / file_name(of.ipa, of.edition)).write_bytes(to_json(one.printed))
    validator = _Validator(settings, progress)
    with progress.step("Build the graph"):
        graph = _graph(settings, records, registry, validator)
        check_decisions(directory, registry, frozenset().union(*(one.stated for one in records)))
    with progress.step("Sort the triples"):
        for part in graph:
            validator.sort(part)
            target = output / PARTS / part.name / f"{directory.name}.nq"
            target.parent.mkdir(exist_ok=True)
            write_lines(quad_lines(validator.lines[part.name], part.graph), target)
    return Built(tuple(one.document for one in records), validator.report, progress.seconds)


def _graph(
    settings: Settings,
    records: Sequence[Records],
    registry: Registry,
    validator: _Validator | None = None,
) -> list[Part]:
    return build_parts(
        [one.document for one in records],
        {one.document.municipality.ipa: registry for one in records},
        knowledge=settings.knowledge,
        data=settings.data,
        ontology=settings.ontology,
        base=settings.base_uri,
        validate=validator,
    )


@dataclass(slots=True)
class _Validator:
    """Validates the parts that the quality graph tells of; keeps the report and the sorted lines."""

    settings: Settings
    progress: Progress
    lines: dict[str, list[bytes]] = field(default_factory=dict)
    report: Report = field(default_factory=Report)

    def sort(self, part: Part) -> list[bytes]:
        if part.name not in self.lines:
            self.lines[part.name] = canonical_lines(part.triples)
        return self.lines[part.name]

    def __call__(self, parts: Sequence[Part]) -> Validation:
        with self.progress.step("Validate"):
            triples = b"\n".join(line for part in parts for line in self.sort(part))
            shapes = read_shapes(self.settings.shapes, self.settings.base_uri)
            self.report = validate(triples, shapes, self.settings.engine)
        counts = self.report.counts
        return Validation(counts.get(VIOLATION, 0), counts.get(WARNING, 0))
