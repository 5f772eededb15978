"""What pages say to search engines: schema.org as JSON-LD, in a data block that no browser runs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from mappe_servizi.rights import Agent
from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.texts import LocalizedText


@dataclass(frozen=True, slots=True)
class DistributionEntry:
    """A file of a data set: its name, address, media type and size in bytes."""

    name: str
    href: str
    media: str
    size: str


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set of the catalogue."""

    iri: str
    href: str
    title: LocalizedText
    description: LocalizedText
    files: tuple[DistributionEntry, ...]
    licences: tuple[str, ...] = ()


def script(document: Mapping[str, Any]) -> Markup:
    """The document as it may stand in a script element: no ``<`` can end it.

    >>> script({"name": "</script>"})
    Markup('{"@context": "https://schema.org", "name": "\\\\u003c/script\\\\u003e"}')
    """
    text = json.dumps({"@context": "https://schema.org", **document}, ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704


def service(context: PageContext, iri: str, shown: Mapping[str, Any]) -> Markup:
    """A service as a GovernmentService, an internal one as a Service."""
    document: dict[str, Any] = {
        "@type": "Service" if shown["internal"] else "GovernmentService",
        "@id": iri,
        "name": shown["title"],
        "serviceType": str(shown["area"].text),
        "provider": {
            "@type": "GovernmentOrganization",
            "@id": shown["town"].iri,
            "name": str(shown["town"].text),
        },
    }
    if str(shown["summary"]):
        document["description"] = str(shown["summary"])[:2000]
    if shown["segments"]:
        document["audience"] = [{"@type": "Audience", "name": str(s.ref.text)} for s in shown["segments"]]
    return script(document)


CODES = {"fiscal-code": "taxID", "vat": "vatID"}
"""The properties of schema.org for kinds of identifiers."""


def organization(iri: str, name: str, *, public: bool, codes: Iterable[tuple[str, str]] = ()) -> Markup:
    """An organisation with the numbers (kind and value) that others know it by."""
    known = {CODES[kind]: value for kind, value in codes if kind in CODES}
    type_ = "GovernmentOrganization" if public else "Organization"
    return script({"@type": type_, "@id": iri, "name": name, **known})


def dataset(
    context: PageContext, iri: str, name: str, description: str, downloads: Mapping[str, str]
) -> Markup:
    """The whole data set with its downloads (media type by address)."""
    return script(
        {
            "@type": "Dataset",
            "@id": iri,
            "name": name,
            "description": description,
            **_standing(context),
            "inLanguage": "it",
            "distribution": [
                {"@type": "DataDownload", "contentUrl": url, "encodingFormat": media}
                for url, media in downloads.items()
            ],
        }
    )


def catalogue(context: PageContext, iri: str, name: str, datasets: Iterable[DataSet]) -> Markup:
    """The catalogue with its data sets."""
    return script(
        {
            "@type": "DataCatalog",
            "@id": iri,
            "name": name,
            **_standing(context),
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


def _standing(context: PageContext) -> dict[str, Any]:
    """Licence, publisher and, as the one whose work it is, the rights holder of all data."""
    standing = context.snapshot.standing
    publisher = [_agent(context, standing.publisher)] if standing.publisher else []
    holders = [_agent(context, holder) for holder in standing.whole.holders]
    return {
        **_licences([licence.iri for licence in standing.whole.licences]),
        **({"publisher": publisher[0]} if publisher else {}),
        **({"copyrightHolder": holders} if holders else {}),
    }


def _agent(context: PageContext, agent: Agent) -> dict[str, str]:
    iri = context.snapshot.standing.agent_iri(agent, context.base)
    return {"@type": "Organization", "@id": iri, "name": agent.name}
