"""Offices and places: the same one printed in several ways is one thing, with its address.

An office is known by its name, a place by its name or its address; the municipality's
places.csv has the reviewed cases. Lists of schools in the descriptions of segments give
addresses and institutes to the schools that the structures tables name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from mappe_servizi.model.records import Document
from mappe_servizi.model.service_map import Segment, ServiceMap, Structure, Text
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.knowledge import FACILITY_KINDS, FacilityKindRow
from mappe_servizi.model.tables.municipality import PlaceRow
from mappe_servizi.model.wording import Wording
from mappe_servizi.providers.addresses import Address, PlaceWords
from mappe_servizi.providers.model import StructureType
from mappe_servizi.providers.opening import Opening, find_opening, find_openings

_ENTRY = re.compile(r"(?P<name>[A-Z][^–(),]*?)\s+–\s+(?P<rest>.+?)(?=\s+[A-Z][^–(),\d]*?\s+–\s+|$)", re.S)


@dataclass(frozen=True, slots=True)
class Sighting:
    """One printed place of an office or place.

    Attributes:
        position: of the structures row, None in running text.
        name, address: as printed; address "" where none is.
        order: in the document, from 1.
    """

    number: int
    section: str
    position: int | None
    name: str
    address: str
    lines: tuple[int, ...]
    corrections: tuple[str, ...] = ()
    order: int = 0


@dataclass(slots=True)
class Site:
    """An office or a place.

    Attributes:
        kind: "office" or "place".
        name: what a reader calls it; unique in the municipality and kind.
        facility: "nursery", "museum", ... (facility-kinds.csv), "" where it is none.
        institute: the school institute that it belongs to, "" where none is printed.
        located_at: name of the place that an office is at, "" where none is printed.
    """

    kind: str
    name: str
    facility: str = ""
    address: Address | None = None
    institute: str = ""
    located_at: str = ""
    openings: tuple[Opening, ...] = ()
    sightings: list[Sighting] = field(default_factory=list)
    certainty: str = "rule"
    reason: str = ""


def read_sites(
    document: Document,
    services: Mapping[int, str],
    types: Mapping[tuple[int, int], StructureType],
    reviewed: Sequence[PlaceRow],
    knowledge: Path,
) -> tuple[list[Site], list[PlaceRow]]:
    """The offices and places of an edition, in the order in which they are first printed.

    Args:
        services: the slugs of the services by number.
        types: the type of each structures row, by service number and position.
        reviewed: the rows of the municipality's places.csv.
        knowledge: the directory of what is known for every municipality.

    Returns:
        The sites, and the reviewed rows that this edition prints nothing of.
    """
    kinds = read_rows(FACILITY_KINDS, knowledge / FACILITY_KINDS.file)
    reader = _SiteReader(
        list(reviewed), kinds, PlaceWords.load(knowledge), Wording.load(knowledge), types, services
    )
    for service_map in sorted(document.maps, key=lambda m: m.number):
        reader.structures(service_map)
    for service_map in sorted(document.maps, key=lambda m: m.number):
        reader.lists(service_map)
        reader.elements(service_map)
    sites = list(reader.sites.values())
    _number(sites, reader.printed)
    return sites, [known for known in reader.known if known not in reader.used]


def _number(sites: list[Site], printed: list[Sighting]) -> None:
    """Give each sighting its place in the document: by service, line and reading."""
    ordered = sorted(printed, key=lambda s: (s.number, s.lines[0]))  # stable: then by reading
    order = {id(sighting): i for i, sighting in enumerate(ordered, 1)}
    for site in sites:
        site.sightings = [replace(s, order=order[id(s)]) for s in site.sightings]


@dataclass
class _SiteReader:
    known: list[PlaceRow]
    kinds: list[FacilityKindRow]
    words: PlaceWords
    wording: Wording
    types: Mapping[tuple[int, int], StructureType]
    services: Mapping[int, str]
    sites: dict[tuple[str, str], Site] = field(default_factory=dict)
    used: list[PlaceRow] = field(default_factory=list)
    printed: list[Sighting] = field(default_factory=list)

    def _see(self, site: Site, sighting: Sighting) -> None:
        site.sightings.append(sighting)
        self.printed.append(sighting)

    def structures(self, service_map: ServiceMap) -> None:
        for structure in service_map.structures:
            kind = self.types[service_map.number, structure.position]
            if kind == "office":
                self._office(service_map.number, structure)
            elif kind in ("place", "facility"):
                self._place(service_map.number, structure)

    def _office(self, number: int, structure: Structure) -> None:
        site = self._site("office", number, structure.name.value)
        note = structure.note.value if structure.note else ""
        place = self._place_in(number, note)
        self._see(site, _sighting(number, structure, place[1] if place else ""))
        site.openings = site.openings or find_openings(note, self.wording)
        if place:
            site.located_at = site.located_at or place[0].name
            self._see(place[0], _sighting(number, structure, place[1]))

    def _place_in(self, number: int, note: str) -> tuple[Site, str] | None:
        """The place that a note names, by its address or by a known name, and the printed words."""
        if address := self.words.address(note):
            known = self._reviewed("place", number, address.printed)
            if known and known.address:
                address = self.words.address(known.address) or address
            name = known.name if known else address.full
            printed = self.words.address(note)
            return self._site("place", number, name, address), printed.printed if printed else ""
        for (kind, _), site in self.sites.items():
            if kind == "place" and not site.facility and re.search(rf"\b{re.escape(site.name)}\b", note):
                return site, ""
        named = self.words.building(note)
        return (self._site("place", number, named), "") if named else None

    def _place(self, number: int, structure: Structure) -> None:
        name, note = structure.name.value, structure.note.value if structure.note else ""
        own = self.words.address(name)
        if own is not None and own.printed == name:
            known = self._reviewed("place", number, name)
            site = self._site("place", number, known.name if known else own.full, own)
            printed = own.printed
        else:
            address = self.words.address(note)
            site = self._site("place", number, name, address)
            printed = address.printed if address else ""
            site.facility = site.facility or self._facility(name)
        site.institute = self.words.institute(note) or site.institute
        self._see(site, _sighting(number, structure, printed))

    def lists(self, service_map: ServiceMap) -> None:
        """The lists of schools in a map's segments: name - address (institute)."""
        for segment in service_map.segments:
            for kind in self.kinds:
                if kind.list.pattern != "^$" and segment.description and kind.list.search(segment.name.value):
                    self._list(service_map.number, segment, segment.description, kind.prefix, kind.kind)

    def _list(self, number: int, segment: Segment, text: Text, prefix: str, kind: str) -> None:
        for name, printed, institute in self._entries(text.value):
            address = self.words.address(printed)
            site = self._site("place", number, f"{prefix} {name}".strip(), address)
            site.facility = site.facility or kind
            site.institute = site.institute or institute
            self._see(
                site,
                Sighting(
                    number,
                    "segments",
                    segment.position,
                    name,
                    address.printed if address else "",
                    text.lines,
                    text.corrections,
                ),
            )

    def _entries(self, text: str) -> Iterator[tuple[str, str, str]]:
        """The entries of a list of schools: name, printed address, institute; a branch is an entry."""
        main, other = self.wording["main-building"], self.wording["branch-building"]
        two = re.compile(
            rf"{main}\s*:\s*(?P<main>.+?)\s*–?\s*(?P<second>{other})\s*:\s*(?P<branch>.+)$", re.S
        )
        for match in _ENTRY.finditer(text):
            name, rest = match["name"].strip(), match["rest"]
            institute = self.words.institute(rest)
            if branch := two.search(rest):
                yield name, branch["main"], institute
                yield f"{name}, {branch['second'].lower()}", branch["branch"], institute
            else:
                yield name, rest, institute

    def elements(self, service_map: ServiceMap) -> None:
        """The reviewed places that the elements of a map name."""
        for known in self.known:
            if known.service != self.services[service_map.number] or known in self.used:
                continue
            for element in service_map.elements:
                texts = [text for text in (element.name, element.description) if text is not None]
                if any(known.printed in text.value for text in texts):
                    self._element(service_map.number, known, texts)
                    break

    def _element(self, number: int, known: PlaceRow, texts: list[Text]) -> None:
        site = self._site(known.kind, number, known.printed, self.words.address(known.address))
        lines = tuple(sorted({line for text in texts for line in text.lines}))
        first = next(filter(None, (find_opening(text.value, self.wording) for text in texts)), None)
        site.openings = (first,) if first else ()
        self._see(site, Sighting(number, "elements", None, known.printed, known.address, lines))

    def _facility(self, name: str) -> str:
        return next((kind.kind for kind in self.kinds if kind.name_pattern.search(name)), "")

    def _reviewed(self, kind: str, number: int, printed: str) -> PlaceRow | None:
        found = next(
            (
                known
                for known in self.known
                if (known.kind, known.printed) == (kind, printed)
                and known.service in {"", self.services[number]}
            ),
            None,
        )
        if found and found not in self.used:
            self.used.append(found)
        return found

    def _site(self, kind: str, number: int, name: str, address: Address | None = None) -> Site:
        known = self._reviewed(kind, number, name)
        label = known.name if known else name
        named_by_address = address is not None and label == address.full
        key = address.key if address and named_by_address else self.words.key(label)
        site = self.sites.setdefault((kind, key), Site(kind, label))
        if known:
            site.certainty, site.reason = known.certainty, known.reason
            address = address or self.words.address(known.address)
        if address and (site.address is None or (address.town and not site.address.town)):
            site.address = address
        return site


def _sighting(number: int, structure: Structure, address: str) -> Sighting:
    texts = [text for text in (structure.name, structure.note) if text is not None]
    lines = tuple(sorted({line for text in texts for line in text.lines}))
    corrections = tuple(dict.fromkeys(c for text in texts for c in text.corrections))
    return Sighting(
        number, "structures", structure.position, structure.name.printed, address, lines, corrections
    )
