"""What is delivered: central and accessory elements."""

from __future__ import annotations

from mappe_servizi.graph.edition import Edition
from mappe_servizi.model.names import unique
from mappe_servizi.model.service_map import ServiceMap
from mappe_servizi.rdf.builder import corrections_of, it, lines_of
from mappe_servizi.rdf.namespaces import L0

_CLASSES = {"central": "CentralElement", "accessory": "AccessoryElement"}


def add_elements(edition: Edition, service_map: ServiceMap) -> None:
    """The elements of a map."""
    b, mds, number = edition.builder, edition.mds, service_map.number
    labels = unique(
        [e.name.printed for e in service_map.elements], [e.description for e in service_map.elements]
    )
    for position, (element, label) in enumerate(zip(service_map.elements, labels, strict=True), start=1):
        class_ = _CLASSES[element.kind]
        subject = edition.stated("element", number, edition.slug("element", label, number))
        b.resource(subject, edition.readable(element.name), mds[class_])
        b.add(edition.service(number), mds[f"has{class_}"], subject)
        b.add(subject, mds["elementKind"], edition.concept("element-kind", element.kind))
        b.printed(subject, element.name, element.description)
        if element.description is not None:
            b.add(subject, L0["description"], it(element.description.value))
        b.position(subject, position)
        texts = (element.name, element.description)
        b.derived(subject, lines_of(*texts), corrections_of(*texts))
