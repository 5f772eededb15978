"""To whom: the criteria of segmentation and the segments of users."""

from __future__ import annotations

from mappe_servizi.graph.edition import Edition
from mappe_servizi.model.names import unique
from mappe_servizi.model.service_map import ServiceMap
from mappe_servizi.rdf.builder import corrections_of, it, lines_of
from mappe_servizi.rdf.namespaces import DCT, L0


def add_criteria(edition: Edition, service_map: ServiceMap) -> None:
    """The criteria by which a map divides its users."""
    b, mds, number = edition.builder, edition.mds, service_map.number
    labels = unique([criterion.text.printed for criterion in service_map.criteria])
    for criterion, label in zip(service_map.criteria, labels, strict=True):
        subject = edition.stated("criterion", number, edition.slug("criterion", label, number))
        b.resource(subject, edition.readable(criterion.text), mds["SegmentationCriterion"])
        b.add(edition.service(number), mds["segmentedBy"], subject)
        b.printed(subject, criterion.text)
        b.position(subject, criterion.position)
        b.derived(subject, criterion.text.lines, criterion.text.corrections)


def add_segments(edition: Edition, service_map: ServiceMap) -> None:
    """The segments of a map (they live over editions) and their entries in this edition."""
    b, mds, number = edition.builder, edition.mds, service_map.number
    service, slugs = edition.service(number), edition.names.segments(service_map)
    for record in service_map.segments:
        name, slug = edition.readable(record.name), slugs[record.position]
        segment = b.resource(edition.lasting("segment", number, slug), name, mds["UserSegment"])
        b.add(service, mds["hasUserSegment"], segment)
        if record.description is not None:
            b.add(segment, L0["description"], it(record.description.value))
        for code in edition.audiences.get((number, record.position), ()):
            group = edition.concept("audience-group", code)
            b.add(segment, mds["coversAudience"], group)
            if edition.classifications[number].kind == "public":  # the EU's audience is a concept
                b.add(service, DCT["audience"], group)
        edition.told_of_review(segment, "segment", edition.service_slug(number), slug)
        entry = edition.stated("segment", number, slug)
        shown = f"{name} (voce della mappa {edition.year})"
        b.resource(entry, shown, mds["SegmentEntry"], name=name)
        b.add(segment, mds["hasEntry"], entry)
        b.printed(entry, record.name, record.description)
        b.position(entry, record.position)
        texts = (record.name, record.description)
        b.derived(entry, lines_of(*texts), corrections_of(*texts))
