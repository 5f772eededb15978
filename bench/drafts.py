"""How often proposals agree with Cremona's reviewed rows: each area drafted from the others.

    python -m bench.drafts            prints precision and coverage, a table a line
    python -m bench.drafts --write    also writes data/knowledge/proposal-evidence.csv from all areas

A proposal is right where the reviewed row says the same: the concept of a service, its classification (kind,
themes, COFOG), its English name, what an indicator counts and its role, the names of an official. Of the
audiences of a segment, each that is proposed must be among the reviewed ones. Places and channels are read by
rule, and Cremona's tables have only what the review changed: there a proposal is right where the reading with
these tables says the same (bench/drafts_delivery.py). What a proposal's rule is worth
in an area is counted on the other areas. The words of the rules and of the concepts were written with these
documents in view, so other towns may be harder: their reviewed rows make the figures better.
"""

from __future__ import annotations

import csv
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.drafts_delivery import reviewed_channels, reviewed_places
from bench.drafts_review import Judged, asked

from mappe_servizi.model.identifiers import Registry
from mappe_servizi.model.names import Names
from mappe_servizi.model.records import Document
from mappe_servizi.model.tables import SURE, concepts, municipality, read_rows
from mappe_servizi.model.tables.proposals import EVIDENCE, PAGE_TITLES
from mappe_servizi.reading.municipality import find_editions
from mappe_servizi.reading.proposals.drafts import CLASSES, Draft, Drafter
from mappe_servizi.reading.proposals.evidence import Case, Evidence
from mappe_servizi.reading.reader import read_printed

ROOT = Path(__file__).parents[1]
TOWN = ROOT / "data" / "municipalities" / "c_d150"
KNOWLEDGE = ROOT / "data" / "knowledge"
PEOPLE = "people.csv"


def codes(text: str) -> frozenset[str]:
    """The codes of a cell."""
    return frozenset(part.strip() for part in text.split("|") if part.strip())


def judges(document: Document, names: Names) -> dict[str, Callable[[Draft], bool | None]]:
    """By file: whether a draft says what the reviewed row says; None where there is no such row."""

    def rows(table: Any) -> dict[tuple[str, ...], Any]:
        fields = table.unique[0]
        return {
            tuple(str(getattr(row, name)) for name in fields): row
            for row in read_rows(table, TOWN / table.file)
        }

    meant, classes = rows(concepts.SERVICES), rows(municipality.SERVICES)
    audiences, indicators = rows(municipality.AUDIENCES), rows(municipality.INDICATORS)
    people = rows(municipality.PEOPLE)

    def classified(draft: Draft) -> bool | None:
        row = classes.get(draft.key)
        if row is None or row.evidence in draft.cells["evidence"]:
            return None  # the classification was taken from this very row
        said = (row.kind, frozenset(row.theme), frozenset(row.data_theme), frozenset(row.cofog))
        return said == (
            draft.cells["kind"],
            *(codes(draft.cells[n]) for n in ("theme", "data_theme", "cofog")),
        )

    def counts(draft: Draft) -> bool | None:
        row = indicators.get(draft.key)
        return None if row is None else row.counted == draft.cells["counted"]

    def named(draft: Draft) -> bool | None:
        row = people.get(draft.key)
        return (
            None if row is None else (row.given, row.family) == (draft.cells["given"], draft.cells["family"])
        )

    english, areas = rows(municipality.SERVICE_NAMES), rows(municipality.AREAS)
    places, channels = reviewed_places(document, names), reviewed_channels(document, names)

    def translated(draft: Draft) -> bool | None:
        row = english.get(draft.key)
        return None if row is None else row.title_en.casefold() == draft.cells["title_en"].casefold()

    def called(draft: Draft) -> bool | None:
        row = areas.get(draft.key)
        return None if row is None else row.label_en.casefold() == draft.cells["label_en"].casefold()

    return {
        municipality.SERVICE_NAMES.file: translated,
        municipality.AREAS.file: called,
        municipality.PLACES.file: lambda d: places.says(d.key, (d.cells["name"], d.cells["address"])),
        municipality.CHANNELS.file: lambda d: channels.says(
            d.key, (d.cells["name"], d.cells["kind"], d.cells["url"])
        ),
        concepts.SERVICES.file: lambda d: (
            meant[d.key].concept == d.cells["concept"] if d.key in meant else None
        ),
        municipality.SERVICES.file: classified,
        municipality.AUDIENCES.file: lambda d: (
            codes(d.cells["audiences"]) <= frozenset(audiences[d.key].audiences)
            if d.key in audiences
            else None
        ),
        municipality.INDICATORS.file: counts,
        PEOPLE: named,
    }


def judged(document: Document, names: Names, drafter: Drafter) -> Iterator[Judged]:
    """The drafts, each once, and whether a reviewed row says the same."""
    areas = {names.service(entry.number): names.area(entry) for entry in document.entries}
    told, seen = judges(document, names), set()
    for draft in drafter.drafts(document, names):
        if (draft.table.file, draft.key) not in seen:
            seen.add((draft.table.file, draft.key))
            judge = told.get(draft.table.file)
            yield Judged(areas.get(draft.key[0], draft.key[0]), draft, judge(draft) if judge else None)


@contextmanager
def held_out() -> Iterator[Drafter]:
    """A drafter that does not know the titles that were written with Cremona's in view.

    What a title's likeness to a name is worth is counted on it: they would make every likeness right.
    """
    with tempfile.TemporaryDirectory() as place:
        known = shutil.copytree(KNOWLEDGE, Path(place) / "knowledge")
        path = known / PAGE_TITLES.file
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *(row for row in rows if row[-1] != "assumed")])
        yield Drafter.load(known)


def cases(found: Iterable[Judged]) -> Iterator[Case]:
    """What the judged drafts tell of their rules.

    A classification follows from the concept, whose own probability it is multiplied with: what it is worth
    is counted where the concept is right.
    """
    found = list(found)
    meant = {one.draft.key: one.right for one in found if one.draft.table is concepts.SERVICES}
    for one in found:
        if one.right is not None and (one.draft.rule != CLASSES or meant.get(one.draft.key)):
            yield Case(one.draft.rule, one.right)


def without_own_area(found: Iterable[Judged], told: Iterable[Judged]) -> list[Judged]:
    """The same, each as sure as what is told of the other areas makes it."""
    found, told = list(found), list(told)
    evidence = {
        area: Evidence.of(cases(one for one in told if one.area != area))
        for area in {one.area for one in found}
    }
    sure = [
        one._replace(draft=replace(one.draft, probability=evidence[one.area].probability(one.draft.rule)))
        for one in found
    ]
    concept = {one.draft.key: one.draft.probability for one in sure if one.draft.table is concepts.SERVICES}
    return [
        one._replace(draft=replace(one.draft, probability=one.draft.probability * concept[one.draft.key]))
        if one.draft.rule == CLASSES and one.draft.key in concept
        else one
        for one in sure
    ]


def read() -> tuple[Document, Names]:
    """Cremona's newest edition without its curated rows, and what it is called."""
    registry = Registry.load(TOWN / "identifiers.csv")
    document = read_printed(find_editions(TOWN)[-1], KNOWLEDGE)
    return document, Names.of(document, registry)


def reviewed_rows(file: str) -> int:
    """How many rows of a table are reviewed."""
    with (TOWN / file).open(encoding="utf-8", newline="") as rows:
        return sum(1 for _ in csv.DictReader(rows))


def measured(found: Iterable[Judged], counts: Mapping[str, int]) -> dict[str, tuple[int, int, int, int, int]]:
    """By file: reviewed rows (or things, as told), drafts, right ones, values (sure enough), right ones."""
    by_file = defaultdict(list)
    for one in found:
        if one.right is not None:
            by_file[one.draft.table.file].append(one)
    result = {}
    for file, drafts in sorted(by_file.items()):
        reviewed = counts.get(file) or reviewed_rows(file)
        values = [one for one in drafts if one.draft.probability >= SURE]
        result[file] = (
            reviewed, len(drafts), sum(one.right is True for one in drafts), len(values),
            sum(one.right is True for one in values),
        )  # fmt: skip
    return result


def write_evidence(told: Iterable[Judged]) -> None:
    """What all areas tell, for every municipality."""
    evidence = Evidence.of(cases(told))
    with (KNOWLEDGE / EVIDENCE.file).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(column.name for column in EVIDENCE.columns)
        writer.writerows((*rule, *counts) for rule, counts in sorted(evidence.rules.items()))


def main() -> None:
    """Print the figures."""
    document, names = read()
    with held_out() as drafter:
        told = list(judged(document, names, drafter))
    found = without_own_area(judged(document, names, Drafter.load(KNOWLEDGE)), told)
    counts = {
        municipality.PLACES.file: reviewed_places(document, names).count,
        municipality.CHANNELS.file: reviewed_channels(document, names).count,
    }
    print(f"{'table':<24}{'rows':>6}{'drafts':>8}{'right':>8}{'values':>8}{'precision':>11}{'coverage':>10}")
    for file, (rows, drafts, right, values, of) in measured(found, counts).items():
        precision = f"{of / values:.3f}" if values else "-"
        shown = f"{file:<24}{rows:>6}{drafts:>8}{right / drafts:>8.3f}{values:>8}{precision:>11}"
        print(f"{shown}{values / rows:>10.2f}")
    print(asked(found, TOWN, KNOWLEDGE))
    if "--write" in sys.argv[1:]:
        write_evidence(told)


if __name__ == "__main__":
    main()
