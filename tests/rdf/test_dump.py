"""Canonical lines, their merge, and Turtle."""

import hashlib
import re
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from mappe_servizi.bases import DEFAULT_BASE
from mappe_servizi.errors import MappeError
from mappe_servizi.rdf import dump
from mappe_servizi.rdf.builder import statements_of
from mappe_servizi.rdf.dump import (
    canonical_lines,
    merge,
    quad_lines,
    triple_lines,
    triples_of,
    write_lines,
    write_turtle,
)
from mappe_servizi.rdf.reading_order import FIRST
from mappe_servizi.rdf.spaces import spaces
from mappe_servizi.releases import Release
from rdf import BASE

E = "http://e.org/"
NODES = st.sampled_from([NamedNode(E + name) for name in ("a", "a/b", "b", "città", "%20")])
LITERALS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8).map(Literal),
    st.sampled_from(["a", "a b", ""]).map(lambda text: Literal(text, language="it")),
    st.integers().map(Literal),
    st.sampled_from([Literal(f"a <{E}a> ."), Literal("a", datatype=NamedNode(f"{E}a"))]),
)
TRIPLES = st.lists(st.builds(Triple, NODES, NODES, st.one_of(NODES, LITERALS)), max_size=12)


@given(TRIPLES)
def test_lines_are_sorted_once_each_and_say_the_same(triples: list[Triple]) -> None:
    lines = canonical_lines(triples)
    assert lines == sorted(set(lines)) == canonical_lines(reversed(triples))
    assert {quad.triple for quad in parse(b"\n".join(lines), format=RdfFormat.N_TRIPLES)} == set(triples)


@given(TRIPLES)
def test_quads_keep_the_order_and_the_graph(triples: list[Triple]) -> None:
    graph = NamedNode(E + "graph")
    lines = list(quad_lines(canonical_lines(triples), graph))
    assert lines == sorted(lines)
    quads = list(parse(b"\n".join(lines), format=RdfFormat.N_QUADS))
    assert {(q.triple, q.graph_name) for q in quads} == {(t, graph) for t in triples}
    assert list(quad_lines(canonical_lines(triples), DefaultGraph())) == canonical_lines(triples)
    for of in (graph, DefaultGraph()):
        written = [line + b"\n" for line in quad_lines(canonical_lines(triples), of)]
        assert [line.rstrip(b"\n") for line in triple_lines(written, of)] == canonical_lines(triples)


@given(TRIPLES, TRIPLES)
def test_quads_of_any_graphs_become_their_triples(triples: list[Triple], about: list[Triple]) -> None:
    graph = NamedNode(f"{E}a")  # which triples are about, too
    lines, others = canonical_lines(triples), canonical_lines(about)
    written = [line + b"\n" for line in sorted([*lines, *quad_lines(others, graph)])]
    assert sorted(triples_of(written, [graph])) == sorted([*lines, *others])


@given(TRIPLES)
def test_terms_have_the_text_that_a_triple_has(triples: list[Triple]) -> None:
    """So that a graph needs no triples to be written."""
    lines = {f"{triple} .".encode() for triple in triples}
    assert canonical_lines(statements_of(triples)) == canonical_lines(triples) == sorted(lines)
    assert sorted((serialize(triples, format=RdfFormat.N_TRIPLES) or b"").splitlines()) == sorted(
        f"{triple} .".encode() for triple in triples
    )


@pytest.mark.parametrize("place", ["subject", "object"])
def test_blank_nodes_are_refused(place: str) -> None:
    node, p = NamedNode(E + "a"), NamedNode(E + "p")
    ends = (BlankNode(), node) if place == "subject" else (node, BlankNode())
    with pytest.raises(MappeError, match="blank nodes"):
        canonical_lines([Triple(ends[0], p, ends[1])])
    assert canonical_lines([Triple(node, p, Literal("a _:b"))])


@given(
    files=st.lists(st.lists(st.text("abc", max_size=3).map(str.encode)), max_size=4), block=st.integers(1, 20)
)
def test_merging_gives_sorted_lines_once_each(
    files: list[list[bytes]], block: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Of files that are held as a whole, and of others."""
    place = tmp_path_factory.mktemp("merge")
    sources = [place / str(number) for number in range(len(files))]
    for source, lines in zip(sources, files, strict=True):
        write_lines(sorted(lines), source)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dump, "BLOCK", block)
        digest = merge(sources, place / "all")
    merged = b"".join(line + b"\n" for line in sorted({line for lines in files for line in lines}))
    assert (place / "all").read_bytes() == merged
    assert digest == hashlib.sha256(merged).hexdigest()


@given(triples=TRIPLES)
def test_turtle_says_the_same_in_the_same_order(
    triples: list[Triple], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "turtle.ttl"
    write_turtle(canonical_lines(triples), path, {"e": E})
    assert {quad.triple for quad in parse(path=path)} == set(triples)
    first = path.read_bytes()
    write_turtle(canonical_lines(reversed(triples)), path, {"e": E})
    assert path.read_bytes() == first


def test_turtle_is_readable(tmp_path: Path) -> None:
    a, b, name = NamedNode(E + "a"), NamedNode(E + "b"), NamedNode(E + "name")
    rdf_type = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    triples = [Triple(b, name, Literal("b")), Triple(a, name, Literal("a")), Triple(a, rdf_type, b)]
    triples += [Triple(a, NamedNode("http://a.org/first"), b)]
    write_turtle(canonical_lines(triples), tmp_path / "x.ttl", {"e": E})
    lines = (tmp_path / "x.ttl").read_text().splitlines()
    assert lines[0] == "@prefix e: <http://e.org/> ."
    assert [line for line in lines if line.startswith("e:")] == ["e:a a e:b ;", 'e:b e:name "b" .']


def test_our_own_things_have_short_names() -> None:
    base = "https://dati.example.it/"
    names = [
        *("data/segment/c_d150/nido/x", "data/segment/c_d151/nido/x", "data/finding/c_d150/2020/a"),
        *("data/finding/c_d150/2020/b", "data/organization/x", "data/organization/c_d150/x", "sparql#x"),
    ]
    knowledge = f"{DEFAULT_BASE}controlled-vocabulary"
    iris = [*(base + name for name in names), f"{knowledge}/year/2018", f"{base}{knowledge}/org/x"]
    lines = canonical_lines(Triple(NamedNode(one), NamedNode(E + "p"), NamedNode(E + "o")) for one in iris)
    assert spaces(lines, base, ["year"]) == {
        "examples": f"{base}sparql#",
        "finding": f"{base}data/finding/c_d150/2020/",
        "organization": f"{base}data/organization/",
        "segment": f"{base}data/segment/",
        "year-2": f"{knowledge}/year/",
    }


def test_the_dumps_turtle_says_what_the_dump_says_in_the_order_of_reading(release: Release) -> None:
    part = release.path / "dump" / "c_d150-2020.ttl"
    text = part.read_bytes()
    assert f"@prefix segment: <{BASE}data/segment/c_d150/> .".encode() in text
    assert len(re.findall(rb"<https://w3id\.org/mappe-servizi/data/", text)) < 100
    triples = [quad.triple for quad in parse(path=part)]
    assert set(canonical_lines(triples)) <= set(release.dump.read_bytes().splitlines())
    for subject, group in groupby(triples, key=lambda t: t.subject):
        ranks = [FIRST.get(t.predicate.value, len(FIRST)) for t in group]
        assert ranks == sorted(ranks), subject
    assert len({t.subject for t in triples}) == len([*groupby(triples, key=lambda t: t.subject)])
    assert len(triples) == release.facts["counts"]["triples"]["c_d150-2020"]


def test_what_was_serialised_elsewhere_gets_the_same_lines() -> None:
    text = (
        b'<http://e.org/a> <http://e.org/p> "\\u00E0\\t\\"x\\""@it .\n<http://e.org/a> <http://e.org/p> "1" .'
    )
    triples = [quad.triple for quad in parse(text, format=RdfFormat.N_TRIPLES)]
    quads = [Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in triples]
    assert sorted((serialize(quads, format=RdfFormat.N_QUADS) or b"").splitlines()) == canonical_lines(
        triples
    )
