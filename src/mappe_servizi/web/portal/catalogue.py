"""The catalogue as a page: the data sets, and the files of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from starlette.responses import Response

from mappe_servizi.web.portal.context import PageContext
from mappe_servizi.web.portal.page import Page
from mappe_servizi.web.portal.paging import ListPage, part_of
from mappe_servizi.web.portal.schema_org import catalogue as schema_org
from mappe_servizi.web.portal.schema_org.catalogue import DataSet, DistributionEntry
from mappe_servizi.web.portal.territory import MOST
from mappe_servizi.web.served.results import Row, values

DCAT = "http://www.w3.org/ns/dcat#"
LISTED = {"dataset": f"GRAPH <BASE/graph/catalogue> {{ ?d a <{DCAT}Dataset> ; dct:title ?title }}"}
PATTERNS = {
    "dataset": """GRAPH <BASE/graph/catalogue> { ?d dct:title ?title .
        OPTIONAL { ?d dct:description ?description } OPTIONAL { ?d dct:license ?licence } }""",
    "file": f"""GRAPH <BASE/graph/catalogue> {{ ?d <{DCAT}distribution> ?f . ?f <{DCAT}downloadURL> ?url .
        OPTIONAL {{ ?f <{DCAT}mediaType> ?media }} OPTIONAL {{ ?f <{DCAT}byteSize> ?size }} }}""",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CataloguePage(Page):
    """Data sets of one page; ``formats`` are the names and addresses of the catalogue for programs."""

    template: ClassVar[str] = "catalogue.html"
    paged: ClassVar[bool] = True
    datasets: Sequence[DataSet]
    part: ListPage[str]
    formats: Sequence[tuple[str, str]]


async def page(context: PageContext) -> Response:
    """``/catalogue`` for people."""
    listed: dict[str, list[Row]] = {}
    for row in (await context.blocks(LISTED, MOST))["dataset"]:
        listed.setdefault(row["d"].value, []).append(row)
    names = {iri: context.best(row["title"] for row in rows).value.casefold() for iri, rows in listed.items()}
    part = part_of(context.request, sorted(listed, key=lambda iri: (names[iri], iri)))
    these = f"VALUES ?d {{ {values(part.entries)} }} "
    found = await context.blocks({name: these + pattern for name, pattern in PATTERNS.items()})
    grouped: dict[str, list[Row]] = {}
    for row in found["dataset"]:
        grouped.setdefault(row["d"].value, []).append(row)
    files: dict[str, dict[str, DistributionEntry]] = {}
    for row in found["file"]:
        url = row["url"].value
        files.setdefault(row["d"].value, {})[url] = _file(context, row)
    datasets = [
        DataSet(
            iri,
            context.link(iri),
            context.best({r["title"].language: r["title"] for r in rows}.values()),
            context.best(
                {r["description"].language: r["description"] for r in rows if "description" in r}.values()
            ),
            tuple(sorted(files.get(iri, {}).values(), key=lambda f: f.name)),
            tuple(sorted({r["licence"].value for r in rows if "licence" in r})),
        )
        for iri, rows in grouped.items()
    ]
    datasets.sort(key=lambda d: (d.title.value.casefold(), d.iri))
    catalogue = context.href("/catalogue")
    shown = CataloguePage(
        title=context.translate("Catalogo dei dati"),
        section="/catalogue",
        datasets=datasets,
        part=part,
        formats=[
            ("Turtle", f"{catalogue}.ttl"),
            ("RDF/XML", f"{catalogue}.rdf"),
            ("JSON-LD", f"{catalogue}.jsonld"),
        ],
        json_ld=schema_org.catalogue(
            context, f"{context.base}catalogue", context.translate("Catalogo dei dati"), datasets
        ),
    )
    return context.render(shown)


def _file(context: PageContext, row: Row) -> DistributionEntry:
    url = row["url"].value
    href = (
        context.href("/" + url.removeprefix(context.base))
        if url.startswith(context.base)
        else context.link(url)
    )
    media = row["media"].value.split("/media-types/")[-1] if "media" in row else ""
    return DistributionEntry(url.rsplit("/", 1)[-1], href, media, row["size"].value if "size" in row else "")
