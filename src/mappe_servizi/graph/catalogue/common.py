"""What every description in the catalogue shares: terms, people, places, periods, rights.

Harvesters read a catalogue by itself, so everything that it points to is typed and titled in it
(DCAT-AP_IT), and whatever they look for in several forms is given in each of them. But only what is
ours has an rdfs:label: CKAN takes the label of what a property leads to, where there is one, in
place of its IRI. The labels of all else stand with the vocabularies, in the default graph.
"""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from mappe_servizi.bases import iri_below
from mappe_servizi.graph.catalogue.inputs import Covered, Inputs
from mappe_servizi.model.outputs.lookup import by_owner, holding_the_catalogue
from mappe_servizi.rdf.builder import Builder, Value, en, it
from mappe_servizi.rdf.hierarchy import Hierarchy
from mappe_servizi.rdf.namespaces import (
    DCAT,
    DCATAPIT,
    DCT,
    FOAF,
    L0,
    OWL,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    VCARD,
    XSD,
    Iris,
    Namespace,
    iri,
)
from mappe_servizi.rights import Agent, Licence, Rights, Texts

EU = Namespace("http://publications.europa.eu/resource/authority/")
LANGUAGES = {"it": EU["language/ITA"], "en": EU["language/ENG"]}
SUBJECT = "http://eurovoc.europa.eu/246051"
"""The subject that OntoPiA gives to its vocabularies of public services (life-event.ttl, channel.ttl)."""
LICENCE_TYPES = "http://purl.org/adms/licencetype/1.0"
LICENCE_TYPE = "http://purl.org/adms/licencetype/"
NATIONAL_LICENCES = "https://w3id.org/italia/controlled-vocabulary/licences/"


class Describer:
    """Collects triples; knows whom and what every description points to."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.files = by_owner({**inputs.files, **dict.fromkeys(holding_the_catalogue())})
        self.b = Builder(Iris(inputs.base), Hierarchy(()))
        self.catalogue = NamedNode(f"{inputs.base}catalogue")

    def add(self, subject: NamedNode, predicate: NamedNode, *values: Value | None) -> None:
        """State a property; what has a label has a name, as all in the graph."""
        self.b.add(subject, predicate, *values)
        if predicate == RDFS["label"]:
            self.b.add(
                subject, L0["name"], *(v for v in values if isinstance(v, Literal) and v.language == "it")
            )

    def typed(self, subject: NamedNode, *classes: NamedNode) -> NamedNode:
        """State classes."""
        self.add(subject, RDF["type"], *classes)
        return subject

    def texts(self, subject: NamedNode, predicate: NamedNode, texts: Texts) -> None:
        """State a text in every language."""
        self.add(subject, predicate, it(texts["it"]), en(texts["en"]))

    def titled(self, subject: NamedNode, title: Texts, description: Texts) -> None:
        """State what something is called and what it is."""
        self.texts(subject, DCT["title"], title)
        self.texts(subject, RDFS["label"], title)
        self.texts(subject, DCT["description"], description)

    def concept(self, subject: NamedNode, *classes: NamedNode) -> NamedNode:
        """A concept of someone else's vocabulary, typed and titled here."""
        self.typed(subject, SKOS["Concept"], *classes)
        self.texts(subject, SKOS["prefLabel"], self.inputs.vocabularies.name(subject))
        kept_in = subject.value.rpartition("/")[0]
        address = LICENCE_TYPES if f"{kept_in}/" == LICENCE_TYPE else kept_in
        scheme = self.typed(iri(address), SKOS["ConceptScheme"])
        self.texts(scheme, DCT["title"], self.inputs.vocabularies.name(scheme))
        self.add(subject, SKOS["inScheme"], scheme)
        return subject

    def languages(self, subject: NamedNode) -> None:
        """Italian and English."""
        for node in LANGUAGES.values():
            self.add(subject, DCT["language"], self.concept(node, DCT["LinguisticSystem"]))

    def agent(self, agent: Agent) -> NamedNode:
        """An organisation; a municipality that the data cover has its own IRI."""
        covered = {c.ipa for c in self.inputs.covered}
        node = NamedNode(self.inputs.standing.agent_iri(agent, self.inputs.base))
        self.typed(node, DCATAPIT["Agent"], FOAF["Agent"], FOAF["Organization"])
        self.add(node, FOAF["name"], Literal(agent.name))
        self.add(node, RDFS["label"], it(agent.name))
        self.add(node, DCT["identifier"], Literal(agent.identifier))
        if agent.identifier in covered:
            authority = iri("http://purl.org/adms/publishertype/LocalAuthority")
            self.add(node, DCT["type"], self.concept(authority))
        return node

    def people(self, subject: NamedNode) -> None:
        """Publisher, creator and contact."""
        standing = self.inputs.standing
        self.add(subject, DCT["publisher"], self.agent(standing.publisher) if standing.publisher else None)
        self.add(subject, DCT["creator"], self.agent(standing.creator) if standing.creator else None)

    def contact(self, subject: NamedNode) -> None:
        """The contact point, where an address is configured."""
        contact = self.inputs.contact
        if contact is None:
            return
        node = NamedNode(f"{self.catalogue.value}#contact")
        self.typed(node, DCATAPIT["Organization"], VCARD["Organization"], VCARD["Kind"])
        self.add(node, VCARD["fn"], Literal(contact.name))
        self.add(node, RDFS["label"], it(contact.name))
        self.add(node, VCARD["hasEmail"], NamedNode(f"mailto:{contact.email}"))
        self.add(node, VCARD["hasURL"], NamedNode(contact.url) if contact.url else None)
        self.add(subject, DCAT["contactPoint"], node)

    def dates(self, subject: NamedNode, of: tuple[str, str] | None = None) -> None:
        """When it was first published, and last changed: as a release, unless it has dates of its own."""
        release = self.inputs.release
        issued = release.first if release else self.inputs.modified
        modified = release.date if release else self.inputs.modified
        if of:
            issued, modified = of
        self.add(subject, DCT["issued"], date(issued) if issued else None)
        self.add(subject, DCT["modified"], date(modified) if modified else None)

    def page(self, subject: NamedNode, predicate: NamedNode, address: str) -> None:
        """A page about it."""
        self.add(subject, predicate, self.typed(NamedNode(address), FOAF["Document"]))

    def licensed(self, subject: NamedNode, rights: Rights) -> None:
        """The licence, by the IRI that harvesters know, in the national vocabulary too.

        The profiles allow one: of several, the one that binds most, and which part is under which.
        """
        if rights.binding is None:
            return
        self.add(subject, DCT["license"], self.licence(rights.binding))
        if len(rights.licences) > 1:
            parts = [f"{c.name}, {c.edition}: {c.rights.names}" for c in self.inputs.covered]
            node = self.typed(NamedNode(f"{self.catalogue.value}#licences"), DCT["RightsStatement"])
            said = {"it": "Ogni comune ha la sua licenza", "en": "Each municipality has its own licence"}
            self.texts(node, RDFS["label"], {tag: f"{t}: {'; '.join(parts)}." for tag, t in said.items()})
            self.add(node, DCT["license"], *map(self.licence, rights.licences))
            self.add(subject, DCT["rights"], node)

    def licence(self, licence: Licence) -> NamedNode:
        """A licence, described."""
        node = self.typed(NamedNode(licence.iri), DCATAPIT["LicenseDocument"], DCT["LicenseDocument"])
        title = {"it": licence.title_it, "en": licence.title_en}
        self.texts(node, FOAF["name"], title)
        if licence.ckan_it and licence.ckan_en:
            self.texts(node, DCT["title"], {"it": licence.ckan_it, "en": licence.ckan_en})
        self.add(node, OWL["versionInfo"], Literal(licence.version) if licence.version else None)
        if licence.type:
            self.add(node, DCT["type"], self.concept(iri(licence.type)))
        if licence.national:
            self.add(node, SKOS["exactMatch"], iri(NATIONAL_LICENCES + licence.national))
        return node

    def places(self, subject: NamedNode, covered: Covered) -> None:
        """The territory: in the national vocabulary, in GeoNames, and by name."""
        for place in filter(None, (covered.territory, covered.geonames)):
            node = self.typed(NamedNode(place), DCT["Location"])
            self.add(node, SKOS["prefLabel"], it(covered.place))
            self.add(node, DCATAPIT["geographicalIdentifier"], Literal(covered.geonames or covered.territory))
            self.add(node, DCATAPIT["geographicalName"], it(covered.place))
            self.add(subject, DCT["spatial"], node)

    def period(self, subject: NamedNode, years: tuple[int, int]) -> None:
        """The time that the figures are of, with the dates of each profile."""
        node = self.typed(NamedNode(f"{subject.value}#period"), DCT["PeriodOfTime"])
        start, end = f"{years[0]:04}-01-01", f"{years[1]:04}-12-31"
        self.add(node, RDFS["label"], it(f"{years[0]}–{years[1]}"))
        for vocabulary in (DCATAPIT, DCAT, SCHEMA):
            self.add(node, vocabulary["startDate"], date(start))
            self.add(node, vocabulary["endDate"], date(end))
        self.add(subject, DCT["temporal"], node)

    def standard(self, subject: NamedNode, address: str, version: str | None = None) -> None:
        """A standard that it conforms to."""
        node = self.typed(NamedNode(address), DCT["Standard"], DCATAPIT["Standard"])
        self.add(node, DCT["identifier"], Literal(self.inputs.vocabularies.identifier(node)))
        self.texts(node, DCT["title"], self.inputs.vocabularies.name(node))
        self.add(node, OWL["versionInfo"], Literal(version) if version else None)
        self.add(subject, DCT["conformsTo"], node)

    def ontology(self, subject: NamedNode) -> None:
        """The ontology that the data are written with, called as it calls itself."""
        node = NamedNode(iri_below(self.inputs.base, "onto/MDS"))
        self.typed(node, DCT["Standard"], DCATAPIT["Standard"])
        self.add(node, DCT["identifier"], Literal("mappe-servizi:MDS"))
        self.texts(node, DCT["title"], self.inputs.vocabularies.name(node))
        self.add(subject, DCT["conformsTo"], node)


def date(value: str) -> Literal:
    """A date."""
    return Literal(value, datatype=XSD["date"])
