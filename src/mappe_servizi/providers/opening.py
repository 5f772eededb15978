"""Opening hours that a text prints, as days and times."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from mappe_servizi.model.tables.phrases import DAYS
from mappe_servizi.model.wording import Wording

_TIMES = re.compile(
    r"dall[e']\s*(?:ore\s*)?(?P<opens>\d{1,2})(?:[.:,](?P<om>\d\d))?\s+all[e']\s*(?:ore\s*)?"
    r"(?P<closes>\d{1,2})(?:[.:,](?P<cm>\d\d))?",
    re.I,
)
_EACH = re.compile(
    r"(?<![\d.:,/])(?P<opens>[01]?\d|2[0-4])(?:[.:](?P<om>[0-5]\d))?\s*"
    r"(?P<to>-|–|all[e']\s*(?:ore\s*)?)\s*"
    r"(?P<closes>[01]?\d|2[0-4])(?:[.:](?P<cm>[0-5]\d))?(?![\d/]|[.:]\d)",
    re.I,
)
"""Times as a list of hours has them: "dalle 9 alle 12", "9:00-12.30"; between dashes with their minutes."""

_UNTIL = re.compile(r"\s*(?:-|–|al)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Opening:
    """Opening hours.

    Attributes:
        printed: the words that tell them.
        days: 0 (Monday) to 6; empty where no day is printed.
        opens, closes: "10:00", "13:00"; a place that never closes opens at 00:00 and closes at 24:00.
    """

    printed: str
    days: tuple[int, ...]
    opens: str
    closes: str


def find_opening(text: str, wording: Wording) -> Opening | None:
    """The opening hours that a text prints, None where it prints no time.

    >>> wording = Wording({"open": ["apert[oaie]"], "wednesday": ["mercoledì"], "saturday": ["sabato"]})
    >>> found = find_opening("Centro aperto il mercoledì ed il sabato dalle ore 10 alle ore 13", wording)
    >>> found.printed, found.days, found.opens, found.closes
    ('aperto il mercoledì ed il sabato dalle ore 10 alle ore 13', (2, 5), '10:00', '13:00')
    """
    for clause in re.finditer(rf"\b{wording['open']}\b[^.;]*", text):
        words = clause[0]
        if times := _TIMES.search(words):
            printed = words[: times.end()]
            days = tuple(i for i, day in enumerate(DAYS) if re.search(rf"\b{wording[day]}", printed))
            return Opening(printed, days, _time(times, "opens", "om"), _time(times, "closes", "cm"))
        if always := re.search(wording["always-open"], words):
            return Opening(words[: always.end()], tuple(range(7)), "00:00", "24:00")
    return None


def find_openings(text: str, wording: Wording) -> tuple[Opening, ...]:
    """Every span of hours that a text prints behind a word for them, each with the days before it.

    >>> days = {"monday": ["luned[iì]"], "tuesday": ["marted[iì]"], "thursday": ["gioved[iì]"]}
    >>> wording = Wording({"hours": ["orari[oi]?"], **days})
    >>> found = find_openings("Orari: lunedì 9:00-12.30 e dalle 15 alle 17; giovedì 9:00-11:00", wording)
    >>> [(one.days, one.opens, one.closes) for one in found]
    [((0,), '09:00', '12:30'), ((0,), '15:00', '17:00'), ((3,), '09:00', '11:00')]
    """
    begin = re.search(rf"\b{wording['hours']}\b", text, re.IGNORECASE)
    if begin is None:
        return ()
    spans = [m for m in _EACH.finditer(text, begin.end()) if m["to"] not in "-–" or (m["om"] and m["cm"])]
    found: list[Opening] = []
    at = begin.end()
    days: tuple[int, ...] = ()
    for span in spans:
        days = _days(text[at : span.start()], wording) or days
        printed = text[begin.start() : spans[-1].end()]
        found.append(Opening(printed, days, _time(span, "opens", "om"), _time(span, "closes", "cm")))
        at = span.end()
    return tuple(one for one in found if one.opens < one.closes)


def _days(text: str, wording: Wording) -> tuple[int, ...]:
    """The days that a text names, with those between two that a dash or "al" joins."""
    named = sorted(
        (match.start(), match.end(), day)
        for day, name in enumerate(DAYS)
        for match in re.finditer(rf"\b{wording[name]}", text, re.IGNORECASE)
    )
    found = {day for _, _, day in named}
    for (_, end, first), (start, _, last) in pairwise(named):
        if _UNTIL.fullmatch(text[end:start]):
            found |= set(range(first, last + 1))
    return tuple(sorted(found))


def _time(match: re.Match[str], hour: str, minute: str) -> str:
    return f"{int(match[hour]):02}:{match[minute] or '00'}"
