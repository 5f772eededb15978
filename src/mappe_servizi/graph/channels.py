"""Channels: desks, portals, sites, social networks, mail, newsletters, and where they are printed."""

from __future__ import annotations

from collections import Counter

from pyoxigraph import Literal, NamedNode

from mappe_servizi.graph.edition import Edition
from mappe_servizi.graph.places import SCHEMA, add_opening
from mappe_servizi.graph.structures import structure_rows
from mappe_servizi.providers.channels import Channel, ChannelSighting
from mappe_servizi.rdf.builder import it
from mappe_servizi.rdf.namespaces import CPSVAPIT, FOAF, L0, SMAPIT, XSD


def add_channels(edition: Edition) -> None:
    """Every channel of an edition, and every line that prints one."""
    b = edition.builder
    rows = {m.number: structure_rows(edition, m) for m in edition.document.maps}
    types = edition.delivery.network.structure_types
    entries: Counter[tuple[int, str]] = Counter()
    for channel in edition.delivery.channels:
        subject = _describe(edition, channel)
        for sighting in channel.sightings:
            if sighting.position is not None and types[sighting.number, sighting.position] == "channel":
                row = rows[sighting.number][sighting.position]
                b.add(row, edition.mds["deliveredThrough"], subject)
            b.add(edition.service(sighting.number), CPSVAPIT["hasChannel"], subject)
            _add_entry(edition, subject, channel, sighting, entries)
        b.derived(subject, ())


def _describe(edition: Edition, channel: Channel) -> NamedNode:
    b = edition.builder
    class_ = CPSVAPIT[edition.delivery.kinds[channel.kind].ontopia]
    iri = edition.iris.data("channel", edition.ipa, edition.slug("channel", channel.name))
    subject = b.resource(iri, channel.name, class_)
    b.add(subject, edition.mds["channelKind"], edition.concept("channel-kind", channel.kind))
    if channel.note:
        b.add(subject, L0["description"], it(channel.note))
    if channel.url:
        b.add(subject, SMAPIT["URL"], Literal(channel.url, datatype=XSD["anyURI"]))
        b.add(subject, FOAF["page"], NamedNode(channel.url))
    if channel.opening:
        b.add(subject, SCHEMA["openingHoursSpecification"], add_opening(edition, subject, channel.opening))
    return subject


def _add_entry(
    edition: Edition,
    subject: NamedNode,
    channel: Channel,
    sighting: ChannelSighting,
    entries: Counter[tuple[int, str]],
) -> None:
    b, mds, number = edition.builder, edition.mds, sighting.number
    slug = edition.slug("channel", channel.name)
    entries[number, slug] += 1
    count = entries[number, slug]
    entry = edition.stated("channel", number, slug if count == 1 else f"{slug}-{count}")
    b.resource(entry, f"{channel.name}, in «{sighting.printed[:80]}»", mds["ChannelEntry"])
    b.add(subject, mds["hasEntry"], entry)
    b.add(entry, mds["printedName"], it(sighting.printed))
    b.derived(entry, (sighting.line,), sighting.corrections)
