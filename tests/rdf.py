"""The graph, the ontologies of others and our own, as tests look at them."""

from functools import cache
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Store, Triple, parse
from rdflib import RDF, RDFS, Graph, Namespace, URIRef

from helpers import ROOT
from mappe_servizi.releases import Release

BASE = "https://w3id.org/mappe-servizi/"
ONTOPIA = "https://w3id.org/italia/onto/"
MDS = Namespace(f"{BASE}onto/MDS/")
ONTOLOGY = ROOT / "ontology"
TURTLE = RdfFormat.TURTLE


def triples(path: Path) -> list[Triple]:
    """The triples of an RDF file, in whatever graph they stand."""
    return [quad.triple for quad in parse(path=path, rename_blank_nodes=True)]


def data_triples(release: Release) -> list[Triple]:
    """The triples of the release's default graph: the data themselves."""
    return [q.triple for q in parse(path=release.dump) if not isinstance(q.graph_name, NamedNode)]


def data_store(release: Release) -> Store:
    """The release's own store, read-only."""
    return Store.read_only(str(release.store))


def our_files() -> list[Path]:
    """Every Turtle file of ontology/."""
    return sorted(ONTOLOGY.glob("**/*.ttl"))


@cache
def modules(reference: Path) -> Graph:
    """The OntoPiA modules and their alignments, in one graph."""
    graph = Graph()
    for path in sorted((reference / "ontopia" / "ontologies").glob("*.ttl")):
        graph.parse(path)
    return graph


@cache
def superclasses(graph: Graph, class_: URIRef) -> frozenset[URIRef]:
    """The named superclasses of a class, itself among them."""
    return frozenset(c for c in graph.transitive_objects(class_, RDFS.subClassOf) if isinstance(c, URIRef))


def types_of(graph: Graph, term: URIRef) -> set[URIRef]:
    """The types that a graph gives to a term."""
    return {t for t in graph.objects(term, RDF.type) if isinstance(t, URIRef)}
