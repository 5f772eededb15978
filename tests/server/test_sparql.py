"""What the endpoint answers to real clients, beyond the W3C's tests of the protocol."""

import http.client
import socket
import subprocess
import time
import urllib.parse
from pathlib import Path
from shutil import which
from typing import Any
from urllib.error import HTTPError

import httpx
import pytest
from rdflib import Graph
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, RDFXML, TURTLE, XML, SPARQLWrapper

from served import BASE, Served, serve

PREFIX = f"PREFIX mds: <{BASE}onto/MDS/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
NIDO = f"{BASE}data/public-service/c_d150/asili-nido"
CONSTRUCT = f"CONSTRUCT {{ <{NIDO}> ?p ?o }} WHERE {{ <{NIDO}> ?p ?o }}"
DATA = f"{BASE}graph/data"


def ask(client: httpx.Client, query: str, accept: str | None = None, **more: Any) -> httpx.Response:
    """The answer to a query."""
    headers = {k.replace("_", "-"): more.pop(k) for k in ("if_none_match", "prefer") if k in more}
    headers |= {"accept": accept} if accept else {}
    return client.get("/sparql", params={"query": query, **more}, headers=headers)


def test_words_are_a_function(client: httpx.Client) -> None:
    count = PREFIX + "SELECT (COUNT(*) AS ?n) { ?hit rdfs:label ?l FILTER(mds:matches(?hit, 'servizio')) }"
    assert ask(client, count).json()["results"]["bindings"][0]["n"]["value"] == "300"
    best = PREFIX + (
        "SELECT ?x { ?x rdfs:label ?l FILTER(LANG(?l) = 'it' && mds:matches(?x, 'asilo')) } "
        "ORDER BY DESC(mds:relevance(?x, 'asilo')) LIMIT 1"
    )
    assert ask(client, best).json()["results"]["bindings"][0]["x"]["value"] == NIDO
    for wrong in ("mds:matches(?x)", f"mds:matches(?x, '{'a' * 201}')"):
        refused = ask(client, PREFIX + f"SELECT * {{ ?x ?p ?o FILTER({wrong}) }}")
        assert (refused.status_code, refused.json()["type"]) == (400, "/problems#bad-query"), refused.text
    gone = ask(client, "SELECT ?hit { ?hit ?p ?o }", search="asilo")
    assert gone.status_code == 400
    assert "mds:matches" in gone.json()["detail"]


@pytest.mark.parametrize(
    "query",
    [
        "ASK { FILTER(<http://example.org/f>(1)) }",
        "SELECT * { ?s <http://no> ?o BIND(<http://example.org/f>(?s) AS ?x) }",
        "SELECT (<http://example.org/f>(?s) AS ?n) { ?s ?p ?o }",
        "ASK { FILTER(<http://www.w3.org/2001/XMLSchema#integer>('1', '2')) }",
        "CONSTRUCT { ?s ?p ?x } { ?s ?p ?o BIND(<http://example.org/f>(?s) AS ?x) }",
    ],
)
def test_an_unknown_function_is_the_clients_mistake(client: httpx.Client, query: str) -> None:
    refused = ask(client, query)
    assert refused.status_code == 400
    assert {"line", "column", "excerpt", "hint"} <= refused.json().keys()


def test_a_mistake_is_located_in_the_problem_document(client: httpx.Client) -> None:
    problem = ask(client, "SELECT *\nWHERE { ?s foaf:name ?o }").json()
    assert (problem["line"], problem["column"]) == (2, 12)
    assert problem["excerpt"] == "WHERE { ?s foaf:name ?o }\n           ^"
    assert "PREFIX foaf: <http://xmlns.com/foaf/0.1/>" in problem["hint"]
    assert problem["hint"] in problem["detail"]
    assert "U+" not in problem["detail"]


def test_a_byte_order_mark_says_nothing(client: httpx.Client) -> None:
    assert ask(client, "\ufeffASK {}").json()["boolean"] is True
    posted = client.post(
        "/sparql", content="\ufeffASK {}".encode(), headers={"content-type": "application/sparql-query"}
    )
    assert posted.json()["boolean"] is True


def test_any_result_and_a_query_without_one(client: httpx.Client) -> None:
    for wrong in ("SELECT * {", "ASK { FILTER(<http://e/f>(1)) }"):
        assert ask(client, wrong, if_none_match="*").status_code == 400
    for right in ("ASK {}", "SELECT * { ?s ?p ?o }"):
        assert ask(client, right, if_none_match="*").status_code == 304
    big = PREFIX + "SELECT * { ?a ?b ?c . ?d rdfs:label ?e }"  # is streamed
    assert ask(client, big, if_none_match="*").status_code == 304


def test_an_empty_dataset_parameter_is_none(client: httpx.Client) -> None:
    query = f"ASK {{ <{NIDO}> ?p ?o }}"
    for name in ("default-graph-uri", "named-graph-uri"):
        assert ask(client, query, **{name: ""}).json()["boolean"] is True
    assert ask(client, query, **{"default-graph-uri": "x"}).status_code == 400


def test_the_data_graph_of_other_engines(client: httpx.Client) -> None:
    for query in (
        f"ASK {{ GRAPH <{DATA}> {{ ?s ?p ?o }} }}",
        f"PREFIX g: <{BASE}graph/> SELECT * {{ GRAPH g:data {{ ?s ?p ?o }} }}",
        f"PREFIX b: <{BASE}> ASK {{ GRAPH b:graph\\/data {{ ?s ?p ?o }} }}",
        f"PREFIX g: <{BASE}graph/da> ASK {{ GRAPH g:ta {{ ?s ?p ?o }} }}",
        f"BASE <{BASE}> ASK {{ GRAPH <graph/data> {{ ?s ?p ?o }} }}",
        f"SELECT * FROM <{DATA}> {{ ?s ?p ?o }}",
        f"SELECT * FROM NAMED <{DATA}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        f"SELECT * {{ VALUES ?g {{ <{DATA}> }} GRAPH ?g {{ ?s ?p ?o }} }}",
    ):
        refused = ask(client, query)
        assert refused.status_code == 400, query
        assert "default graph" in refused.json()["detail"]
    for query in (
        f"ASK {{ GRAPH <{BASE}graph/catalogue> {{ ?s ?p ?o }} }}",
        f'ASK {{ ?s ?p ?o GRAPH ?g {{ ?a ?b ?c }} FILTER(STR(?g) != "{DATA}") }}',
        f"ASK {{ <{NIDO}> ?p ?o . # GRAPH <{DATA}>\n }}",
    ):
        assert ask(client, query).json()["boolean"] is True, query
    assert ask(client, f"ASK {{ <{NIDO}> ?p ?o }}", **{"default-graph-uri": DATA}).json()["boolean"] is True


def test_columns_stand_as_the_text_names_them(client: httpx.Client) -> None:
    for query, columns in {
        "SELECT * { ?z ?b ?a } LIMIT 1": "z,b,a",
        "select distinct*{ ?z ?b ?a . OPTIONAL { ?a ?y ?c } } LIMIT 1": "z,b,a,y,c",
        "SELECT * { VALUES (?z ?a) { (1 2) } BIND(?z + ?a AS ?m) }": "z,a,m",
        "# SELECT ?q\nPREFIX a: <http://a*b/> SELECT # *\n * { { SELECT * { $z ?b ?a } LIMIT 1 } }": "z,b,a",
        "SELECT * { ?z ?b '*' } LIMIT 1": "z,b",
        "SELECT ?b (COUNT(*) AS ?a) { ?s ?b ?o } GROUP BY ?b LIMIT 1": "b,a",
    }.items():
        answer = ask(client, query, "text/csv")
        assert answer.text.splitlines()[0] == columns, query
        assert ask(client, query).json()["head"]["vars"] == columns.split(",")


def test_fresh_blank_nodes_make_a_weak_tag(client: httpx.Client) -> None:
    for template in ("?s ?p []", "?s ?p _:x", "?s ?p [ ?p ?o ]", "?s ?p (?o)"):
        query = f"CONSTRUCT {{ {template} }} WHERE {{ ?s ?p ?o }} LIMIT 2"
        answer = ask(client, query)
        tag = answer.headers["etag"]
        assert tag.startswith('W/"'), query
        assert ask(client, query, if_none_match=tag).status_code == 304
    assert not ask(client, CONSTRUCT).headers["etag"].startswith("W/")
    assert not ask(client, "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o, [] } LIMIT 1").headers["etag"].startswith("W/")


def test_a_preference_is_its_clients_own(client: httpx.Client) -> None:
    query = "ASK { ?prefer ?p ?o }"
    own = ask(client, query, prefer="wait=3")
    assert own.headers["preference-applied"] == "wait=3"
    assert "public" not in own.headers["cache-control"]
    assert "Prefer" in own.headers["vary"]
    for _ in range(2):
        other = ask(client, query)
        assert "preference-applied" not in other.headers
        assert other.headers["cache-control"].startswith("public")


def test_another_origin_may_read_all_of_it(client: httpx.Client) -> None:
    wanted = (
        "Range",
        "If-Match",
        "If-Range",
        "If-Unmodified-Since",
        "Authorization",
        "X-Requested-With",
        "Prefer",
    )
    for path in ("/sparql", "/dump/mappe-servizi.nq", "/data/x"):
        preflight = client.options(
            path, headers={"origin": "https://e.org", "access-control-request-method": "GET"}
        )
        allowed = {
            name.strip().lower() for name in preflight.headers["access-control-allow-headers"].split(",")
        }
        assert {name.lower() for name in wanted} <= allowed
        assert not allowed & {"*", "forwarded", "x-forwarded-for", "x-real-ip", "cookie"}
        assert preflight.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in preflight.headers
    always_readable = {"cache-control", "content-language", "content-length", "content-type", "last-modified"}
    for_browsers = {
        "connection", "transfer-encoding", "x-content-type-options", "content-security-policy",
        "x-frame-options", "referrer-policy", "cross-origin-opener-policy", "permissions-policy",
    }  # fmt: skip
    answers = [
        client.get("/dump/mappe-servizi.nq", headers={"range": "bytes=0-9"}),
        ask(client, "ASK {}", prefer="wait=2"),
        client.get("/data/public-service/c_d150/asili-nido"),
        client.get("/page/public-service/c_d150/asili-nido"),
        client.put("/sparql"),
        client.post("/sparql", content=b"x", headers={"content-type": "image/png"}),
        client.get("/doc/public-service/c_d150/asili-nido.ttl"),
    ]
    for answer in answers:
        exposed = {n.strip().lower() for n in answer.headers["access-control-expose-headers"].split(",")}
        names = {n for n in answer.headers if not n.startswith("access-control-")}
        assert names <= exposed | always_readable | for_browsers, answer.url


def test_lateral_is_declared_as_an_extension(client: httpx.Client) -> None:
    answer = ask(
        client, "SELECT * { { SELECT ?s { ?s ?p ?o } LIMIT 3 } LATERAL { SELECT * { ?s ?a ?b } LIMIT 1 } }"
    )
    assert len(answer.json()["results"]["bindings"]) == 3
    description = client.get("/sparql", headers={"accept": "text/turtle"}).text
    assert "sd:languageExtension" in description
    assert "SEP-0006" in description
    for name in ("matches", "relevance"):
        assert f"mds:{name}" in description


# Real clients.

FORMATS = ("xml", "json", "csv", "tsv", "turtle", None)


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_reads_every_kind_of_result(server: Served, format_: str | None, method: Any) -> None:
    graph = Graph(SPARQLStore(f"{server.url}/sparql", returnFormat=format_, method=method))  # type: ignore[arg-type]
    for query, answer in {"ASK { ?s ?p ?o }": True, "ASK { ?s <http://no> ?o }": False}.items():
        result = graph.query(query)
        assert (result.type, result.askAnswer) == ("ASK", answer)
    assert len(list(graph.query("SELECT ?s { ?s ?p ?o } LIMIT 3"))) == 3
    for query in (CONSTRUCT, f"DESCRIBE <{NIDO}>"):
        described = graph.query(query).graph
        assert described is not None
        assert len(described) == 5


SELECT = "SELECT ?s { ?s ?p ?o } LIMIT 3"


@pytest.mark.parametrize("format_", [XML, JSON, CSV, TURTLE, RDFXML])
def test_sparqlwrapper_gets_what_it_can_read(server: Served, format_: str) -> None:
    wrapper = SPARQLWrapper(f"{server.url}/sparql", returnFormat=format_)
    wrapper.addDefaultGraph("")
    triples = format_ in {XML, JSON, TURTLE, RDFXML}  # there are RDF/XML and JSON-LD, too
    rows = format_ in {XML, JSON, CSV}
    for query, given in (("ASK { ?s ?p ?o }", rows), (SELECT, rows), (CONSTRUCT, triples)):
        wrapper.setQuery(query)
        if given:
            assert wrapper.query().response.read()
        else:  # what is named is given, or refused with a list of what there is
            with pytest.raises(HTTPError, match="406"):
                wrapper.query()


@pytest.mark.skipif(which("roqet") is None, reason="the Debian package rasqal-utils is not installed")
def test_roqet_reads_rows(server: Served) -> None:
    command = [
        "roqet",
        "-q",
        "-p",
        f"{server.url}/sparql",
        "-r",
        "csv",
        "-e",
        "SELECT ?s { ?s ?p ?o } LIMIT 3",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert len(done.stdout.splitlines()) == 4


@pytest.mark.parametrize(
    ("query", "accept", "got"),
    [
        (CONSTRUCT, "application/sparql-results+xml", "text/turtle"),
        (CONSTRUCT, "text/csv", "text/turtle"),
        (CONSTRUCT, "application/sparql-results+json, application/rdf+xml;q=0.1", "application/rdf+xml"),
        (f"DESCRIBE <{NIDO}>", "application/sparql-results+json", "text/turtle"),
        ("SELECT * { ?s ?p ?o } LIMIT 1", "text/turtle", "application/sparql-results+json"),
        ("SELECT * { ?s ?p ?o } LIMIT 1", "application/n-quads, text/csv;q=0.1", "text/csv"),
        ("ASK {}", "text/csv", "application/sparql-results+json"),
        ("ASK {}", "text/csv, application/sparql-results+xml;q=0.1", "application/sparql-results+xml"),
        ("ASK {}", "application/rdf+xml", "application/sparql-results+json"),
    ],
)
def test_the_other_kinds_formats(client: httpx.Client, query: str, accept: str, got: str) -> None:
    answer = ask(client, query, accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(got)
    assert ask(client, query, "image/png").status_code == 406


# Clients that leave.


def test_who_leaves_is_no_error_in_the_log(small: Path) -> None:
    cross = urllib.parse.quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }")
    rows = urllib.parse.quote("SELECT * { ?a ?b ?c . ?d ?e ?f }")
    with serve("--release", small, "--query-seconds", "2") as served:
        requests = [f"GET /sparql?query={text} HTTP/1.1\r\nHost: x\r\n\r\n" for text in (cross, rows)]
        for path in ("/sparql", "/reconcile", "/reconcile/1.0/match"):
            for media in ("application/x-www-form-urlencoded", "application/json"):
                head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {media}\r\nContent-Length: 99"
                requests.append(f"{head}\r\n\r\nquery=")
        for request in requests:
            with socket.create_connection(("127.0.0.1", served.port)) as leaving:
                leaving.sendall(request.encode())
                time.sleep(0.4)
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
        connection.request("GET", f"/sparql?query={rows}")
        with pytest.raises(http.client.IncompleteRead):
            connection.getresponse().read()
        assert httpx.get(f"{served.url}/healthz").status_code == 200
        served.stop()
        log = served.log()
    assert "Traceback" not in log
    assert '"level": "error"' not in log
    assert '"event": "response cut"' in log
