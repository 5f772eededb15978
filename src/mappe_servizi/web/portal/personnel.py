"""The comparison of personnel: how many work for each service, and how it is managed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from markupsafe import Markup
from starlette.responses import Response

from mappe_servizi.instance import knowledge
from mappe_servizi.model.wording import Wording
from mappe_servizi.web.api.views import Cell, View
from mappe_servizi.web.portal import charts, figures
from mappe_servizi.web.portal.comparisons import Choice, ChoicePage, choice
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.page import Ref
from mappe_servizi.web.served.results import Row

PERSONNEL = {
    "row": """CHOSEN ?town mds:providesService ?s . ?s mds:hasPersonnel ?p ; l0:name ?serviceLabel ;
        mds:inArea ?area . ?p mds:statedIn/mds:isCurrent true ; mds:rawText ?raw .
        OPTIONAL { ?p mds:staffCount ?staff } OPTIONAL { ?p mds:municipalStaff ?municipal }
        OPTIONAL { ?p mds:externalStaff ?external } OPTIONAL { ?p mds:otherStaff ?other }""",
    "form": """CHOSEN ?town mds:providesService ?s . ?s mds:hasManagement ?m . ?m mds:managementForm ?form ;
        mds:statedIn/mds:isCurrent true""",
}
NUMBERS = ("staff", "municipal", "external", "other")
"""The numbers of a row."""
COLUMNS = ("municipality", "municipalityName", "service", "title", "area", *NUMBERS, "compared",
    "management", "raw")  # fmt: skip


ADDED = re.compile(Wording.load(knowledge("knowledge"))["more-staff"])
"""What stands before people beside those that a number counts."""


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A service with its personnel.

    Attributes:
        raw: as printed.
        numbers: all, the municipality's, external, others; None where the map does not say.
        forms: how the service is managed.
    """

    service: Ref
    town: Ref
    area: Ref
    raw: str
    numbers: Sequence[Decimal | None]
    forms: Sequence[Ref]

    @property
    def own(self) -> Decimal | None:
        """The municipality's own people, which is what two services are compared by; None where unknown.

        Of "157 (di cui 30 ditta esterna)" the others are in the first number, of "1 + 2 esterni" beside it.
        """
        staff, municipal, *others = self.numbers
        if municipal is not None or staff is None or ADDED.search(self.raw):
            return staff if municipal is None else municipal
        own = staff - sum(n for n in others if n is not None)
        return own if own >= 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonnelPage(ChoicePage):
    """The personnel of each service, each with a bar as long as its own people are many."""

    template: ClassVar[str] = "explore_personnel.html"
    rows: Sequence[tuple[StaffRow, Markup]]


async def page(context: PageContext) -> Response:
    """``/explore/personnel``: the staff of each service, and how it is managed."""
    chosen = await choice(context)
    ask = chosen.many and not chosen.town.iri
    found = await context.blocks(chosen.narrowed(PERSONNEL)) if not ask else {"row": [], "form": []}
    forms: dict[str, set[str]] = {}
    for row in found["form"]:
        forms.setdefault(row["s"].value, set()).add(row["form"].value)
    rows = [_row(context, chosen, row, forms.get(row["s"].value, set())) for row in found["row"]]
    rows.sort(key=lambda one: (one.service.text.value.casefold(), one.service.iri))
    if context.request.query_params.get("sort") == "staff":
        rows.sort(key=lambda one: Decimal(1) if one.own is None else -one.own)
    top = max((one.own for one in rows if one.own is not None), default=None)
    shown = PersonnelPage(
        title=context.translate("Personale per servizio"),
        section="/explore",
        ask=ask,
        towns=chosen.towns,
        town=chosen.town,
        rows=[(one, charts.meter(one.own, top)) for one in rows],
    )
    return await context.show(shown, View("personnel", COLUMNS, map(_cells, rows)))


def _row(context: PageContext, chosen: Choice, row: Row, forms: Iterable[str]) -> StaffRow:
    return StaffRow(
        service=context.ref(row["s"], row["serviceLabel"]),
        town=chosen.place(context, row["town"]),
        area=context.concept(row["area"].value),
        raw=row["raw"].value,
        numbers=[Decimal(row[name].value) if name in row else None for name in NUMBERS],
        forms=[context.concept(iri) for iri in sorted(forms)],
    )


def _cells(row: StaffRow) -> Iterator[Cell]:
    yield from (figures.last(row.town.iri), str(row.town), row.service.iri, str(row.service), str(row.area))
    yield from (*row.numbers, row.own)
    yield from (" | ".join(map(str, row.forms)), row.raw)
