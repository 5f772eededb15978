"""The catalogue and the whole of the data as schema.org has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.schema_org.document import licences, script, standing
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
            **standing(context),
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
            **standing(context),
            "dataset": [
                {
                    "@type": "Dataset",
                    "@id": d.iri,
                    "name": str(d.title),
                    "description": str(d.description),
                    **licences(d.licences),
                }
                for d in datasets
            ],
        }
    )
