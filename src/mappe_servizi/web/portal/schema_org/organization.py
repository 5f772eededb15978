"""An organisation as schema.org has it."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.schema_org.document import script, web_page

CODES = {"fiscal-code": "taxID", "vat": "vatID"}
"""The properties of schema.org for kinds of identifiers."""


def organization(
    context: PageContext, iri: str, name: str, *, public: bool, codes: Iterable[tuple[str, str]] = ()
) -> Markup:
    """An organisation with the numbers (kind and value) that others know it by."""
    known = {CODES[kind]: value for kind, value in codes if kind in CODES}
    type_ = "GovernmentOrganization" if public else "Organization"
    return script(
        {
            "@type": type_,
            "@id": iri,
            "name": name,
            "url": iri,
            **known,
            "mainEntityOfPage": web_page(context, iri),
        }
    )
