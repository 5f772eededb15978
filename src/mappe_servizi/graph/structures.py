"""Where and through whom: the rows of the delivering structures."""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from mappe_servizi.graph.builder import corrections_of, it, lines_of
from mappe_servizi.graph.edition import Edition, unique
from mappe_servizi.graph.namespaces import COVAPIT, CPSVAPIT, L0, POIAPIT, ROAPIT, TIAPIT
from mappe_servizi.providers.model import StructureType
from mappe_servizi.records import ServiceMap, Structure

# What a row of a type leads to: concept of its IRI and class. Roles, resources and generic
# words ("sul territorio") name no thing of their own.
_TARGETS: Final[dict[StructureType, tuple[str, NamedNode]]] = {
    "office": ("office", COVAPIT["Office"]),
    "facility": ("place", POIAPIT["PointOfInterest"]),
    "place": ("place", POIAPIT["PointOfInterest"]),
    "channel": ("channel", CPSVAPIT["Channel"]),
    "provider": ("organization", COVAPIT["Organization"]),
    "grouping": ("organization", COVAPIT["Organization"]),
}


def add_structures(edition: Edition, service_map: ServiceMap) -> None:
    """The rows of a map's structures, each with its type."""
    b, mds, number = edition.builder, edition.mds, service_map.number
    records = service_map.structures
    labels = unique([r.name.printed for r in records], [r.note for r in records])
    for record, label in zip(records, labels, strict=True):
        type_ = edition.structure_types.of(record)
        subject = edition.stated("provision", number, edition.slug("provision", label, number))
        b.resource(subject, record.name.value, mds["DeliveryStructure"])
        b.add(edition.service(number), mds["hasDeliveryStructure"], subject)
        b.add(subject, mds["structureType"], edition.concept("structure-type", type_))
        b.named(subject, record.name, record.note)
        b.position(subject, record.position)
        texts = (record.name, record.note)
        b.derived(subject, lines_of(*texts), corrections_of(*texts))
        if type_ in _TARGETS:
            _add_target(edition, number, subject, record, type_)


def _add_target(
    edition: Edition, number: int, subject: NamedNode, record: Structure, type_: StructureType
) -> None:
    """The office, place, channel or organisation that a row names."""
    b, mds = edition.builder, edition.mds
    concept, class_ = _TARGETS[type_]
    name = record.name.value
    target = b.resource(edition.iris.data(concept, edition.ipa, edition.slug(concept, name)), name, class_)
    b.add(target, L0["name"], it(name))
    b.add(subject, mds["deliveredThrough"], target)
    if concept == "organization":
        b.resource(subject, name, mds["ServiceProvision"])
        b.add(target, COVAPIT["legalName"], it(name))
        b.add(edition.service(number), mds["hasProvision"], subject)
        b.add(subject, ROAPIT["withRole"], CPSVAPIT["Provider"])
        b.add(subject, ROAPIT["isRoleInTimeOf"], target)
        b.add(subject, ROAPIT["forEntity"], edition.service(number))
        b.add(subject, TIAPIT["atTime"], edition.iris.concept("year", edition.year))
