"""Cremona's places and channels as they are read with its reviewed tables: what proposals are held against.

The tables have the rows that the review changed; of what they do not name, it left what the rules read. So a
proposal by these very rules is right there by construction: the figures say how often the review had to
change one, not how often another reader would agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mappe_servizi.model.names import Names
from mappe_servizi.model.records import Document
from mappe_servizi.model.tables import municipality, read_rows
from mappe_servizi.model.tables.knowledge import CHANNEL_KINDS, LEGAL_FORMS, STRUCTURE_TYPES
from mappe_servizi.providers.channels import read_channels
from mappe_servizi.providers.legal_forms import LegalForms
from mappe_servizi.providers.mentions import StructureTypes
from mappe_servizi.providers.model import StructureType
from mappe_servizi.providers.sites import read_sites

ROOT = Path(__file__).parents[1]
TOWN = ROOT / "data" / "municipalities" / "c_d150"
KNOWLEDGE = ROOT / "data" / "knowledge"
Key = tuple[str, ...]


@dataclass(frozen=True)
class Reviewed:
    """What the reviewed reading says.

    Attributes:
        things: what is read at each printed place, by the key of its row.
        count: how many printed places there are.
    """

    things: Mapping[Key, frozenset[Key]]
    count: int

    def says(self, key: Key, thing: Key) -> bool | None:
        """Whether it says the same at a printed place; None where it reads nothing there."""
        return thing in self.things[key] if key in self.things else None


def reviewed_places(document: Document, names: Names) -> Reviewed:
    """Name and address of each office and place, by service, printed words and kind."""
    rows = read_rows(municipality.PLACES, TOWN / municipality.PLACES.file)
    structures = {(m.number, s.position): s.name.value for m in document.maps for s in m.structures}
    services = names.services()
    sites, _ = read_sites(document, services, _types(document), rows, KNOWLEDGE)
    things: dict[Key, set[Key]] = {}
    count = 0
    for site in sites:
        thing = (site.name, site.address.full if site.address else "")
        for seen in site.sightings:
            if seen.section == "segments":
                continue  # an entry of a list, which no row of the table names
            count += 1
            own = structures.get((seen.number, seen.position or 0), "")
            for printed in {seen.name, seen.address, own} - {""}:
                things.setdefault((services[seen.number], printed, site.kind), set()).add(thing)
    return Reviewed({key: frozenset(found) for key, found in things.items()}, count)


def reviewed_channels(document: Document, names: Names) -> Reviewed:
    """Name, kind and web address of each channel, by service and printed words."""
    rows = read_rows(municipality.CHANNELS, TOWN / municipality.CHANNELS.file)
    kinds = read_rows(CHANNEL_KINDS, KNOWLEDGE / CHANNEL_KINDS.file)
    titles = {entry.number: entry.title.value for entry in document.entries}
    services = names.services()
    channels, _ = read_channels(document, services, _types(document), titles, kinds, rows, KNOWLEDGE)
    things: dict[Key, set[Key]] = {}
    for channel in channels:
        for seen in channel.sightings:
            thing = (channel.name, channel.kind, channel.url)
            things.setdefault((services[seen.number], seen.printed), set()).add(thing)
    return Reviewed({key: frozenset(found) for key, found in things.items()}, sum(map(len, things.values())))


def _types(document: Document) -> dict[tuple[int, int], StructureType]:
    types = StructureTypes.load(
        KNOWLEDGE / STRUCTURE_TYPES.file, LegalForms.load(KNOWLEDGE / LEGAL_FORMS.file)
    )
    return {(m.number, s.position): types.of(s) for m in document.maps for s in m.structures}
