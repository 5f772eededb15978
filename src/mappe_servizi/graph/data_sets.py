"""The data sets that the data are parts of, called what the catalogue calls them.

The catalogue is a graph of its own, for harvesters; a question that is joined on names must not end at
its edge, nor must who reads the dump of one edition alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from mappe_servizi.graph.edition import Edition
from mappe_servizi.model.records import Municipality
from mappe_servizi.rdf.namespaces import DCMITYPE
from mappe_servizi.rights import Texts

if TYPE_CHECKING:
    from mappe_servizi.graph.catalogue.inputs import Described

MAPS: Final = "service-maps"
"""Of an edition: all that its maps say."""
FIGURES: Final = "figures"
"""Of all municipalities: their figures by year."""


def called(datasets: Iterable[Described], record: Municipality) -> Mapping[str, Texts]:
    """The titles of those of the two that the instance's catalogue has, by slug."""
    ours = [one for one in datasets if one.slug in (MAPS, FIGURES)]
    filled = [
        one.in_edition(record.ipa, record.name, record.edition) if one.of_editions else one for one in ours
    ]
    return {one.slug: one.title for one in filled}


def maps(edition: Edition) -> NamedNode | None:
    """The data set of the edition's maps, None where the catalogue has none."""
    node = edition.iris.data("dataset", edition.ipa, edition.year, MAPS)
    return node if MAPS in edition.data_sets else None


def figures(edition: Edition) -> NamedNode | None:
    """The data set of all figures, None where the catalogue has none."""
    return edition.iris.data("dataset", FIGURES) if FIGURES in edition.data_sets else None


def add_names(edition: Edition) -> None:
    """What the two are called; as dcat:Dataset, with all that this asks for, the catalogue describes them."""
    for slug, node in ((MAPS, maps(edition)), (FIGURES, figures(edition))):
        if node is not None:
            title = edition.data_sets[slug]
            edition.builder.resource(node, title["it"], DCMITYPE["Dataset"], english=title["en"])
