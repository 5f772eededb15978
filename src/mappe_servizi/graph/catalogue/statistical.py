"""What a catalogue says of a data set of figures (StatDCAT-AP): how they are cut, in which units, how many.

A series is an indicator's figures over the years. No category of high-value data sets applies.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode

from mappe_servizi.bases import iri_below
from mappe_servizi.graph.catalogue.common import Describer
from mappe_servizi.graph.catalogue.inputs import Covered, SeriesCount
from mappe_servizi.graph.cube import CUBES
from mappe_servizi.rdf.builder import integer
from mappe_servizi.rdf.namespaces import QB, STAT

COMPONENTS = {
    "dimension": (QB["dimension"], QB["DimensionProperty"]),
    "attribute": (QB["attribute"], QB["AttributeProperty"]),
}
"""StatDCAT-AP's properties: by which property a cube's structure has the same, and of which class."""


@dataclass(slots=True)
class _Counted:
    series: set[tuple[str, ...]]
    units: set[str]


def read_series(observations: Path) -> Mapping[tuple[str, int], SeriesCount]:
    """The series of each edition, by municipality and year, from the table of observations."""
    found: dict[tuple[str, int], _Counted] = {}
    with observations.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["value"]:
                counted = found.setdefault((row["municipality"], int(row["edition"])), _Counted(set(), set()))
                counted.series.add((row["number"], row["table"], row["position"]))
                counted.units.add(row["unit"])
    return {key: SeriesCount(len(one.series), tuple(sorted(one.units))) for key, one in found.items()}


def add_statistics(d: Describer, node: NamedNode, about: Iterable[Covered]) -> None:
    """State of a data set what its cubes are made of."""
    read = d.inputs.vocabularies
    for cube in CUBES.values():
        structure = NamedNode(iri_below(d.inputs.base, f"onto/MDS/{cube.structure}"))
        for component in read.values(structure, QB["component"]):
            for name, (predicate, kind) in COMPONENTS.items():
                for value in read.values(component, predicate):
                    d.add(node, STAT[name], d.typed(value, kind))
    series = [d.inputs.series[key] for one in about if (key := (one.ipa, one.edition)) in d.inputs.series]
    if not series:
        return
    d.add(node, STAT["numSeries"], integer(sum(one.count for one in series)))
    for unit in sorted({unit for one in series for unit in one.units}):
        iri = iri_below(d.inputs.base, f"controlled-vocabulary/measurement-unit/{unit}")
        d.add(node, STAT["statUnitMeasure"], d.concept(NamedNode(iri)))
