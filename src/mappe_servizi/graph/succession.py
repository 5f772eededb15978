"""What the editions of one municipality are to each other: which figures and maps hold, what is said once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar

from pyoxigraph import NamedNode

from mappe_servizi.graph.edition import Edition
from mappe_servizi.model.current import EditionStatement, Settled, settle
from mappe_servizi.model.figures import FigureKey, PlacedFigure
from mappe_servizi.model.records import IndexEntry
from mappe_servizi.rdf.builder import Part, Statement, true
from mappe_servizi.rdf.namespaces import DCT, PROV, RDF, SKOS, Namespace

Thing = TypeVar("Thing")
ADDS_UP: Final = frozenset({RDF["type"], SKOS["hasTopConcept"]})
"""Properties, beside MDS's own that begin with "has", of which every edition adds to what others state."""
ADDS_UP_HERE: Final = ("providesService", "segmentedBy")


def add_succession(editions: Sequence[Edition], figures: Mapping[FigureKey, Settled[PlacedFigure]]) -> None:
    """State of every figure and map of a municipality whether it is current, and what it replaces.

    Args:
        editions: all of one municipality's, with their figures and maps built.
        figures: which figures hold.
    """
    by_year = {edition.year: edition for edition in editions}

    def figure(statement: EditionStatement[PlacedFigure]) -> NamedNode:
        sheet, indicator = statement.thing.sheet, statement.thing.indicator
        key = (sheet.number, indicator.table, indicator.position, statement.thing.figure.year)
        return by_year[statement.edition].figures[key]

    for settled in figures.values():
        _add(by_year, settled, figure)
        for new, old in settled.replaces:
            if _told(new.thing) != _told(old.thing):
                by_year[new.edition].builder.add(figure(new), PROV["wasRevisionOf"], figure(old))
    maps: dict[str, list[EditionStatement[IndexEntry]]] = defaultdict(list)
    for edition in editions:
        for number, entry in edition.entries.items():
            maps[edition.service_slug(number)].append(EditionStatement(edition.year, entry, True))
    for statements in maps.values():
        _add(by_year, settle(statements), lambda s: by_year[s.edition].map(s.thing.number))


def _add(
    by_year: Mapping[int, Edition],
    settled: Settled[Thing],
    iri: Callable[[EditionStatement[Thing]], NamedNode],
) -> None:
    old = [before for _, before in settled.replaces]
    for statement in (settled.current, *old, *settled.unheard):
        edition = by_year[statement.edition]
        edition.builder.add(iri(statement), edition.mds["isCurrent"], true(statement is settled.current))
    for new, before in settled.replaces:
        by_year[new.edition].builder.add(iri(new), DCT["replaces"], iri(before))


def _told(placed: PlacedFigure) -> tuple[object, ...]:
    """What a figure says, whatever cell prints it."""
    return placed.figure.value, placed.figure.unit or placed.indicator.unit


def said_once(parts: Sequence[Part], mds: Namespace) -> list[Part]:
    """The parts of a municipality's editions, so that what lives over them is described once.

    What an older edition says of a thing stands back where a newer one states the same property of it,
    but for what adds up: its maps, entries, figures, and what belongs to it. The parts of a thing that
    have IRIs below its own (an address) are described by one edition as a whole.

    Args:
        parts: one an edition, oldest first.
        mds: the local ontology's namespace.
    """
    if len(parts) == 1:
        return list(parts)
    known: dict[str, set[NamedNode]] = defaultdict(set)
    done: list[Part] = []
    for part in reversed(parts):
        kept: list[Statement] = []
        here: dict[str, set[NamedNode]] = defaultdict(set)
        for statement in part.statements:
            subject, predicate, _ = statement
            if not known or _stays(subject, predicate, known, mds):
                kept.append(statement)
            here[subject.value].add(predicate)
        for iri, predicates in here.items():
            known[iri] |= predicates
        done.append(Part(part.name, part.graph, kept, part.derivations))
    return done[::-1]


def _stays(
    subject: NamedNode, predicate: NamedNode, known: Mapping[str, set[NamedNode]], mds: Namespace
) -> bool:
    newer = known.get(subject.value)
    if not newer:
        return True
    if predicate in ADDS_UP or _adds_up(predicate, mds):
        return True
    return predicate not in newer and subject.value.rpartition("/")[0] not in known


def _adds_up(predicate: NamedNode, mds: Namespace) -> bool:
    name = predicate.value.removeprefix(mds)
    return name != predicate.value and (name.startswith("has") or name in ADDS_UP_HERE)
