"""Comparable figures of municipalities as the graph has them, on their way into ``insights.compared``."""

from __future__ import annotations

from collections.abc import Iterable

from mappe_servizi.bases import DEFAULT_BASE
from mappe_servizi.insights import TownComparison, TownFigure, compared
from mappe_servizi.web.served.results import Row

FIGURE = """?town mds:hasComparableFigure ?f . ?f mds:indicatorConcept ?concept ;
    sdmx-dimension:refPeriod ?year ; sdmx-measure:obsValue ?value ; sdmx-attribute:obsStatus ?status .
    ?concept mds:denominator ?by ; muapit:hasMeasurementUnit ?unit ."""
"""What is read of each figure; a pattern that binds ?town or ?concept stands before it."""
WITH_POPULATION = """{ <IRI> mds:denominator ?over BIND(<IRI> AS ?concept) } UNION {
    <IRI> mds:denominator ?over
    BIND(IRI(REPLACE(STR(?over), "/denominator/", "/indicator-concept/")) AS ?concept) }"""
"""An indicator, and the one whose figures it is divided by. VALUES within UNION is nothing to Virtuoso."""
ORDINARY = "normal"


def read(rows: Iterable[Row], concept: str = "") -> list[TownComparison]:
    """The figures of some rows, against the populations among them.

    Args:
        rows: of ``FIGURE``.
        concept: the IRI of the one indicator that is wanted, "" for all.
    """
    figures = {row["f"].value: _figure(row) for row in rows}
    wanted = last(concept)
    return compared(
        (one for one in figures.values() if wanted in {"", one.concept}),
        figures.values(),
    )


def _figure(row: Row) -> TownFigure:
    return TownFigure(
        town=row["town"].value,
        concept=last(row["concept"].value),
        divided_by=last(row["by"].value),
        unit=last(row["unit"].value),
        year=int(last(row["year"].value)),
        value=float(row["value"].value),
        sure=last(row["status"].value) == ORDINARY,
        iri=row["f"].value,
    )


def last(iri: str) -> str:
    """The end of an IRI: the code of a concept or a municipality."""
    return iri.rsplit("/", 1)[-1]


def vocabulary(name: str, code: str) -> str:
    """The IRI of a concept of a vocabulary, which whoever publishes it is under the one base of knowledge."""
    return f"{DEFAULT_BASE}controlled-vocabulary/{name}/{code}"


def plain(value: float) -> float:
    """A number as it is printed: one without a fraction has none.

    >>> plain(53.0), plain(5.5)
    (53, 5.5)
    """
    return int(value) if value.is_integer() else value
