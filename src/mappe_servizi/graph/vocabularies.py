"""The ontology, our controlled vocabularies, and the excerpts of others that the data point to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Triple

from mappe_servizi.model.records import Document
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.ontology import CATALOGUE, EXTERNAL, ThingRow
from mappe_servizi.rdf.builder import Builder, en, it, year
from mappe_servizi.rdf.hierarchy import Hierarchy, ontology_files, parse_file, vocabulary_files
from mappe_servizi.rdf.namespaces import (
    CPSVAPIT,
    CV,
    DATA_THEME,
    DCT,
    L0,
    RDF,
    RDFS,
    SKOS,
    TIAPIT,
    XSD,
    Iris,
    iri,
)

CUBES = "cubes.ttl"
_SCHEME: Final = "year"
EVENTS: Final[dict[Any, NamedNode]] = {
    CPSVAPIT["LifeEvent"]: CV["LifeEvent"],
    CPSVAPIT["BusinessEvent"]: CV["BusinessEvent"],
}
"""The EU's class of each of OntoPiA's events."""
_CALLED: Final = (SKOS["prefLabel"], RDFS["label"], L0["name"])
"""By which the ontology and the vocabularies say what a term is called, in each language."""


@dataclass(frozen=True, slots=True)
class Common:
    """What every edition needs: the IRIs' base, and what the ontology and vocabularies say.

    Attributes:
        committed: the triples of the ontology, the cubes' structures and the vocabularies.
        concepts: the concepts that they declare.
    """

    iris: Iris
    hierarchy: Hierarchy
    committed: tuple[Triple, ...]
    concepts: frozenset[NamedNode]

    @classmethod
    def load(cls, ontology: Path, base: str) -> Common:
        """Read the ontology's directory.

        Raises:
            InputError: a file is missing or is not Turtle.
        """
        own = [path for path in ontology_files(ontology) if not path.stem.endswith("-aligns")]
        files = [*own, ontology / CUBES, *vocabulary_files(ontology)]
        committed = tuple(triple for path in files for triple in parse_file(path))
        return cls(Iris(base), Hierarchy.load(ontology), committed, _concepts(committed))


def _concepts(triples: Iterable[Triple]) -> frozenset[NamedNode]:
    return frozenset(
        triple.subject
        for triple in triples
        if triple.predicate == RDF["type"]
        and triple.object == SKOS["Concept"]
        and isinstance(triple.subject, NamedNode)
    )


def build(years: Iterable[int], ontology: Path, common: Common, named: Container[Any]) -> Builder:
    """The part that all municipalities share.

    Args:
        years: editions and reference years, which are described.
        ontology: the directory of the ontology and vocabularies.
        common: what is read of them.
        named: what the data point to: of others' vocabularies only these concepts are described.
    """
    b = Builder(common.iris, common.hierarchy)
    for triple in common.committed:
        if triple.predicate in (RDFS["label"], L0["name"]):
            continue  # _add_labels states them, each once
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            b.add(triple.subject, triple.predicate, triple.object)
    _add_labels(b, common.committed)
    _add_years(b, years)
    by_us = {value for _, _, value in b}
    _add_external(b, _pointed_to(read_rows(EXTERNAL, ontology / EXTERNAL.file), named, by_us))
    _add_external(b, read_rows(CATALOGUE, ontology / CATALOGUE.file))
    _add_events(b)
    return b


def years_of(document: Document) -> set[int]:
    """The years that a document needs described."""
    return {document.municipality.edition, *document.years}


def described(ontology: Path) -> frozenset[NamedNode]:
    """The things of others' vocabularies that are described where the data point to them."""
    return frozenset(iri(row.iri) for row in read_rows(EXTERNAL, ontology / EXTERNAL.file))


def _add_events(b: Builder) -> None:
    """The EU's classes and title of OntoPiA's events, for the projection of public services (eu.py)."""
    type_, name_of = RDF["type"], L0["name"]
    events = {subject: EVENTS[class_] for subject, of, class_ in b if of == type_ and class_ in EVENTS}
    for subject, name in [(subject, value) for subject, of, value in b if of == name_of]:
        if subject in events:
            b.add(subject, type_, CV["Event"], events[subject])
            b.add(subject, DCT["title"], name)


def _add_labels(b: Builder, own: Sequence[Triple]) -> None:
    """A term's and a concept's name and labels, and what its classes imply."""
    labels: dict[NamedNode, dict[str, str]] = defaultdict(dict)
    for triple in own:
        subject, value = triple.subject, triple.object
        if not isinstance(subject, NamedNode):
            continue
        if triple.predicate in _CALLED and isinstance(value, Literal) and value.language:
            labels[subject][value.language] = value.value
        elif triple.predicate == RDF["type"] and isinstance(value, NamedNode):
            b.add(subject, RDF["type"], *b.hierarchy.classes.get(value, ()))
    for subject, by_language in labels.items():
        b.resource(subject, by_language["it"], english=by_language.get("en", ""))


def _add_years(b: Builder, years: Iterable[int]) -> None:
    """The reference years and editions, as intervals of OntoPiA and concepts of a scheme."""
    classes, english = (SKOS["ConceptScheme"],), "Reference years"
    scheme = b.resource(b.iris.scheme(_SCHEME), "Anni di riferimento", *classes, english=english)
    for number in sorted(set(years)):
        subject = b.resource(
            b.iris.concept(_SCHEME, number),
            str(number),
            TIAPIT["TimeInterval"],
            TIAPIT["Year"],
            SKOS["Concept"],
        )
        b.add(subject, SKOS["prefLabel"], it(str(number)), en(str(number)))
        b.add(subject, SKOS["notation"], Literal(str(number)))
        b.add(subject, SKOS["inScheme"], scheme)
        b.add(subject, SKOS["topConceptOf"], scheme)
        b.add(scheme, SKOS["hasTopConcept"], subject)
        b.add(subject, TIAPIT["year"], year(number))
        b.add(subject, TIAPIT["startTime"], Literal(f"{number:04}-01-01", datatype=XSD["date"]))
        b.add(subject, TIAPIT["endTime"], Literal(f"{number:04}-12-31", datatype=XSD["date"]))


def _pointed_to(rows: Sequence[ThingRow], *by: Container[Any]) -> Iterator[ThingRow]:
    """What the data lead to, and the vocabularies that these are of: a join on names loses none."""
    used = [
        row
        for row in rows
        # The catalogue's themes are not known here.
        if any(iri(row.iri) in one for one in by) or row.iri.startswith(DATA_THEME)
    ]
    schemes = {row.scheme for row in used}
    yield from used
    yield from (row for row in rows if row.iri in schemes)


def _add_external(b: Builder, rows: Iterable[ThingRow]) -> None:
    """Label, types and notation of the things of others that the data, or the catalogue, point to.

    Those of the catalogue stand here and not in its own graph: CKAN would take a label for the value.
    """
    for row in rows:
        subject = iri(row.iri)
        b.resource(subject, row.label_it, *(iri(type_) for type_ in row.types), english=row.label_en)
        b.add(subject, SKOS["prefLabel"], it(row.label_it), en(row.label_en) if row.label_en else None)
        if row.notation:
            b.add(subject, SKOS["notation"], Literal(row.notation))
            b.add(subject, DCT["identifier"], Literal(row.notation))
        if row.scheme:
            b.add(subject, SKOS["inScheme"], iri(row.scheme))
