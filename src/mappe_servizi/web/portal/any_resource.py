"""The page that any resource has: its properties, and who links to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from starlette.responses import Response

from mappe_servizi.web.http.problems import Problem
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.page import PARTS, Crumb, Page
from mappe_servizi.web.portal.paging import page_number
from mappe_servizi.web.portal.resource import ReadResource, read_page
from mappe_servizi.web.portal.schema_org import data_sets
from mappe_servizi.web.portal.texts import head_title, sentence

NOT_INDEXED = frozenset({"person", "responsibility"})
"""Concepts whose pages search engines are asked to leave out (design.md, section 8)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourcePage(Page):
    """A resource, property by property."""

    template: ClassVar[str] = "resource.html"
    resource: ReadResource


async def page(context: PageContext, iri: str) -> Response:
    """The page.

    Raises:
        Problem: there is no such resource, or no such page of its links (404); it was withdrawn (410).
    """
    resource = await read_page(context, iri, page_number(context.request))
    if resource.withdrawn:
        raise gone(iri, resource.withdrawn)
    kind = iri.removeprefix(f"{context.base}data/").partition("/")[0]
    service = resource.owner and Crumb(resource.owner.text, resource.owner.href)
    shown = ResourcePage(
        resource=resource,
        title=resource.label,
        head_title=head_title(resource.label, service.text) if service else "",
        description=sentence(*resource.types, resource.label, *([service.text] if service else [])),
        breadcrumb=[service or Crumb(context.translate("Dati"), context.href("/catalogue"))],
        noindex=kind in NOT_INDEXED or kind in PARTS,
        reuse_of=context.reuse(iri, resource.label),
        json_ld=await data_sets.json_ld(context, iri) if kind == "dataset" else None,
    )
    return context.render(shown, iri, str(resource.number))


def gone(iri: str, when: str) -> Problem:
    """What is left of a withdrawn resource."""
    return Problem(410, "gone", f"<{iri}> was withdrawn on {when}")
