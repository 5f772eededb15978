"""Both engines on the same data and shapes, and what their report becomes."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse
from rdflib import RDF, SH, Graph

from mappe_servizi.checks import failing
from mappe_servizi.checks.shacl import read_data, read_shapes, validate
from mappe_servizi.checks.shacl.relevant import TriplesByProperty
from mappe_servizi.errors import InputError, MappeError

SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix e: <https://w3id.org/mappe-servizi/onto/MDS/> .
e: sh:declare [ sh:prefix "e" ; sh:namespace "https://w3id.org/mappe-servizi/onto/MDS/"^^xsd:anyURI ] .
e:ThingShape a sh:NodeShape ; sh:targetClass e:Thing ;
  sh:property [ sh:path e:name ; sh:minCount 1 ; sh:maxCount 1 ;
                sh:datatype rdf:langString ; sh:uniqueLang true ;
                sh:message "Nome"@it, "Name"@en ] ;
  sh:property [ sh:path e:year ; sh:datatype xsd:gYear ; sh:pattern "^20" ; sh:severity sh:Warning ] ;
  sh:property [ sh:path e:size ; sh:minInclusive 0 ; sh:maxExclusive 10 ] ;
  sh:property [ sh:path e:unit ; sh:in ( "kg" "m" ) ; sh:severity sh:Info ] ;
  sh:property [ sh:path [ sh:inversePath e:part ] ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ;
  sh:property [ sh:path e:part ; sh:class e:Thing ] ;
  sh:sparql [ sh:prefixes e: ; sh:message "bigger than its whole" ; sh:select
    '''SELECT $this ?value WHERE {
         $this e:size ?size ; ^e:part ?value . ?value e:size ?whole FILTER(?size > ?whole) }''' ] .
"""

BAD = """
@prefix e: <https://w3id.org/mappe-servizi/onto/MDS/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
e:a a e:Thing ; e:name "uno"@it, "due"@it ; e:year "1999"^^xsd:gYear ; e:size 12 ;
  e:unit "lb" ; e:part e:b, e:c .
e:b a e:Thing ; e:name "tre" ; e:size 13 ; e:year 2020 .
e:c e:part e:b . e:d a e:Thing .
"""


def shapes_of(directory: Path, text: str = SHAPES) -> Path:
    directory.mkdir(exist_ok=True)
    (directory / "thing.ttl").write_text(text, encoding="utf-8")
    return directory


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


CORE = f"""{SHAPES[: SHAPES.index("e: sh:declare")]}
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
{SHAPES[SHAPES.index("e:ThingShape") : SHAPES.index("  sh:sparql")]}
  sh:property [ sh:path ( e:part e:size ) ; sh:minInclusive 0 ] ;
  sh:xone ( [ sh:property [ sh:path e:only ; sh:minCount 1 ] ] [ sh:path e:unit ; sh:maxCount 0 ] ) .
e:PartShape a sh:NodeShape ; sh:targetObjectsOf e:part, e:seen ; sh:nodeKind sh:IRI ;
  sh:property [ sh:path [ sh:alternativePath ( e:size rdf:type ) ] ; sh:minCount 1 ] .
e:Other a sh:NodeShape, rdfs:Class ; sh:property [ sh:path [ sh:zeroOrMorePath e:next ] ; sh:maxCount 2 ] .
"""
"""Without SPARQL: the engine is given what these look at."""


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return read_shapes(shapes_of(tmp_path_factory.mktemp("core"), CORE))


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return read_shapes(shapes_of(tmp_path_factory.mktemp("shapes")))


def test_both_engines_find_the_same(tmp_path: Path, shapes: bytes) -> None:
    data = read_data([write(tmp_path / "bad.ttl", BAD)])
    fast, reference = validate(data, shapes, "shifty"), validate(data, shapes, "pyshacl")

    def found(report):
        return [(r.severity, r.component, r.path, r.focus, r.value) for r in report.results]

    assert sorted(found(fast)) == sorted(found(reference))
    components = {r.component.removesuffix("ConstraintComponent") for r in fast.results}
    assert components >= {
        "MinCount",
        "MaxCount",
        "Datatype",
        "UniqueLang",
        "Pattern",
        "MaxExclusive",
        "In",
        "Class",
    }
    assert "SPARQL" in components
    assert set(fast.counts) == {"Violation", "Warning", "Info"}
    assert fast.violations == fast.counts["Violation"] > 5
    order = [r.severity for r in fast.results]
    assert order == sorted(order, key=["Violation", "Warning", "Info"].index)


# No size that is text: rdflib compares it with a number in a FILTER, where SPARQL has an error.
CELLS = ["e:size 3", "e:size 4.5", "e:size -1", 'e:unit "kg"', 'e:unit "g"', 'e:name "n"@it', 'e:name "n"']
CELLS += ["e:part e:t1", "e:part e:t2", 'e:year "2020"^^xsd:gYear', "e:year 1", 'e:unit "kg"@it']
CELL = st.sampled_from(CELLS)


def data_of(things: list[list[str]]) -> bytes:
    turtle = BAD.split("e:a a", 1)[0] + "".join(
        f"e:t{n} a e:Thing " + "".join(f"; {cell}" for cell in cells) + " .\n"
        for n, cells in enumerate(things)
    )
    quads = parse(turtle, format=RdfFormat.TURTLE)
    return "".join(f"{quad.triple} .\n" for quad in quads).encode()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(CELL, max_size=6), min_size=1, max_size=4))
def test_both_engines_agree_on_any_data(shapes: bytes, things: list[list[str]]) -> None:
    agree(data_of(things), shapes)


SEEN = ["e:seen e:t1", 'e:seen "<e:part>"', "a e:Other", "e:next e:t1", "e:next e:t2", "e:only 1"]
SUBCLASS = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
UNSEEN = ["e:never e:t1", 'e:never "a <b> c"@it', f"{SUBCLASS} e:Thing", f"{SUBCLASS} e:Other"]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(st.sampled_from([*CELLS, *SEEN, *UNSEEN]), max_size=7), min_size=1, max_size=4))
def test_what_shapes_do_not_look_at_makes_no_difference(core: bytes, things: list[list[str]]) -> None:
    """pyshacl has all of the data, shifty what shapes of SHACL Core name."""
    data = data_of(things)
    assert b"MDS/never>" not in b"".join(TriplesByProperty(data.splitlines(), core).seen_by(core))
    agree(data, core)


@pytest.mark.parametrize(
    "beyond", ["sh:closed true", "sh:js e:script", "sh:rule e:rule", "sh:target e:those"]
)
def test_shapes_beyond_core_are_given_all(core: bytes, beyond: str) -> None:
    data = [b"<http://e/s> <http://e/never> <http://e/o> ."]
    term, value = beyond.removeprefix("sh:").split()
    more = f"<http://e/s> <http://www.w3.org/ns/shacl#{term}> <http://e/{value}> .\n".encode()
    assert [[*TriplesByProperty(data, shapes).seen_by(shapes)] for shapes in (core, core + more)] == [
        [],
        data,
    ]


def agree(data: bytes, shapes: bytes) -> None:
    fast, reference = (
        sorted(
            (r.severity, r.component, r.path, r.focus, r.value)
            for r in validate(data, shapes, engine).results
        )
        for engine in ("shifty", "pyshacl")
    )
    assert fast == reference


EQUAL = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix e: <http://e/> .
e:A a sh:NodeShape ; sh:targetClass e:P ; sh:property [ sh:path e:n ; sh:minCount 1 ; sh:message "n" ] .
e:B a sh:NodeShape ; sh:targetClass e:P ; sh:property [ sh:path e:n ; sh:minCount 1 ; sh:message "n" ] .
e:C a sh:NodeShape ; sh:targetClass e:Q ; sh:property [ sh:path e:n ; sh:minCount 1 ; sh:message "n" ] .
e:D a sh:PropertyShape ; sh:targetClass e:Q ; sh:path e:n ; sh:minCount 1 ; sh:message "n" .
e:Z a sh:NodeShape, rdfs:Class ; sh:property [ sh:path e:n ; sh:minCount 1 ; sh:message "n" ] .
[] a sh:NodeShape ; sh:targetClass e:Y ; sh:property [ sh:path e:n ; sh:minCount 1 ; sh:message "n" ] .
"""


@pytest.mark.parametrize("classes", ["e:P", "e:Q", "e:P, e:Q", "e:Z", "e:Y", "e:P, e:Q, e:Y, e:Z"])
def test_shapes_of_equal_constraints_are_all_reported(tmp_path: Path, classes: str) -> None:
    shapes = read_shapes(shapes_of(tmp_path / "shapes", EQUAL))
    data = read_data([write(tmp_path / "bad.ttl", f"@prefix e: <http://e/> . e:r a {classes} .")])
    triples = [Graph().parse(validate(data, shapes, engine).triples) for engine in ("shifty", "pyshacl")]
    fast, reference = (len(list(graph.objects(None, SH.result))) for graph in triples)
    assert fast == reference > 0


def test_the_report_is_standard_and_always_the_same(tmp_path: Path, shapes: bytes) -> None:
    data = read_data([write(tmp_path / "bad.ttl", BAD)])
    report = validate(data, shapes)
    assert report.turtle() == validate(data, shapes).turtle()
    graph = Graph().parse(report.turtle(), format="turtle")
    (node,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(node, SH.conforms).toPython() is False
    assert len(list(graph.objects(node, SH.result))) == len(report.results)


def test_data_without_fault_conforms(tmp_path: Path, shapes: bytes) -> None:
    good = BAD.split("e:a a", 1)[0] + 'e:a a e:Thing ; e:name "uno"@it, "one"@en .'
    report = validate(read_data([write(tmp_path / "good.ttl", good.replace(', "one"@en', ""))]), shapes)
    assert report.results == ()
    assert b"true" in report.turtle()


def test_shapes_follow_the_configured_base(tmp_path: Path) -> None:
    base = "https://dati.example.it/"
    canonical = "https://w3id.org/mappe-servizi/"
    data = read_data([write(tmp_path / "bad.ttl", BAD.replace(f"{canonical}onto/MDS/", f"{base}data/"))])
    directory = shapes_of(tmp_path / "shapes", SHAPES.replace(f"{canonical}onto/MDS/", f"{canonical}data/"))
    assert validate(data, read_shapes(directory, base)).violations
    assert not validate(data, read_shapes(directory)).results
    kept = read_data([write(tmp_path / "kept.ttl", BAD)])  # what is of the ontology stays where it is
    assert validate(kept, read_shapes(shapes_of(tmp_path / "kept"), base)).violations


def test_named_graphs_are_validated_too(tmp_path: Path, shapes: bytes) -> None:
    data = read_data([write(tmp_path / "bad.trig", BAD.replace("e:d a", "e:g { e:d a").rstrip() + " }")])
    assert any(r.focus.endswith("/d") for r in validate(data, shapes).results)


def test_large_data_are_validated_in_a_process_of_their_own(
    tmp_path: Path, core: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the same results, and with its errors."""
    data = read_data([write(tmp_path / "bad.ttl", BAD)])
    here = validate(data, core).turtle()
    monkeypatch.setattr(failing, "LITTLE", 0)
    assert validate(data, core).turtle() == here
    broken = read_shapes(shapes_of(tmp_path / "s", SHAPES.replace("SELECT $this", "SELEKT $this")))
    with pytest.raises(MappeError, match=r"shifty cannot evaluate the shapes: .*invalid SPARQL"):
        validate(data, broken)
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(MappeError, match="ended with status 1"):
        validate(data, core)


def test_a_shape_that_cannot_be_evaluated_is_an_error(tmp_path: Path) -> None:
    broken = SHAPES.replace("SELECT $this", "SELEKT $this")
    with pytest.raises(MappeError, match="cannot evaluate the shapes"):
        validate(
            read_data([write(tmp_path / "bad.ttl", BAD)]), read_shapes(shapes_of(tmp_path / "s", broken))
        )


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.ttl", "<a> <b>", "a.ttl:1: not Turtle"),
        ("a.docx", "", "none of .ttl"),
        ("a.nt", "<a> <b> <c> .", "not N-Tri"),
    ],
)
def test_what_is_not_rdf_is_told(tmp_path: Path, name: str, text: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read_data([write(tmp_path / name, text)])


def test_a_directory_without_shapes_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no shapes"):
        read_shapes(tmp_path)
