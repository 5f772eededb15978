"""What a total is made of, on the page of its indicator: a picture, and its parts by their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mappe_servizi.insights import Composition, ServiceInsights, compositions
from mappe_servizi.web.api.town_figures import plain
from mappe_servizi.web.portal import figures
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.page import Ref
from mappe_servizi.web.portal.stacked import MOST, Stacked, StackedYear
from mappe_servizi.web.portal.texts import LocalizedText


@dataclass(frozen=True, slots=True)
class Composed:
    """A total's parts.

    Attributes:
        pieces: each by its place, with its newest year and figure.
    """

    drawing: Stacked
    pieces: Sequence[tuple[Ref, int, str]]


def composed(
    context: PageContext, iri: str, title: str, table: figures.FiguresTable, of: ServiceInsights
) -> Composed | None:
    """The parts of a total; None where no year has them, or more than a reader tells apart.

    Args:
        context: the request.
        iri: of the total's indicator.
        title: its name with its group's.
        table: the total's figures.
        of: its service's figures.
    """
    known = compositions(iri, of.figures, of.doubted)
    newest = {part.indicator: part for one in known for part in one.parts}
    if not newest or len(newest) > MOST:
        return None

    def shown(number: float) -> str:
        return context.number(plain(number))

    drawing = Stacked(
        title=title,
        unit=table.rows[0].unit or str(table.rows[0].counts),
        years=list(_years(context, table, known)),
        pieces=[(iri, part.name) for iri, part in newest.items()],
        shown=shown,
    )
    return Composed(
        drawing,
        [
            (
                Ref(LocalizedText(part.name, "it", context.language), context.link(iri), iri),
                part.year,
                shown(part.number),
            )
            for iri, part in newest.items()
        ],
    )


def _years(
    context: PageContext, table: figures.FiguresTable, known: Sequence[Composition]
) -> Sequence[StackedYear]:
    """All years of the table: those without parts say why."""
    parts = {str(one.total.year): one for one in known}
    printed = {year for year, one in zip(table.years, table.rows[0].figures, strict=True) if one}
    reasons = {
        True: context.translate("le parti non sono note o non tornano"),
        False: context.translate("nessun dato nel documento"),
    }
    return [StackedYear(year, parts.get(year), reasons[year in printed]) for year in table.years]
