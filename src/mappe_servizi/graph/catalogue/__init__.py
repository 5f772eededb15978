"""The catalogue: DCAT-AP_IT and DCAT-AP 3 in one graph, made from the files that there are.

It is built last, when sizes and checksums are known, and never tells those of the whole dump,
which it is itself a part of; ``whole`` adds them for the catalogue that harvesters fetch.
"""

from mappe_servizi.graph.catalogue.assets import Vocabularies
from mappe_servizi.graph.catalogue.build import GRAPH, build, whole
from mappe_servizi.graph.catalogue.distributions import former
from mappe_servizi.graph.catalogue.inputs import (
    Configuration,
    Contact,
    Covered,
    File,
    Inputs,
    Numbered,
    read_configuration,
)

__all__ = [
    "GRAPH",
    "Configuration",
    "Contact",
    "Covered",
    "File",
    "Inputs",
    "Numbered",
    "Vocabularies",
    "build",
    "former",
    "read_configuration",
    "whole",
]
