"""Rows of figures as charts beside each other: those that count the same are drawn on one scale."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from mappe_servizi.web.portal import figures, multiples
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.drawing import on_page
from mappe_servizi.web.portal.page import Download, Ref
from mappe_servizi.web.portal.pictures import files
from mappe_servizi.web.portal.texts import LocalizedText

OF_TABLE: Final = 3
"""Charts of one table at most; all its figures are in the table below them."""
Named = tuple[figures.FiguresRow, LocalizedText]
"""A row, and what it is called among the others."""


@dataclass(frozen=True, slots=True)
class RowChart:
    """A row of a table, drawn.

    Attributes:
        group: the heading that it stands under.
        files: the chart by itself.
    """

    group: LocalizedText
    row: figures.FiguresRow
    chart: Markup
    files: Sequence[Download]


@dataclass(frozen=True, slots=True)
class AlikeRows:
    """Rows that count the same, drawn on one scale.

    Attributes:
        measure: what they count, in which unit.
    """

    measure: str
    panels: Sequence[tuple[Ref, Markup]]


def measure(row: figures.FiguresRow) -> str:
    """What a row counts, in which unit: what compares with it counts the same."""
    return f"{row.counts} ({row.unit})" if row.unit else str(row.counts)


def of_table(context: PageContext, table: figures.FiguresTable, ident: str) -> list[RowChart]:
    """The foremost rows of a table; ``ident`` is nobody else's on the page."""
    chosen = table.drawn(OF_TABLE)
    charts = {row.iri: figures.chart(context, table.years, row) for _, row in chosen}
    for rows in _alike(row for _, row in chosen):
        on_one_scale = multiples.on_one_scale([charts[row.iri] for row in rows])
        charts.update(zip((row.iri for row in rows), on_one_scale, strict=True))
    return [
        RowChart(
            group,
            row,
            on_page(charts[row.iri], f"{ident}-{number}"),
            files(context, row.iri),
        )
        for number, (group, row) in enumerate(chosen)
    ]


def alike(context: PageContext, years: Sequence[str], named: Sequence[Named]) -> list[AlikeRows]:
    """Rows of several tables, those that count the same together; none that stands alone."""
    names = {row.iri: name for row, name in named}
    found = []
    for number, rows in enumerate(_alike(row for row, _ in named if row.series)):
        if len(rows) > 1:
            charts = [figures.chart(context, years, row, names[row.iri].value) for row in rows]
            panels = multiples.multiples("", "", charts).panels
            drawn = (on_page(panel, f"alike-{number}-{at}") for at, panel in enumerate(panels))
            refs = (Ref(names[row.iri], row.href, row.iri) for row in rows)
            found.append(AlikeRows(measure(rows[0]), list(zip(refs, drawn, strict=True))))
    return found


def _alike(rows: Iterable[figures.FiguresRow]) -> list[list[figures.FiguresRow]]:
    found: dict[str, list[figures.FiguresRow]] = defaultdict(list)
    for row in rows:
        found[measure(row)].append(row)
    return list(found.values())
