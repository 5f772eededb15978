"""No dangling link, no blank node, a label and a type for everything, all reachable, all implied."""

from collections import defaultdict
from functools import cache

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple, parse
from rdflib import RDF, RDFS, Graph, URIRef

from mappe_servizi.rdf.hierarchy import NOT_IMPLIED
from mappe_servizi.releases import Release
from rdf import BASE, ONTOPIA, data_triples, modules, our_files, superclasses

DESCRIBED = ("onto/", "controlled-vocabulary/")  # their IRI with a format's ending is a document
ONTOLOGY_VERSION = "onto/MDS/0.1"
LABEL, TYPE = str(RDFS.label), str(RDF.type)
ALIGNED = (
    ONTOPIA, "http://data.europa.eu/m8g/", "http://purl.org/vocab/cpsv#", "http://www.w3.org/ns/org#",
    "http://www.w3.org/2004/02/skos/core#", "http://www.w3.org/2006/time#", f"{BASE}onto/",
)  # fmt: skip
"""Whose super terms must be written out; scripts/alignment.py says why not the upper ontologies'."""
STATED = {term.value for term in NOT_IMPLIED}
"""What stands only where it is stated: a second name of an acronym would double what is joined on names."""
FIGURES = f"{BASE}data/measurement/"
LEAN = {
    f"{ONTOPIA}l0/EventOrSituation", f"{ONTOPIA}l0/Entity",
    f"{ONTOPIA}TI/hasTemporalEntity", "http://www.w3.org/2006/time#hasTime",
}  # fmt: skip
"""What figures leave out of it, being many: no profile asks for it."""
INSTANT = "http://www.w3.org/2006/time#inXSDDate"
"""OntoPiA's alignment has it above the start and end of an interval, but its domain is an instant."""


@pytest.fixture(scope="module")
def data(release: Release) -> list[Triple]:
    return data_triples(release)


@pytest.fixture(scope="module")
def axioms(reference) -> Graph:
    graph = Graph() + modules(reference)
    for path in our_files():
        if "ontologies" in path.parts:
            graph.parse(path)
    return graph


def test_no_link_inside_the_base_dangles(release: Release, data: list[Triple]) -> None:
    known = {q.subject for q in parse(path=release.dump)}
    dangling = {
        q.object.value
        for q in parse(path=release.dump)
        if isinstance(q.object, NamedNode) and q.object.value.startswith(BASE) and q.object not in known
    }
    paths = {iri.removeprefix(BASE) for iri in dangling}
    served = ("api/", "reconcile", "sparql")  # operations of the server, not resources
    documents = {
        path for path in paths if path.endswith((".ttl", ".rdf", ".jsonld")) and path.startswith(DESCRIBED)
    }
    files = {path for path in paths if path in release.files}
    lost = {path for path in paths - documents - files - {ONTOLOGY_VERSION} if not path.startswith(served)}
    assert not sorted(lost)[:5]


def test_every_resource_has_a_type_and_an_italian_label(data: list[Triple]) -> None:
    typed = {t.subject for t in data if t.predicate.value == TYPE}
    labelled = {
        t.subject
        for t in data
        if t.predicate.value == LABEL and isinstance(t.object, Literal) and t.object.language == "it"
    }
    subjects = {t.subject for t in data}
    assert not [s for s in subjects if isinstance(s, BlankNode)]
    assert not sorted(s.value for s in subjects - typed)[:5]
    assert not sorted(s.value for s in subjects - labelled)[:5]


def test_every_thing_is_reachable_from_a_municipality(data: list[Triple]) -> None:
    links: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for t in data:
        if isinstance(t.object, NamedNode) and t.predicate.value != TYPE:
            links[t.subject].add(t.object)
    todo = [s for s in links if s.value.startswith(f"{BASE}data/municipality/")]
    seen = set(todo)
    while todo:
        for target in links.get(todo.pop(), ()):
            if target not in seen:
                seen.add(target)
                todo.append(target)
    things = {t.subject for t in data if t.subject.value.startswith(f"{BASE}data/")}
    lost = {t.value for t in things - seen if not t.value.endswith("/organization/mappe-servizi")}
    assert not sorted(lost)[:5]
    assert len(things) > 5000


def test_superclasses_are_written_out(data: list[Triple], axioms: Graph) -> None:
    types: dict[str, set[str]] = defaultdict(set)
    for t in data:
        if t.predicate.value == TYPE:
            types[t.subject.value].add(t.object.value)
    missing = {
        (class_, str(above))
        for subject, found in types.items()
        for class_ in found
        for above in superclasses(axioms, URIRef(class_))
        if str(above).startswith(ALIGNED) and str(above) not in found and str(above) not in STATED
        if not (subject.startswith(FIGURES) and str(above) in LEAN)
    }
    assert not missing


def test_superproperties_are_written_out(data: list[Triple], axioms: Graph) -> None:
    @cache
    def above(property_: str) -> tuple[str, ...]:
        found = axioms.transitive_objects(URIRef(property_), RDFS.subPropertyOf)
        return tuple(str(p) for p in found if str(p).startswith(ALIGNED) and str(p) not in {INSTANT, *STATED})

    stated = {(t.subject, t.predicate.value, t.object) for t in data}
    missing = {
        (t.predicate.value, p)
        for t in data
        for p in above(t.predicate.value)
        if (t.subject, p, t.object) not in stated
        if not (t.subject.value.startswith(FIGURES) and p in LEAN)
    }
    assert not missing
    assert not [t for t in data if t.predicate.value == INSTANT], "an interval has become an instant"
