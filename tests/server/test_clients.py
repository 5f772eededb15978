"""The server as the usual clients see it: SPARQLWrapper, rdflib's SPARQLStore, in every format."""

import csv
import io
import json
from xml.etree import ElementTree

import httpx
import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat, parse, parse_query_results
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, JSONLD, N3, RDFXML, TSV, TURTLE, XML, SPARQLWrapper

from served import BASE, Served

NIDO = f"{BASE}data/public-service/c_d150/asili-nido"
SELECT = f"SELECT ?l {{ <{NIDO}> <http://www.w3.org/2000/01/rdf-schema#label> ?l }} ORDER BY ?l"
CONSTRUCT = f"CONSTRUCT {{ <{NIDO}> ?p ?o }} WHERE {{ <{NIDO}> ?p ?o }}"


def ask(server: Served, query: str, form: str, method: str = "GET") -> SPARQLWrapper:
    wrapper = SPARQLWrapper(f"{server.url}/sparql")
    wrapper.setQuery(query)
    wrapper.setReturnFormat(form)
    wrapper.setMethod(method)
    return wrapper


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_sparqlwrapper_select(server: Served, method: str) -> None:
    rows = ask(server, SELECT, JSON, method).queryAndConvert()["results"]["bindings"]
    assert {r["l"]["value"] for r in rows} == {"Nurseries", "Asili nido"}
    document = ask(server, SELECT, XML, method).queryAndConvert()
    assert len(document.getElementsByTagName("result")) == 2
    table = list(csv.reader(io.StringIO(ask(server, SELECT, CSV, method).queryAndConvert().decode())))
    assert sorted(table) == [["Asili nido"], ["Nurseries"], ["l"]]
    assert b'"Asili nido"@it' in ask(server, SELECT, TSV, method).queryAndConvert()


@pytest.mark.parametrize("form", [TURTLE, N3, RDFXML, JSONLD])
def test_sparqlwrapper_construct(server: Served, form: str) -> None:
    found = ask(server, CONSTRUCT, form).queryAndConvert()
    graph = found if isinstance(found, Graph) else Graph().parse(data=found, format="turtle")
    assert (
        URIRef(NIDO),
        URIRef("http://www.w3.org/2000/01/rdf-schema#label"),
        Literal("Asili nido", lang="it"),
    ) in graph


def test_sparqlwrapper_ask(server: Served) -> None:
    assert ask(server, f"ASK {{ <{NIDO}> ?p ?o }}", JSON).queryAndConvert() == {"head": {}, "boolean": True}


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("form", ["xml", "json", "csv", "tsv"])
def test_sparqlstore(server: Served, method: str, form: str) -> None:
    store = SPARQLStore(f"{server.url}/sparql", method=method, returnFormat=form)
    graph = Graph(store)
    labels = {str(row[0]) for row in graph.query(SELECT)}
    assert labels == {"Asili nido", "Nurseries"}
    assert len(list(graph.triples((URIRef(NIDO), None, None)))) == 5


ROWS = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}
TRIPLES = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/n-quads": RdfFormat.N_QUADS,
    "application/trig": RdfFormat.TRIG,
}


@pytest.mark.parametrize(("media", "form"), ROWS.items())
@pytest.mark.parametrize("method", ["GET", "form", "direct", "QUERY"])
def test_every_result_format_by_every_method(
    client: httpx.Client, media: str, form: QueryResultsFormat, method: str
) -> None:
    headers = {"accept": media}
    if method == "GET":
        response = client.get("/sparql", params={"query": SELECT}, headers=headers)
    elif method == "form":
        response = client.post("/sparql", data={"query": SELECT}, headers=headers)
    else:
        headers["content-type"] = "application/sparql-query"
        verb = "POST" if method == "direct" else "QUERY"
        response = client.request(verb, "/sparql", content=SELECT.encode(), headers=headers)
    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] == media
    found = {row["l"].value for row in parse_query_results(response.content, format=form)}  # type: ignore[union-attr]
    assert found == {"Asili nido", "Nurseries"}


@pytest.mark.parametrize(("media", "form"), TRIPLES.items())
def test_every_graph_format_has_the_same_triples(client: httpx.Client, media: str, form: RdfFormat) -> None:
    response = client.get("/sparql", params={"query": CONSTRUCT}, headers={"accept": media})
    assert response.headers["content-type"].partition(";")[0] == media
    found = {quad.triple for quad in parse(response.content, format=form)}
    expected = client.get(
        "/sparql", params={"query": CONSTRUCT}, headers={"accept": "application/n-triples"}
    ).content
    assert found == {quad.triple for quad in parse(expected, format=RdfFormat.N_TRIPLES)}
    assert len(found) == 5


def test_json_ld_has_a_context(client: httpx.Client) -> None:
    response = client.get("/sparql", params={"query": CONSTRUCT}, headers={"accept": "application/ld+json"})
    document = json.loads(response.content)
    assert document["@context"]["rdfs"] == "http://www.w3.org/2000/01/rdf-schema#"
    assert "rdfs:label" in document["@graph"][0]


def test_xml_is_well_formed(client: httpx.Client) -> None:
    response = client.get("/sparql", params={"query": SELECT}, headers={"accept": "text/xml"})
    assert response.headers["content-type"].startswith("text/xml")
    assert ElementTree.fromstring(response.content).tag.endswith("sparql")
