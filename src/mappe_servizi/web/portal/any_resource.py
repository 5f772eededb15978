"""The page that any resource has: its properties, and who links to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from starlette.responses import Response

from mappe_servizi.web.http.problems import Problem
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.page import PARTS, Crumb, Page
from mappe_servizi.web.portal.paging import page_number
from mappe_servizi.web.portal.resource import ReadResource, read_page
from mappe_servizi.web.portal.schema_org import data_sets
from mappe_servizi.web.portal.texts import SITE_NAME, LocalizedText, head_title, sentence, town_name

NOT_INDEXED = frozenset({"person", "responsibility"})
"""Concepts whose pages search engines are asked to leave out (design.md, section 8)."""

ENTRIES = frozenset({"segment", "output-indicator", "user-indicator"})
"""Concepts whose things live over editions; with an edition in the IRI it is what that says of one."""
SERVICE = 3
"""The step of an IRI below ``data/`` with the service: concept, municipality, edition, service, slug."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourcePage(Page):
    """A resource, property by property."""

    template: ClassVar[str] = "resource.html"
    paged: ClassVar[bool] = True
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
        heading=LocalizedText(resource.label, resource.language, context.language),
        head_title=_head_title(context, iri, resource),
        description=sentence(*resource.types, resource.label, *([service.text] if service else [])),
        breadcrumb=[service or Crumb(context.translate("Dati"), context.href("/catalogue"))],
        noindex=not _indexed(iri.removeprefix(f"{context.base}data/").split("/")),
        reuse_of=context.reuse(iri, resource.label),
        json_ld=await data_sets.json_ld(context, iri) if kind == "dataset" else None,
    )
    return context.render(shown, iri, str(resource.number))


def _head_title(context: PageContext, iri: str, resource: ReadResource) -> str:
    """With what it belongs to and its kind: things of several kinds are called alike."""
    if not iri.startswith(f"{context.base}data/"):  # what is known of all has its code beside its name
        return head_title(resource.label, SITE_NAME, kind="/".join(iri.split("/")[-2:]))
    town = town_name(context.snapshot.standing.town_of(iri, context.base))
    named = iri.removeprefix(f"{context.base}data/").split("/")
    # A service's name may be another's too; the end of its IRI is not.
    service = named[SERVICE] if len(named) > SERVICE + 1 else str(resource.owner or "")
    if not (service or town):
        return ""
    kind = str(resource.types[0].text).lower() if resource.types else ""
    return head_title(resource.label, service, town, kind=kind, place=_place(named))


def _place(named: Sequence[str]) -> str:
    """What tells a thing from others of its kind, by the steps of its IRI.

    >>> _place(["finding", "c_x", "2020", "all-forms-marked-14-management"])
    '14'
    >>> _place(["measurement", "c_x", "2020", "nidi", "completeness-users", "2019"])
    'completeness-users 2019'
    """
    last = named[-1]
    if named[0] == "finding" and (numbers := re.findall(r"\d+", last)):
        return ".".join(numbers)
    return " ".join(named[-2:]) if last.isdecimal() else last


def _indexed(named: Sequence[str]) -> bool:
    """Whether search engines are told of it: a part of another, or what an edition says of one, is not."""
    entry = named[0] in ENTRIES and len(named) > SERVICE + 1
    return not (entry or named[0] in NOT_INDEXED or named[0] in PARTS or "#" in named[-1])


def gone(iri: str, when: str) -> Problem:
    """What is left of a withdrawn resource."""
    return Problem(410, "gone", f"<{iri}> was withdrawn on {when}")
