"""By whom: the official responsible for a service, a role in time with an opaque person."""

from __future__ import annotations

import hashlib

from mappe_servizi.graph.edition import Edition
from mappe_servizi.model.service_map import ServiceMap
from mappe_servizi.rdf.builder import it
from mappe_servizi.rdf.namespaces import CPVAPIT, ORG, ROAPIT, TIAPIT
from mappe_servizi.reading.redaction import REDACTED_NAME


def add_responsibility(edition: Edition, service_map: ServiceMap) -> None:
    """The responsible official, if one is named; ``withRole`` and ``isRoleInTimeOf`` are functional."""
    record = service_map.responsible
    if record is None:
        return
    b, mds, number = edition.builder, edition.mds, service_map.number
    service = edition.service(number)
    name = record.name.value
    person = edition.iris.data("person", edition.ipa, _person_slug(edition, number, name))
    b.resource(person, name, CPVAPIT["Person"])
    b.add(person, CPVAPIT["fullName"], it(name))
    label = "responsabile-ad-interim" if record.ad_interim else "responsabile"
    subject = edition.stated("responsibility", number, edition.slug("responsibility", label, number))
    role = "ad interim" if record.ad_interim else "responsabile"
    title = edition.entries[number].title.value
    classes = (mds["ServiceResponsibility"], ORG["Membership"])
    b.resource(subject, f"{name}, {role}: {title}", *classes, name=name)
    b.add(subject, ORG["member"], person)
    b.add(subject, ORG["organization"], edition.municipality)
    b.add(subject, ORG["role"], mds["actingManager" if record.ad_interim else "manager"])
    b.add(service, mds["hasResponsibility"], subject)
    b.add(subject, ROAPIT["withRole"], mds["actingManager" if record.ad_interim else "manager"])
    b.add(subject, ROAPIT["isRoleInTimeOf"], person)
    b.add(subject, ROAPIT["forEntity"], service)
    b.add(subject, TIAPIT["atTime"], edition.iris.concept("year", edition.year))
    b.add(subject, mds["printedName"], it(record.name.printed))
    b.derived(subject, record.lines, record.name.corrections)


def _person_slug(edition: Edition, number: int, name: str) -> str:
    """The opaque slug of a person; one whose name is redacted is told apart by the map alone."""
    if name == REDACTED_NAME:
        return hashlib.sha256(f"{edition.ipa}/{edition.service_slug(number)}".encode()).hexdigest()[:8]
    return edition.slug("person", name)
