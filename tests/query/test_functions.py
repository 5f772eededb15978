"""``mds:matches`` and ``mds:relevance`` say what ``/search`` says, wherever they stand in a query."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Store

from mappe_servizi.outputs.search_index import FILE
from mappe_servizi.query.evaluate import Evaluator, RefusedError
from mappe_servizi.query.functions import REMEMBERED, TEXTS, Remembered
from mappe_servizi.query.search import MAX_HITS, SearchIndex
from mappe_servizi.rdf.namespaces import prefixes
from mappe_servizi.releases import Release
from served import BASE, write_release

WORDS = (
    "asilo",
    "asilo nido",
    "anziani",
    "bibl",
    "polizia locale",
    "elderly",
    "servizzi socali",
    "zzzzzz",
    "di",
    "",
)
PREFIX = f"PREFIX mds: <{BASE}onto/MDS/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "


def evaluator(directory: Path, base: str = BASE) -> Evaluator:
    """The evaluator of a release."""
    index = directory / FILE
    store = Store.read_only(str(directory / "store"))
    return Evaluator(store, base, prefixes(base), index if index.exists() else None)


def rows(of: Evaluator, query: str) -> list[list[Any]]:
    """The values of a query's rows."""
    found = [[None if term is None else term.value for term in row] for row in of.query(PREFIX + query)]
    of.check()
    return found


@pytest.fixture(scope="module")
def real(release: Release) -> Evaluator:
    return evaluator(release.path, release.base_uri)


@pytest.fixture(scope="module")
def index(release: Release) -> Iterator[SearchIndex]:
    with closing(SearchIndex(release.path / FILE)) as found:
        yield found


@pytest.mark.parametrize("words", WORDS)
def test_the_hits_are_those_of_the_search(real: Evaluator, index: SearchIndex, words: str) -> None:
    found = asyncio.run(index.find(words, limit=MAX_HITS))
    assert found.total < MAX_HITS
    literal = json.dumps(words)
    matching = rows(real, f"SELECT DISTINCT ?x {{ ?x ?p ?o FILTER(mds:matches(?x, {literal}@it)) }}")
    assert {iri for (iri,) in matching} == {hit.iri for hit in found.hits}
    scored = rows(
        real,
        f"SELECT ?x ?r {{ {{ SELECT DISTINCT ?x {{ ?x ?p ?o }} }} BIND(mds:relevance(?x, {literal}) AS ?r) "
        "FILTER(BOUND(?r)) } ORDER BY DESC(?r) ?x",
    )
    scores = {hit.iri: hit.score for hit in found.hits}
    assert {iri for iri, _ in scored} == scores.keys()
    assert all(abs(float(score) - scores[iri]) < 1e-4 for iri, score in scored)
    assert [float(score) for _, score in scored] == sorted((float(s) for _, s in scored), reverse=True)


def test_it_means_the_same_everywhere_in_a_query(real: Evaluator) -> None:
    """The issue's sample first: a count of services is no more than the services."""
    services = {iri for (iri,) in rows(real, "SELECT ?x { ?x a mds:MunicipalService }")}
    hits = {
        iri
        for (iri,) in rows(real, "SELECT ?x { ?x a mds:MunicipalService FILTER(mds:matches(?x, 'asilo')) }")
    }
    assert 0 < len(hits) < len(services)
    some = len(hits)
    matches = "FILTER(mds:matches(?x, 'asilo'))"
    rest, every = len(services) - some, "?x a mds:MunicipalService"
    counts = {
        f"COUNT(*) {{ {every} {matches} }}": some,
        f"COUNT(?x) {{ {{ SELECT ?x {{ {every} {matches} }} LIMIT 1 }} }}": 1,
        f"COUNT(*) {{ {{ SELECT ?x {{ {every} }} LIMIT 100 }} {matches} }}": some,
        f"COUNT(*) {{ {every} FILTER(!mds:matches(?x, 'asilo')) }}": rest,
        f"COUNT(?y) {{ {every} OPTIONAL {{ ?x rdfs:label ?y FILTER(LANG(?y) = 'it') {matches} }} }}": some,
        f"COUNT(*) {{ {every} FILTER EXISTS {{ ?x rdfs:label ?l {matches} }} }}": some,
        f"COUNT(*) {{ {every} MINUS {{ ?x rdfs:label ?l {matches} }} }}": rest,
        f"SUM(IF(mds:matches(?x,'asilo'),1,0)) {{ {every} }}": some,
        f"COUNT(*) {{ VALUES ?w {{ 'asilo' 'zzzzzz' }} {every} FILTER(mds:matches(?x, ?w)) }}": some,
        f"COUNT(*) {{ {every} FILTER(mds:matches(?x, 'zzzzzz')) }}": 0,
        "COUNT(*) { BIND('a text' AS ?x) FILTER(mds:matches(?x, 'asilo')) }": 0,
        f"COUNT(*) {{ {every} FILTER(<{BASE}onto/MDS/m\\u0061tches>(?x, 'asilo')) }}": some,
    }
    for count, number in counts.items():
        aggregate, _, pattern = count.partition(" ")
        assert rows(real, f"SELECT ({aggregate} AS ?n) {pattern}") == [[str(number)]], count


def test_hits_are_never_cut(tmp_path: Path) -> None:
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    lines = [
        f'<{BASE}data/public-service/c_d150/s{i}> {label} "Sportello {i}"@it .' for i in range(MAX_HITS + 234)
    ]
    many = evaluator(write_release(tmp_path / "current", "\n".join(lines).encode() + b"\n"))
    query = "SELECT (COUNT(*) AS ?n) { ?x rdfs:label ?l FILTER(mds:matches(?x, 'sportello')) }"
    assert rows(many, query) == [[str(MAX_HITS + 234)]]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("mds:matches(?x)", "takes a resource and words"),
        ("mds:matches(?x, 'a', 'b')", "takes a resource and words"),
        ("mds:relevance()", "takes a resource and words"),
        (f"mds:matches(?x, '{'a' * 201}')", "200 characters"),
        ("mds:Matches(?x, 'a')", "mds:matches"),
        ("mds:fits(?x, 'a')", "there is no function mds:fits"),
    ],
)
def test_a_wrong_call_is_refused_and_answers_nothing(real: Evaluator, call: str, said: str) -> None:
    with pytest.raises(RefusedError, match=said):
        rows(real, f"SELECT ?x {{ ?x a mds:MunicipalService FILTER({call}) }}")
    assert rows(real, "SELECT (1 AS ?one) {}") == [["1"]]  # and the next query is not blamed


def test_a_release_without_an_index_says_so(tmp_path: Path) -> None:
    directory = write_release(tmp_path / "current", b"<http://e/s> <http://e/p> <http://e/o> .\n")
    (directory / FILE).unlink()
    with pytest.raises(RefusedError, match="index of words"):
        rows(evaluator(directory), "SELECT ?x { ?x ?p ?o FILTER(mds:matches(?x, 'a')) }")


def test_what_cannot_be_looked_for_is_no_empty_answer(tmp_path: Path) -> None:
    """An engine would take an error of the function for rows that do not match."""
    directory = write_release(tmp_path / "current", b"<http://e/s> <http://e/p> <http://e/o> .\n")
    (directory / FILE).write_bytes((directory / FILE).read_bytes()[:4096])
    with pytest.raises(RefusedError, match="cannot be read"):
        rows(evaluator(directory), "SELECT ?x { ?x ?p ?o FILTER(mds:matches(?x, 'a')) }")


def test_texts_are_remembered_within_bounds() -> None:
    asked: list[str] = []

    def find(text: str) -> frozenset[str]:
        asked.append(text)
        return frozenset(str(n) for n in range(int(text)))

    remembered = Remembered(find)
    for text in ("2", "3", "2", "3"):
        assert len(remembered(text)) == int(text)
    assert asked == ["2", "3"]
    remembered(str(REMEMBERED))  # has no room beside another
    remembered("2")
    assert asked == ["2", "3", str(REMEMBERED), "2"]
    for number in range(TEXTS * 2):
        remembered(str(number))
    asked.clear()
    remembered("1")
    assert asked == ["1"]
