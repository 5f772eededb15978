"""What query assistants read of an endpoint, by the queries that SIB's send: prefixes, examples, classes.

https://github.com/sib-swiss/sparql-editor and https://github.com/sib-swiss/sparql-examples: their layout.
"""

from collections import Counter

import httpx
import pytest
from pyoxigraph import QuerySolutions, RdfFormat, Store

from rdf import BASE
from served import Served

PREFIXES = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX void-ext: <http://ldf.fi/void-ext#>
"""
DECLARED = (
    "SELECT DISTINCT ?prefix ?namespace { [] sh:namespace ?namespace ; sh:prefix ?prefix } ORDER BY ?prefix"
)
EXAMPLES = """SELECT ?sq ?comment ?query { ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ;
  sh:select|sh:ask|sh:construct|sh:describe ?query ; sh:prefixes/sh:declare/sh:prefix "mds" . }"""
SCHEMA = """SELECT DISTINCT ?subjectClass ?prop ?objectClass ?objectDatatype {
  ?cp void:class ?subjectClass ; void:propertyPartition ?pp . ?pp void:property ?prop .
  { ?pp void:classPartition [ void:class ?objectClass ] }
  UNION { ?pp void-ext:datatypePartition [ void-ext:datatype ?objectDatatype ] } }"""


@pytest.fixture(scope="module")
def described(site: Served) -> Store:
    store = Store()
    answer = httpx.get(f"{site.url}/.well-known/void", headers={"accept": "application/n-triples"})
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
    found = rows(described, SCHEMA)
    ours = f"{BASE}onto/MDS/"
    assert [f"{ours}MunicipalService", f"{ours}hasUserSegment", f"{ours}UserSegment", ""] in found
    assert [
        f"{ours}YearlyMeasurement",
        f"{ours}year",
        "",
        "http://www.w3.org/2001/XMLSchema#integer",
    ] in found
