"""An indicator as schema.org has it: a variable, and an observation a year."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.figures import FiguresRow, FiguresTable
from mappe_servizi.web.portal.page import Page, Ref
from mappe_servizi.web.portal.schema_org.document import script, told, web_page


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedIndicator(Page):
    """What the page of an indicator shows and its markup tells too: whose it is, its figures, their years."""

    service: Ref
    row: FiguresRow
    table: FiguresTable


def indicator(context: PageContext, iri: str, page: MarkedIndicator) -> Markup:
    """A variable with its observations; a year without a number has none.

    Args:
        context: of its page.
        iri: the indicator.
        page: what it shows.
    """
    row, service = page.row, page.service
    variable = told(
        {
            "@type": "StatisticalVariable",
            "@id": iri,
            "name": page.title,
            "url": iri,
            "mainEntityOfPage": web_page(context, iri),
            "measuredProperty": {"@type": "Property", "name": str(row.counts)} if row.counts else None,
        }
    )
    observations = [
        told(
            {
                "@type": "Observation",
                "@id": figure.iri,
                "name": f"{page.title}, {year}",
                "variableMeasured": {"@type": "StatisticalVariable", "@id": iri},
                "observationAbout": {"@type": "Service", "@id": service.iri, "name": service.text.value},
                "observationDate": year,
                "value": _number(figure.value),
                "unitText": row.unit,
            }
        )
        for year, figure in zip(page.table.years, row.figures, strict=True)
        if figure is not None and figure.value is not None
    ]
    return script({"@graph": [variable, *observations]})


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
