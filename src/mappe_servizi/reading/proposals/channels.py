"""The ways to reach a service that its rows name, as rows of channels.csv.

Portals, desks and web addresses are proposed as the rules read them (`mappe_servizi.providers.channels`). An
e-mail address or a telephone number is only taken from the rows of offices and places, and told apart by
whether it can be a person's own: its words are those of the office, its number is no mobile's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mappe_servizi.model.names import Names
from mappe_servizi.model.records import Document
from mappe_servizi.model.service_map import ServiceMap, Structure, Text
from mappe_servizi.model.tables.knowledge import StructureType
from mappe_servizi.model.text import normal
from mappe_servizi.model.wording import Wording
from mappe_servizi.providers.channels import EMAIL_ADDRESS, Channel, telephone
from mappe_servizi.providers.texts import line_of
from mappe_servizi.reading.proposals.draft import Key
from mappe_servizi.reading.proposals.evidence import Rule

Types = Mapping[tuple[int, int], StructureType]
OF_OFFICES: Final[frozenset[StructureType]] = frozenset({"office", "place", "facility", "channel"})
_LEAST: Final = 3
"""Letters of a word of an e-mail address: fewer may be the initials of a person."""


def _rule(group: str, name: str) -> Rule:
    return Rule("channels", group, name)


NAMED: Final = _rule("rows", "a channel by its name")
OF_ITS_KIND: Final = _rule("rows", "a channel by its kind, of its service")
NOTED: Final = _rule("notes", "a channel in a row's note")
WEB: Final = _rule("notes", "a web address")
EMAIL: Final = _rule("offices' own", "an office's e-mail address")
PHONE: Final = _rule("offices' own", "an office's telephone")
PERSONAL_EMAIL: Final = _rule("may be somebody's", "an e-mail address that may be a person's")
PERSONAL_PHONE: Final = _rule("may be somebody's", "a mobile number, which may be a person's")


@dataclass(frozen=True, slots=True)
class OfficeWords:
    """What tells an office's own e-mail address and telephone number from a person's.

    Attributes:
        common: words that any office's e-mail address may have.
        people: common given names, folded.
        phone: the mark of a telephone number and the number.
    """

    common: re.Pattern[str]
    people: frozenset[str]
    phone: re.Pattern[str]

    @classmethod
    def of_wording(cls, wording: Wording, people: frozenset[str]) -> OfficeWords:
        """By the phrases of rules (data/knowledge/phrases.csv)."""
        return cls(re.compile(wording["office-mail"]), people, telephone(wording))

    def of(self, sheet: ServiceMap, structure: Structure) -> Iterator[tuple[str, str, Rule, int]]:
        """The addresses and numbers that a row of an office or place prints, with kind, rule and line."""
        texts: list[Text] = [text for text in (structure.name, structure.note) if text is not None]
        title = f"{sheet.heading.value} {EMAIL_ADDRESS.sub(' ', structure.name.value)}"  # a note has people
        words = normal(title).split()
        offices = ["".join(words[first:]) for first in range(len(words))]  # ufficio.tributi, ufficiotributi
        official = normal(sheet.responsible.name.printed).split() if sheet.responsible else []
        for text in texts:
            for found in EMAIL_ADDRESS.finditer(text.value):
                own = self._is_office(found["local"], offices, official)
                yield found[0], "email", EMAIL if own else PERSONAL_EMAIL, line_of(text, found.start())
            for found in self.phone.finditer(text.value):
                rule = PERSONAL_PHONE if found["first"] == "3" else PHONE
                yield found["number"], "phone", rule, line_of(text, found.start())

    def _is_office(self, local: str, offices: Collection[str], official: Collection[str]) -> bool:
        """Whether an e-mail address is made of an office's words, cut or whole, and of no person's name."""
        return all(
            word not in self.people
            and word not in official
            and (self.common.fullmatch(word) or _is_cut(word, offices))
            for word in re.split(r"[\W\d_]+", normal(local).replace("_", " "))
        )


def proposed(
    document: Document, names: Names, channels: Sequence[Channel], types: Types, office: OfficeWords
) -> Iterator[tuple[Key, dict[str, str], Rule]]:
    """The rows for the channels of an edition: key, cells and rule of each.

    Args:
        channels: as the rules read them without any table.
        types: of the rows of structures, by service number and position.
        office: what tells an office's own address and number.
    """
    for channel in channels:
        for seen in channel.sightings:
            if not EMAIL_ADDRESS.search(seen.printed) and not office.phone.search(seen.printed):
                row = types[seen.number, seen.position] if seen.position is not None else None
                cells = {"name": channel.name, "url": channel.url, "kind": channel.kind}
                service = names.service(seen.number)
                yield _row((service, seen.printed), cells, _of(channel, row, seen.printed), seen.line)
    for sheet in document.maps:
        for structure in sheet.structures:
            if types[sheet.number, structure.position] in OF_OFFICES:
                for printed, kind, rule, line in office.of(sheet, structure):
                    cells = {"name": printed, "url": "", "kind": kind}
                    yield _row((names.service(sheet.number), printed), cells, rule, line)


def _row(key: Key, cells: Mapping[str, str], rule: Rule, line: int) -> tuple[Key, dict[str, str], Rule]:
    told = {"certainty": "likely", "reason": rule.name, "evidence": f"line {line}"}
    return key, {"service": key[0], "printed": key[1], **cells, **told}, rule


def _of(channel: Channel, row: StructureType | None, printed: str) -> Rule:
    if row is None or (row != "channel" and channel.url):
        return WEB
    if row != "channel":
        return NOTED
    return NAMED if channel.name == printed else OF_ITS_KIND


def _is_cut(word: str, offices: Collection[str]) -> bool:
    return len(word) >= _LEAST and any(other.startswith(word) for other in offices)
