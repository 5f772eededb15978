"""Turtle as people read it: the same triples, each subject's types and names first, short names."""

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from mappe_servizi.rdf.namespaces import prefixes
from mappe_servizi.rdf.reading_order import FIRST, READ, readable

BASE = "https://w3id.org/mappe-servizi/"
PREFIXES = prefixes()
LOCALS = ["a", "b-2", "2018", "città", "a.b", "l'(x)", "", "x~y"]
SPACES = [
    f"{BASE}data/segment/c_d150/nido/", f"{BASE}data/segment/c_d150/other/", f"{BASE}data/place/c_d150/",
    f"{BASE}controlled-vocabulary/unit/", f"{BASE}onto/MDS/", f"{BASE}data/", "http://e.org/x#", "urn:x:",
]  # fmt: skip
iris = st.builds(lambda space, end: NamedNode(space + end), st.sampled_from(SPACES), st.sampled_from(LOCALS))
literals = st.one_of(
    st.text(max_size=5).map(Literal),
    st.integers().map(Literal),
    st.text("ab", max_size=2).map(lambda text: Literal(text, language="it")),
)
predicates = st.one_of(st.sampled_from(list(FIRST)).map(NamedNode), iris)
triples = st.builds(Triple, iris, predicates, st.one_of(iris, literals))


def turtle(found: list[Triple]) -> bytes:
    ordered, known = readable(found, PREFIXES)
    return serialize(ordered, format=RdfFormat.TURTLE, prefixes=known) or b""


@given(st.lists(triples, max_size=40))
def test_it_is_the_same_graph_in_order(found: list[Triple]) -> None:
    text = turtle(found)
    read = [quad.triple for quad in parse(text, format=RdfFormat.TURTLE)]
    assert set(read) == set(found)
    subjects = list(dict.fromkeys(triple.subject for triple in read))
    assert subjects == list(dict.fromkeys(triple.subject for triple in found))
    for subject in subjects:
        own = [FIRST.get(triple.predicate.value, len(FIRST)) for triple in read if triple.subject == subject]
        assert own == sorted(own)


@given(st.permutations([
    Triple(NamedNode(f"{BASE}data/place/c_d150/a"), NamedNode(predicate), Literal(value))
    for predicate in (*FIRST, f"{BASE}onto/MDS/x", "http://e.org/x#y") for value in ("1", "2")
]))  # fmt: skip
def test_the_order_that_a_store_gives_does_not_matter(found: list[Triple]) -> None:
    assert turtle(found) == turtle(sorted(found, key=str))


def test_spaces_of_the_base_have_names_that_say_what_is_in_them() -> None:
    nido, other = (NamedNode(f"{BASE}data/segment/c_d150/{service}/x") for service in ("nido", "other"))
    place = NamedNode(f"{BASE}data/place/c_d150/lancetti")
    links = NamedNode(f"{BASE}onto/MDS/links")
    text = turtle(
        [Triple(nido, links, place), Triple(nido, links, other), Triple(other, links, place)]
    ).decode()
    assert f"@prefix segment: <{BASE}data/segment/c_d150/nido/> ." in text
    assert f"@prefix segment-2: <{BASE}data/segment/c_d150/other/> ." in text
    assert "segment:x mds:links place:lancetti , segment-2:x ." in text
    assert "rdfs:" not in text


def test_what_nobody_reads_whole_comes_as_it_is() -> None:
    thing, property_ = NamedNode("http://e.org/x"), NamedNode("http://e.org/p")
    found = [Triple(thing, property_, Literal(-n)) for n in range(READ + 5)]
    ordered, known = readable(iter(found), PREFIXES)
    assert (list(ordered), known) == (found, PREFIXES)
