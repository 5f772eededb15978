"""Links to others' lists, in a graph of their own: each a mapping with what it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode

from mappe_servizi.linking.mappings import LinkMapping, Predicate
from mappe_servizi.rdf.builder import Builder, Part, en
from mappe_servizi.rdf.hierarchy import Hierarchy
from mappe_servizi.rdf.namespaces import COVAPIT, OWL, RDFS, SEMAPV, SKOS, SSSOM, XSD, Iris

GRAPH: Final = "links"


def build(mappings: Iterable[LinkMapping], iris: Iris, hierarchy: Hierarchy) -> Part:
    """The graph of links."""
    b = Builder(iris, hierarchy)
    title, english = "Collegamenti a elenchi di altri", "Links to lists of others"
    b.resource(iris.named_graph(GRAPH), title, SSSOM["MappingSet"], english=english)
    for mapping in mappings:
        add_link(b, mapping)
    return b.part(GRAPH, iris.named_graph(GRAPH))


def predicate_iri(predicate: Predicate, iris: Iris) -> NamedNode:
    """The property that a mapping states."""
    return {
        "sameAs": OWL["sameAs"],
        "linkedTo": iris.mds["linkedTo"],
        "seeAlso": RDFS["seeAlso"],
        "identifier": COVAPIT["hasAlternativeIdentifier"],
    }[predicate]


def add_link(b: Builder, mapping: LinkMapping) -> NamedNode:
    """State a link, and what it says, if it is accepted.

    Identifiers are stated in the data already.
    """
    mds, subject, other = b.mds, NamedNode(mapping.subject), NamedNode(mapping.object_)
    predicate = predicate_iri(mapping.predicate, b.iris)
    name = f"{mapping.subject_label} ~ {mapping.object_label or mapping.object_}"
    node = b.resource(b.iris.data("link", mapping.slug), name, mds["Link"], SSSOM["Mapping"])
    b.add(node, OWL["annotatedSource"], subject)
    b.add(node, OWL["annotatedProperty"], predicate)
    b.add(node, OWL["annotatedTarget"], other)
    b.add(node, SSSOM["mapping_justification"], SEMAPV[mapping.justification])
    b.add(node, mds["linkStatus"], b.iris.concept("link-status", mapping.status))
    if mapping.confidence is not None:
        b.add(node, SSSOM["confidence"], Literal(f"{mapping.confidence:.6g}", datatype=XSD["decimal"]))
    if mapping.status == "rejected":
        b.add(node, SSSOM["predicate_modifier"], SSSOM["NegatedPredicate"])
    if mapping.object_label:
        b.add(node, SSSOM["object_label"], Literal(mapping.object_label))
    if mapping.day is not None:
        b.add(node, SSSOM["mapping_date"], Literal(mapping.day.isoformat(), datatype=XSD["date"]))
    if mapping.comment:
        b.add(node, SKOS["editorialNote"], en(mapping.comment))
    if mapping.status == "accepted" and mapping.predicate != "identifier":
        b.add(subject, predicate, other)
        if mapping.predicate == "linkedTo":
            b.add(other, predicate, subject)
    return node
