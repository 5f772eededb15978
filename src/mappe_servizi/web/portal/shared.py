"""What the pages of shared services and shared indicators have in common."""

from __future__ import annotations

from collections.abc import Iterable

from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.page import Ref
from mappe_servizi.web.portal.texts import LocalizedText
from mappe_servizi.web.served.results import Row

OWNER = "?service l0:name ?serviceLabel . ?town mds:providesService ?service ; rdfs:label ?townLabel"
OwnService = tuple[Ref, Ref]
"""A service and the municipality that provides it."""


def definition(context: PageContext, rows: Iterable[Row]) -> LocalizedText:
    """What the concept of some rows is."""
    return context.best([row["definition"] for row in rows if "definition" in row])


def in_order(rows: Iterable[Row]) -> list[Row]:
    """Each town's services together, each row once."""
    once = {tuple(sorted((k, v.value) for k, v in row.items())): row for row in rows}
    return sorted(once.values(), key=lambda r: (r["townLabel"].value.casefold(), r["serviceLabel"].value))


def own_service(context: PageContext, row: Row) -> OwnService:
    """That of a row of ``OWNER``."""
    return context.ref(row["service"], row["serviceLabel"]), context.ref(row["town"], row["townLabel"])
