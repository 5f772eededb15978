"""With whom: groups of users who take part in delivering the service, as roles in time."""

from __future__ import annotations

from pyoxigraph import NamedNode

from mappe_servizi.graph.edition import Edition
from mappe_servizi.model.names import unique
from mappe_servizi.model.service_map import Coproduction, ServiceMap
from mappe_servizi.rdf.builder import corrections_of, it, lines_of
from mappe_servizi.rdf.namespaces import ROAPIT, TIAPIT


def add_coproduction(edition: Edition, service_map: ServiceMap) -> None:
    """The groups involved in delivering a service."""
    b, mds, number = edition.builder, edition.mds, service_map.number
    service = edition.service(number)
    records = service_map.coproduction
    labels = unique([r.segment.printed for r in records], [r.role for r in records])
    for record, label in zip(records, labels, strict=True):
        subject = edition.stated("co-production", number, edition.slug("co-production", label, number))
        name = edition.readable(record.segment)
        role = edition.readable(record.role) if record.role else ""
        b.resource(subject, f"{name}: {role}" if role else name, mds["CoProduction"], name=name)
        b.add(service, mds["hasCoProduction"], subject)
        b.add(subject, ROAPIT["withRole"], mds["coProducer"])
        b.add(subject, ROAPIT["isRoleInTimeOf"], _group(edition, service_map, record))
        b.add(subject, ROAPIT["forEntity"], service)
        b.add(subject, TIAPIT["atTime"], edition.iris.concept("year", edition.year))
        b.printed(subject, record.segment)
        if record.role is not None:
            b.add(subject, mds["roleName"], it(role))
            b.add(subject, mds["printedRole"], it(record.role.printed))
        b.position(subject, record.position)
        texts = (record.segment, record.role)
        b.derived(subject, lines_of(*texts), corrections_of(*texts))


def _group(edition: Edition, service_map: ServiceMap, record: Coproduction) -> NamedNode:
    """The map's segment with this name, or else a group that the map names only here."""
    b, mds, number, text = edition.builder, edition.mds, service_map.number, record.segment
    if listed := edition.segment_named(service_map, text.value):
        slug = edition.names.segments(service_map)[listed.position]
        text = listed.name
    else:
        slug = edition.slug("segment", record.segment.printed, number)
    name = edition.readable(text)
    return b.resource(edition.lasting("segment", number, slug), name, mds["CoProducingGroup"])
