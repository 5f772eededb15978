"""The catalogue as a page: the data sets, and the files of each."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from mappe_servizi.web.portal import schema_org
from mappe_servizi.web.portal.context import Visit
from mappe_servizi.web.portal.texts import Text
from mappe_servizi.web.served.query_client import Row

DCAT = "http://www.w3.org/ns/dcat#"
PATTERNS = {
    "dataset": f"""GRAPH <BASE/graph/catalogue> {{ ?d a <{DCAT}Dataset> ; dct:title ?title .
        OPTIONAL {{ ?d dct:description ?description }} OPTIONAL {{ ?d dct:license ?licence }} }}""",
    "file": f"""GRAPH <BASE/graph/catalogue> {{ ?d <{DCAT}distribution> ?f . ?f <{DCAT}downloadURL> ?url .
        OPTIONAL {{ ?f <{DCAT}mediaType> ?media }} OPTIONAL {{ ?f <{DCAT}byteSize> ?size }} }}""",
}


@dataclass(frozen=True, slots=True)
class File:
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
    title: Text
    description: Text
    files: tuple[File, ...]
    licences: tuple[str, ...] = ()


async def page(visit: Visit) -> Response:
    """``/catalogue`` for people."""
    found = await visit.blocks(PATTERNS)
    grouped: dict[str, list[Row]] = {}
    for row in found["dataset"]:
        grouped.setdefault(row["d"].value, []).append(row)
    files: dict[str, dict[str, File]] = {}
    for row in found["file"]:
        url = row["url"].value
        files.setdefault(row["d"].value, {})[url] = _file(visit, row)
    datasets = [
        DataSet(
            iri,
            visit.link(iri),
            visit.best({r["title"].language: r["title"] for r in rows}.values()),
            visit.best(
                {r["description"].language: r["description"] for r in rows if "description" in r}.values()
            ),
            tuple(sorted(files.get(iri, {}).values(), key=lambda f: f.name)),
            tuple(sorted({r["licence"].value for r in rows if "licence" in r})),
        )
        for iri, rows in grouped.items()
    ]
    datasets.sort(key=lambda d: (d.title.value.casefold(), d.iri))
    catalogue = visit.href("/catalogue")
    context = {
        "title": visit("Catalogo dei dati"),
        "section": "/catalogue",
        "datasets": datasets,
        "formats": [
            ("Turtle", f"{catalogue}.ttl"),
            ("RDF/XML", f"{catalogue}.rdf"),
            ("JSON-LD", f"{catalogue}.jsonld"),
        ],
        "json_ld": schema_org.catalogue(
            visit, f"{visit.base}catalogue", visit("Catalogo dei dati"), datasets
        ),
    }
    return visit.render("catalogue.html", context)


def _file(visit: Visit, row: Row) -> File:
    url = row["url"].value
    href = visit.href("/" + url.removeprefix(visit.base)) if url.startswith(visit.base) else visit.link(url)
    media = row["media"].value.split("/media-types/")[-1] if "media" in row else ""
    return File(url.rsplit("/", 1)[-1], href, media, row["size"].value if "size" in row else "")
