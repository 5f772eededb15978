"""What pages say to search engines: schema.org as JSON-LD, in a data block that no browser runs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from mappe_servizi.rights import Agent
from mappe_servizi.web.portal.context import Visit

if TYPE_CHECKING:
    from mappe_servizi.web.portal.catalogue import DataSet


def script(document: Mapping[str, Any]) -> Markup:
    """The document as it may stand in a script element: no ``<`` can end it.

    >>> script({"name": "</script>"})
    Markup('{"@context": "https://schema.org", "name": "\\\\u003c/script\\\\u003e"}')
    """
    text = json.dumps({"@context": "https://schema.org", **document}, ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704


def service(visit: Visit, iri: str, context: Mapping[str, Any]) -> Markup:
    """A service as a GovernmentService, an internal one as a Service."""
    document: dict[str, Any] = {
        "@type": "Service" if context["internal"] else "GovernmentService",
        "@id": iri,
        "name": context["title"],
        "serviceType": str(context["area"].text),
        "provider": {
            "@type": "GovernmentOrganization",
            "@id": context["town"].iri,
            "name": str(context["town"].text),
        },
    }
    if str(context["summary"]):
        document["description"] = str(context["summary"])[:2000]
    if context["segments"]:
        document["audience"] = [{"@type": "Audience", "name": str(s.ref.text)} for s in context["segments"]]
    return script(document)


CODES = {"fiscal-code": "taxID", "vat": "vatID"}
"""The properties of schema.org for kinds of identifiers."""


def organization(iri: str, name: str, *, public: bool, codes: Iterable[tuple[str, str]] = ()) -> Markup:
    """An organisation with the numbers (kind and value) that others know it by."""
    known = {CODES[kind]: value for kind, value in codes if kind in CODES}
    type_ = "GovernmentOrganization" if public else "Organization"
    return script({"@type": type_, "@id": iri, "name": name, **known})


def dataset(visit: Visit, iri: str, name: str, description: str, downloads: Mapping[str, str]) -> Markup:
    """The whole data set with its downloads (media type by address)."""
    return script(
        {
            "@type": "Dataset",
            "@id": iri,
            "name": name,
            "description": description,
            **_standing(visit),
            "inLanguage": "it",
            "distribution": [
                {"@type": "DataDownload", "contentUrl": url, "encodingFormat": media}
                for url, media in downloads.items()
            ],
        }
    )


def catalogue(visit: Visit, iri: str, name: str, datasets: Iterable[DataSet]) -> Markup:
    """The catalogue with its data sets."""
    return script(
        {
            "@type": "DataCatalog",
            "@id": iri,
            "name": name,
            **_standing(visit),
            "dataset": [
                {
                    "@type": "Dataset",
                    "@id": d.iri,
                    "name": str(d.title),
                    "description": str(d.description),
                    **_licences(d.licences),
                }
                for d in datasets
            ],
        }
    )


def _licences(iris: Sequence[str]) -> dict[str, Any]:
    return {"license": iris[0] if len(iris) == 1 else [*iris]} if iris else {}


def _standing(visit: Visit) -> dict[str, Any]:
    """Licence, publisher and, as the one whose work it is, the rights holder of all data."""
    standing = visit.snapshot.standing
    publisher = [_agent(visit, standing.publisher)] if standing.publisher else []
    holders = [_agent(visit, holder) for holder in standing.whole.holders]
    return {
        **_licences([licence.iri for licence in standing.whole.licences]),
        **({"publisher": publisher[0]} if publisher else {}),
        **({"copyrightHolder": holders} if holders else {}),
    }


def _agent(visit: Visit, agent: Agent) -> dict[str, str]:
    iri = visit.snapshot.standing.agent_iri(agent, visit.base)
    return {"@type": "Organization", "@id": iri, "name": agent.name}
