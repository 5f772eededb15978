"""The shapes, each node of them with an IRI: the dump has no blank nodes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from mappe_servizi.errors import MappeError
from mappe_servizi.graph.schema import void
from mappe_servizi.rdf.namespaces import RDF

Term = BlankNode | NamedNode | Literal | Triple


def named(triples: Iterable[Triple]) -> Iterator[Triple]:
    """The triples, their blank nodes named after the shape that has them and their place in it.

    Args:
        triples: of the shapes, in the order of their files; each blank node belongs to one other node.

    Raises:
        MappeError: a node belongs to no shape that has an IRI.

    >>> shape, path = NamedNode("http://e.org/S"), NamedNode("http://e.org/p")
    >>> inner = BlankNode()
    >>> for triple in named([Triple(shape, path, inner), Triple(inner, path, shape)]):
    ...     print(triple)
    <http://e.org/S> <http://e.org/p> <http://e.org/S#1>
    <http://e.org/S#1> <http://e.org/p> <http://e.org/S>
    """
    listed = list(triples)
    owner: dict[Term, Term] = {t.object: t.subject for t in listed if isinstance(t.object, BlankNode)}
    names: dict[Term, NamedNode] = {}
    numbers = Counter[NamedNode]()
    for triple in listed:
        for node in (triple.subject, triple.object):
            if isinstance(node, BlankNode) and node not in names:
                shape = _shape(node, owner)
                numbers[shape] += 1
                names[node] = NamedNode(f"{shape.value}#{numbers[shape]}")
    for triple in listed:
        subject, value = (names.get(node, node) for node in (triple.subject, triple.object))
        yield Triple(subject, triple.predicate, value)  # type: ignore[arg-type]  # no triple stands in them


def called(triples: Iterable[Triple]) -> Iterator[Triple]:
    """The names of the shapes: what their IRIs end in."""
    typed = {
        t.subject: None for t in triples if t.predicate == RDF["type"] and isinstance(t.subject, NamedNode)
    }
    for node in typed:
        for statement in void.called(node, node.value.rsplit("/", 1)[-1]):
            yield Triple(*statement)


def _shape(node: Term, owner: Mapping[Term, Term]) -> NamedNode:
    passed = set[Term]()
    while not isinstance(node, NamedNode):
        if node in passed or node not in owner:
            raise MappeError("a node of the shapes without an IRI must belong to a shape that has one")
        passed.add(node)
        node = owner[node]
    return node
