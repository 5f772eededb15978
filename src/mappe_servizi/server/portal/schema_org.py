"""What pages say to search engines: schema.org as JSON-LD, in a data block that no browser runs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from mappe_servizi.server.portal.visit import Visit

if TYPE_CHECKING:
    from mappe_servizi.server.portal.catalogue import DataSet

LICENCE = "https://creativecommons.org/licenses/by/4.0/"


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


def organization(iri: str, name: str, *, public: bool) -> Markup:
    """An organisation."""
    return script({"@type": "GovernmentOrganization" if public else "Organization", "@id": iri, "name": name})


def dataset(iri: str, name: str, description: str, downloads: Mapping[str, str]) -> Markup:
    """A dataset with its downloads (media type by address)."""
    return script(
        {
            "@type": "Dataset",
            "@id": iri,
            "name": name,
            "description": description,
            "license": LICENCE,
            "inLanguage": "it",
            "distribution": [
                {"@type": "DataDownload", "contentUrl": url, "encodingFormat": media}
                for url, media in downloads.items()
            ],
        }
    )


def catalogue(iri: str, name: str, datasets: Iterable[DataSet]) -> Markup:
    """The catalogue with its data sets."""
    return script(
        {
            "@type": "DataCatalog",
            "@id": iri,
            "name": name,
            "license": LICENCE,
            "dataset": [
                {
                    "@type": "Dataset",
                    "@id": d.iri,
                    "name": str(d.title),
                    "description": str(d.description),
                    "license": LICENCE,
                }
                for d in datasets
            ],
        }
    )
