"""One edition of a municipality's document on its way into the graph: what all subjects share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import NamedNode

from mappe_servizi.errors import MappeError
from mappe_servizi.model.names import Names
from mappe_servizi.model.records import Document, IndexEntry
from mappe_servizi.model.service_map import Segment, ServiceMap, Table, Text
from mappe_servizi.model.tables.knowledge import FacilityKindRow, MunicipalityRow
from mappe_servizi.model.tables.municipality import ServiceNameRow, ServiceRow
from mappe_servizi.model.text import same_words
from mappe_servizi.model.wording import Wording
from mappe_servizi.providers.delivery import Delivery
from mappe_servizi.rdf.builder import Builder, year
from mappe_servizi.rdf.namespaces import Iris, Namespace
from mappe_servizi.reading.capitals import WordForms
from mappe_servizi.reading.concepts import Concepts
from mappe_servizi.reading.curated import Stated
from mappe_servizi.rights import Licence, Texts


@dataclass(frozen=True)
class Edition:
    """A document, its curated data, the slugs of what it names, and the builder that collects.

    Attributes:
        areas: the English names of the areas, by slug.
        titles: the English names of the services, and what people call them, by slug.
        licence: of the document's data, None where none is stated.
        territories: what ISTAT's table says of each municipality, by ISTAT code.
        facilities: what is known of each kind of facility, by its code.
        output_kinds: what a row counts that the service puts out, by code of the vocabulary counted-thing.
        reviewed: the services, segments and indicators about which a person has decided.
        vocabulary: the IRIs of every concept that a vocabulary of ours declares.
        concepts: what is decided about the concepts that municipalities share.
        data_sets: the titles of the catalogue's data sets, those that the data are parts of, by slug.
        wording: the phrases that rules look for.
        figures: the IRI of each printed figure, by map, table, position and year.
    """

    document: Document
    names: Names
    builder: Builder
    classifications: dict[int, ServiceRow]
    audiences: dict[tuple[int, int], tuple[str, ...]]
    delivery: Delivery
    areas: dict[str, str]
    licence: Licence | None
    territories: Mapping[str, MunicipalityRow] = field(default_factory=dict)
    facilities: Mapping[str, FacilityKindRow] = field(default_factory=dict)
    output_kinds: frozenset[str] = frozenset()
    reviewed: Stated = frozenset()
    vocabulary: frozenset[NamedNode] = frozenset()
    concepts: Concepts = field(default_factory=Concepts)
    figures: dict[tuple[int, Table, int, int], NamedNode] = field(default_factory=dict)
    titles: Mapping[str, ServiceNameRow] = field(default_factory=dict)
    data_sets: Mapping[str, Texts] = field(default_factory=dict)
    wording: Wording = field(default_factory=Wording)

    @property
    def iris(self) -> Iris:
        """The IRIs' patterns."""
        return self.builder.iris

    @property
    def mds(self) -> Namespace:
        """The local ontology's namespace."""
        return self.builder.mds

    @property
    def ipa(self) -> str:
        """The municipality's IPA code."""
        return self.document.municipality.ipa

    @property
    def year(self) -> int:
        """The edition."""
        return self.document.municipality.edition

    @cached_property
    def municipality(self) -> NamedNode:
        """The municipality."""
        return self.iris.data("municipality", self.ipa)

    @property
    def city_name(self) -> str:
        """What its town is called."""
        return self.document.municipality.name.removeprefix("Comune di ")

    @cached_property
    def entries(self) -> dict[int, IndexEntry]:
        """The index's entries by number."""
        return self.names.entries

    @cached_property
    def word_forms(self) -> WordForms:
        """How the document writes its words where it does not write in capitals."""
        return WordForms.of(self.document.lines)

    def readable(self, text: Text) -> str:
        """What a reader should see for a name: corrected, and not in capitals."""
        return self.word_forms.readable(text.value)

    def area_slug(self, entry: IndexEntry) -> str:
        """The slug of the area that a service stands in."""
        return self.names.area(entry)

    def service_slug(self, number: int) -> str:
        """The slug of a service."""
        return self.names.service(number)

    def service(self, number: int) -> NamedNode:
        """A service."""
        return self.iris.data("public-service", self.ipa, self.service_slug(number))

    def map(self, number: int) -> NamedNode:
        """The map of a service in this edition."""
        return self.iris.data("service-map", self.ipa, self.year, self.service_slug(number))

    def covering_others(self) -> set[str]:
        """The slugs of the services that, by their sheets, serve other towns, too."""
        return {
            self.service_slug(number)
            for number in self.entries
            if self.classifications[number].coverage != "own"
        }

    def lasting(self, concept: str, number: int, slug: str) -> NamedNode:
        """A thing below a service that lives over editions: a segment, an indicator."""
        return self.iris.data(concept, self.ipa, self.service_slug(number), slug)

    def stated(self, concept: str, number: int, *slug: str | int) -> NamedNode:
        """A statement of this edition about a service; it says in which map it stands."""
        subject = self.iris.data(concept, self.ipa, self.year, self.service_slug(number), *slug)
        self.builder.add(subject, self.mds["statedIn"], self.map(number))
        return subject

    def states(self, subject: NamedNode) -> bool:
        """Whether anything is stated about a thing so far."""
        return self.builder.describes(subject)

    def told_of_review(self, subject: NamedNode, *thing: str) -> None:
        """State that a thing stands as rules read it, where no person has decided about it."""
        if thing not in self.reviewed:
            self.propose(subject)

    def propose(self, subject: NamedNode) -> None:
        """State that a thing rests on a proposal."""
        self.builder.add(subject, self.mds["curationStatus"], self.concept("curation-status", "proposed"))

    def in_this_edition(self, subject: NamedNode) -> None:
        """State the edition as a year."""
        self.builder.add(subject, self.mds["edition"], year(self.year))

    def slug(self, kind: str, label: str, number: int | None = None, hint: str | None = None) -> str:
        """The registered slug of a label, below a service where a number is given."""
        return self.names.slug(kind, label, number, hint)

    def concept(self, scheme: str, code: str) -> NamedNode:
        """A concept of our vocabularies.

        Raises:
            MappeError: the vocabulary has no such concept.
        """
        found = self.iris.concept(scheme, code)
        if self.vocabulary and found not in self.vocabulary:
            raise MappeError(f"the controlled vocabulary {scheme!r} has no concept {code!r}")
        return found

    def segment_named(self, service_map: ServiceMap, name: str) -> Segment | None:
        """The first of a map's segments with this name, case and spaces aside."""
        return next((s for s in service_map.segments if same_words(s.name.value) == same_words(name)), None)
