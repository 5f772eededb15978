"""What query assistants read of an endpoint, by the queries that SIB's send: prefixes, examples, classes.

https://github.com/sib-swiss/sparql-editor and https://github.com/sib-swiss/sparql-examples: their layout.
"""

import re
from collections import Counter

import httpx
import pytest
from pyoxigraph import QuerySolutions, RdfFormat, Store, parse

from rdf import BASE
from served import Served

PREFIXES = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX void-ext: <http://ldf.fi/void-ext#>
"""
DECLARED = (
    "SELECT DISTINCT ?prefix ?namespace { [] sh:namespace ?namespace ; sh:prefix ?prefix } ORDER BY ?prefix"
)
EXAMPLES = """SELECT ?sq ?comment ?query { ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ;
  sh:select|sh:ask|sh:construct|sh:describe ?query ; sh:prefixes/sh:declare/sh:prefix "mds" . }"""
VOID = """SELECT DISTINCT ?graph ?subjectClass ?prop ?objectClass ?objectDatatype ?triples {
  { OPTIONAL { ?graph sd:graph ?graphDesc . ?graphDesc void:classPartition ?cp }
    ?cp void:class ?subjectClass ; void:propertyPartition ?pp .
    ?pp void:property ?prop OPTIONAL { ?pp void:triples ?triples }
    OPTIONAL { { ?pp void:classPartition [ void:class ?objectClass ] }
      UNION { ?pp void-ext:datatypePartition [ void-ext:datatype ?objectDatatype ] } }
  } UNION {
    ?linkset void:subjectsTarget [ void:class ?subjectClass ] ; void:linkPredicate ?prop ;
      void:objectsTarget [ void:class ?objectClass ] } }"""
"""How SIB's query assistant asks for classes and properties; without labels."""


@pytest.fixture(scope="module", params=["/.well-known/void", "/sparql"])
def described(site: Served, request: pytest.FixtureRequest) -> Store:
    """What is at an address where assistants look, if they find nothing by a query."""
    store = Store()
    answer = httpx.get(site.url + request.param, headers={"accept": "application/n-triples"})
    store.load(answer.content, format=RdfFormat.N_TRIPLES)
    return store


def rows(store: Store, query: str) -> list[list[str]]:
    found = store.query(PREFIXES + query)
    assert isinstance(found, QuerySolutions)
    return [[term.value if term else "" for term in row] for row in found]  # type: ignore[union-attr]


def test_prefixes_are_declared(described: Store) -> None:
    declared = dict(rows(described, DECLARED))
    assert declared["mds"] == f"{BASE}onto/MDS/"
    assert declared["l0"] == "https://w3id.org/italia/onto/l0/"


def test_examples_run_as_they_stand_and_are_told_once_a_language(
    described: Store, client: httpx.Client
) -> None:
    found = rows(described, EXAMPLES)
    assert max(Counter(name for name, _, _ in found).values()) == 2
    queries = {name: text for name, _, text in found}
    assert len(queries) >= 40
    for name, text in list(queries.items())[::8]:
        answer = client.post("/sparql", data={"query": text}, headers={"accept": "text/csv"})
        assert answer.status_code == 200, name
        assert len(answer.text.splitlines()) > 1, name


def test_classes_say_how_they_are_linked(described: Store) -> None:
    found = [row[1:-1] for row in rows(described, VOID)]
    ours = f"{BASE}onto/MDS/"
    assert [f"{ours}MunicipalService", f"{ours}hasUserSegment", f"{ours}UserSegment", ""] in found
    assert [
        f"{ours}YearlyMeasurement",
        f"{ours}year",
        "",
        "http://www.w3.org/2001/XMLSchema#integer",
    ] in found


@pytest.mark.parametrize("query", [DECLARED, EXAMPLES, VOID])
def test_a_query_alone_finds_the_same(query: str, described: Store, client: httpx.Client) -> None:
    """In the graph, or where the client names it as the default graph: SIB's own queries as they stand."""
    graph = f"{BASE}graph/schema"
    inside = re.sub(r"\{(.*)\}", rf"{{ GRAPH <{graph}> {{\1}} }}", query, flags=re.DOTALL)
    expected = sorted(rows(described, query))
    assert len(expected) > 30
    for text, named in ((inside, {}), (query, {"default-graph-uri": graph})):
        asked = {"query": PREFIXES + text, **named}
        answer = client.post("/sparql", data=asked, headers={"accept": "application/sparql-results+json"})
        assert answer.status_code == 200, answer.text
        found = answer.json()
        names = found["head"]["vars"]
        got = [[row.get(n, {}).get("value", "") for n in names] for row in found["results"]["bindings"]]
        assert sorted(got) == expected


def test_a_shape_is_at_its_address(client: httpx.Client) -> None:
    answer = client.get("/shapes/AreaShape", headers={"accept": "application/n-triples"})
    stated = [quad.triple for quad in parse(answer.content, format=RdfFormat.N_TRIPLES)]
    nodes = {t.subject.value for t in stated if "#" in t.subject.value}  # type: ignore[union-attr]
    assert nodes == {f"{BASE}shapes/AreaShape#{number}" for number in range(1, len(nodes) + 1)}
    assert len(nodes) > 5
    assert "AreaShape" in client.get("/shapes/AreaShape", headers={"accept": "text/html"}).text
    assert client.get("/shapes/Nothing").status_code == 404
