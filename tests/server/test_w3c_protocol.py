"""The W3C's SPARQL 1.1 protocol manifest against the running server.

The query tests are run as they are. The update tests are refusals here: every update that the
manifest sends must get a 4xx, and leave the data as they were.
"""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from rdflib import RDF, Graph, Namespace
from rdflib.collection import Collection

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
MANIFEST = (
    Path(os.environ.get("MAPPE_REFERENCE", Path(__file__).parents[3] / "shared" / "reference"))
    / "w3c"
    / "protocol"
    / "manifest.ttl"
)
RDF_MEDIA = {"text/turtle": "turtle", "application/n-triples": "nt", "application/rdf+xml": "xml"}


@cache
def manifest() -> Graph:
    return Graph().parse(MANIFEST, format="turtle")


def names() -> Iterator[str]:
    if not MANIFEST.exists():
        return
    graph = manifest()
    entries = graph.value(predicate=MF.entries, subject=graph.value(predicate=RDF.type, object=MF.Manifest))
    assert entries is not None
    for entry in Collection(graph, entries):
        yield str(entry).rpartition("#")[2]


def requests(name: str) -> Iterator[tuple[Any, Any]]:
    """The requests of a test, each with what its response must be."""
    graph = manifest()
    entry = next(s for s in graph.subjects(RDF.type, MF.ProtocolTest) if str(s).endswith(f"#{name}"))
    action = graph.value(entry, MF.action)
    for request in Collection(graph, graph.value(action, HT.requests)):  # type: ignore[arg-type]
        yield request, graph.value(request, HT.resp)


def send(client: httpx.Client, request: Any) -> httpx.Response:
    graph = manifest()
    headers = {"accept": "*/*"}
    fields = graph.value(request, HT.headers)
    for header in Collection(graph, fields) if fields is not None else ():
        name, value = graph.value(header, HT.fieldName), graph.value(header, HT.fieldValue)
        headers[str(name).lower()] = str(value)
    body = graph.value(request, HT.body)
    content = None
    if body is not None:
        encoding = str(graph.value(body, CNT.characterEncoding))
        content = str(graph.value(body, CNT.chars)).encode(encoding)
    path = str(graph.value(request, HT.absolutePath))
    return client.request(str(graph.value(request, HT.methodName)), path, headers=headers, content=content)


def test_the_manifest_is_whole(reference: Path) -> None:
    assert len(list(names())) == 34


@pytest.mark.parametrize("name", list(names()))
def test_protocol(client: httpx.Client, name: str) -> None:
    refusal = "update" in name
    for request, expected in requests(name):
        response = send(client, request)
        graph = manifest()
        if refusal:
            if not graph.value(expected, MF.expectedBoolean):
                assert 400 <= response.status_code < 500, response.text
            continue
        statuses = {str(s)[-3] for s in graph.objects(expected, MF.expectedStatus)}
        assert str(response.status_code)[0] in statuses, response.text
        media = response.headers["content-type"].partition(";")[0]
        if (value := graph.value(expected, MF.expectedBoolean)) is not None:
            assert response.json()["boolean"] == value.toPython()  # type: ignore[attr-defined]
        form = str(graph.value(expected, MF.expectedFormat))
        if form == "tabular":
            assert "bindings" in response.json()["results"]
        elif form == "RDF":
            Graph().parse(data=response.text, format=RDF_MEDIA[media])
    assert len(client.get("/sparql", params={"query": "SELECT * { ?s a ?t } LIMIT 1"}).json()) == 2
