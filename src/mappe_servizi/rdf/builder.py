"""Collecting triples, with everything that the alignment implies written out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from pyoxigraph import DefaultGraph, Literal, NamedNode, Triple

from mappe_servizi.errors import MappeError
from mappe_servizi.model.records import SLUG, DocumentPlace, runs
from mappe_servizi.model.service_map import Text
from mappe_servizi.rdf.hierarchy import Hierarchy
from mappe_servizi.rdf.namespaces import L0, RDF, RDFS, XSD, Iris

Value = NamedNode | Literal
Statement = tuple[NamedNode, NamedNode, Value]
"""A triple by its terms: one of pyoxigraph copies them, which takes ten times the memory."""
_TYPE, _LABEL, _NAME = RDF["type"], RDFS["label"], L0["name"]


@dataclass(frozen=True, slots=True)
class Derivation:
    """Where a resource was read: lines and places of the document, and corrections made on the way."""

    iri: NamedNode
    places: tuple[DocumentPlace, ...]
    corrections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the graph: one Turtle dump, one graph of the store.

    Attributes:
        name: the stem of its dump ("c_d150-2020", "vocabularies", "catalogue", ...).
        graph: the graph that its triples stand in.
        statements: its triples.
        derivations: what the provenance part is made of.
    """

    name: str
    graph: NamedNode | DefaultGraph
    statements: list[Statement]
    derivations: list[Derivation] = field(default_factory=list)

    @property
    def triples(self) -> list[Triple]:
        """Its triples as pyoxigraph takes them."""
        return [Triple(*statement) for statement in self.statements]


def statements_of(triples: Iterable[Triple]) -> Iterator[Statement]:
    """Triples by their terms.

    Raises:
        MappeError: one has a blank node, which would have no stable name.
    """
    for triple in triples:
        subject, value = triple.subject, triple.object
        if not (isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal)):
            raise MappeError(f"the graph must not have blank nodes: {triple}")
        yield subject, triple.predicate, value


class Builder:
    """Triples of one part; a triple given twice counts once."""

    def __init__(
        self, iris: Iris, hierarchy: Hierarchy, places: Callable[[Iterable[int]], list[DocumentPlace]] = runs
    ) -> None:
        self.iris, self.mds, self.hierarchy, self._places = iris, iris.mds, hierarchy, places
        self.derivations: list[Derivation] = []
        self._said: dict[NamedNode, dict[tuple[NamedNode, Value], None]] = {}
        self._described: set[NamedNode] = set()

    def add(
        self, subject: NamedNode, predicate: NamedNode, *values: Value | None, implied: bool = True
    ) -> None:
        """State a property, and its superproperties if ``implied``, with each value that is not None."""
        above = self.hierarchy.properties.get(predicate, ()) if implied else ()
        facts = self._facts(subject)
        for value in values:
            if value is not None:
                facts[predicate, value] = None
                for super_property in above:
                    facts[super_property, value] = None

    def resource(
        self,
        subject: NamedNode,
        label: str,
        *classes: NamedNode,
        name: str = "",
        english: str = "",
        implied: bool = True,
    ) -> NamedNode:
        """State what a resource is: its classes, their superclasses, its name and labels.

        Args:
            subject: the resource.
            label: what it is shown as; what is stated of it first stands.
            classes: what it is.
            name: what it is called, where that is not its label: a resource has one, in Italian, so that what
                is joined on it does not double.
            english: its English label, left out where it is the Italian one.
            implied: whether the superclasses are stated as well.
        """
        facts = self._facts(subject)
        for class_ in classes:
            facts[_TYPE, class_] = None
            for above in self.hierarchy.classes.get(class_, ()) if implied else ():
                facts[_TYPE, above] = None
        if subject not in self._described:
            self._described.add(subject)
            facts[_LABEL, it(label)] = None
            if name or label:
                facts[_NAME, it(name or label)] = None
            if english and english != label:
                facts[_LABEL, en(english)] = None
        return subject

    def _facts(self, subject: NamedNode) -> dict[tuple[NamedNode, Value], None]:
        found = self._said.get(subject)
        if found is None:
            found = self._said[subject] = {}
        return found

    def said(self, subject: NamedNode) -> tuple[tuple[NamedNode, Value], ...]:
        """What has been stated of a resource so far: property and value, as they came."""
        return tuple(self._said.get(subject, ()))

    def describes(self, subject: NamedNode) -> bool:
        """Whether it has been stated what a resource is."""
        return subject in self._described

    def derived(
        self, subject: NamedNode, lines: Iterable[int], corrections: Iterable[str] = (), source: str = ""
    ) -> None:
        """Note where a resource was read, and state the first line and place of it.

        Args:
            subject: the resource.
            lines: the lines of the document, or its rows where it has no lines.
            corrections: the identifiers of the corrections that touched it.
            source: its place, where that is finer than the lines.
        """
        read = tuple(sorted(set(lines)))
        places = [DocumentPlace(source, read[0], read[0])] if source else self._places(read)
        self.derivations.append(Derivation(subject, tuple(places), tuple(dict.fromkeys(corrections))))
        if read:
            self.add(subject, self.mds["sourceLine"], integer(read[0]))
            self.add(subject, self.mds["sourceAnchor"], Literal(f"{SLUG}#{places[0].fragment}"))

    def printed(self, subject: NamedNode, name: Text, description: Text | None = None) -> None:
        """State a name and description as printed, the parts of each a line of its literal.

        What a reader should see for them is a resource's name, and its l0:description.
        """
        self.add(subject, self.mds["printedName"], printed(name))
        if description is not None:
            self.add(subject, self.mds["printedDescription"], printed(description))

    def position(self, subject: NamedNode, position: int) -> None:
        """State the place in a list, from 1."""
        self.add(subject, L0["positionInSequence"], Literal(str(position), datatype=XSD["int"]))

    def part(self, name: str, graph: NamedNode | DefaultGraph | None = None) -> Part:
        """What has been collected."""
        return Part(name, graph or DefaultGraph(), list(self), self.derivations)

    def __iter__(self) -> Iterator[Statement]:
        return ((subject, *fact) for subject, facts in self._said.items() for fact in facts)


def it(text: str) -> Literal:
    """An Italian text."""
    return Literal(text, language="it")


def en(text: str) -> Literal:
    """An English text."""
    return Literal(text, language="en")


def printed(text: Text) -> Literal:
    """A text as printed, its parts in order, one a line."""
    return it("\n".join(text.parts) if text.parts else text.printed)


def integer(value: int) -> Literal:
    """A whole number."""
    return Literal(str(value), datatype=XSD["integer"])


def decimal(value: Decimal | None) -> Literal | None:
    """A number in the form that stores keep it in ("12.5", "3"); None stays None."""
    if value is None:
        return None
    text = format(value, "f")
    return Literal(text.rstrip("0").rstrip(".") if "." in text else text, datatype=XSD["decimal"])


def year(value: int) -> Literal:
    """A year."""
    return Literal(f"{value:04}", datatype=XSD["gYear"])


def true(value: bool) -> Literal:
    """A truth value."""
    return Literal(str(value).lower(), datatype=XSD["boolean"])


def lines_of(*texts: Text | None) -> list[int]:
    """The lines that some texts were read from."""
    return [line for text in texts if text is not None for line in text.lines]


def corrections_of(*texts: Text | None) -> list[str]:
    """The corrections that touched some texts."""
    return [correction for text in texts if text is not None for correction in text.corrections]
