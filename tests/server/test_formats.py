"""What a client names is what it gets: every name and media type, by every parameter and suffix, or 406."""

import httpx
import pytest
from pyoxigraph import QueryBoolean, QueryResultsFormat, RdfFormat, parse, parse_query_results
from rdflib import Graph
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from helpers import ROOT
from mappe_servizi.query.formats import (
    CSV,
    GRAPHS,
    HTML,
    JSON,
    N3,
    SOLUTIONS,
    SUFFIXES,
    TABLES,
    TURTLE,
    XML,
    Format,
    documentation,
)
from mappe_servizi.web.http.offers import PARAMETERS
from served import BASE, Served

NIDO = f"{BASE}data/public-service/c_d150/asili-nido"
QUERIES = {
    "SELECT": (f"SELECT ?l {{ <{NIDO}> <http://www.w3.org/2000/01/rdf-schema#label> ?l }}", SOLUTIONS),
    "CONSTRUCT": (f"CONSTRUCT {{ <{NIDO}> ?p ?o }} WHERE {{ <{NIDO}> ?p ?o }}", GRAPHS),
    "DESCRIBE": (f"DESCRIBE <{NIDO}>", GRAPHS),
}
NAMED = [
    (form, name, format_)
    for form, (_, formats) in QUERIES.items()
    for format_ in formats
    for name in (*format_.called, *format_.media_types)
]
ROW_PARSERS = {"json": QueryResultsFormat.JSON, "xml": QueryResultsFormat.XML, "tsv": QueryResultsFormat.TSV}


def is_in(format_: Format, body: bytes) -> bool:
    """Whether a parser of the format reads something from a body."""
    if format_ is CSV:
        return body.startswith(b"l\r\n") and body.count(b"\r\n") > 1
    if format_ in SOLUTIONS:
        found = parse_query_results(body, format=ROW_PARSERS[format_.name])
        return isinstance(found, QueryBoolean) or sum(1 for _ in found) > 0
    reader = RdfFormat.from_media_type(format_.media)
    assert reader is not None
    return sum(1 for _ in parse(body, format=reader)) > 0


def media_of(answer: httpx.Response) -> str:
    return answer.headers["content-type"].partition(";")[0]


@pytest.mark.parametrize(
    ("form", "name", "format_"), NAMED, ids=lambda v: v if isinstance(v, str) else v.name
)
def test_what_is_named_is_given(client: httpx.Client, form: str, name: str, format_: Format) -> None:
    query = QUERIES[form][0]
    for parameter in PARAMETERS:
        answer = client.get("/sparql", params={"query": query, parameter: name.upper()})
        assert answer.status_code == 200, answer.text
        assert media_of(answer) in format_.media_types
        assert is_in(format_, answer.content)
    if "/" in name and name not in format_.called:
        assert media_of(answer) == name
        assert media_of(client.get("/sparql", params={"query": query}, headers={"accept": name})) == name


@pytest.mark.parametrize("method", ["GET", "POST", "QUERY"])
def test_parameters_win_over_accept_by_every_method(client: httpx.Client, method: str) -> None:
    query = QUERIES["SELECT"][0]
    headers = {"accept": "application/sparql-results+xml"}
    if method == "GET":
        answer = client.get("/sparql", params={"query": query, "output": "csv"}, headers=headers)
    elif method == "POST":
        answer = client.post("/sparql", data={"query": query, "results": "text/csv"}, headers=headers)
    else:
        headers["content-type"] = "application/sparql-query"
        answer = client.request("QUERY", "/sparql?format=csv", content=query, headers=headers)
    assert media_of(answer) == "text/csv"


@pytest.mark.parametrize(
    ("form", "parameters", "media"),
    [
        ("SELECT", "format=application/sparql-results+json", JSON.media),  # a plus that nobody encoded
        ("CONSTRUCT", "format=application/rdf+xml", "application/rdf+xml"),
        ("CONSTRUCT", "output=rdf+xml", "application/rdf+xml"),
        ("SELECT", "format=text%2Fcsv%3Bq%3D0.5,text%2Fxml", "text/xml"),
        ("SELECT", "format=csv,xml;q=0.1", CSV.media),
        ("SELECT", "format=unknown,xml", XML.media),
        ("SELECT", "format=auto&output=", JSON.media),
        ("SELECT", "format=*/*", JSON.media),
        ("SELECT", "format=tsv&format=text/tab-separated-values&output=tsv", "text/tab-separated-values"),
        ("CONSTRUCT", "format=json", "application/ld+json"),
        ("CONSTRUCT", "format=xml", "application/rdf+xml"),
        ("CONSTRUCT", "format=N3", N3),
        ("SELECT", "format=%20csv%20", CSV.media),
    ],
)
def test_ways_of_writing_it(client: httpx.Client, form: str, parameters: str, media: str) -> None:
    answer = client.get(f"/sparql?{parameters}", params=None)
    assert answer.status_code != 500
    query = httpx.QueryParams({"query": QUERIES[form][0]})
    assert media_of(client.get(f"/sparql?{query}&{parameters}")) == media


NOT_OFFERED = [
    "bogus",
    "text/html",
    "application/vnd.ms-excel",
    "image/png",
    "thrift",
    "text",
    ",",
    "x" * 500,
]


@pytest.mark.parametrize(
    ("form", "name"),
    [(form, name) for form in QUERIES for name in NOT_OFFERED]
    + [("SELECT", "n3"), ("SELECT", "text/turtle"), ("SELECT", "json-ld"), ("CONSTRUCT", "csv"),
       ("CONSTRUCT", "application/sparql-results+json")],
)  # fmt: skip
def test_what_is_not_offered_is_refused_with_what_is(client: httpx.Client, form: str, name: str) -> None:
    answer = client.get("/sparql", params={"query": QUERIES[form][0], "format": name})
    assert answer.status_code == 406
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["offered"] == {f.name: f.media for f in QUERIES[form][1]}


@pytest.mark.parametrize(
    "parameters",
    ["format=json&output=csv", "format=csv&format=tsv", "stylesheet=/xml-to-html.xsl", "callback=f",
     f"format={'x' * 3000}"],
)  # fmt: skip
def test_contradictions_and_what_no_answer_has(client: httpx.Client, parameters: str) -> None:
    query = httpx.QueryParams({"query": QUERIES["SELECT"][0]})
    assert client.get(f"/sparql?{query}&{parameters}").status_code == 400


PLACES = ["/data/public-service/c_d150/asili-nido", "/doc/public-service/c_d150/asili-nido",
          "/onto/MDS", "/.well-known/void", "/catalogue", "/sparql"]  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("format_", GRAPHS, ids=lambda f: f.name)
def test_documents_have_the_same_names(client: httpx.Client, place: str, format_: Format) -> None:
    for name in (*format_.called, *format_.media_types):
        answer = client.get(
            place, params={"format": name}, headers={"accept": "text/html"}, follow_redirects=True
        )
        assert answer.status_code == 200, name
        assert media_of(answer) in format_.media_types, name
        assert is_in(format_, answer.content)
    refused = client.get(place, params={"format": "csv"})
    assert refused.status_code == 406
    assert refused.json()["offered"]["turtle"] == TURTLE.media


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_suffixes_of_documents(client: httpx.Client, suffix: str) -> None:
    place = f"/data/public-service/c_d150/asili-nido.{suffix}"
    answer = client.get(place, headers={"accept": "application/n-quads"}, follow_redirects=True)
    expected = {f.name: f for f in (*GRAPHS, HTML)}[SUFFIXES[suffix]]
    assert media_of(answer) == expected.media
    assert client.get(place, params={"format": "trig" if suffix != "trig" else "nt"}).status_code == 400


@pytest.mark.parametrize("format_", TABLES, ids=lambda f: f.name)
def test_the_api_has_the_same_names(client: httpx.Client, format_: Format) -> None:
    names = [n for n in (*format_.called, *format_.media_types) if n != "text/plain"]
    for name in names:
        answer = client.get("/api/services", params={"format": name})
        assert answer.status_code == 200, name
        assert media_of(answer) in format_.media_types
    assert media_of(client.get(f"/api/services.{format_.suffix}")) == format_.media
    assert client.get(f"/api/services.{format_.suffix}?format=xml").status_code in {400, 406}
    assert client.get("/api/services?output=xml").json()["offered"]["json"] == "application/json"


def test_search_and_pages(client: httpx.Client) -> None:
    found = client.get("/search", params={"q": "nido", "format": "json"}, headers={"accept": "text/html"})
    assert media_of(found) == "application/json"
    assert client.get("/search", params={"q": "nido", "format": "ttl"}).status_code == 406
    assert client.get("/explore/users", params={"format": "ttl"}).status_code == 406
    for page in ("/about", "/services", "/page/public-service/c_d150/asili-nido"):
        assert client.get(page, params={"format": "html"}).status_code == 200
        assert client.get(page, params={"format": "json"}).status_code == 406


@pytest.mark.parametrize("form", ["CONSTRUCT", "DESCRIBE"])
@pytest.mark.parametrize(
    "accept",
    [
        "application/sparql-results+xml",
        "application/sparql-results+json",
        "text/csv",
        "application/sparql-results+xml, application/sparql-results+json;q=0.5",
        "application/sparql-results+json,text/javascript,application/javascript",
    ],
)
def test_triples_for_a_client_that_names_results_of_rows_only(
    client: httpx.Client, form: str, accept: str
) -> None:
    answer = client.get("/sparql", params={"query": QUERIES[form][0]}, headers={"accept": accept})
    assert media_of(answer) == TURTLE.media
    assert (
        client.get("/sparql", params={"query": QUERIES[form][0]}, headers={"accept": "image/png"}).status_code
        == 406
    )


@pytest.mark.parametrize("form", ["xml", "json", "csv", "tsv"])
def test_rdflib_constructs_whatever_format_of_rows_its_store_asks_for(server: Served, form: str) -> None:
    graph = Graph(SPARQLStore(f"{server.url}/sparql", returnFormat=form))
    found = graph.query(QUERIES["CONSTRUCT"][0])
    assert len(found.graph or ()) == 5


def test_the_page_of_formats_is_up_to_date() -> None:
    assert (ROOT / "docs" / "formats.md").read_text(encoding="utf-8") == documentation(), "run `make docs`"
