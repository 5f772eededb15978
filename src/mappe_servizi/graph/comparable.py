"""The third cube: one figure a territory, year and shared indicator, so that municipalities compare.

A figure comes from the one row that is the indicator, or from all rows that are parts of it where a
person has reviewed that they are all there is. It never comes from a breakdown, from a figure that a
finding doubts, from a service that covers other towns as well, or from two rows of which one repeats the
other; what two rows state differently is not stated at all. What figures are divided by may come from a
source outside the maps instead (populations.csv), which then holds for its year.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pyoxigraph import Literal, NamedNode

from mappe_servizi.graph import data_sets
from mappe_servizi.graph.concepts import INDICATOR
from mappe_servizi.graph.edition import Edition
from mappe_servizi.graph.municipality import city_iri
from mappe_servizi.graph.vocabularies import Common
from mappe_servizi.model.current import Settled
from mappe_servizi.model.figures import FigureKey, PlacedFigure
from mappe_servizi.model.tables.concepts import IndicatorDecisionRow
from mappe_servizi.rdf.builder import decimal, en, integer, it
from mappe_servizi.rdf.namespaces import (
    DCT,
    MUAPIT,
    PROV,
    QB,
    SDMX_ATTRIBUTE,
    SDMX_DIMENSION,
    SDMX_MEASURE,
    SKOS,
)
from mappe_servizi.reading.concepts import Key

TITLE_IT, TITLE_EN = "Dati confrontabili dei comuni", "Comparable figures of municipalities"
ORDINARY: Final = "normal"
Shared = Mapping[NamedNode, Mapping[str, NamedNode | Literal]]
"""The label and the unit of each shared indicator."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A current figure of an indicator.

    Attributes:
        doubted: whether a finding rests on it that nobody has read as false.
    """

    iri: NamedNode
    value: Decimal
    unit: NamedNode
    status: str
    doubted: bool


@dataclass(frozen=True, slots=True)
class Comparable:
    """A figure of the cube, with the figures that it comes from, or else the source."""

    concept: str
    year: int
    parts: tuple[Stated, ...]
    value: Decimal
    proposed: bool = False
    source: str = ""


def add_comparable(
    editions: Sequence[Edition],
    settled: Mapping[FigureKey, Settled[PlacedFigure]],
    doubted: frozenset[NamedNode],
    shared: Shared,
) -> None:
    """The comparable figures of one municipality, stated with its newest edition.

    Args:
        editions: of the municipality, as built, the oldest first.
        settled: which of its figures hold.
        doubted: the figures that a finding rests on.
        shared: the label and unit of each shared indicator.
    """
    newest = editions[-1]
    figures = _current(editions, settled, doubted)
    found = [
        figure
        for concept, rows in _rows(newest, figures).items()
        for figure in _of_concept(newest, concept, rows, figures)
    ]
    counted = newest.concepts.populations
    found = [figure for figure in found if (figure.concept, figure.year) not in counted]
    found += [
        Comparable(row.population, row.year, (), Decimal(row.count), source=row.evidence)
        for row in counted.values()
    ]
    for figure in found:
        _add(newest, figure, shared[newest.concept(INDICATOR, figure.concept)])


def _current(
    editions: Sequence[Edition],
    figures: Mapping[FigureKey, Settled[PlacedFigure]],
    doubted: frozenset[NamedNode],
) -> dict[Key, dict[int, Stated]]:
    """The numbers of each indicator by year that hold.

    Breakdowns have none: they are parts of what another row states.
    """
    by_year = {edition.year: edition for edition in editions}
    found: dict[Key, dict[int, Stated]] = defaultdict(dict)
    for (service, table, slug, year), settled in figures.items():
        edition, placed = by_year[settled.current.edition], settled.current.thing
        row, figure = placed.indicator, placed.figure
        if figure.value is None or row.role == "breakdown":
            continue
        iri = edition.figures[placed.sheet.number, table, row.position, year]
        unit = edition.concept("measurement-unit", figure.unit or row.unit)
        found[service, table, slug][year] = Stated(iri, figure.value, unit, figure.status, iri in doubted)
    return found


def _rows(edition: Edition, figures: Mapping[Key, object]) -> dict[str, dict[Key, IndicatorDecisionRow]]:
    """The rows of each concept that have figures; of rows that repeat each other, the one that counts."""
    decided, repeats = edition.concepts.indicators, edition.concepts.repeats
    rows: dict[str, dict[Key, IndicatorDecisionRow]] = defaultdict(dict)
    beyond = edition.covering_others()
    for key, found in decided.items():
        if key[0] in beyond:
            continue
        repeated = repeats.get(key)
        if repeated is not None:
            of = repeated.row
            first = decided.get((of.of_service, of.of_table, of.of_indicator))
            if first is not None and first.row.concept == found.row.concept:
                continue
        rows[found.row.concept][key] = found.row
    return {c: of for c, of in rows.items() if any(key in figures for key in of)}


def _of_concept(
    edition: Edition,
    concept: str,
    rows: Mapping[Key, IndicatorDecisionRow],
    figures: Mapping[Key, Mapping[int, Stated]],
) -> Iterable[Comparable]:
    """The figures of one concept, a year each."""
    exact = [key for key, row in rows.items() if row.match == "exact"]
    parts = [key for key, row in rows.items() if row.match == "narrow"]
    if not exact and not all(rows[key].complete and rows[key].status == "reviewed" for key in parts):
        return
    keys = exact or parts
    proposed = any(rows[key].status == "proposed" for key in keys)
    for year in sorted({year for key in keys for year in figures.get(key, ())}):
        stated = tuple(figures[key][year] for key in keys if year in figures.get(key, ()))
        if any(figure.doubted for figure in stated):
            continue
        values = {figure.value for figure in stated}
        if exact and len(values) == 1:
            yield Comparable(concept, year, stated, stated[0].value, proposed)
        elif not exact and len(stated) == len(keys):
            yield Comparable(concept, year, stated, sum((f.value for f in stated), Decimal(0)), proposed)


def shared_indicators(common: Common) -> Shared:
    """The Italian label and the unit of each shared indicator."""
    found: dict[NamedNode, dict[str, NamedNode | Literal]] = defaultdict(dict)
    for subject, predicate, value in common.committed:
        if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
            if predicate == MUAPIT["hasMeasurementUnit"]:
                found[subject]["unit"] = value
            elif predicate == SKOS["prefLabel"] and isinstance(value, Literal) and value.language == "it":
                found[subject]["label"] = value
    return dict(found)


def dataset(edition: Edition) -> NamedNode:
    """The cube, which all municipalities share."""
    return edition.iris.data("dataset", "comparable-cube")


def add_dataset(edition: Edition) -> None:
    """What the cube is: a part of the figures' data set of the catalogue."""
    b = edition.builder
    subject = b.resource(dataset(edition), TITLE_IT, QB["DataSet"], english=TITLE_EN)
    b.add(subject, DCT["title"], it(TITLE_IT), en(TITLE_EN))
    b.add(subject, QB["structure"], edition.mds["comparableStructure"])
    b.add(subject, DCT["isPartOf"], data_sets.figures(edition))
    if edition.licence is not None:
        b.add(subject, DCT["license"], NamedNode(edition.licence.iri))


def _add(edition: Edition, figure: Comparable, concept: Mapping[str, NamedNode | Literal]) -> None:
    if any(part.unit != concept["unit"] for part in figure.parts):
        return
    b, mds, record = edition.builder, edition.mds, edition.document.municipality
    subject = edition.iris.data("comparable", record.istat, figure.concept, figure.year)
    town, label = record.name.removeprefix("Comune di "), concept["label"].value
    b.resource(subject, f"{label}, {town}, {figure.year}", mds["ComparableFigure"])
    b.add(edition.municipality, mds["hasComparableFigure"], subject)
    b.add(subject, QB["dataSet"], dataset(edition))
    b.add(subject, SDMX_DIMENSION["refArea"], city_iri(edition))
    b.add(subject, SDMX_DIMENSION["refPeriod"], edition.iris.concept("year", figure.year))
    b.add(subject, mds["indicatorConcept"], edition.concept(INDICATOR, figure.concept))
    b.add(subject, SDMX_MEASURE["obsValue"], decimal(figure.value))
    b.add(subject, SDMX_ATTRIBUTE["unitMeasure"], concept["unit"])
    status = next((part.status for part in figure.parts if part.status != ORDINARY), ORDINARY)
    b.add(subject, SDMX_ATTRIBUTE["obsStatus"], edition.concept("observation-status", status))
    if figure.parts:
        b.add(subject, mds["partsKnown"], integer(len(figure.parts)))
        b.add(subject, PROV["wasDerivedFrom"], *(part.iri for part in figure.parts))
    if figure.source:
        b.add(subject, DCT["source"], it(figure.source))
    if figure.proposed:
        b.add(subject, mds["curationStatus"], edition.concept("curation-status", "proposed"))
