"""A municipality on a page: ten statements that its figures make, each with its lines, to be printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from starlette.responses import Response

from mappe_servizi.insights import brief
from mappe_servizi.web.http.problems import not_found
from mappe_servizi.web.portal import statements
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.page import Crumb, Page, Ref
from mappe_servizi.web.portal.quality import is_code
from mappe_servizi.web.portal.texts import LocalizedText

PATTERNS = {
    "self": '?town covapit:IPAcode "IPA" ; rdfs:label ?label',
    **statements.patterns(
        '?f mds:municipalityCode "IPA"',
        '?town covapit:IPAcode "IPA" ; mds:providesService ?service . ?service mds:hasIndicator ?i',
    ),
}
MOST = 50_000
"""Rows that a page is made of at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefPage(Page):
    """A municipality's statements, how many figures they were chosen from, and where all of them are."""

    template: ClassVar[str] = "brief.html"
    heading: LocalizedText
    town: Ref
    said: Sequence[statements.StatementEntry]
    figures: int
    every: int
    api: str


async def page(context: PageContext, ipa: str) -> Response:
    """``/brief/{ipa}``.

    Raises:
        Problem: there is no such municipality.
    """
    missing = not_found(f"there is no municipality {ipa!r}")
    if not is_code(ipa):
        raise missing
    found = await context.blocks({n: p.replace('"IPA"', f'"{ipa}"') for n, p in PATTERNS.items()}, MOST)
    if not found["self"]:
        raise missing
    town = found["self"][0]["town"]
    label = context.best(row["label"] for row in found["self"])
    of = statements.of_rows(found)
    shown = BriefPage(
        title=f"{context.translate('In breve')}: {label}",
        heading=label,
        section="/services",
        breadcrumb=[Crumb(label, context.link(town.value))],
        town=context.ref(town),
        said=[statements.entry(context, one) for one in brief(of.statements)],
        figures=len(of.figures),
        every=len(of.statements),
        api=context.href(f"/api/insights?municipality={ipa}"),
        description=context.translate(
            "Dieci frasi ricavate dai dati delle mappe, con le righe del documento."
        ),
    )
    return context.render(shown, ipa)
