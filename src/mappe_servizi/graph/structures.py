"""The rows of the delivering structures, each with its type; what they name is added elsewhere."""

from __future__ import annotations

from pyoxigraph import NamedNode

from mappe_servizi.graph.edition import Edition
from mappe_servizi.model.names import unique
from mappe_servizi.model.service_map import ServiceMap
from mappe_servizi.rdf.builder import corrections_of, it, lines_of
from mappe_servizi.rdf.namespaces import L0


def add_structures(edition: Edition, service_map: ServiceMap) -> None:
    """The rows of a map's structures."""
    b, mds, number = edition.builder, edition.mds, service_map.number
    rows = structure_rows(edition, service_map)
    for record in service_map.structures:
        type_ = edition.delivery.network.structure_types[number, record.position]
        subject = rows[record.position]
        b.add(subject, mds["statedIn"], edition.map(number))
        b.resource(subject, edition.readable(record.name), mds["DeliveryStructure"])
        b.add(edition.service(number), mds["hasDeliveryStructure"], subject)
        b.add(subject, mds["structureType"], edition.concept("structure-type", type_))
        b.printed(subject, record.name, record.note)
        if record.note is not None:
            b.add(subject, L0["description"], it(record.note.value))
        b.position(subject, record.position)
        texts = (record.name, record.note)
        b.derived(subject, lines_of(*texts), corrections_of(*texts))


def structure_rows(edition: Edition, service_map: ServiceMap) -> dict[int, NamedNode]:
    """The IRIs of a map's structures rows, by position."""
    records, number = service_map.structures, service_map.number
    labels = unique([r.name.printed for r in records], [r.note for r in records])
    return {
        record.position: edition.iris.data(
            "provision",
            edition.ipa,
            edition.year,
            edition.service_slug(number),
            edition.slug("provision", label, number),
        )
        for record, label in zip(records, labels, strict=True)
    }
