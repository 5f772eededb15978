"""Opening hours that a text prints, as days and times."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mappe_servizi.model.tables.phrases import DAYS
from mappe_servizi.model.wording import Wording

_TIMES = re.compile(
    r"dall[e']\s*(?:ore\s*)?(?P<opens>\d{1,2})(?:[.:,](?P<om>\d\d))?\s+all[e']\s*(?:ore\s*)?"
    r"(?P<closes>\d{1,2})(?:[.:,](?P<cm>\d\d))?",
    re.I,
)


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


def _time(match: re.Match[str], hour: str, minute: str) -> str:
    return f"{int(match[hour]):02}:{match[minute] or '00'}"
