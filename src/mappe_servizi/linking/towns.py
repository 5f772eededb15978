"""Towns as lists write them: today's name of a former one, its province, and towns named in a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mappe_servizi.linking.tokens import tokens
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.knowledge import MUNICIPALITIES
from mappe_servizi.model.tables.linking import FORMER_TOWNS, TOWN_SIZES
from mappe_servizi.model.text import plain

BODIES = 1.4 / 1000
"""Non-profit bodies for each inhabitant, as counted in Piemonte's lists of two years."""
SMALL = 8.0
"""Bodies of a town whose inhabitants are not in the table."""


@dataclass(frozen=True, slots=True)
class Towns:
    """Every municipality by its folded name.

    Attributes:
        province: the provinces (codes) that have a municipality of this name (two towns may share one).
        codes: the code of a province by its folded name or code.
        by_ipa: the name of a municipality by its usual IPA code, which is made of its cadastral one.
        sizes: about how many organisations a town has.
        current: today's name of a former municipality.
        by_first: names of towns by their first word, longest first.
    """

    province: dict[str, frozenset[str]]
    current: dict[str, str]
    by_first: dict[str, list[tuple[str, ...]]]
    sizes: dict[str, float] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    by_ipa: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, directory: Path) -> Towns:
        """Read municipalities.csv and former-towns.csv.

        Raises:
            InputError: a table's columns are others, or a value is missing.
        """
        province: dict[str, frozenset[str]] = {}
        codes: dict[str, str] = {}
        by_ipa: dict[str, str] = {}
        for row in read_rows(MUNICIPALITIES, directory / MUNICIPALITIES.file):
            name = town_key(row.name)
            province[name] = province.get(name, frozenset()) | {row.vehicle_code}
            by_ipa[f"c_{row.cadastral.casefold()}"] = row.name
            codes |= dict.fromkeys((town_key(row.province), town_key(row.vehicle_code)), row.vehicle_code)
        rows = read_rows(FORMER_TOWNS, directory / FORMER_TOWNS.file)
        current = {town_key(row.former): town_key(row.current) for row in rows}
        by_first: dict[str, list[tuple[str, ...]]] = {}
        for name in {*province, *current}:
            words = tuple(name.split())
            by_first.setdefault(words[0], []).append(words)
        longest = {k: sorted(v, key=lambda w: (-len(w), w)) for k, v in by_first.items()}
        large = read_rows(TOWN_SIZES, directory / TOWN_SIZES.file)
        sizes = {town_key(row.town): row.inhabitants * BODIES for row in large}
        return cls(province, current, longest, sizes, codes, by_ipa)

    def read(self, town: str) -> str:
        """A town as it is compared: folded, under today's name; "" for none."""
        found = town_key(town)
        return self.current.get(found, found)

    def bodies(self, town: str) -> float:
        """About how many organisations a town (as read) has, whatever a list has of them."""
        return self.sizes.get(town, SMALL)

    def provinces(self, town: str, given: str = "") -> frozenset[str]:
        """The provinces (codes) in which a town (as read) may lie, given the list's code or name of one."""
        known = self.province.get(town, frozenset())
        code = self.codes.get(town_key(given), "") if given else ""
        return frozenset({code}) if code and (not known or code in known) else known

    def named(self, words: Sequence[str]) -> list[str]:
        """The towns that words may name, as read, longest first at each place."""
        found = []
        for at, word in enumerate(words):
            for name in self.by_first.get(word, ()):
                if tuple(words[at : at + len(name)]) == name:
                    found.append(self.read(" ".join(name)))
                    break
        return found


def town_key(town: str) -> str:
    """A town's words, without its province in brackets.

    >>> town_key("Cingia de’ Botti (CR)")
    'cingia de botti'
    """
    bare = town.partition("(")[0]
    return " ".join(tokens(bare)) or plain(bare).strip()
