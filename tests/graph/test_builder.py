"""Collecting triples: what the alignment implies, each once, with where it was read."""

from decimal import Decimal

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from mappe_servizi.errors import InputError
from mappe_servizi.model.service_map import Text
from mappe_servizi.rdf.builder import Builder, decimal, printed
from mappe_servizi.rdf.hierarchy import Hierarchy
from mappe_servizi.rdf.namespaces import L0, RDF, RDFS, Iris


def node(name: str) -> NamedNode:
    return NamedNode(f"http://example.org/{name}")


@pytest.fixture
def builder() -> Builder:
    axioms = [
        Triple(node("Nursery"), RDFS["subClassOf"], node("School")),
        Triple(node("School"), RDFS["subClassOf"], node("Place")),
        Triple(node("Place"), RDFS["subClassOf"], node("School")),  # a loop must not hang
        Triple(node("hasRoom"), RDFS["subPropertyOf"], node("hasPart")),
    ]
    return Builder(Iris(), Hierarchy(axioms))


def triples(builder: Builder) -> list[Triple]:
    return builder.part("x").triples


def test_a_class_brings_its_superclasses_and_an_italian_label(builder: Builder) -> None:
    builder.resource(node("lancetti"), "Nido Lancetti", node("Nursery"))
    types = {t.object for t in triples(builder) if t.predicate == RDF["type"]}
    assert types == {node("Nursery"), node("School"), node("Place")}
    assert Triple(node("lancetti"), RDFS["label"], Literal("Nido Lancetti", language="it")) in triples(
        builder
    )


def test_a_resource_has_one_name_whatever_is_said_of_it_again(builder: Builder) -> None:
    builder.resource(node("x"), "Nido, 2018: 28", name="Nido", english="Nursery, 2018: 28")
    builder.resource(node("x"), "Nido, ancora", node("Nursery"), english="Nido")
    said = {
        t.predicate: t.object
        for t in triples(builder)
        if t.object != Literal("Nursery, 2018: 28", language="en")
    }
    assert said[L0["name"]] == Literal("Nido", language="it")
    assert said[RDFS["label"]] == Literal("Nido, 2018: 28", language="it")
    assert len(list(builder)) == 6


def test_an_english_label_that_is_the_italian_one_is_left_out(builder: Builder) -> None:
    builder.resource(node("x"), "EUR", english="EUR")
    assert [t.object.language for t in triples(builder) if t.predicate == RDFS["label"]] == ["it"]


def test_no_sub_property_of_the_name_makes_a_second_one() -> None:
    axioms = [Triple(node("acronym"), RDFS["subPropertyOf"], L0["name"])]
    builder = Builder(Iris(), Hierarchy(axioms))
    builder.add(node("x"), node("acronym"), Literal("CAI"))
    assert [t.predicate for t in triples(builder)] == [node("acronym")]


def test_a_property_brings_its_superproperties_and_counts_once(builder: Builder) -> None:
    for _ in range(2):
        builder.add(node("lancetti"), node("hasRoom"), node("room"), None)
    assert [t.predicate for t in triples(builder)] == [node("hasRoom"), node("hasPart")]


def test_lines_are_noted_sorted_and_the_first_is_stated(builder: Builder) -> None:
    builder.derived(node("x"), [12, 7, 12], ["c1", "c1"])
    assert [(place.first, place.last) for place in builder.derivations[0].places] == [(7, 7), (12, 12)]
    assert builder.derivations[0].corrections == ("c1",)
    assert [t.object.value for t in triples(builder)] == ["7", "document#line=6,7"]


def test_a_correction_leaves_the_printed_form_beside_it(builder: Builder) -> None:
    text = Text("Comando Poliza Locale", (272,), corrected="Comando Polizia Locale")
    builder.resource(node("x"), text.value)
    builder.printed(node("x"), text)
    values = {t.predicate: t.object.value for t in triples(builder)}
    assert values[L0["name"]] == "Comando Polizia Locale"
    assert values[builder.mds["printedName"]] == "Comando Poliza Locale"


def test_the_parts_of_a_text_are_kept_in_order() -> None:
    text = Text("Sportello fisico Mail", (585, 587), parts=("Sportello fisico", "Mail"))
    assert printed(text).value == "Sportello fisico\nMail"


@pytest.mark.parametrize(
    ("value", "text"), [("12.50", "12.5"), ("100", "100"), ("-0.5", "-0.5"), ("1E3", "1000")]
)
def test_numbers_have_one_form(value: str, text: str) -> None:
    literal = decimal(Decimal(value))
    assert literal is not None
    assert literal.value == text


def test_no_ontology_is_an_error_that_names_the_directory(tmp_path) -> None:
    with pytest.raises(InputError, match="no ontology"):
        Hierarchy.load(tmp_path)


def test_a_file_that_is_no_turtle_is_named_with_its_line(tmp_path) -> None:
    directory = tmp_path / "assets" / "ontologies" / "X" / "latest"
    directory.mkdir(parents=True)
    (directory / "X.ttl").write_text("@prefix a: <http://a/> .\na:b a:c .\n")
    with pytest.raises(InputError, match=r"X\.ttl:2"):
        Hierarchy.load(tmp_path)
