"""The comments of published queries, and parameters bound as values."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QueryTriples,
    Store,
    Variable,
)

from helpers import ROOT
from mappe_servizi.errors import InputError, MappeError
from mappe_servizi.rdf.queries import read_queries, read_query
from mappe_servizi.rdf.query_text import with_values

TEXT = """#+ title: Cerca
#+ title@en: Search
#+ description: Cerca per etichetta,
#+ description: su due righe.
#+ param label string Asilo: nido: L'etichetta: quella stampata.
#+ param@en label: The label.
#+ param year gYear: L'anno.
#+ column label string: L'etichetta.
PREFIX e: <http://e.org/>
SELECT ?label ?year (EXISTS { ?s e:none ?label } AS ?found) # {
{ ?s e:label ?label ; e:note "a } b { c" OPTIONAL { ?s e:year ?year } }
"""


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_comments_are_read(tmp_path: Path) -> None:
    query = read_query(write(tmp_path / "search.rq", TEXT))
    assert query.name == "search"
    assert query.title == {"it": "Cerca", "en": "Search"}
    assert query.description == {"it": "Cerca per etichetta, su due righe."}
    label, year = query.parameters.values()
    assert (label.type, label.default, label.description["en"]) == ("string", "Asilo", "The label.")
    assert label.description["it"] == "nido: L'etichetta: quella stampata."
    assert (year.type, year.default) == ("gYear", None)
    assert query.bind({}) == {Variable("label"): Literal("Asilo")}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("#+ param x banana: y", "unknown type"),
        ("#+ param x integer due: y", "must be of type integer"),
        ("#+ parm x integer: y", "not understood"),
        ("#+", "must read like"),
    ],
)
def test_a_comment_that_says_nothing_is_an_error(tmp_path: Path, line: str, reason: str) -> None:
    path = write(tmp_path / "bad.rq", f"{line}\nSELECT * {{}}")
    with pytest.raises(InputError, match=reason) as caught:
        read_query(path)
    assert str(path) in str(caught.value)


def test_values_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    query = read_query(write(tmp_path / "search.rq", TEXT))
    with pytest.raises(MappeError, match="no parameter 'lable'; it has: label, year"):
        query.bind({"lable": "x"})
    with pytest.raises(MappeError, match="must be of type gYear"):
        query.bind({"year": "2020 } DROP"})


@pytest.mark.parametrize(
    "query",
    [
        TEXT,
        'PREFIX construct: <http://e.org/#> SELECT ("{" AS ?x) WHERE { ?s ?p ?label }',
        "CONSTRUCT { ?s ?p ?label } WHERE { ?s ?p ?label }",
        "ASK { ?s ?p ?label }",
        "SELECT (COUNT(*) AS ?n) { { ?s ?p ?label } UNION { ?label ?p ?o } }",
        "SELECT ?construct ?label {?construct ?p ?label}",
    ],
)
def test_values_stand_at_the_start_of_the_pattern(query: str) -> None:
    store, p = Store(), NamedNode("http://e.org/label")
    for letter in "ab":
        store.add(Quad(NamedNode(f"http://e.org/{letter}"), p, Literal(letter), DefaultGraph()))
    bound = with_values(query, {Variable("label"): Literal("a")})
    assert bound.count("VALUES (?label)") == 1
    found = store.query(bound)
    if isinstance(found, QueryBoolean):
        assert found
    elif isinstance(found, QueryTriples):
        assert {triple.object for triple in found} == {Literal("a")}
    elif found.variables == [Variable("n")]:
        assert next(iter(found))["n"].value == "1"
    else:
        assert len(found.serialize(format=QueryResultsFormat.CSV).decode().split()) <= 2


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_found_by_value_in_both_ways(text: str) -> None:
    query = "SELECT ?s ?o # {\n{ ?s <http://e.org/{p> ?o FILTER(?o != '}{') }".replace("{p", "p")
    store = Store()
    subject = NamedNode("http://e.org/s")
    store.add(Quad(subject, NamedNode("http://e.org/p"), Literal(text), DefaultGraph()))
    store.add(Quad(subject, NamedNode("http://e.org/p"), Literal(text + "!"), DefaultGraph()))
    values = {Variable("o"): Literal(text)}
    bound = list(store.query(query, substitutions=values))
    as_text = list(store.query(with_values(query, values)))
    assert [row["s"] for row in bound] == [row["s"] for row in as_text] == [subject]


def test_a_table_can_be_read_alone() -> None:
    """What has a service's number in an index, which an edition may change, has its IRI and title."""
    tables = read_queries(ROOT / "queries" / "tables")
    numbered = {name for name, query in tables.items() if "number" in query.columns}
    assert len(numbered) > 10
    assert {name for name in numbered if not {"service", "title"} <= tables[name].columns.keys()} == set()
