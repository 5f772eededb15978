"""What the ontology and its alignment imply: no engine that we use infers, so we write it out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from mappe_servizi.errors import InputError
from mappe_servizi.rdf.namespaces import CV, L0, ORG, RDFS

NOT_IMPLIED: Final = frozenset({L0["name"], ORG["Membership"], ORG["role"], CV["PublicOrganization"]})
"""What stands only where it is stated, whatever OntoPiA has below it.

A resource has one name: of an acronym or a legal name no second one is made. A membership is a person's in
an organisation, which a provision and a co-production are not (docs/decisions/0024). The EU spells its class
of public bodies with an s.
"""
Supers = dict[NamedNode, tuple[NamedNode, ...]]


def parse_file(path: Path) -> list[Triple]:
    """The triples of a committed Turtle file.

    Raises:
        InputError: the file cannot be read or is not Turtle.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return [quad.triple for quad in parse(text, format=RdfFormat.TURTLE)]
    except (OSError, ValueError) as error:
        raise InputError(str(error), file=path) from error
    except SyntaxError as error:
        raise InputError(f"not Turtle: {error.msg}", file=path, line=error.lineno) from error


def ontology_files(ontology: Path) -> list[Path]:
    """The ontology and its alignment to OntoPiA, EU and W3C terms."""
    return sorted((ontology / "assets" / "ontologies").glob("*/latest/*.ttl"))


def vocabulary_files(ontology: Path) -> list[Path]:
    """The controlled vocabularies."""
    return sorted((ontology / "assets" / "controlled-vocabularies").glob("*/latest/*.ttl"))


class Hierarchy:
    """The named superclasses and superproperties of each term, transitively, but for ``NOT_IMPLIED``."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        direct: dict[NamedNode, dict[NamedNode, list[NamedNode]]] = {
            RDFS["subClassOf"]: {},
            RDFS["subPropertyOf"]: {},
        }
        for triple in triples:
            edges = direct.get(triple.predicate)
            below, above = triple.subject, triple.object
            if above in NOT_IMPLIED:
                continue
            if edges is not None and isinstance(below, NamedNode) and isinstance(above, NamedNode):
                edges.setdefault(below, []).append(above)
        self.classes = _closed(direct[RDFS["subClassOf"]])
        self.properties = _closed(direct[RDFS["subPropertyOf"]])

    @classmethod
    def load(cls, ontology: Path) -> Hierarchy:
        """Read the hierarchy from the ontology's files.

        Raises:
            InputError: there is no ontology there, or a file is not Turtle.
        """
        files = ontology_files(ontology)
        if not files:
            raise InputError("no ontology under assets/ontologies", file=ontology)
        return cls(triple for path in files for triple in parse_file(path))


def _closed(edges: dict[NamedNode, list[NamedNode]]) -> Supers:
    return {term: _reachable(term, edges) for term in edges}


def _reachable(start: NamedNode, edges: dict[NamedNode, list[NamedNode]]) -> tuple[NamedNode, ...]:
    found: dict[NamedNode, None] = {}
    todo = [start]
    while todo:
        for above in edges.get(todo.pop(), ()):
            if above not in found and above != start:
                found[above] = None
                todo.append(above)
    return tuple(sorted(found, key=lambda node: node.value))
