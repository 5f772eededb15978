"""What figures say when they are put beside each other, with the figures that say it.

Pure functions from figures to statements. A statement is made of figures that nobody doubts, of one unit,
that the source prints as numbers: nothing is added up, no row that repeats another stands beside it, and
nothing is told of a figure that a finding rests on.
"""

from mappe_servizi.insights.brief import brief, brief_of_service
from mappe_servizi.insights.composition import Composition, compositions
from mappe_servizi.insights.figure import TableFigure
from mappe_servizi.insights.service import ServiceInsights
from mappe_servizi.insights.statements import KINDS, Statement, relative, statements
from mappe_servizi.insights.towns import NOTHING, TownComparison, TownFigure, compared
from mappe_servizi.insights.words import Language, TownNames, predicate, sentence, town_sentence, within

__all__ = [
    "KINDS",
    "NOTHING",
    "Composition",
    "Language",
    "ServiceInsights",
    "Statement",
    "TableFigure",
    "TownComparison",
    "TownFigure",
    "TownNames",
    "brief",
    "brief_of_service",
    "compared",
    "compositions",
    "predicate",
    "relative",
    "sentence",
    "statements",
    "town_sentence",
    "within",
]
