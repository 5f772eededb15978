"""Acts by type, number and year, as citations print them, and their identifiers (urn:nir).

The types are data (data/knowledge/acts.csv), and so are the regions (regions.csv): "legge regionale
2/2003" is a law of the region that the citing municipality lies in. Where that is not known, or how
its laws are named, the citation has no identifier.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mappe_servizi.errors import InputError
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.knowledge import ACTS, REGIONS, ActRow, RegionRow
from mappe_servizi.model.tables.phrases import MONTHS
from mappe_servizi.model.wording import Wording

REGION = "{region}"
_URN = re.compile(r"urn:nir:(.+?):(\d{4})(?:-\d\d-\d\d)?;(\d+)(?:~art(\d+))?")


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation found by rule: where, as printed, the act's identifier ("" for none) and its label."""

    start: int
    printed: str
    urn: str
    label: str


class Acts:
    """The types of acts as one municipality cites them.

    Args:
        kinds: of which the first that fits counts.
        wording: how dates name the months.
        regions: all of them.
        region: the ISTAT code of the region that the municipality lies in, "" where it is not known.
    """

    def __init__(
        self, kinds: Sequence[ActRow], wording: Wording, regions: Sequence[RegionRow], region: str = ""
    ) -> None:
        self.kinds, self.regions = kinds, regions
        self._months = [re.compile(wording[month]) for month in MONTHS]
        self.own = next((one for one in regions if one.code == region), None)
        month = "|".join(name.pattern for name in self._months)
        self._citation = re.compile(
            r"(?:\bart(?:\.|icolo)\s?(?P<article>\d+)\s+(?:del(?:la|lo)?\s+|dell['’]\s?)?)?"
            rf"(?<![\w.])(?P<act>{'|'.join(kind.pattern.pattern for kind in kinds)})\s?"
            r"(?:(?P<number>\d+)/(?P<year>(?:19|20)?\d\d)\b"
            rf"|(?:del\s+)?(?P<day>\d{{1,2}})\s+(?P<month>{month})\s+(?P<full>\d{{4}})\s?,?\s+n\.\s?(?P<of>\d+))",
            re.I,
        )

    @classmethod
    def load(cls, knowledge: Path, region: str = "") -> Acts:
        """Read acts.csv, phrases.csv and regions.csv.

        Raises:
            InputError: a pattern is broken, or there is no such region.
        """
        kinds = read_rows(ACTS, knowledge / ACTS.file)
        path = knowledge / REGIONS.file
        regions = read_rows(REGIONS, path)
        if region and region not in {one.code for one in regions}:
            known = ", ".join(f"{one.code} {one.name}" for one in regions)
            raise InputError(f"there is no region {region!r}; there are {known}", file=path)
        return cls(kinds, Wording.load(knowledge), regions, region)

    def cited(self, text: str) -> Iterator[Cited]:
        """The citations in a text."""
        for match in self._citation.finditer(text):
            kind = next(kind for kind in self.kinds if kind.pattern.fullmatch(match["act"]))
            date, number = self._dated(match)
            article = match["article"] or ""
            label = _label(
                kind.label.format(name=self.own.name if self.own else "").strip(), date[:4], number, article
            )
            urn = ""
            if REGION not in kind.act or (self.own and self.own.urn):
                act = kind.act.replace(REGION, self.own.urn if self.own else "")
                urn = f"urn:nir:{act}:{date};{number}" + (f"~art{article}" if article else "")
            yield Cited(match.start(), match[0].strip(), urn, label)

    def _dated(self, match: re.Match[str]) -> tuple[str, str]:
        """The date, or the year alone, and the number."""
        if match["number"]:
            return _year(match["year"]), match["number"]
        month = next(i for i, name in enumerate(self._months, start=1) if name.fullmatch(match["month"]))
        return f"{match['full']}-{month:02}-{int(match['day']):02}", match["of"]

    def label(self, urn: str) -> str:
        """How a reader cites the act of an identifier; the identifier itself where its type is not known."""
        found = _URN.fullmatch(urn)
        if found is None:
            return urn
        act, year, number, article = found.groups()
        for kind in self.kinds:
            names = {kind.act: kind.label}
            if REGION in kind.act:
                names = {
                    kind.act.replace(REGION, r.urn): kind.label.format(name=r.name)
                    for r in self.regions
                    if r.urn
                }
            if act in names:
                return _label(names[act], year, number, article or "")
        return _label(act, year, number, article or "")


def _label(act: str, year: str, number: str, article: str) -> str:
    return f"{act} {number}/{year}" + (f", art. {article}" if article else "")


def _year(printed: str) -> str:
    """Two digits are of the last century from 48 on, when the Republic's laws begin.

    >>> _year("88"), _year("06"), _year("2017")
    ('1988', '2006', '2017')
    """
    if len(printed) == 4:
        return printed
    return ("19" if int(printed) >= 48 else "20") + printed
