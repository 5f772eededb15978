"""A question that is joined on names has as many rows as one that is not."""

from collections import Counter, defaultdict

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from mappe_servizi.rdf.namespaces import DCT, FOAF, L0, OWL, RDF, RDFS, SKOS
from mappe_servizi.releases import Release
from rdf import BASE, data_store, data_triples

CATALOGUE = f"{BASE}graph/catalogue"
"""What it is about is labelled for harvesters, by rules of its own (docs/decisions/0022)."""
OUTWARD = (
    RDF["type"],
    *(RDFS[name] for name in ("domain", "range", "subClassOf", "subPropertyOf", "seeAlso")),
    *(OWL[name] for name in ("imports", "versionIRI", "sameAs")),
    *(SKOS[name] for name in ("exactMatch", "closeMatch")),
    DCT["isReplacedBy"],
    FOAF["page"],
)
"""By which data and ontology lead out: to others' terms, documents and pages, or to a version's file."""


@pytest.fixture(scope="module")
def described(release: Release) -> Store:
    """The data, their quality, provenance and links, as one graph."""
    store = Store()
    for quad in parse(path=release.dump, format=RdfFormat.N_QUADS):
        if getattr(quad.graph_name, "value", "") != CATALOGUE:
            store.add(type(quad)(*quad.triple))
    return store


def test_every_resource_has_one_name(described: Store) -> None:
    names: dict[str, list[str | None]] = defaultdict(list)
    for quad in described.quads_for_pattern(None, L0["name"], None):
        names[quad.subject.value].append(quad.object.language)
    typed = {quad.subject.value for quad in described.quads_for_pattern(None, RDF["type"], None)}
    assert len(typed) > 10_000
    assert {iri: names[iri] for iri in typed if names[iri] != ["it"]} == {}
    assert set(names) <= typed


def test_labels_are_one_italian_and_at_most_one_other_english(described: Store) -> None:
    labels: dict[str, dict[str | None, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in described.quads_for_pattern(None, RDFS["label"], None):
        labels[quad.subject.value][quad.object.language].append(quad.object.value)
    wrong = {
        iri: found
        for iri, found in labels.items()
        if len(found["it"]) != 1
        or len(found["en"]) > 1
        or set(found) - {"it", "en"}
        or found["it"] == found["en"]
    }
    assert wrong == {}


def test_joining_on_the_name_doubles_nothing(described: Store) -> None:
    """For every class and property whose values are described, as a query would count them."""
    query = """
        SELECT ?class ?property (COUNT(*) AS ?rows) WHERE {{
          ?s a ?class ; ?property ?o . FILTER(ISIRI(?o)) FILTER EXISTS {{ ?o a ?any }} {} }}
        GROUP BY ?class ?property"""
    named = f"?o <{L0['name'].value}> ?name"
    plain, joined = (
        Counter(
            {
                (row["class"].value, row["property"].value): int(row["rows"].value)
                for row in described.query(text)
            }
        )
        for text in (query.format(""), query.format(named))
    )
    assert len(plain) > 300
    assert {key: (n, joined[key]) for key, n in plain.items() if joined[key] != n} == {}


def test_names_in_capitals_are_readable(described: Store) -> None:
    element = NamedNode(
        f"{BASE}data/element/c_d150/2020/asili-nido/patto-di-corresponsabilita-sanitario-e-educativo"
    )
    printed = NamedNode(f"{BASE}onto/MDS/printedName")
    [name] = described.quads_for_pattern(element, L0["name"], None)
    [as_printed] = described.quads_for_pattern(element, printed, None)
    assert name.object.value == "Patto di corresponsabilità sanitario e educativo"
    assert as_printed.object.value == "PATTO DI CORRESPONSABILITA' SANITARIO E EDUCATIVO"


def test_what_the_data_lead_to_has_a_name_in_the_data(release: Release) -> None:
    """In the default graph alone, others' terms included: a join on names loses nothing there."""
    data = Store()
    data.extend(Quad(*triple) for triple in data_triples(release))
    lost = {
        row["property"].value: row["what"].value
        for row in data.query(f"""
            SELECT ?property (SAMPLE(?o) AS ?what) WHERE {{
              ?s ?property ?o . FILTER(ISIRI(?o)) FILTER NOT EXISTS {{ ?o <{L0["name"].value}> ?name }} }}
            GROUP BY ?property""")
    }
    assert {*lost} - {term.value for term in OUTWARD} == set()


def test_opening_hours_are_joined_by_the_name_of_the_day(release: Release) -> None:
    hours = "SELECT ?day WHERE {{ ?hours <http://schema.org/dayOfWeek> ?day . {{}} }}"
    store = data_store(release)
    days, named = (
        sorted(row["day"].value for row in store.query(hours.format(more)))
        for more in ("", f"?day <{L0['name'].value}> ?name")
    )
    assert days == named != []
