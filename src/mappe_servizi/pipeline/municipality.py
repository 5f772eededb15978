"""The stage of a municipality: its folder to records, sorted quads, and what the shapes say of them.

Its results are files below one directory, and nothing of a document stays in memory:

    records/{ipa}-{edition}.json    what records/ of the build has
    quads/{part}.nq                 its share of each part, sorted
    ledger.csv, decisions.csv       its rows of the reports
    retired.csv                     its rows of the table of what went elsewhere
    report.nt                       what the shapes say
    town.json                       what the union needs to know of it (``Town``)

The union of the graphs of all municipalities is the graph of the build, so the rest is merging.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode

from mappe_servizi.checks.shacl import Report, read_shapes, validate
from mappe_servizi.checks.shacl.report import VIOLATION, WARNING
from mappe_servizi.errors import InputError, gathered
from mappe_servizi.graph import VOCABULARIES, Common, Part, Validation, build_own, named
from mappe_servizi.graph.vocabularies import build as build_vocabularies
from mappe_servizi.graph.vocabularies import described, years_of
from mappe_servizi.model.identifiers import Registry, UnknownLabels
from mappe_servizi.model.records_file import file_name, to_json
from mappe_servizi.model.tables.knowledge import VULNERABLE
from mappe_servizi.model.tables.local import local_file
from mappe_servizi.model.tables.municipality import AUDIENCES, IDENTIFIERS, REDACTIONS
from mappe_servizi.outputs.decisions import write_decisions
from mappe_servizi.outputs.ledger import write_ledger
from mappe_servizi.pipeline.inputs import StageInputs, of_file, of_municipality, of_value, only
from mappe_servizi.pipeline.links import names_in
from mappe_servizi.pipeline.maintained import errors_of
from mappe_servizi.pipeline.records import Records, read_records
from mappe_servizi.pipeline.stages import Stage
from mappe_servizi.progress import Progress
from mappe_servizi.rdf.dump import canonical_lines, quad_lines, write_lines
from mappe_servizi.reading.curated import check_decisions
from mappe_servizi.releases.manifest import facts_of_edition
from mappe_servizi.releases.retired import write_retired
from mappe_servizi.settings import Settings

PLACES = ("data", "knowledge", "ontology", "shapes")
SHARED = ("program", *PLACES)
"""The inputs that all municipalities have in common."""
PRIVACY = ("small_count_threshold", "suppress_small_counts")
MATTER = ("base_uri", "engine", *PRIVACY)
"""The settings that what a municipality's data are depends on."""
QUADS, LEDGER, DECISIONS, RETIRED = "quads", "ledger.csv", "decisions.csv", "retired.csv"
REPORT, TOWN = "report.nt", "town.json"


@dataclass(frozen=True, slots=True)
class Town:
    """What the union needs to know of a municipality.

    Attributes:
        editions: what the manifest says of each, oldest first.
        years: those that its data speak of.
        named: the IRIs of others' vocabularies that its data point to.
        open: how many decisions are open.
        names: the organisations and municipalities that its data describe: IRI and name.
        organizations: the IRIs of the organisations that its registry has.
    """

    editions: list[dict[str, Any]]
    years: list[int]
    named: list[str]
    open: int
    names: dict[str, str]
    organizations: list[str]

    @classmethod
    def read(cls, directory: Path) -> Town:
        """Read it from the stage's results."""
        return cls(**json.loads((directory / TOWN).read_text(encoding="utf-8")))


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


def stage(folder: Path, settings: Settings, inputs: StageInputs) -> Stage:
    """The stage of a municipality's folder."""
    mine = only(settings, (*PLACES, *MATTER))
    of_folder = of_municipality(folder)
    shared = inputs.named(*SHARED)
    return Stage(
        name="municipality",
        owner=f"municipality-{folder.name}",
        inputs={**shared, "folder": of_folder, **{name: str(getattr(mine, name)) for name in MATTER}},
        make=partial(make, folder, mine, of_value([dict(shared), mine.base_uri])),
        privacy=_privacy(folder, mine),
        still=partial(_unchanged, folder, settings, of_folder, inputs),
    )


def _privacy(folder: Path, settings: Settings) -> str:
    """The hash of what may not be published: what is redacted, and what says which counts are small."""
    files = [folder / REDACTIONS.file]
    if settings.suppress_small_counts:
        vulnerable = settings.knowledge / VULNERABLE.file
        files += [folder / AUDIENCES.file, vulnerable]
        files += [local] if (local := local_file(vulnerable)) else []
    return of_value([*map(of_file, files), *(getattr(settings, name) for name in PRIVACY)])[:16]


def _unchanged(folder: Path, settings: Settings, of_folder: str, inputs: StageInputs) -> bool:
    return of_municipality(folder) == of_folder and inputs.stand(settings)


def incomplete_registries(settings: Settings) -> list[Registry]:
    """The registries that lack rows which a build needs, with their proposals.

    Raises:
        InputError: the inputs cannot be used.
    """
    found = (incomplete_registry(folder, settings) for folder in find_municipalities(settings))
    return [registry for registry in found if registry.missing]


def incomplete_registry(folder: Path, settings: Settings) -> Registry:
    """A municipality's registry, with proposals for the rows that it lacks.

    Raises:
        InputError: the inputs cannot be used.
    """
    registry = Registry.load(folder / IDENTIFIERS.file)
    records = read_records(folder, settings, registry)
    with suppress(UnknownLabels):
        _graph(settings, Common.load(settings.ontology, settings.base_uri), records, registry)
    return registry


def complete_registry(folder: Path, settings: Settings) -> int:
    """Write the rows that a municipality's registry lacks; how many.

    Raises:
        InputError: the inputs cannot be used.
    """
    registry = incomplete_registry(folder, settings)
    return registry.write() if registry.missing else 0


def make(folder: Path, settings: Settings, shared: str, target: Path, progress: Progress) -> None:
    """Write everything of a municipality; ``shared`` is the hash of what it has in common with others.

    Raises:
        InputError, InputErrors: something of it cannot be used.
        UnknownLabels: a label has no registered slug.
    """
    with progress.step("Read the documents"):
        gathered(errors_of(folder, settings.knowledge))
        registry = Registry.load(folder / IDENTIFIERS.file)
        records = read_records(folder, settings, registry)
    with progress.step("Write the records"):
        for one in records:
            of = one.document.municipality
            place = target / file_name(of.ipa, of.edition)
            place.parent.mkdir(exist_ok=True)
            place.write_bytes(to_json(one.printed))
    validator = _Validator(_Shared.of(settings, shared), records, settings.engine, progress)
    with progress.step("Build the graph"):
        parts = _graph(settings, validator.shared.common, records, registry, validator)
        check_decisions(folder, registry, frozenset().union(*(one.stated for one in records)))
    with progress.step("Sort the triples"):
        (target / QUADS).mkdir()
        for part in parts:
            write_lines(quad_lines(validator.sort(part), part.graph), target / QUADS / f"{part.name}.nq")
    (target / REPORT).write_bytes(validator.report.lines())
    documents = [one.document for one in records]
    write_ledger(documents, target / LEDGER)
    write_retired(documents[0].municipality.ipa, registry, target / RETIRED)
    data = (part for part in parts if isinstance(part.graph, DefaultGraph))
    town = Town(
        editions=[facts_of_edition(document) for document in documents],
        years=sorted({year for document in documents for year in years_of(document)}),
        named=sorted(term.value for term in validator.shared.described & named(parts)),
        open=write_decisions(documents, target / DECISIONS),
        names=names_in(map(validator.sort, data), settings.base_uri),
        organizations=list(_organizations(documents[0].municipality.ipa, registry, settings.base_uri)),
    )
    (target / TOWN).write_text(json.dumps(asdict(town)), encoding="utf-8")


def _organizations(ipa: str, registry: Registry, base: str) -> Iterator[str]:
    """The IRIs of a registry's organisations."""
    return (
        f"{base}data/organization/{ipa}/{row.slug}" for row in registry.rows if row.kind == "organization"
    )


def _graph(
    settings: Settings,
    common: Common,
    records: Sequence[Records],
    registry: Registry,
    validator: _Validator | None = None,
) -> list[Part]:
    return build_own(
        [one.document for one in records],
        {one.document.municipality.ipa: registry for one in records},
        common,
        knowledge=settings.knowledge,
        data=settings.data,
        validate=validator,
    )


@dataclass(frozen=True, slots=True)
class _Shared:
    """What all municipalities share, read once a process."""

    common: Common
    shapes: bytes
    described: frozenset[NamedNode]
    ontology: Path
    lines: dict[frozenset[int], list[bytes]] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings, shared: str) -> _Shared:
        """It, by the hash of its content, since files may change."""
        return _read_shared(settings.ontology, settings.shapes, settings.base_uri, shared)

    def vocabularies(self, years: frozenset[int]) -> list[bytes]:
        """The vocabularies' lines, with all that they may describe; most towns have the same years."""
        if years not in self.lines:
            part = build_vocabularies(years, self.ontology, self.common, self.described).part(VOCABULARIES)
            self.lines.clear()
            self.lines[years] = canonical_lines(part.statements)
        return self.lines[years]


@lru_cache(maxsize=1)
def _read_shared(ontology: Path, shapes: Path, base: str, shared: str) -> _Shared:
    return _Shared(Common.load(ontology, base), read_shapes(shapes, base), described(ontology), ontology)


@dataclass(slots=True)
class _Validator:
    """Validates the parts that the quality graph tells of; keeps the report and the sorted lines."""

    shared: _Shared
    records: Sequence[Records]
    engine: str
    progress: Progress
    lines: dict[str, list[bytes]] = field(default_factory=dict)
    report: Report = field(default_factory=Report)

    def sort(self, part: Part) -> list[bytes]:
        if part.name not in self.lines:
            self.lines[part.name] = canonical_lines(part.statements)
        return self.lines[part.name]

    def __call__(self, parts: Sequence[Part]) -> Validation:
        with self.progress.step("Validate"):
            years = frozenset(year for one in self.records for year in years_of(one.document))
            own = chain.from_iterable(map(self.sort, parts))
            lines = chain(own, self.shared.vocabularies(years))
            self.report = validate(lines, self.shared.shapes, self.engine)
        counts = self.report.counts
        return Validation(counts.get(VIOLATION, 0), counts.get(WARNING, 0))
