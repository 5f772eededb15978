"""How: the forms of management that a map marks, and the people who deliver the service."""

from __future__ import annotations

from pyoxigraph import Literal

from mappe_servizi.graph.edition import Edition
from mappe_servizi.model.service_map import ServiceMap
from mappe_servizi.rdf.builder import decimal, it
from mappe_servizi.rdf.namespaces import MUAPIT


def add_management(edition: Edition, service_map: ServiceMap) -> None:
    """The marked forms of management."""
    b, mds, number = edition.builder, edition.mds, service_map.number
    for record in service_map.management:
        subject = edition.stated("management", number, edition.slug("management", record.form, number))
        b.resource(subject, f"Forma gestionale {record.form}", mds["ServiceManagement"])
        b.add(edition.service(number), mds["hasManagement"], subject)
        b.add(subject, mds["managementForm"], edition.concept("management-form", record.form))
        if record.note is not None:
            b.add(subject, mds["note"], it(record.note.value))
            b.add(subject, mds["rawText"], Literal(record.note.printed))
        b.derived(subject, record.lines, record.note.corrections if record.note else ())


def add_personnel(edition: Edition, service_map: ServiceMap) -> None:
    """The people involved in delivering, as counted by the map."""
    record = service_map.personnel
    if record is None:
        return
    b, mds, number = edition.builder, edition.mds, service_map.number
    subject = edition.stated("personnel", number, edition.slug("personnel", "Personale", number))
    b.resource(subject, f"Personale: {record.text.value}", mds["PersonnelCount"])
    b.add(edition.service(number), mds["hasPersonnel"], subject)
    b.add(subject, mds["rawText"], Literal(record.text.printed))
    for name, value in (
        ("staffCount", record.value),
        ("municipalStaff", record.municipal),
        ("externalStaff", record.external),
        ("otherStaff", record.other),
    ):
        b.add(subject, mds[name], decimal(value))
    if record.value is not None:
        b.add(subject, MUAPIT["hasMeasurementUnit"], edition.concept("measurement-unit", "staff"))
    b.derived(subject, record.text.lines, record.text.corrections)
