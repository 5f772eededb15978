"""Laws and regulations cited anywhere in a map, as identifiers of acts (urn:nir, which Normattiva resolves).

A citation with type, number and year is read by rule; acts known by a name are data
(data/knowledge/named-acts.csv); a citation that says something else than it means is a
reviewed row of the municipality's references.csv.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mappe_servizi.errors import InputError
from mappe_servizi.providers.model import Certainty
from mappe_servizi.providers.tables import read_table
from mappe_servizi.providers.texts import all_texts, line_of
from mappe_servizi.records import ServiceMap, Text

NAMED = ("pattern", "urn", "label", "certainty", "reason")
REVIEWED = ("number", "line", "printed", "urn", "certainty", "reason", "evidence")
RESOLVER = "https://www.normattiva.it/uri-res/N2Ls?"
_MONTHS = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
    "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre",
)  # fmt: skip
# The longer abbreviations stand before those that they begin with.
_ACTS = {
    r"decreto del presidente della repubblica|d\.?\s?p\.?\s?r\.?": "presidente.repubblica:decreto",
    r"decreto legislativo|d\.?\s?lgs\.?": "stato:decreto.legislativo",
    r"decreto[- ]legge|d\.\s?l\.": "stato:decreto.legge",
    r"legge regionale|l\.\s?r\.": "regione.lombardia:legge",
    r"regio decreto|r\.\s?d\.": "stato:regio.decreto",
    r"legge|l\.": "stato:legge",
}
_CITATION = re.compile(
    r"(?:\bart(?:\.|icolo)\s?(?P<article>\d+)\s+(?:del(?:la|lo)?\s+|dell['’]\s?)?)?"
    rf"(?<![\w.])(?P<act>{'|'.join(_ACTS)})\s?"
    r"(?:(?P<number>\d+)/(?P<year>(?:19|20)?\d\d)\b"
    rf"|(?:del\s+)?(?P<day>\d{{1,2}})\s+(?P<month>{'|'.join(_MONTHS)})\s+(?P<full>\d{{4}})\s?,?\s+n\.\s?(?P<of>\d+))",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A citation of an act.

    Attributes:
        printed: the citation as printed.
        urn: the act, "" where it has no urn:nir (municipal regulations, conventions).
        label: what a reader calls the act.
        line: the line of the document.
    """

    number: int
    printed: str
    urn: str
    label: str
    line: int
    certainty: Certainty
    reason: str = ""

    @property
    def url(self) -> str:
        """The act's page on Normattiva, "" without a urn."""
        return RESOLVER + self.urn if self.urn else ""


@dataclass(frozen=True, slots=True)
class NamedAct:
    """An act known by a name."""

    pattern: re.Pattern[str]
    urn: str
    label: str
    certainty: Certainty
    reason: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A reviewed citation: what it means instead of what it says."""

    number: int
    line: int
    printed: str
    urn: str
    certainty: Certainty
    reason: str


def load_named(path: Path) -> list[NamedAct]:
    """Read named-acts.csv.

    Raises:
        InputError: a pattern is broken.
    """
    acts = []
    for line, row in enumerate(
        read_table(path, NAMED, required=("pattern", "label", "certainty", "reason")), 2
    ):
        try:
            pattern = re.compile(rf"(?<!\w){row['pattern']}", re.I)
        except re.error as error:
            raise InputError(f"broken pattern: {error}", file=path, line=line) from None
        certainty: Certainty = "likely" if row["certainty"] == "likely" else "certain"
        acts.append(NamedAct(pattern, row["urn"], row["label"], certainty, row["reason"]))
    return acts


def load_reviewed(path: Path) -> list[Reviewed]:
    """Read a municipality's references.csv.

    Raises:
        InputError: a number or line is none.
    """
    rows = []
    for line, row in enumerate(
        read_table(path, REVIEWED, required=("number", "line", "printed", "reason")), 2
    ):
        if not (row["number"].isdigit() and row["line"].isdigit()):
            raise InputError("the number and the line must be numbers", file=path, line=line)
        certainty: Certainty = "likely" if row["certainty"] == "likely" else "certain"
        rows.append(
            Reviewed(
                int(row["number"]), int(row["line"]), row["printed"], row["urn"], certainty, row["reason"]
            )
        )
    return rows


def references(
    service_map: ServiceMap, named: Sequence[NamedAct], reviewed: Sequence[Reviewed]
) -> list[Reference]:
    """The acts that a map cites, in document order; one cited twice on a line counts once."""
    found: dict[tuple[int, str], Reference] = {}
    for text in all_texts(service_map):
        for _, reference in sorted(_in_text(service_map.number, text, named, reviewed), key=lambda r: r[0]):
            found.setdefault((reference.line, reference.urn or reference.label), reference)
    return sorted(found.values(), key=lambda r: r.line)


def _in_text(
    number: int, text: Text, named: Sequence[NamedAct], reviewed: Sequence[Reviewed]
) -> Iterator[tuple[int, Reference]]:
    taken: list[range] = []
    value = text.value
    for row in reviewed:
        at = value.find(row.printed)
        if row.number == number and row.line in text.lines and at >= 0:
            taken.append(range(at, at + len(row.printed)))
            label = citation_label(row.urn)
            yield at, Reference(number, row.printed, row.urn, label, row.line, row.certainty, row.reason)
    for act in named:
        for match in act.pattern.finditer(value):
            if not any(match.start() in span for span in taken):
                taken.append(range(*match.span()))
                line = line_of(text, match.start())
                yield (
                    match.start(),
                    Reference(number, match[0], act.urn, act.label, line, act.certainty, act.reason),
                )
    for match in _CITATION.finditer(value):
        if not any(match.start() in span for span in taken):
            urn = _dated(_urn(match), named)
            line = line_of(text, match.start())
            yield (
                match.start(),
                Reference(number, match[0].strip(), urn, citation_label(urn), line, "certain"),
            )


def _dated(urn: str, named: Sequence[NamedAct]) -> str:
    """The urn with the full date, where a named act tells it: one act has one urn."""
    act, _, number = urn.partition(";")
    same = (known.urn for known in named if re.sub(r"-\d\d-\d\d;", ";", known.urn) == f"{act};{number}")
    return next(same, urn)


def _urn(match: re.Match[str]) -> str:
    act = next(kind for pattern, kind in _ACTS.items() if re.fullmatch(pattern, match["act"], re.I))
    if match["number"]:
        date, number = _year(match["year"]), match["number"]
    else:
        month = _MONTHS.index(match["month"].lower()) + 1
        date, number = f"{match['full']}-{month:02}-{int(match['day']):02}", match["of"]
    article = f"~art{match['article']}" if match["article"] else ""
    return f"urn:nir:{act}:{date};{number}{article}"


def _year(printed: str) -> str:
    """Two digits are of the last century from 48 on, when the Republic's laws begin.

    >>> _year("88"), _year("06"), _year("2017")
    ('1988', '2006', '2017')
    """
    if len(printed) == 4:
        return printed
    return ("19" if int(printed) >= 48 else "20") + printed


def citation_label(urn: str) -> str:
    """How a reader cites the act.

    >>> citation_label("urn:nir:presidente.repubblica:decreto:1988;448~art9")
    'd.P.R. 448/1988, art. 9'
    """
    kinds = {
        "presidente.repubblica:decreto": "d.P.R.",
        "stato:decreto.legislativo": "d.lgs.",
        "stato:decreto.legge": "d.l.",
        "regione.lombardia:legge": "l.r. Lombardia",
        "stato:regio.decreto": "r.d.",
        "stato:legge": "legge",
    }
    found = re.fullmatch(r"urn:nir:(.+?):(\d{4})(?:-\d\d-\d\d)?;(\d+)(?:~art(\d+))?", urn)
    if found is None:
        return urn
    act, year, number, article = found.groups()
    return f"{kinds.get(act, act)} {number}/{year}" + (f", art. {article}" if article else "")
