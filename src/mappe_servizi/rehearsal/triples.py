"""The triples of a document, looked up as the programs of harvesters look them up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from mappe_servizi.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TURTLE, FileFormat
from mappe_servizi.rdf.namespaces import RDF

Node = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal | Triple

PARSERS = {
    TURTLE.media: RdfFormat.TURTLE,
    RDF_XML.media: RdfFormat.RDF_XML,
    JSON_LD.media: RdfFormat.JSON_LD,
    N_TRIPLES.media: RdfFormat.N_TRIPLES,
    N_QUADS.media: RdfFormat.N_QUADS,
}
"""Parser by media type: what a client takes when it believes Content-Type."""
CATALOGUE_FORMATS: tuple[FileFormat, ...] = (TURTLE, RDF_XML, JSON_LD)


def read(body: bytes | IO[bytes], media: str, address: str) -> Iterator[Quad]:
    """The statements of a document.

    Args:
        body: its bytes.
        media: its media type, as Content-Type says it.
        address: where it was fetched from: relative references are below it.

    Raises:
        ValueError: no parser is for this type, or it is not what it says.
    """
    kind = PARSERS.get(media.partition(";")[0].strip())
    if kind is None:
        raise ValueError(f"it is sent as {media or 'nothing'}, which is no RDF")
    try:
        yield from parse(body, format=kind, base_iri=address)
    except (SyntaxError, OSError) as error:
        raise ValueError(f"it is no {kind.name}: {error}") from error


class Triples:
    """A set of triples, by subject and predicate; whatever is found comes in the order of its text."""

    def __init__(self, statements: Iterable[Quad | Triple]) -> None:
        self.all: set[Triple] = {q.triple if isinstance(q, Quad) else q for q in statements}
        self._found: dict[tuple[Term, Term], list[Term]] = {}
        self._of: dict[Term, list[Node]] = {}
        self._about: dict[Term, list[Triple]] = {}
        for triple in sorted(self.all, key=str):
            self._found.setdefault((triple.subject, triple.predicate), []).append(triple.object)
            self._about.setdefault(triple.subject, []).append(triple)
            if triple.predicate == RDF["type"] and not isinstance(triple.subject, Triple):
                self._of.setdefault(triple.object, []).append(triple.subject)

    def about(self, subject: Term) -> list[Triple]:
        """All that is said of something."""
        return self._about.get(subject, [])

    @classmethod
    def of_file(cls, path: Path) -> Triples:
        """Those of a file.

        Raises:
            ValueError: it cannot be parsed.
        """
        try:
            return cls(parse(path=path, base_iri=path.absolute().as_uri()))
        except SyntaxError as error:
            raise ValueError(str(error)) from error

    def of(self, kind: NamedNode) -> list[Node]:
        """What is of a class."""
        return self._of.get(kind, [])

    def objects(self, subject: Term, predicate: NamedNode) -> list[Term]:
        """The values of a property."""
        return self._found.get((subject, predicate), [])

    def value(self, subject: Term | None, predicate: NamedNode) -> Term | None:
        """The first value of a property."""
        return next(iter(self.objects(subject, predicate)), None) if subject is not None else None

    def text(self, subject: Term | None, predicate: NamedNode) -> str:
        """The first value of a property as text, empty where there is none."""
        return text(self.value(subject, predicate))

    def texts(self, subject: Term, predicate: NamedNode) -> dict[str, str]:
        """The literal values of a property by language; the key of those without one is empty."""
        found = (o for o in self.objects(subject, predicate) if isinstance(o, Literal))
        return {o.language or "": o.value for o in found}


def text(term: Term | None) -> str:
    """A term's characters."""
    return "" if term is None or isinstance(term, Triple) else term.value
