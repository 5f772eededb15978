"""Things that are shown as parts of a service's page: elements, criteria, and the rows of who delivers it."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.page import anchor

HAS: Final = "<IRI> mds:statedIn ?map OPTIONAL { ?map mds:isCurrent ?current }"


async def page(context: PageContext, iri: str) -> Response | None:
    """On to the page of the service that a part belongs to; None where there is no such part.

    One that the current map no longer states stands on the page of the edition that did.
    """
    if not (place := anchor(iri)):
        return None
    found = (await context.blocks({"self": HAS.replace("IRI", iri)}))["self"]
    if not found:
        return None
    _, ipa, edition, service, _ = iri.removeprefix(f"{context.base}data/").split("/")
    current = any("current" not in row or row["current"].value == "true" for row in found)
    language = context.request.query_params.get("lang", "")
    asked = {"edition": "" if current else edition, "lang": language if language == context.language else ""}
    query = "&".join(f"{name}={value}" for name, value in asked.items() if value)
    page = context.link(f"{context.base}data/public-service/{ipa}/{service}")
    return Response(status_code=303, headers={"location": f"{page}{'?' if query else ''}{query}#{place}"})
