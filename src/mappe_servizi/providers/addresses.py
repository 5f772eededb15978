"""Addresses in parts, and the key under which two spellings of one address are the same."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mappe_servizi.model.words import words

_TOPONYMS = {
    "via": "via", "v.": "via", "viale": "viale", "v.le": "viale", "piazza": "piazza", "p.zza": "piazza",
    "p.za": "piazza", "piazzale": "piazzale", "p.le": "piazzale", "corso": "corso", "c.so": "corso",
    "largo": "largo", "vicolo": "vicolo", "strada": "strada",
}  # fmt: skip
_SMALL = ("di", "da", "de", "del", "dei", "della", "delle", "dell", "degli", "in")
_WORD = r"(?:(?:[dD]ell|[dD]|[lL])['’])?[A-ZÀ-Ü](?:[a-zà-ü'’]+|\.|[A-Z]*(?![a-z]))"
_LITTLE = rf"(?:(?i:{'|'.join(_SMALL)})\s+)"
_ADDRESS = re.compile(
    rf"(?<![\w.])(?P<toponym>(?i:{'|'.join(sorted(map(re.escape, _TOPONYMS), key=len, reverse=True))}))\s+"
    rf"(?P<street>{_LITTLE}?{_WORD}(?:\s*{_LITTLE}?{_WORD})*)"
    r"(?:,?\s*(?:n\.\s*)?(?P<number>\d+(?:/\d+)?)\s?/?(?P<exponent>[A-Z])?(?!\w))?"
    r"(?:(?:\s*[,–-]\s*)(?:(?P<postcode>\d{5})\s+)?(?P<town>[A-Z][a-zà]+)(?=[\s.;)]*$))?"
)
_SAINTS = {"san": "s", "santo": "s", "santa": "s", "sant": "s"}


@dataclass(frozen=True, slots=True)
class Address:
    """A printed address.

    Attributes:
        toponym: "via", "piazza", ... spelled out.
        number, exponent: "13" and "A" of "13/A", "8/10" and "" of "8/10"; "" where not printed.
    """

    printed: str
    toponym: str
    street: str
    number: str = ""
    exponent: str = ""
    postcode: str = ""
    town: str = ""

    @property
    def full(self) -> str:
        """The address as a reader writes it, without the town."""
        number = f", {self.number}" if self.number else ""
        exponent = f"/{self.exponent}" if self.exponent else ""
        return f"{self.toponym.capitalize()} {self.street}{number}{exponent}"

    @property
    def key(self) -> str:
        """What two spellings of one address share: the town apart, saints and initials folded."""
        street = [_SAINTS.get(word, word) for word in words(self.street)]
        return " ".join([self.toponym, *street, self.number, self.exponent.lower()]).strip()


def find_address(text: str) -> Address | None:
    """The first address that a text prints.

    >>> find_address("palazzo uffici tecnici di via Aselli 13/A").full
    'Via Aselli, 13/A'
    >>> find_address("Via Aselli, 13A").key == find_address("Via Aselli, 13/A – Cremona").key
    True
    """
    match = _ADDRESS.search(text)
    if match is None or (match["street"].isupper() and not match["number"]):
        return None  # "via PEC" is no street
    return Address(
        printed=match[0].strip(" ,–-"),
        toponym=_TOPONYMS[match["toponym"].lower()],
        street=_title(match["street"].strip()),
        number=match["number"] or "",
        exponent=(match["exponent"] or "").upper(),
        postcode=match["postcode"] or "",
        town=match["town"] or "",
    )


def _title(street: str) -> str:
    """A street's name with its little words small.

    >>> _title("Dei Colonnetti")
    'dei Colonnetti'
    """
    first, _, rest = street.partition(" ")
    return f"{first.lower()} {rest}" if first.lower() in _SMALL and rest else street
