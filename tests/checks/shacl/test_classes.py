"""Of classes the engine is given what shapes look at: pyshacl, which has all of them, finds the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse, serialize

from mappe_servizi.checks.shacl import validate
from mappe_servizi.checks.shacl.relevant import TriplesByProperty

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix e: <http://e.org/> .
"""
SHAPES = """
e:A a sh:NodeShape ; sh:targetClass e:Thing ; sh:property [ sh:path e:part ; sh:class e:Other ] .
e:B a sh:NodeShape ; sh:targetSubjectsOf e:part ;
  sh:property [ sh:path rdf:type ; sh:hasValue e:Thing ; sh:severity sh:Warning ] .
e:C a sh:NodeShape, rdfs:Class ; sh:not [ sh:property [ sh:path rdf:type ; sh:hasValue e:Thing ] ] .
"""
"""They name every class that they look at."""
ANY = "e:D a sh:NodeShape ; sh:targetSubjectsOf rdf:type ; sh:property [ sh:path e:name ; sh:minCount 1 ] ."
ALL = {
    "counted": "e:E a sh:NodeShape ; sh:targetClass e:Thing ;"
    " sh:property [ sh:path rdf:type ; sh:maxCount 1 ] .",
    "counted where one is asked for": "e:E a sh:NodeShape ; sh:targetClass e:Thing ;"
    " sh:property [ sh:path rdf:type ; sh:hasValue e:Other ; sh:maxCount 1 ] .",
    "of all instances": "e:E a sh:NodeShape ; sh:targetNode e:Never, e:Thing ;"
    " sh:property [ sh:path [ sh:inversePath rdf:type ] ; sh:maxCount 1 ] .",
    "at the end of a path": "e:E a sh:NodeShape ; sh:targetClass e:Thing ;"
    " sh:property [ sh:path ( e:part rdf:type ) ; sh:maxCount 1 ] .",
    "themselves": "e:E a sh:NodeShape ; sh:targetObjectsOf rdf:type ; sh:nodeKind sh:Literal .",
    "compared": "e:E a sh:NodeShape ; sh:targetClass e:Thing ;"
    " sh:property [ sh:path e:part ; sh:disjoint rdf:type ] .",
    "of what is of any": "e:E a sh:PropertyShape ; sh:targetSubjectsOf rdf:type ;"
    " sh:path rdf:type ; sh:maxCount 1 .",
}
"""Shapes that look at classes which they do not name."""
CELLS = [
    "a e:Thing",
    "a e:Other",
    "a e:C",
    "a e:Never",
    "a e:t1",
    "e:part e:t1",
    "e:part e:Never",
    'e:name "n"',
]
CELLS += [f"rdfs:subClassOf e:{of}" for of in ("Thing", "Other", "C", "t1")]
THINGS = st.lists(st.lists(st.sampled_from(CELLS), min_size=1, max_size=5), min_size=1, max_size=4)


def lines_of(turtle: str) -> bytes:
    quads = parse(PREFIXES + turtle, format=RdfFormat.TURTLE)
    return serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES) or b""


@pytest.mark.parametrize("more", ["", ANY, *ALL.values()], ids=["named", "any", *ALL])
@settings(max_examples=40, deadline=None)
@given(THINGS)
def test_both_engines_agree_on_classes(more: str, things: list[list[str]]) -> None:
    data = lines_of("\n".join(f"e:t{n} {' ; '.join(cells)} ." for n, cells in enumerate(things)))
    shapes = lines_of(SHAPES + more)
    fast, reference = (
        sorted(
            (r.severity, r.shape, r.component, r.path, r.focus, r.value)
            for r in validate(data, shapes, engine).results
        )
        for engine in ("shifty", "pyshacl")
    )
    assert fast == reference


def test_classes_that_no_shape_looks_at_are_left_out() -> None:
    said = {name: lines_of(f"e:{name} a e:{name} .") for name in ("Thing", "Never", "Below")}
    said["more"] = lines_of("e:Thing a e:Never . e:Below rdfs:subClassOf e:Other .")
    lines = [line for some in said.values() for line in some.splitlines()]

    def seen(more: str) -> set[bytes]:
        shapes = lines_of(SHAPES + more)
        return set(lines) - {*TriplesByProperty(lines, shapes).seen_by(shapes)}

    assert seen("") == {said["Never"].strip(), lines_of("e:Thing a e:Never .").strip()}
    # Of what is something one class is enough, and no line is given twice.
    shapes = lines_of(SHAPES + ANY)
    given_lines = [*TriplesByProperty(lines, shapes).seen_by(shapes)]
    assert sorted(given_lines) == sorted(lines)
    for more in ALL.values():
        assert seen(more) == set()
