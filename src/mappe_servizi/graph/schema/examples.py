"""The published queries as examples, in the layout that SIB's sparql-examples and query assistants read.

https://github.com/sib-swiss/sparql-examples: a ``sh:SPARQLExecutable`` each, told once a language, with
the prefixes that queries are written with and the endpoint that answers it. A query stands as it is shown
to be edited, its parameters bound, so that it runs as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode

from mappe_servizi.graph.schema.void import called
from mappe_servizi.rdf.builder import Statement
from mappe_servizi.rdf.namespaces import OWL, RDF, RDFS, SH, XSD, prefixes
from mappe_servizi.rdf.queries import PublishedQuery
from mappe_servizi.rdf.query_text import form, to_edit

TARGET = NamedNode("https://schema.org/target")
"""As that layout has it: with https, where everything else of ours has schema.org's own http."""


def described(queries: Mapping[str, PublishedQuery], base: str) -> Iterator[Statement]:
    """The prefixes and the examples."""
    endpoint, declared = NamedNode(f"{base}sparql"), NamedNode(f"{base}sparql#prefixes")
    yield from _prefixes(declared, base)
    for name, query in queries.items():
        node, kind = NamedNode(f"{endpoint.value}#example-{name}"), form(query.text)
        yield node, RDF["type"], SH["SPARQLExecutable"]
        yield node, RDF["type"], SH[f"SPARQL{kind.capitalize()}Executable"]
        yield node, SH["prefixes"], declared
        yield node, SH[kind.lower()], Literal(to_edit(query, "en"))
        yield node, TARGET, endpoint
        yield from called(node, query.title["it"], query.title["en"])
        for language, description in query.description.items():
            yield node, RDFS["comment"], Literal(description, language=language)


def _prefixes(declared: NamedNode, base: str) -> Iterator[Statement]:
    """The prefixes that queries are written with."""
    yield declared, RDF["type"], OWL["Ontology"]
    yield from called(declared, "Prefissi delle interrogazioni", "Prefixes of queries")
    for name, space in prefixes(base).items():
        node = NamedNode(f"{base}sparql#prefix-{name}")
        yield declared, SH["declare"], node
        yield node, RDF["type"], SH["PrefixDeclaration"]
        yield from called(node, f"{name}:")
        yield node, SH["prefix"], Literal(name)
        yield node, SH["namespace"], Literal(space, datatype=XSD["anyURI"])
