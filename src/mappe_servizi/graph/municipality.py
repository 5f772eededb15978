"""The municipality and its place."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from mappe_servizi.graph.edition import Edition
from mappe_servizi.graph.identifiers import add_territory
from mappe_servizi.graph.territory import add_city
from mappe_servizi.rdf.builder import it
from mappe_servizi.rdf.namespaces import (
    CLVAPIT,
    COVAPIT,
    CV,
    DCT,
    FOAF,
    ITALIAN_VOCABULARY,
    SKOS,
    iri,
)

_LEGAL_STATUS = ITALIAN_VOCABULARY["classifications-for-organizations/legal-status/2430"]  # Comune
_CATEGORY = ITALIAN_VOCABULARY["classifications-for-organizations/S13/204"]  # Comuni


def add_municipality(edition: Edition) -> None:
    """The municipality as a public organisation of OntoPiA, EU and W3C."""
    b, record = edition.builder, edition.document.municipality
    classes = (COVAPIT["PublicOrganization"], CV["PublicOrganisation"], FOAF["Agent"])
    subject = b.resource(edition.municipality, record.name, *classes)
    for predicate in (COVAPIT["legalName"], DCT["title"], SKOS["prefLabel"]):
        b.add(subject, predicate, it(record.name))
    b.add(subject, COVAPIT["IPAcode"], Literal(record.ipa))
    b.add(subject, DCT["identifier"], Literal(record.ipa))
    b.add(subject, COVAPIT["hasLegalStatus"], _LEGAL_STATUS)
    b.add(subject, COVAPIT["hasCategory"], _CATEGORY)
    city = city_iri(edition)
    b.add(subject, CLVAPIT["hasSpatialCoverage"], city)
    b.add(subject, DCT["spatial"], city)
    add_city(b, city, edition.city_name, edition.territories)
    b.add(city, DCT["identifier"], Literal(record.istat))
    add_territory(edition, city)
    if isinstance(place := record.settings.get("geonames"), str):  # the catalogue points to it, too
        b.resource(iri(place), record.name.removeprefix("Comune di "), DCT["Location"])
    b.derived(subject, ())


def city_iri(edition: Edition) -> NamedNode:
    """The municipality's territory in the national vocabulary."""
    return iri(edition.document.municipality.settings["territory"])
