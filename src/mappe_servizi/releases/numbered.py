"""Releases: a build made immutable under a number, with what changed since the one before.

``RELEASES/{number}`` and ``RELEASES/current`` are links to directories that are never changed. A
release shares with the build, and its feed with the release before, the bytes of every file
that is the same; what tells its number (catalogue, whole dump, store) is its own.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from pyoxigraph import RdfFormat, Store, Triple

from mappe_servizi.checks.shacl import Report, write_report
from mappe_servizi.errors import MappeError
from mappe_servizi.graph.catalogue import Numbered
from mappe_servizi.model.outputs import declared
from mappe_servizi.model.outputs.lookup import check, find, folders
from mappe_servizi.model.outputs.output import Written
from mappe_servizi.outputs.reconcile_index import FILE as RECONCILE_INDEX
from mappe_servizi.outputs.reconcile_index import write_reconcile_index
from mappe_servizi.outputs.search_index import FILE as SEARCH_INDEX
from mappe_servizi.outputs.search_index import write_search_index
from mappe_servizi.outputs.statistics import FILE as STATISTICS
from mappe_servizi.outputs.statistics import write_statistics
from mappe_servizi.progress import Progress
from mappe_servizi.releases import feed, retired
from mappe_servizi.releases.assessment import Assessment, beyond
from mappe_servizi.releases.change_log import write_changes
from mappe_servizi.releases.changes import DATA as DATA_STREAM
from mappe_servizi.releases.changes import Change, compare, in_words
from mappe_servizi.releases.completion import (
    CATALOGUE,
    DATA,
    Completed,
    clean,
    complete,
    pack_tables,
    write_sums,
)
from mappe_servizi.releases.directory import new_directory, publish
from mappe_servizi.releases.history import described, entry
from mappe_servizi.releases.manifest import files_in, published_by, write_manifest
from mappe_servizi.releases.opened import Release, open_release
from mappe_servizi.releases.refusal import releasable
from mappe_servizi.releases.rollback import CURRENT, latest
from mappe_servizi.releases.withdrawal import withdraw
from mappe_servizi.rights import Standing
from mappe_servizi.settings import Settings

WRITTEN = frozenset({"format", "version", "baseUri", "dump", "counts", "release", "files"})
"""What a manifest says of the directory itself; the rest is taken over from the build."""


class UnchangedError(MappeError):
    """A build says what the newest release says."""


def release(settings: Settings, progress: Progress | None = None) -> Path:
    """Make the build of ``settings.release`` the next release; returns its directory.

    Raises:
        MappeError: what a release needs is not set, more is wrong or open than is allowed, nothing has
            changed, or the build cannot be used.
    """
    progress = progress or Progress()
    build = open_release(settings.release)
    settings = replace(settings, base_uri=build.base_uri)
    link = settings.releases / CURRENT
    before = latest(settings.releases)
    found = releasable(build, before, settings)
    with new_directory(link) as directory:
        maker = _Maker(directory, settings, progress, build, before, found)
        number = maker.make()
        with progress.step("Publish"):
            give_number(directory, settings.releases / str(number))
            publish(directory, link)
    if before is not None and (new := _new_redactions(build, before)):
        with progress.step(f"Withdraw earlier releases ({len(new)} redactions)"):
            withdraw(settings.releases, number)
    progress.done(f"Release {number}")
    progress.tell(
        f"{maker.found.counted()}: {declared.VALIDATION.at(link)}, {declared.OPEN_DECISIONS.at(link)}"
    )
    return directory


def give_number(directory: Path, link: Path) -> None:
    """Give a release its number, before it is the current one: that one always has a number.

    Raises:
        MappeError: another release has the number.
    """
    if link.exists():
        raise MappeError(f"there is a release {link.name} already: {link}")
    link.unlink(missing_ok=True)  # of a release that was stopped, and whose directory is gone
    link.symlink_to(directory.name)


def today() -> str:
    """The day of a release: of SOURCE_DATE_EPOCH where it is set, ISO 8601.

    Raises:
        MappeError: SOURCE_DATE_EPOCH is not a number of seconds.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        moment = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    except (ValueError, OverflowError) as error:
        raise MappeError(f"SOURCE_DATE_EPOCH must be a number of seconds: {epoch!r}") from error
    return moment.date().isoformat()


def _hides_more(build: Release, before: Release) -> bool:
    """Whether a build takes away what the release before has, so that its values must not be told."""
    below = [release.facts["suppressedBelow"] for release in (build, before)]
    return bool(_new_redactions(build, before)) or below[0] > below[1]


def _new_redactions(build: Release, before: Release) -> set[str]:
    return {*build.facts["redactions"]} - {*before.facts["redactions"]}


@dataclass(slots=True)
class _Maker:
    """Fills a release's directory."""

    directory: Path
    settings: Settings
    progress: Progress
    build: Release
    before: Release | None
    found: Assessment

    def make(self) -> int:
        """Write everything; returns the release's number."""
        settings, base = self.settings, self.build.base_uri
        facts = {**self.build.facts, **published_by(settings)}
        with self.progress.step("Take over the build"):
            self._take_over()
        if any(facts[key] != self.build.facts.get(key) for key in published_by(settings)):
            with self.progress.step("Pack the tables (another publisher)"):
                self._drop_packages()
                pack_tables(self.directory, facts, settings)
        with self.progress.step("Compare with the release before"):
            compared = self._compared(self.directory / DATA)
            changes = [c for c in compared if c.stream == DATA_STREAM]
        if self.before and not changes and self._same_data():
            raise UnchangedError(f"nothing has changed since release {self.before.number}")
        numbered = self._numbered(changes)
        self._tell_changes(changes)
        with self.progress.step("Write the catalogue and the dump"):
            history = [*self._history(), entry(numbered)]
            further = [*described(base, history), *self._tombstones(compared, numbered)]
            completed = complete(self.directory, settings, facts, numbered, further)
            self._assess(completed)
        with self.progress.step("Load the store"):
            self._store()
        with self.progress.step("Write the feed"):
            self._feed(numbered, Standing.read(facts))
        clean(self.directory)
        known = write_sums(self.directory)
        kept = {k: v for k, v in facts.items() if k not in WRITTEN}
        counts = {
            **facts["counts"],
            "triples": {**facts["counts"]["triples"], "catalogue": completed.triples},
            "validation": dict(self.found.report.counts),
        }
        about = {"number": numbered.number, "date": numbered.date, "history": history}
        write_manifest(self.directory, base, kept, completed.sha256, counts, known=known, release=about)
        check(files_in(self.directory), (Written.ONCE, Written.ANEW, Written.RELEASE))
        return numbered.number

    def _assess(self, completed: Completed) -> None:
        """Refuse a catalogue with too many violations; write what holds of data and catalogue together."""
        report = Report.union([self.found.report, completed.report])
        self.found = replace(self.found, report=report)
        if said := beyond(self.found, self.settings, self.settings.release, "in its data and catalogue"):
            raise MappeError("\n".join(said))
        write_report(report, declared.VALIDATION.at(self.directory))

    def _tell_changes(self, changes: Sequence[Change]) -> None:
        """Write what changed since the release before, with the values of before where they may be told."""
        told = changes if self.before else []
        withheld = self.before is not None and _hides_more(self.build, self.before)
        write_changes(told, declared.CHANGES.at(self.directory), self.build.base_uri, withheld=withheld)

    def _drop_packages(self) -> None:
        """Remove what tells the publisher; the flat figures tell of none."""
        figures = declared.FIGURES.at(self.directory)
        for path in (self.directory / declared.PARQUET.folder).iterdir():
            if path != figures:
                path.unlink()

    def _take_over(self) -> None:
        for name in folders(Written.ONCE, Written.ANEW, Written.RELEASE):
            (self.directory / name).mkdir()
        hidden = [name for name in files_in(self.build.path) if (one := find(name)) and one.hidden]
        for name in [*self.build.files, *hidden]:
            if (output := find(name)) is None or output.written is Written.ONCE:
                target = self.directory / name
                feed.share(self.build.path / name, target)
        end = f" <{self.build.base_uri}graph/catalogue> .\n".encode()
        with self.build.dump.open("rb") as lines, (self.directory / DATA).open("wb") as kept:
            kept.writelines(line for line in lines if not line.endswith(end))

    def _compared(self, new: Path) -> list[Change]:
        """The changes of the whole dump, or of the data alone (whose catalogue is not there yet)."""
        old = self.before.dump if self.before else None
        found = compare(old, new, self.build.base_uri)
        return [c for c in found if new.name != DATA or c.stream != "catalogue"]

    def _same_data(self) -> bool:
        return not self._compared(self.directory / DATA)

    def _numbered(self, changes: Sequence[Change]) -> Numbered:
        history = self._history()
        number = (self.before.number or 0) + 1 if self.before else 1
        day = max([today(), *(one["date"] for one in history)])  # a feed's time never goes back
        notes = in_words(changes, self.build.base_uri)
        if not self.before:
            notes = {"it": "Primo rilascio.", "en": "First release."}
        return Numbered(number, day, notes, history[0]["date"] if history else day)

    def _history(self) -> list[dict[str, str]]:
        return list(self.before.facts["release"]["history"]) if self.before else []

    def _tombstones(self, changes: Sequence[Change], numbered: Numbered) -> list[Triple]:
        if self.before is None:
            return []
        base = self.build.base_uri
        before = retired.read_tombstones(declared.DUMP_OF_CATALOGUE.at(self.before.path))
        still = self._subjects()
        withdrawn = list(dict.fromkeys(c.iri for c in changes if _is_gone(c) and c.iri not in still))
        registries = retired.read_retired(self.directory)
        rename = {iri: to for iri in {*withdrawn, *before} if (to := retired.renamed(iri, base, registries))}
        return list(retired.tombstones(before, withdrawn, still, numbered.date, rename))

    def _subjects(self) -> set[str]:
        with (self.directory / DATA).open("rb") as lines:
            return {line.split(b" ", 1)[0][1:-1].decode() for line in lines}

    def _store(self) -> None:
        store = Store(self.directory / declared.STORE.folder)
        for name in (DATA, CATALOGUE):
            store.bulk_load(path=self.directory / name, format=RdfFormat.N_QUADS)
        store.optimize()
        write_search_index(store, self.directory / SEARCH_INDEX, self.build.base_uri)
        write_statistics(store, self.directory / STATISTICS)
        write_reconcile_index(store, self.directory / RECONCILE_INDEX, self.build.base_uri)

    def _feed(self, numbered: Numbered, standing: Standing) -> None:
        base, directory = self.build.base_uri, self.directory
        if self.before is not None:
            feed.copy_pages(self.before.path, directory)
        changes = self._compared(declared.DUMP.at(directory))
        if self.before is not None and _new_redactions(self.build, self.before):
            affected = {(c.stream, c.iri) for c in changes if c.kind != "added"}
            feed.redact_pages(directory, base, affected)
        feed.write_pages(changes, directory, base, numbered.number, numbered.date)
        entries = [*self._history(), entry(numbered)]
        text = feed.atom(base, standing, entries)
        declared.RELEASES.at(directory).write_text(text, encoding="utf-8")


def _is_gone(change: Change) -> bool:
    """Whether an IRI is no longer stated, that someone may ask for: places in a document have none to ask."""
    return change.kind == "withdrawn" and (change.stream == DATA_STREAM or "#" not in change.iri)
