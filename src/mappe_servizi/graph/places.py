"""Offices and places: names, addresses in parts (CLV), school institutes, opening hours."""

from __future__ import annotations

from collections import Counter
from typing import Final

from pyoxigraph import Literal, NamedNode

from mappe_servizi.graph.edition import Edition
from mappe_servizi.graph.municipality import city_iri
from mappe_servizi.graph.providers import LEGAL_STATUS
from mappe_servizi.graph.structures import structure_rows
from mappe_servizi.graph.territory import add_city, city_of
from mappe_servizi.model.tables.knowledge import OTHER_PUBLIC_SERVICE
from mappe_servizi.providers.addresses import Address
from mappe_servizi.providers.opening import Opening
from mappe_servizi.providers.sites import Sighting, Site
from mappe_servizi.rdf.builder import it
from mappe_servizi.rdf.namespaces import (
    CLVAPIT,
    COVAPIT,
    CV,
    DCT,
    FOAF,
    ITALIAN_VOCABULARY,
    L0,
    LOCN,
    POIAPIT,
    XSD,
    Namespace,
)

ACAPIT: Final = Namespace("https://w3id.org/italia/onto/AccessCondition/")
SCHEMA: Final = Namespace("http://schema.org/")
POI_CATEGORIES: Final = f"{ITALIAN_VOCABULARY}poi-category-classification/"
CULTURAL_PLACES: Final = f"{ITALIAN_VOCABULARY}classifications-for-culture/cultural-interest-places/"
_SCHOOL: Final = "2610"  # legal status: public institutes and schools of every kind
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def add_sites(edition: Edition) -> None:
    """Every office and place of an edition, and every printed place that names them."""
    b = edition.builder
    rows = {m.number: structure_rows(edition, m) for m in edition.document.maps}
    entries: Counter[tuple[int, str]] = Counter()
    places = {site.name: site for site in edition.delivery.sites if site.kind == "place"}
    for site in edition.delivery.sites:
        subject = _describe(edition, site)
        if site.located_at:
            b.add(subject, edition.mds["locatedAt"], site_iri(edition, places[site.located_at]))
        for sighting in site.sightings:
            if sighting.position is not None and sighting.section == "structures":
                row = rows[sighting.number][sighting.position]
                if site.kind == "office" or not _is_office(edition, sighting):
                    b.add(row, edition.mds["deliveredThrough"], subject)
            if site.kind == "place":
                _add_entry(edition, subject, site, sighting, entries)
        b.derived(subject, ())


def _is_office(edition: Edition, sighting: Sighting) -> bool:
    """A row of an office leads to the office, which knows its place."""
    types = edition.delivery.network.structure_types
    return types.get((sighting.number, sighting.position or 0)) == "office"


def site_iri(edition: Edition, site: Site) -> NamedNode:
    """The IRI of an office or place."""
    return edition.iris.data(site.kind, edition.ipa, edition.slug(site.kind, site.name))


def _describe(edition: Edition, site: Site) -> NamedNode:
    b, mds = edition.builder, edition.mds
    class_ = COVAPIT["Office"] if site.kind == "office" else POIAPIT["PointOfInterest"]
    subject = b.resource(site_iri(edition, site), site.name, class_)
    if site.kind == "office":
        b.add(subject, COVAPIT["isSupportUnitOf"], edition.municipality)
    else:
        b.add(subject, POIAPIT["POIofficialName"], it(site.name))
        b.add(subject, CLVAPIT["hasSpatialCoverage"], _city(edition, site.address))
        _classify(edition, subject, site.facility)
    if site.institute:
        b.add(subject, mds["ofInstitute"], _institute(edition, site.institute))
    if site.address:
        b.add(subject, CLVAPIT["hasAddress"], _address(edition, subject, site.address))
    for place, hours in enumerate(site.openings, start=1):
        b.add(subject, SCHEMA["openingHoursSpecification"], add_opening(edition, subject, hours, place))
    b.add(subject, mds["decisionCertainty"], b.iris.concept("decision-certainty", site.certainty))
    return subject


def _classify(edition: Edition, subject: NamedNode, facility: str) -> None:
    """What kind of place it is, in the local vocabulary and the national ones."""
    b, kind = edition.builder, edition.facilities.get(facility)
    category = kind.poi_category if kind else OTHER_PUBLIC_SERVICE
    b.add(subject, POIAPIT["hasPOICategory"], NamedNode(POI_CATEGORIES + category))
    if kind:
        b.add(subject, edition.mds["facilityKind"], edition.concept("facility-kind", facility))
        b.add(subject, DCT["type"], NamedNode(CULTURAL_PLACES + kind.ontopia))


def _city(edition: Edition, address: Address | None) -> NamedNode | None:
    """The city that an address prints; where none is printed the municipality's own, None if unknown."""
    if address is None or not address.town:
        return city_iri(edition)
    code = edition.delivery.rules.registry.towns.get(address.town)
    return add_city(edition.builder, city_of(code), address.town, edition.territories) if code else None


def _institute(edition: Edition, name: str) -> NamedNode:
    b = edition.builder
    slug = edition.slug("organization", name)
    subject = edition.iris.data("organization", edition.ipa, slug)
    b.resource(subject, name, COVAPIT["PublicOrganization"], CV["PublicOrganisation"], FOAF["Agent"])
    b.add(subject, DCT["identifier"], Literal(f"{edition.ipa}/{slug}"))
    b.add(subject, DCT["title"], it(name))
    b.add(subject, DCT["spatial"], city_iri(edition))
    b.add(subject, COVAPIT["legalName"], it(name))
    b.add(subject, COVAPIT["hasLegalStatus"], NamedNode(LEGAL_STATUS + _SCHOOL))
    return subject


def _address(edition: Edition, place: NamedNode, address: Address) -> NamedNode:
    """An address with its street and civic number, as parts of the place."""
    b, mds = edition.builder, edition.mds
    classes = (CLVAPIT["Address"], LOCN["Address"])
    subject = b.resource(NamedNode(f"{place.value}/address"), address.full, *classes)
    town, city = address.town, _city(edition, address)
    b.add(subject, CLVAPIT["hasCity"], city)
    b.add(subject, LOCN["thoroughfare"], it(address.full))
    b.add(subject, LOCN["postName"], it(town or edition.city_name))
    if not town:  # a rule of ours says where it is, not the document
        b.add(subject, mds["decisionCertainty"], edition.concept("decision-certainty", "rule"))
    full = f"{address.full}, {address.postcode} {town}".replace(",  ", ", ") if town else address.full
    b.add(subject, CLVAPIT["fullAddress"], it(full))
    street = b.resource(
        NamedNode(f"{place.value}/address/street"),
        f"{address.toponym.capitalize()} {address.street}",
        CLVAPIT["StreetToponym"],
    )
    b.add(street, CLVAPIT["toponymQualifier"], it(address.toponym))
    b.add(street, CLVAPIT["officialStreetName"], it(address.street))
    b.add(subject, CLVAPIT["hasStreetToponym"], street)
    if address.number:
        label = address.number + (f"/{address.exponent}" if address.exponent else "")
        number = b.resource(NamedNode(f"{place.value}/address/number"), label, CLVAPIT["CivicNumbering"])
        if address.number.isdigit():
            b.add(number, CLVAPIT["streetNumber"], Literal(address.number, datatype=XSD["int"]))
        else:
            b.add(number, CLVAPIT["peculiarity"], it(address.number))
        if address.exponent:
            b.add(number, CLVAPIT["exponent"], Literal(address.exponent))
        b.add(subject, CLVAPIT["hasNumber"], number)
    if address.postcode:
        b.add(subject, CLVAPIT["postCode"], Literal(address.postcode))
    if town:
        b.add(subject, mds["townName"], it(town))
    return subject


def add_opening(edition: Edition, subject: NamedNode, opening: Opening, place: int = 1) -> NamedNode:
    """Opening hours as OntoPiA and schema.org have them; what never closes closes at 23:59:59.

    Args:
        place: among those of the subject, from 1.
    """
    b = edition.builder
    classes = (ACAPIT["OpeningHoursSpecification"], SCHEMA["OpeningHoursSpecification"])
    node = b.resource(
        NamedNode(f"{subject.value}/opening-hours{f'-{place}' if place > 1 else ''}"),
        opening.printed,
        *classes,
    )
    b.add(node, L0["description"], it(opening.printed))
    closes = "23:59:59" if opening.closes == "24:00" else f"{opening.closes}:00"
    for namespace in (ACAPIT, SCHEMA):
        b.add(node, namespace["opens"], Literal(f"{opening.opens}:00", datatype=XSD["time"]))
        b.add(node, namespace["closes"], Literal(closes, datatype=XSD["time"]))
    b.add(node, SCHEMA["dayOfWeek"], *(SCHEMA[_DAYS[day]] for day in opening.days))
    return node


def _add_entry(
    edition: Edition, subject: NamedNode, site: Site, sighting: Sighting, entries: Counter[tuple[int, str]]
) -> None:
    """One printed place of a place: the words and the line stand here, the place lives on."""
    b, mds, number = edition.builder, edition.mds, sighting.number
    slug = edition.slug("place", site.name)
    entries[number, slug] += 1
    count = entries[number, slug]
    entry = edition.stated("place", number, slug if count == 1 else f"{slug}-{count}")
    b.resource(entry, f"{site.name}, in «{sighting.name}»", mds["PlaceEntry"])
    b.add(subject, mds["hasEntry"], entry)
    b.add(edition.service(number), mds["hasPlace"], subject)
    b.add(entry, mds["printedName"], it(sighting.name))
    b.add(entry, mds["printedAddress"], it(sighting.address) if sighting.address else None)
    b.position(entry, sighting.order)
    b.derived(entry, sighting.lines, sighting.corrections)
