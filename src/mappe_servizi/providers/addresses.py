"""Addresses in parts, names of buildings, and the keys under which two spellings of one are the same."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from mappe_servizi.model.name_words import telling_words, words
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.linking import SPELLINGS
from mappe_servizi.model.tables.phrases import PLACE_WORDS, PlaceUse

_WORD = r"(?:(?:[dD]ell|[dD]|[lL])['’])?[A-ZÀ-Ü](?:[a-zà-ü'’]+|\.|[A-Z]*(?![a-z]))"
_NUMBER = r"(?:,?\s*(?:n\.\s*)?(?P<number>\d+(?:/\d+)?)\s?/?(?P<exponent>[A-Z])?(?!\w))?"
_TOWN = r"(?:(?:\s*[,–-]\s*)(?:(?P<postcode>\d{5})\s+)?(?P<town>[A-Z][a-zà]+)(?=[\s.;)]*$))?"
_SAINT = "san"


@dataclass(frozen=True, slots=True)
class Address:
    """A printed address.

    Attributes:
        toponym: "via", "piazza", ... spelled out.
        number, exponent: "13" and "A" of "13/A", "8/10" and "" of "8/10"; "" where not printed.
        key: what two spellings of one address share: the town apart, saints and initials folded.
    """

    printed: str
    toponym: str
    street: str
    number: str = ""
    exponent: str = ""
    postcode: str = ""
    town: str = ""
    key: str = ""

    @property
    def full(self) -> str:
        """The address as a reader writes it, without the town."""
        number = f", {self.number}" if self.number else ""
        exponent = f"/{self.exponent}" if self.exponent else ""
        return f"{self.toponym.capitalize()} {self.street}{number}{exponent}"


class PlaceWords:
    """The words of addresses and of buildings' names, and names as they are compared.

    Args:
        streets: kinds of streets as they are read, by how they are printed.
        particles: what stands small within the name of a street.
        buildings: what a building's name begins with.
        institutes: groups of schools as they are read, by how they are printed.
        saints: the words that stand before a saint's name.
    """

    def __init__(
        self,
        streets: Mapping[str, str],
        particles: Collection[str] = (),
        buildings: Collection[str] = (),
        institutes: Mapping[str, str] | None = None,
        saints: Collection[str] = (),
    ) -> None:
        self.streets, self.particles, self.saints = streets, frozenset(particles), frozenset(saints)
        self.institutes = institutes or {}
        little = rf"(?:(?i:{any_of(particles)})\s+)"
        self._address = re.compile(
            rf"(?<![\w.])(?P<toponym>(?i:{any_of(streets)}))\s+"
            rf"(?P<street>{little}?{_WORD}(?:\s*{little}?{_WORD})*){_NUMBER}{_TOWN}"
        )
        self._building = re.compile(rf"\b(?:{any_of(buildings)}) [A-Z]\w+")
        self._institute = re.compile(rf"(?P<kind>{any_of(self.institutes)})\s+(?P<name>[A-Z]\w+(?:\s\w+)?)")

    @classmethod
    def load(cls, knowledge: Path) -> PlaceWords:
        """Read place-words.csv, and of spellings.csv how saints are written.

        Raises:
            InputError, InputErrors: a table cannot be used.
        """
        found: dict[PlaceUse, dict[str, str]] = {use: {} for use in get_args(PlaceUse)}
        for row in read_rows(PLACE_WORDS, knowledge / PLACE_WORDS.file):
            found[row.use][row.printed.casefold() if row.use == "street" else row.printed] = row.read
        spelt = read_rows(SPELLINGS, knowledge / SPELLINGS.file)
        saints = {row.printed for row in spelt if row.read == _SAINT}
        return cls(found["street"], found["particle"], found["building"], found["institute"], saints)

    def key(self, name: str) -> str:
        """What two spellings of a name share.

        >>> words = PlaceWords({}, saints=["s", "sant"])
        >>> words.key("Infanzia S. Ambrogio") == words.key("Infanzia Sant'Ambrogio")
        True
        """
        return " ".join(self._same_saint(telling_words(name)))

    def address(self, text: str) -> Address | None:
        """The first address that a text prints.

        >>> words = PlaceWords({"via": "via"}, ["di"])
        >>> words.address("palazzo uffici tecnici di via Aselli 13/A").full
        'Via Aselli, 13/A'
        >>> words.address("Via Aselli, 13A").key == words.address("Via Aselli, 13/A – Cremona").key
        True
        """
        match = self._address.search(text)
        if match is None or (match["street"].isupper() and not match["number"]):
            return None  # "via PEC" is no street
        toponym = self.streets[match["toponym"].casefold()]
        street = self._street(match["street"].strip())
        number, exponent = match["number"] or "", (match["exponent"] or "").upper()
        key = [toponym, *self._same_saint(words(street)), number, exponent.lower()]
        return Address(
            printed=match[0].strip(" ,–-"),
            toponym=toponym,
            street=street,
            number=number,
            exponent=exponent,
            postcode=match["postcode"] or "",
            town=match["town"] or "",
            key=" ".join(key).strip(),
        )

    def building(self, text: str) -> str:
        """The first building that a text names, "" for none.

        >>> PlaceWords({}, buildings=["Palazzo"]).building("presso Palazzo Grasselli")
        'Palazzo Grasselli'
        """
        found = self._building.search(text)
        return found[0] if found else ""

    def institute(self, text: str) -> str:
        """The group of schools that a text names, "" for none.

        >>> PlaceWords({}, institutes={"I.C.": "Istituto Comprensivo"}).institute("(I.C. Cremona Uno)")
        'Istituto Comprensivo Cremona Uno'
        """
        found = self._institute.search(text)
        return f"{self.institutes[found['kind']]} {found['name']}" if found else ""

    def _same_saint(self, name: Iterable[str]) -> list[str]:
        return [_SAINT if word in self.saints else word for word in name]

    def _street(self, street: str) -> str:
        """A street's name with its little words small: "Dei Colonnetti" is "dei Colonnetti"."""
        first, _, rest = street.partition(" ")
        return f"{first.lower()} {rest}" if first.lower() in self.particles and rest else street


def any_of(texts: Collection[str]) -> str:
    """A regular expression for any of some texts, the longest first; for none, what nothing matches.

    >>> any_of(["via", "v.le"])
    'v\\\\.le|via'
    """
    return "|".join(map(re.escape, sorted(texts, key=lambda text: (-len(text), text)))) or r"(?!)"
