"""Search engines: the JSON-LD of data sets' pages, by the fields that Google's data-set search reads.

Required are a name and a description of 50 to 5,000 characters, the rest is recommended
(developers.google.com/search/docs/appearance/structured-data/dataset).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from mappe_servizi.formats import HTML, JSON_LD
from mappe_servizi.rdf.namespaces import DCAT
from mappe_servizi.rehearsal.account import Account, Record, missing
from mappe_servizi.rehearsal.visit import Visit

DESCRIPTION = range(50, 5001)
RECOMMENDED = ("url", "identifier", "license", "creator", "keywords", "includedInDataCatalog", "dateModified")
READ = (
    "name", "description", *RECOMMENDED, "publisher", "datePublished", "temporalCoverage", "spatialCoverage",
    "isAccessibleForFree", "variableMeasured", "version", "inLanguage", "distribution",
)  # fmt: skip
AGENT = "Googlebot"


class _Scripts(HTMLParser):
    """Collects the blocks of JSON-LD of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script" and dict(attrs).get("type") == JSON_LD.media
        if self._inside:
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1] += data


def harvest(visit: Visit) -> list[Account]:
    """Every data set's landing page."""
    account = Account("search engines: data sets' pages")
    robots = RobotFileParser()
    robots.parse(visit.document("robots.txt").body.decode(errors="replace").splitlines())
    for node in visit.datasets:
        page = visit.catalogue.text(node, DCAT["landingPage"])
        if not page:
            account.lose(node.value, "it has no landing page")
            continue
        if not robots.can_fetch(AGENT, "/" + page.removeprefix(visit.base)):
            account.lose(page, "robots.txt keeps search engines from it")
        answer = visit.visitor.get(page, accept=HTML.media)
        if not answer.ok or answer.media != HTML.media:
            account.lose(page, f"it answers {answer.said} {answer.media}")
            continue
        every = described(answer.body.decode(errors="replace"))
        found = [one for one in every if one.get("@id") in {None, node.value}]
        if not found:
            account.lose(page, "a search engine finds no schema.org Dataset on it")
            continue
        account.records[node.value] = record = {key: found[0][key] for key in READ if key in found[0]}
        account.lose(page, *_faults(record))
        account.advise(page, *missing(record, RECOMMENDED))
    account.notes.append(f"{len(account.records)} of {len(visit.datasets)} data sets")
    return [account]


def described(page: str) -> Iterator[dict[str, Any]]:
    """The data sets that a page describes.

    >>> page = '<script type="application/ld+json">{"@type": "Dataset", "name": "Figures"}</script>'
    >>> [d["name"] for d in described(page)]
    ['Figures']
    """
    scripts = _Scripts()
    scripts.feed(page)
    for block in scripts.found:
        try:
            document = json.loads(block)
        except ValueError:
            continue
        graph = document.get("@graph", document) if isinstance(document, dict) else document
        for one in graph if isinstance(graph, list) else [graph]:
            if isinstance(one, dict) and "Dataset" in _many(one.get("@type")):
                yield one


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _faults(record: Record) -> Iterator[str]:
    yield from missing(record, ("name", "description", "distribution"))
    size = len(str(record.get("description", "")))
    if size and size not in DESCRIPTION:
        yield f"its description has {size} characters, not {DESCRIPTION.start} to {DESCRIPTION.stop - 1}"
    for licence in _many(record.get("license", [])):
        if urlsplit(str(licence)).scheme not in {"http", "https"}:
            yield f"license is {licence!r}, no address"
    for download in _many(record.get("distribution", [])):
        if not isinstance(download, dict) or missing(download, ("contentUrl", "encodingFormat")):
            yield f"a distribution without address or media type: {download!r}"
