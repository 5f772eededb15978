"""The page of an ontology: the documentation that the build made of it, in the site's own frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup
from starlette.responses import Response

from mappe_servizi.bases import DEFAULT_BASE
from mappe_servizi.model.outputs.declared import ONTOLOGY_PAGE
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.page import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class OntologyPage(Page):
    """An ontology's documentation."""

    template: ClassVar[str] = "ontology.html"
    content: Markup


async def page(context: PageContext, iri: str) -> Response | None:
    """The page, None where the release has no documentation of it."""
    release, name = context.snapshot.release, iri.removeprefix(f"{DEFAULT_BASE}onto/")
    file = ONTOLOGY_PAGE.filled(ontology=name, language=context.language)
    if release is None or file not in release.files:
        return None
    text = (release.path / file).read_text(encoding="utf-8")
    content = Markup(text)  # noqa: S704 - made from our own ontology
    shown = OntologyPage(content=content, title=name, reuse_of=context.reuse(iri, name))
    return context.render(shown, iri)
