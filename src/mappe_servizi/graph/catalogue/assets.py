"""What ontology and vocabularies say of themselves, and what the graph calls things of others.

The catalogue repeats it, so that a data set made of such an asset is described as the asset is:
its holder, its dates, its version, and not the municipalities'.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Triple

from mappe_servizi.errors import MappeError
from mappe_servizi.rdf.namespaces import DCAT, DCATAPIT, DCT, FOAF, OWL, RDF, RDFS, SKOS
from mappe_servizi.rights import Agent, Texts

Values = Mapping[NamedNode, Sequence[NamedNode | Literal]]


class Vocabularies:
    """The part ``vocabularies`` of a build, as the catalogue reads it."""

    def __init__(self, triples: Iterable[Triple] = ()) -> None:
        self._about: dict[NamedNode, dict[NamedNode, list[NamedNode | Literal]]] = {}
        for triple in triples:
            subject, value = triple.subject, triple.object
            if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
                self._about.setdefault(subject, {}).setdefault(triple.predicate, []).append(value)

    def name(self, subject: NamedNode) -> Texts:
        """What the graph calls something, in Italian and English.

        Raises:
            MappeError: it has no name in both.
        """
        # A label is left out where it is the same in both languages, a prefLabel is not.
        texts = {**self.texts(subject, RDFS["label"]), **self.texts(subject, SKOS["prefLabel"])}
        if not {"it", "en"} <= set(texts):
            raise MappeError(
                f"the catalogue points to <{subject.value}>, which has no name in ontology/catalogue.csv; "
                "add a row with label_it and label_en, and build again"
            )
        return texts

    def texts(self, subject: NamedNode, predicate: NamedNode) -> Texts:
        """The texts of a property, by language."""
        return {
            value.language: value.value
            for value in self._about.get(subject, {}).get(predicate, ())
            if isinstance(value, Literal) and value.language
        }

    def values(self, subject: NamedNode, predicate: NamedNode) -> list[NamedNode]:
        """What a property leads to."""
        found = self._about.get(subject, {}).get(predicate, ())
        return [value for value in found if isinstance(value, NamedNode)]

    def identifier(self, subject: NamedNode) -> str:
        """The identifier that something has, or else its IRI."""
        found = self._about.get(subject, {}).get(DCT["identifier"])
        return found[0].value if found else subject.value

    @cached_property
    def assets(self) -> Mapping[NamedNode, Asset]:
        """The ontology and the controlled vocabularies, by IRI."""
        kinds = {OWL["Ontology"], DCATAPIT["Dataset"]}
        found = {s: values for s, values in self._about.items() if kinds & {*values.get(RDF["type"], ())}}
        return {subject: Asset(subject, found[subject], self) for subject in sorted(found, key=str)}

    def agent(self, node: NamedNode) -> Agent:
        """An organisation: its code and its name."""
        about = self._about.get(node, {})
        return Agent(about[DCT["identifier"]][0].value, about[FOAF["name"]][0].value)


@dataclass(frozen=True, slots=True)
class Asset:
    """An ontology or a vocabulary: what it says of itself."""

    iri: NamedNode
    values: Values
    among: Vocabularies

    def texts(self, predicate: NamedNode) -> Texts:
        """The texts of a property, by language."""
        return self.among.texts(self.iri, predicate)

    def all(self, predicate: NamedNode) -> Sequence[NamedNode | Literal]:
        """The values of a property."""
        return self.values.get(predicate, ())

    def one(self, predicate: NamedNode) -> str:
        """The value of a property.

        Raises:
            MappeError: there is none.
        """
        if not self.all(predicate):
            raise MappeError(f"<{self.iri.value}> does not say its {predicate}")
        return self.all(predicate)[0].value

    def agents(self, predicate: NamedNode) -> list[Agent]:
        """The organisations of a property."""
        return [self.among.agent(node) for node in self.all(predicate) if isinstance(node, NamedNode)]

    @property
    def version(self) -> str:
        """The number of its version: how its version IRI ends, or what it begins to say of its version."""
        iri = self.all(OWL["versionIRI"])
        return iri[0].value.rsplit("/", 1)[1] if iri else self.one(OWL["versionInfo"]).split(" ")[0]

    @property
    def keywords(self) -> Sequence[Literal]:
        """Its keywords, in every language."""
        return [value for value in self.all(DCAT["keyword"]) if isinstance(value, Literal)]
