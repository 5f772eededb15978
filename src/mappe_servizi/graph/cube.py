"""The two RDF Data Cubes, outputs and users, and the figures that stand beside them.

Their structures (dimensions, measure, attributes) stand in ``ontology/cubes.ttl``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from mappe_servizi.graph import data_sets
from mappe_servizi.graph.edition import Edition
from mappe_servizi.graph.municipality import city_iri
from mappe_servizi.model.names import CONCEPTS, UNLABELLED
from mappe_servizi.model.records import Municipality
from mappe_servizi.model.service_map import Figure, Indicator, Table
from mappe_servizi.rdf.builder import decimal, integer, it, true
from mappe_servizi.rdf.namespaces import (
    DCT,
    QB,
    SDMX_ATTRIBUTE,
    SDMX_DIMENSION,
    TIAPIT,
)


@dataclass(frozen=True, slots=True)
class Cube:
    """The names of one cube.

    Attributes:
        concept: of its indicators' IRIs.
        measure: local name of its measure.
        structure: local name of its data structure definition.
    """

    table: Table
    concept: str
    indicator_class: str
    indicator_property: str
    measure: str
    structure: str
    title_it: str
    title_en: str


CUBES: Final[dict[Table, Cube]] = {
    "outputs": Cube(
        "outputs", CONCEPTS["outputs"], "OutputIndicator", "hasOutputIndicator", "outputQuantity",
        "outputsStructure", "Output dei servizi", "Outputs of services",
    ),
    "users": Cube(
        "users", CONCEPTS["users"], "UserIndicator", "hasUserIndicator", "usersServed",
        "usersStructure", "Utenti seguiti dai servizi", "Users served by services",
    ),
}  # fmt: skip


def dataset(edition: Edition, table: Table) -> NamedNode:
    """The data set of a cube in one edition."""
    return edition.iris.data("dataset", edition.ipa, edition.year, f"{table}-cube")


def add_datasets(edition: Edition) -> None:
    """The edition's two data sets: parts of that of its map in the catalogue, which tells the publisher."""
    b, record = edition.builder, edition.document.municipality
    for table, cube in CUBES.items():
        title = f"{cube.title_it}, {record.name}, edizione {edition.year}"
        subject = b.resource(dataset(edition, table), title, QB["DataSet"])
        b.add(subject, DCT["title"], it(title))
        b.add(subject, QB["structure"], edition.mds[cube.structure])
        b.add(subject, DCT["isPartOf"], data_sets.maps(edition))
        b.add(subject, DCT["license"], _licence(record))
        edition.in_this_edition(subject)


def _licence(record: Municipality) -> NamedNode | None:
    rights = record.settings.get("rights")
    return NamedNode(str(rights["licence"])) if isinstance(rights, dict) and "licence" in rights else None


@dataclass(frozen=True, slots=True)
class CubeRow:
    """A row of a table: the indicator with its IRI, its slug and the label that a reader sees."""

    record: Indicator
    iri: NamedNode
    slug: str
    label: str


def _add_flat(edition: Edition, subject: NamedNode, number: int, row: CubeRow, figure: Figure) -> None:
    """What a figure is about as literals of one value each, so that a question needs no join."""
    b, mds, record = edition.builder, edition.mds, row.record
    indicator = edition.readable(record.label) or UNLABELLED
    if record.group is not None:
        indicator = f"{edition.readable(record.group)} > {indicator}"
    for name, text in (
        ("municipalityCode", edition.ipa),
        ("istatCode", edition.document.municipality.istat),
        ("serviceCode", edition.service_slug(number)),
        ("serviceName", edition.entries[number].title.value),
        ("indicatorName", indicator),
        ("unitCode", figure.unit or record.unit),
    ):
        b.add(subject, mds[name], Literal(text))
    b.add(subject, mds["year"], integer(figure.year))


def add_figure(edition: Edition, number: int, row: CubeRow, figure: Figure) -> None:
    """A printed figure: an observation, or a missing measurement where no number is known."""
    b, mds, record = edition.builder, edition.mds, row.record
    subject = edition.stated("measurement", number, f"{record.table}-{row.slug}", figure.year)
    edition.figures[number, record.table, record.position, figure.year] = subject
    missing = figure.value is None
    own = (mds["MissingMeasurement"],) if missing else (mds["YearlyMeasurement"], QB["Observation"])
    classes = (*own, mds["YearlyFigure"], TIAPIT["TimeIndexedEvent"])
    # There are many figures: of the super terms they state those alone that a profile asks for.
    b.resource(subject, f"{row.label}, {figure.year}: {figure.raw}", *classes, implied=False)
    b.add(row.iri, mds["hasFigure"], subject)
    _add_flat(edition, subject, number, row, figure)
    b.add(subject, mds["ofMunicipality"], edition.municipality)
    b.add(subject, mds["ofService"], edition.service(number))
    b.add(subject, mds["ofIndicator"], row.iri)
    b.add(subject, SDMX_DIMENSION["refArea"], city_iri(edition))
    period = edition.iris.concept("year", figure.year)
    b.add(subject, SDMX_DIMENSION["refPeriod"], period)
    b.add(subject, TIAPIT["atTime"], period, implied=False)
    edition.in_this_edition(subject)
    unit = edition.concept("measurement-unit", figure.unit or record.unit)
    b.add(subject, SDMX_ATTRIBUTE["unitMeasure"], unit)
    status = edition.concept("observation-status", figure.status)
    b.add(subject, SDMX_ATTRIBUTE["obsStatus"], status)
    b.add(subject, mds["rawText"], Literal(figure.raw))
    if figure.note is not None:
        b.add(subject, mds["note"], it(figure.note))
    if figure.small and not missing:
        b.add(subject, mds["isSmallCount"], true(True))
    if not missing:
        b.add(subject, QB["dataSet"], dataset(edition, record.table))
        b.add(subject, mds[CUBES[record.table].measure], decimal(figure.value))
    b.derived(subject, figure.lines, figure.corrections, figure.source)
