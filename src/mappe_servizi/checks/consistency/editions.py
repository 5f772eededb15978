"""What a newer edition no longer knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mappe_servizi.checks.consistency.finding import Finding, fact_of, name_of, record_of
from mappe_servizi.model.current import Settled
from mappe_servizi.model.figures import FigureKey, PlacedFigure

RULE = "no-longer-known"


def find(settled: Mapping[FigureKey, Settled[PlacedFigure]], edition: int) -> Iterator[Finding]:
    """The figures that an edition marks as not known, where an older one has a number: that stays current.

    Args:
        settled: which figures of the municipality hold.
        edition: whose findings these are.
    """
    for one in settled.values():
        for statement in one.unheard:
            placed, before = statement.thing, one.current
            if statement.edition != edition or placed.figure.status not in {"missing", "not-applicable"}:
                continue
            sheet, indicator, figure = placed.sheet, placed.indicator, placed.figure
            old = before.thing.figure.raw
            yield Finding(
                rule=RULE,
                severity="info",
                number=sheet.number,
                table=indicator.table,
                record=record_of(indicator),
                label=name_of(indicator),
                year=figure.year,
                printed=figure.raw,
                expected=old,
                message_it=f"«{name_of(indicator)}», {figure.year}: questa edizione stampa «{figure.raw}», "
                f"quella del {before.edition} «{old}», che resta il dato corrente.",
                message_en=f"“{name_of(indicator)}”, {figure.year}: this edition prints “{figure.raw}”, "
                f"that of {before.edition} “{old}”, which stays the current figure.",
                facts=(fact_of(sheet, indicator, figure),),
            )
