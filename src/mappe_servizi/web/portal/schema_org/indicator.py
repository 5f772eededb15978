"""An indicator as schema.org has it: a variable, and an observation a year."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.schema_org.document import script, told, web_page


def indicator(context: PageContext, iri: str, shown: Mapping[str, Any]) -> Markup:
    """A variable with its observations; a year without a number has none.

    Args:
        context: of its page.
        iri: the indicator.
        shown: what its page shows.
    """
    row, service = shown["row"], shown["service"]
    variable = told(
        {
            "@type": "StatisticalVariable",
            "@id": iri,
            "name": shown["title"],
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
                "name": f"{shown['title']}, {year}",
                "variableMeasured": {"@type": "StatisticalVariable", "@id": iri},
                "observationAbout": {"@type": "Service", "@id": service.iri, "name": service.text.value},
                "observationDate": year,
                "value": _number(figure.value),
                "unitText": row.unit,
            }
        )
        for year, figure in zip(shown["table"].years, row.figures, strict=True)
        if figure is not None and figure.value is not None
    ]
    return script({"@graph": [variable, *observations]})


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
