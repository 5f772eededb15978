"""The ways to reach a service: desks, portals, sites, social networks, mail, newsletters.

Rows of type channel, the notes of offices and places, and web addresses anywhere in a map;
the kinds are data (data/knowledge/channel-kinds.csv), reviewed cases stand in the
municipality's channels.csv.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from mappe_servizi.model.records import Document
from mappe_servizi.model.service_map import ServiceMap, Structure, Text
from mappe_servizi.model.tables.knowledge import ChannelKindRow
from mappe_servizi.model.tables.municipality import ChannelRow
from mappe_servizi.model.wording import Wording
from mappe_servizi.providers.addresses import PlaceWords
from mappe_servizi.providers.model import StructureType
from mappe_servizi.providers.opening import Opening, find_opening
from mappe_servizi.providers.texts import all_texts, line_of

_URL = re.compile(
    r"(?<![\w@.])(?:https?://)?(?P<host>(?:[a-z0-9-]+\.)+(?:it|eu|org|com|net|gov))\b(?P<path>/\S*)?", re.I
)
EMAIL_ADDRESS: Final = re.compile(
    r"(?<![\w.+-])(?P<local>[\w.+-]+)@(?:[a-z0-9-]+\.)+[a-z]{2,}(?![\w-])", re.IGNORECASE
)
_NUMBER: Final = r"(?P<number>(?:\+39[ .]?)?(?P<first>\d)[\d ./-]{4,}\d)(?!\w)"
_PROPER = re.compile(r"^[A-Z](?:[^.]|\.(?=\w)){3,70}$")  # the name of a portal, not a sentence about one
_SPLIT = re.compile(r"\s+-\s+(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class ChannelSighting:
    """Where a channel is printed: the words, the structures row (None in running text), the line."""

    number: int
    printed: str
    position: int | None
    line: int
    corrections: tuple[str, ...] = ()


@dataclass(slots=True)
class Channel:
    """A channel of the municipality.

    Attributes:
        name: what a reader calls it, unique in the municipality.
        url: absolute, "" where none is printed; the scheme, never printed, is taken to be https.
        note: what the row's note says of it.
    """

    name: str
    kind: str
    url: str = ""
    note: str = ""
    opening: Opening | None = None
    sightings: list[ChannelSighting] = field(default_factory=list)


def telephone(wording: Wording) -> re.Pattern[str]:
    """The mark of a telephone number and the number, with its first digit.

    >>> found = telephone(Wording({"telephone": [r"tel\\.?"]})).search("Via Roma 12, tel. 0372 407111")
    >>> found["number"], found["first"]
    ('0372 407111', '0')
    """
    return re.compile(rf"\b{wording['telephone']}[ :]*{_NUMBER}")


def absolute(printed: str) -> str:
    """The URL of a printed web address.

    >>> absolute("www.turismocremona.it")
    'https://www.turismocremona.it/'
    """
    found = _URL.search(printed)
    if found is None:
        return ""
    return f"https://{found['host'].lower()}{(found['path'] or '/').rstrip('.,;')}"


def read_channels(  # noqa: PLR0913, PLR0917 - what a channel is told by
    document: Document,
    services: Mapping[int, str],
    types: Mapping[tuple[int, int], StructureType],
    titles: Mapping[int, str],
    kinds: Sequence[ChannelKindRow],
    reviewed: Sequence[ChannelRow],
    knowledge: Path,
) -> tuple[list[Channel], list[ChannelRow]]:
    """The channels of an edition, in the order in which they are first printed.

    Args:
        services: the slugs of the services by number.
        types: the type of each structures row, by service number and position.
        titles: the services' titles by number, to tell apart what many services print alike.
        kinds: the kinds of channels that are known.
        reviewed: the rows of the municipality's channels.csv.
        knowledge: the directory of what is known for every municipality.

    Returns:
        The channels, and the reviewed rows that this edition prints nothing of.
    """
    reader = _ChannelReader(
        kinds,
        list(reviewed),
        PlaceWords.load(knowledge),
        Wording.load(knowledge),
        types,
        titles,
        services,
    )
    for service_map in sorted(document.maps, key=lambda m: m.number):
        reader.read(service_map)
    return list(reader.channels.values()), [row for row in reviewed if row not in reader.used]


@dataclass
class _ChannelReader:
    kinds: Sequence[ChannelKindRow]
    reviewed: list[ChannelRow]
    words: PlaceWords
    wording: Wording
    types: Mapping[tuple[int, int], StructureType]
    titles: Mapping[int, str]
    services: Mapping[int, str]
    channels: dict[str, Channel] = field(default_factory=dict)
    used: list[ChannelRow] = field(default_factory=list)

    def read(self, service_map: ServiceMap) -> None:
        number = service_map.number
        for structure in service_map.structures:
            kind = self.types[number, structure.position]
            if kind == "channel":
                self._row(number, structure)
            elif kind in ("office", "place", "facility") and structure.note:
                for words, line in _parts(structure.note):
                    self._printed(number, words, line, structure.position, structure.note)
        for text in all_texts(service_map):
            self._urls(number, text)
            self._reviewed_in(number, text)

    def _row(self, number: int, structure: Structure) -> None:
        """A row of type channel: its name, or what its note names where the name is generic."""
        name, note = structure.name.value, structure.note.value if structure.note else ""
        line, corrections = structure.name.lines[0], structure.name.corrections
        if self._is_any(name) and _PROPER.match(note) and self._kind(note):
            for words in _SPLIT.split(note):
                row = self._row_of(number, words)
                told = (row.name, row.kind, row.url or absolute(words)) if row else None
                channel = self._channel(
                    number, *(told or (words, self._kind(words) or "web", absolute(words)))
                )
                self._seen(channel, ChannelSighting(number, words, structure.position, line, corrections))
            return
        row = self._row_of(number, name)
        url = row.url if row else ""
        url = url or (absolute(note) if _URL.fullmatch(note.strip()) else absolute(name))
        kind = row.kind if row else self._kind(name) or self._kind(note) or "web"
        channel = self._channel(number, row.name if row else name, kind, url)
        channel.note = channel.note or note
        channel.opening = channel.opening or find_opening(note, self.wording)
        self._seen(channel, ChannelSighting(number, name, structure.position, line, corrections))

    def _printed(self, number: int, words: str, line: int, position: int, text: Text) -> None:
        kind = self._kind(words)
        row = self._row_of(number, words)
        if row is None and (kind is None or len(words) > 90 or self._is_reached(number, words)):
            return
        name, url = (row.name, row.url) if row else (_without_address(words), "")
        channel = self._channel(number, name, row.kind if row else kind or "web", url or absolute(words))
        self._seen(channel, ChannelSighting(number, words, position, line, text.corrections))

    def _urls(self, number: int, text: Text) -> None:
        for match in _URL.finditer(text.value):
            line = line_of(text, match.start())
            channel = self._channel(number, match["host"].lower(), "web", absolute(match[0]))
            self._seen(channel, ChannelSighting(number, match[0], None, line, text.corrections))

    def _reviewed_in(self, number: int, text: Text) -> None:
        for row in self.reviewed:
            here = row.service == self.services[number] and row.printed in text.value
            if here and row not in self.used:
                self.used.append(row)
                channel = self._channel(number, row.name, row.kind, row.url)
                channel.opening = channel.opening or find_opening(text.value, self.wording)
                line = line_of(text, text.value.index(row.printed))
                self._seen(channel, ChannelSighting(number, row.printed, None, line, text.corrections))

    def _is_reached(self, number: int, words: str) -> bool:
        """Whether a note has an address or number that may be a person's, or a row of the table has part."""
        named = any(row.service == self.services[number] and row.printed in words for row in self.reviewed)
        return named or bool(EMAIL_ADDRESS.search(words) or telephone(self.wording).search(words))

    def _is_any(self, name: str) -> bool:
        """Whether a name is that of a kind of channel, and of none in particular."""
        return bool(re.fullmatch(self.wording["any-channel"], name))

    def _row_of(self, number: int, words: str) -> ChannelRow | None:
        service = self.services[number]
        row = next((r for r in self.reviewed if (r.service, r.printed) == (service, words)), None)
        if row is not None:
            self.used.append(row)
        return row

    def _kind(self, words: str) -> str | None:
        return next((kind.kind for kind in self.kinds if kind.pattern.search(words)), None)

    def _channel(self, number: int, name: str, kind: str, url: str) -> Channel:
        """Find or make a channel; what many services print alike is told apart by the service."""
        titled = f"{name} ({self.titles[number]})"
        for channel in self.channels.values() if url else ():
            if channel.url == url:
                if self._is_any(name) and channel.name.startswith(f"{name} (") and channel.name != titled:
                    channel.name = url.partition("//")[2]  # several services share it
                return channel
        own = name.endswith(f" ({self.titles[number]})")
        label = titled if self._is_any(name) and not own else name
        there = self.channels.get(self.words.key(label) or label)
        if url and there and there.url:  # of another address: another channel
            label = f"{titled}: {url}"
        channel = self.channels.setdefault(self.words.key(label) or label, Channel(label, kind))
        channel.url = channel.url or url
        return channel

    def _seen(self, channel: Channel, sighting: ChannelSighting) -> None:
        """Note where a channel is printed, once a service and line."""
        if not any((s.number, s.line) == (sighting.number, sighting.line) for s in channel.sightings):
            channel.sightings.append(sighting)


def _parts(note: Text) -> Iterator[tuple[str, int]]:
    """The parts of a note, each with its line."""
    if len(note.parts) > 1 and len(note.parts) == len(note.lines) and note.corrected is None:
        yield from zip(note.parts, note.lines, strict=True)
    else:
        yield note.value, note.lines[0]


def _without_address(words: str) -> str:
    """The name of a channel in a note: the web address, or the words up to a comma."""
    if found := _URL.search(words):
        return found["host"].lower()
    return words.strip()
