"""The union: a new directory's files from the results of all municipalities, step by step."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store

from mappe_servizi.checks.shacl import Report, write_report
from mappe_servizi.graph import VOCABULARIES, Common, schema
from mappe_servizi.graph.vocabularies import build as build_vocabularies
from mappe_servizi.model.outputs import declared
from mappe_servizi.model.outputs.lookup import check
from mappe_servizi.model.outputs.output import Written
from mappe_servizi.model.records_schema import SCHEMA
from mappe_servizi.model.records_schema import schema as schema_of_records
from mappe_servizi.outputs.decisions import FILE as DECISIONS
from mappe_servizi.outputs.figures import write_figures
from mappe_servizi.outputs.figures_index import write_figures_index
from mappe_servizi.outputs.reconcile_index import FILE as RECONCILE_INDEX
from mappe_servizi.outputs.reconcile_index import write_reconcile_index
from mappe_servizi.outputs.search_index import FILE as SEARCH_INDEX
from mappe_servizi.outputs.search_index import write_search_index
from mappe_servizi.outputs.statistics import FILE as STATISTICS
from mappe_servizi.outputs.statistics import write_statistics
from mappe_servizi.outputs.tables import write_tables
from mappe_servizi.pipeline import links, municipality, proposals
from mappe_servizi.pipeline.cache import Cache
from mappe_servizi.pipeline.inputs import StageInputs
from mappe_servizi.pipeline.municipalities import PARTS, Every
from mappe_servizi.pipeline.municipality import QUADS, Town
from mappe_servizi.pipeline.parts import write_part
from mappe_servizi.pipeline.quarantine import write_quarantine
from mappe_servizi.pipeline.runners.local import give_back
from mappe_servizi.pipeline.runners.runner import Runner
from mappe_servizi.pipeline.stages import Stage, Task, run
from mappe_servizi.pipeline.validation import VALIDATION_REPORT
from mappe_servizi.progress import Progress
from mappe_servizi.rdf.dump import (
    canonical_lines,
    graph_of,
    quad_lines,
    triple_lines,
    write_lines,
    write_turtle,
)
from mappe_servizi.rdf.namespaces import prefixes
from mappe_servizi.rdf.spaces import spaces
from mappe_servizi.rdf.stored import store_dump
from mappe_servizi.releases import manifest
from mappe_servizi.releases.completion import CATALOGUE, DATA, clean, complete, pack_tables, write_sums
from mappe_servizi.releases.manifest import facts_of, files_in, write_manifest
from mappe_servizi.settings import Settings

COPIES = {"quality": declared.QUALITY.path}
"""Parts that stand in a second place too."""
DEFAULT_GRAPH = "default-graph.nq"
COUNT = "triples"
IN_MEMORY = 256 << 20
"""Bytes of N-Quads up to which a store in memory is asked while building; it takes about twice that."""


@dataclass(slots=True)
class Union:
    """Fills a new directory.

    Attributes:
        every: the municipalities.
        inputs: what they share.
        report: what the shapes say, in the end.
    """

    directory: Path
    settings: Settings
    progress: Progress
    runner: Runner
    cache: Cache
    every: Every
    inputs: StageInputs
    counts: dict[str, dict[str, int]] = field(default_factory=lambda: {"triples": {}})
    report: Report = field(default_factory=Report)

    def write(self) -> None:
        """Everything.

        Raises:
            MappeError: knowledge or the catalogue's texts cannot be used.
        """
        towns = [one.town for one in self.every.made]
        parts = {
            one.folder: write_part(one.stage, one.folder, one.results, self.directory, self.cache)
            for one in self.every.made
        }
        with self._step("Link"):
            linked = self._link(towns)
        with self._step("Merge the dump"):
            self._vocabularies(towns)
            shared = self._merge()
        asked = self._asked()
        with ThreadPoolExecutor(1) as beside:  # a store works outside of Python's lock
            loading = beside.submit(_load, asked, self.directory / DATA)
            with self._step("Write the dumps"):
                self._dumps(shared)
            with self._step("Load the store (begun before)"):
                loading.result()
        base = self.settings.base_uri
        with self._step("Write the tables"):
            tables = self.settings.queries / "tables"
            self.counts["tables"] = write_tables(asked, tables, self.directory / declared.TABLE.folder, base)
        with self._step("Write the figures"):
            figures = declared.FIGURES.at(self.directory)
            write_figures(asked, self.settings.queries, figures, base)
            write_figures_index(figures, declared.FIGURES_INDEX.at(self.directory))
        facts = {
            **facts_of([edition for town in towns for edition in town.editions], self.settings),
            manifest.PARTS: parts,
            manifest.QUARANTINED: [one.fact() for one in self.every.quarantined],
        }
        with self._step("Pack the tables"):
            pack_tables(self.directory, facts, self.settings)
        with self._step("Write the reports"):
            self._reports()
        with self._step("Propose links"):
            self._propose(towns)
        with self._step("Write the catalogue and the dump"):
            completed = complete(self.directory, self.settings, facts)
            self.counts["triples"]["catalogue"] = completed.triples
            _load(asked, self.directory / CATALOGUE)
            clean(self.directory)
        with ThreadPoolExecutor(1) as beside:
            keeping = beside.submit(self._keep, asked)
            with self._step("Index the texts, count"):
                write_search_index(asked, self.directory / SEARCH_INDEX, base)
                write_statistics(asked, self.directory / STATISTICS)
                write_reconcile_index(asked, self.directory / RECONCILE_INDEX, base)
                known = write_sums(self.directory)
            with self._step("Keep the store (begun before)"):
                keeping.result()
        self._report([linked, completed.report])
        shutil.rmtree(self.directory / PARTS)
        write_manifest(self.directory, base, facts, completed.sha256, self.counts, known=known)
        check(files_in(self.directory), (Written.ONCE, Written.ANEW))

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        """A step of the work, which begins with no memory of what went before."""
        with self.progress.step(name):
            give_back()
            yield

    def _link(self, towns: Sequence[Town]) -> Report:
        """The part of links; returns what the shapes say of it."""
        names = {iri: name for town in towns for iri, name in town.names.items()}
        place = self._made(links.stage(self.settings, self.inputs, names, *self._organizations(towns)))
        (place / links.LINES).rename(self.directory / PARTS / links.LINES)
        if elsewhere := int((place / links.ELSEWHERE).read_text(encoding="ascii")):
            self.progress.tell(f"decisions.csv: {elsewhere} decisions are about none of these providers")
        return Report.read((place / links.REPORT).read_bytes())

    def _propose(self, towns: Sequence[Town]) -> None:
        """The table of links that somebody may decide about."""
        place = self._made(
            proposals.stage(self.directory, self.settings, self.inputs, *self._organizations(towns))
        )
        (place / proposals.TABLE).rename(declared.LINK_PROPOSALS.at(self.directory))
        if told := (place / proposals.TOLD).read_text(encoding="utf-8"):
            self.progress.tell(told)

    def _made(self, stage: Stage) -> Path:
        """The directory of the results of a stage that there is once, made or from the cache."""
        self.cache.purge(stage.owner, stage.privacy)
        task = Task(stage, self.cache, self.directory / PARTS / stage.owner)
        if not task.fetch():
            run(task)
        return task.target

    def _organizations(self, towns: Sequence[Town]) -> tuple[list[str], list[str], str]:
        """Those of all registries, the codes of absent municipalities, the hash of what is withheld."""
        own = [iri for town in towns for iri in town.organizations]
        absent = [one.ipa for one in self.every.quarantined if not one.kept]
        return own, absent, self.every.privacy

    def _vocabularies(self, towns: Sequence[Town]) -> None:
        """The part that all municipalities share, once."""
        common = Common.load(self.settings.ontology, self.settings.base_uri)
        named = {NamedNode(iri) for town in towns for iri in town.named}
        years = {year for town in towns for year in town.years}
        part = build_vocabularies(years, self.settings.ontology, common, named).part(VOCABULARIES)
        write_lines(canonical_lines(part.statements), self.directory / PARTS / f"{VOCABULARIES}.nq")

    def _merge(self) -> list[Path]:
        """Merge what is of one part, and all; returns the parts that are not of one municipality alone."""
        own = {f"{edition['edition']}.nq" for one in self.every.made for edition in one.town.editions}
        quads = [path for one in self.every.made for path in (one.results / QUADS).iterdir()]
        for name in sorted({path.name for path in quads} - own):
            self.runner.merge(sorted(p for p in quads if p.name == name), self.directory / PARTS / name)
        shared = sorted(self.directory.glob(f"{PARTS}/*.nq"))
        every = sorted([*shared, *(path for path in quads if path.name in own)])
        of_data = [path for path in every if graph_of(path) == DefaultGraph()]
        data = self.directory / PARTS / DEFAULT_GRAPH
        self.runner.merge(of_data, data)
        described = self._schema(data)
        others = [path for path in every if path not in of_data]
        self.runner.merge([data, *others, described], self.directory / DATA)
        return [*shared, described]

    def _schema(self, data: Path) -> Path:
        """Describe what the default graph has; returns the part."""
        part = schema.build(data, self.settings)
        lines = self.directory / PARTS / f"{part.name}.nq"
        write_lines(quad_lines(canonical_lines(part.statements), part.graph), lines)
        return lines

    def _dumps(self, shared: Sequence[Path]) -> None:
        """The dump of each part: those of an edition are stages of their own."""
        tasks = list(self._tasks())
        known = [task.fetch() for task in tasks]
        running = self.runner.map(run, [task for task, there in zip(tasks, known, strict=True) if not there])
        for path in shared:
            write_dump(path, self.settings.base_uri, self.directory, Progress(quiet=True))
            self._place(path.stem, self.directory)
        for _ in running:
            pass
        for task in tasks:
            self._place(task.target.name, task.target)
        self.counts["triples"] = dict(sorted(self.counts["triples"].items()))

    def _tasks(self) -> Iterator[Task]:
        for one in self.every.made:
            for edition in one.town.editions:
                name, mine = edition["edition"], one.stage
                source = one.results / QUADS / f"{name}.nq"
                stage = Stage(
                    name="dump",
                    owner=mine.owner,
                    inputs={
                        "program": mine.inputs["program"],
                        "municipality": mine.key,
                        "part": name,
                    },
                    make=partial(write_dump, source, self.settings.base_uri),
                    privacy=mine.privacy,
                    still=mine.still,
                )
                yield Task(stage, self.cache, self.directory / PARTS / "dumps" / name)

    def _place(self, part: str, source: Path) -> None:
        """Move a part's files to where they are published."""
        count = source / f"{part}.{COUNT}"
        self.counts["triples"][part] = int(count.read_text(encoding="ascii"))
        count.unlink()
        for path in declared.DUMP_OF_PART.at(source, part=part).parent.glob(f"{part}.*"):
            path.rename(self.directory / path.relative_to(source))
        if part in COPIES:
            shutil.copyfile(
                declared.DUMP_OF_PART.at(self.directory, part=part), self.directory / COPIES[part]
            )

    def _asked(self) -> Store:
        """The store that tables and indexes are made from: in memory, where all of it is little enough."""
        if (self.directory / DATA).stat().st_size <= IN_MEMORY:
            return Store()
        return Store(self.directory / declared.STORE.folder)

    def _keep(self, asked: Store) -> None:
        """Write the store of the build, where it is not the one that was asked."""
        place = self.directory / declared.STORE.folder
        if any(place.iterdir()):
            asked.optimize()
        else:
            store_dump(declared.DUMP.at(self.directory), place)

    def _reports(self) -> None:
        """The tables and records that are what the municipalities' are, one after another."""
        for name, target in (
            (municipality.LEDGER, declared.LEDGER.at(self.directory)),
            (municipality.DECISIONS, self.directory / DECISIONS),
            (municipality.RETIRED, declared.RETIRED.at(self.directory)),
        ):
            join_tables([one.results / name for one in self.every.made], target)
        for one in self.every.made:
            for path in (one.results / declared.RECORDS.folder).iterdir():
                path.rename(self.directory / path.relative_to(one.results))
        write_quarantine(self.every.quarantined, self.settings, self.directory)
        (self.directory / SCHEMA).write_bytes(schema_of_records())

    def _report(self, others: Sequence[Report]) -> None:
        reports = [Report.read((one.results / municipality.REPORT).read_bytes()) for one in self.every.made]
        self.report = Report.union([*reports, *others])
        write_report(self.report, self.directory / VALIDATION_REPORT)
        self.counts["validation"] = dict(self.report.counts)


def write_dump(lines: Path, base: str, target: Path, progress: Progress) -> None:
    """Write a part's sorted quads as Turtle, and how many triples they are.

    Args:
        lines: N-Quads; its name is the part's.
        base: of every IRI.
        target: a directory of a build, or for one part.
        progress: told nothing.
    """
    known, path = prefixes(base), declared.DUMP_OF_PART.at(target, part=lines.stem)
    path.parent.mkdir(exist_ok=True)
    with lines.open("rb") as file:
        own = spaces(file, base, known)
        file.seek(0)
        count = write_turtle(triple_lines(file, graph_of(lines)), path, known | own)
    (target / f"{lines.stem}.{COUNT}").write_text(str(count), encoding="ascii")


def _load(store: Store, lines: Path) -> None:
    store.bulk_load(path=lines, format=RdfFormat.N_QUADS)


def join_tables(sources: Sequence[Path], target: Path) -> None:
    """Write tables of the same columns one after another, their header once."""
    with target.open("wb") as output:
        for source in sources:
            with source.open("rb") as file:
                header = file.readline()
                if output.tell() == 0:
                    output.write(header)
                shutil.copyfileobj(file, output)
