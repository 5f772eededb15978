"""The figures of all editions of a municipality, and which of them hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from mappe_servizi.errors import InputError, gathered
from mappe_servizi.model.current import EditionStatement, Settled, settle
from mappe_servizi.model.names import Names
from mappe_servizi.model.records import Document
from mappe_servizi.model.service_map import Figure, Indicator, ServiceMap, Table
from mappe_servizi.model.tables import Found
from mappe_servizi.model.tables.municipality import CURRENT, CurrentRow

FigureKey = tuple[str, Table, str, int]
"""The slugs of service and indicator, with the table between them, and the year."""


@dataclass(frozen=True, slots=True)
class PlacedFigure:
    """A figure and where it stands."""

    sheet: ServiceMap
    indicator: Indicator
    figure: Figure


def settled_figures(
    editions: Sequence[tuple[Document, Names]], decisions: Iterable[Found[CurrentRow]], folder: Path
) -> dict[FigureKey, Settled[PlacedFigure]]:
    """Which figures of a municipality hold, for each indicator and year.

    A suppressed figure is known, only not told: it takes the place of older ones.

    Args:
        editions: all of the municipality's.
        decisions: the rows of its current.csv.
        folder: where that stands.

    Raises:
        InputError, InputErrors: a decision is about a figure that the edition does not state.
    """
    stated: dict[FigureKey, list[EditionStatement[PlacedFigure]]] = defaultdict(list)
    for document, names in editions:
        for key, placed in _figures(document, names):
            known = placed.figure.value is not None or placed.figure.status == "suppressed"
            stated[key].append(EditionStatement(names.edition, placed, known))
    chosen = {(i.row.service, i.row.table, i.row.indicator, i.row.year): i for i in decisions}
    errors = [
        InputError(
            f"the edition {i.row.edition} states no figure of {i.row.indicator!r} for {i.row.year}",
            file=folder / CURRENT.file,
            line=i.line,
        )
        for key, i in chosen.items()
        if i.row.edition not in {statement.edition for statement in stated.get(key, ())}
    ]
    gathered(errors)
    return {
        key: settle(statements, chosen[key].row.edition if key in chosen else None)
        for key, statements in stated.items()
    }


def _figures(document: Document, names: Names) -> Iterator[tuple[FigureKey, PlacedFigure]]:
    for sheet in document.maps:
        service = names.service(sheet.number)
        for table in get_args(Table):
            slugs = names.indicators(sheet, table)
            for indicator in sheet.indicators:
                if indicator.table == table:
                    for figure in indicator.figures:
                        key = (service, table, slugs[indicator.position], figure.year)
                        yield key, PlacedFigure(sheet, indicator, figure)
