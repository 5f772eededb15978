"""Where in a TOML file a key stands: the reader of TOML does not tell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

Place = tuple[str | int, ...]
"""The keys that lead to a value, and the numbers of tables in lists: ("dataset", 2, "title", "it")."""
_NAME = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_DOTTED = rf"{_NAME}(?:[ \t]*\.[ \t]*{_NAME})*"
_KEY = re.compile(rf"[ \t]*({_DOTTED})[ \t]*=")
_TABLE = re.compile(rf"[ \t]*(\[\[?)[ \t]*({_DOTTED})[ \t]*\]")
_QUOTES = re.compile(r'"""|\'\'\'')


def lines_of(text: str) -> dict[Place, int]:
    """The line of each key and of each table's head.

    >>> lines_of('ipa = "x"\\n[rights]\\nholder = "y"\\n[[dataset]]\\ntitle.it = "z"')
    {('ipa',): 1, ('rights',): 2, ('rights', 'holder'): 3, ('dataset',): 4, ('dataset', 0): 4, \
('dataset', 0, 'title', 'it'): 5}
    """
    found: dict[Place, int] = {}
    for number, place in _placed(text):
        found.setdefault(place, number)
    return found


def _placed(text: str) -> Iterator[tuple[int, Place]]:
    of: Place = ()
    many: Counter[Place] = Counter()
    inside = ""  # a text of several lines
    for number, line in enumerate(text.splitlines(), start=1):
        before = inside
        for quotes in _QUOTES.findall(line):
            inside = "" if inside == quotes else inside or quotes
        if before:
            continue
        if table := _TABLE.match(line):
            of = _within(_parts(table[2]), many)
            yield number, of
            if table[1] == "[[":
                many[of] += 1
                of = (*of, many[of] - 1)
                yield number, of
        elif key := _KEY.match(line):
            yield number, (*of, *_parts(key[1]))


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(name.strip("\"'") for name in re.findall(_NAME, dotted))


def _within(names: tuple[str, ...], many: Mapping[Place, int]) -> Place:
    """The place of a table that stands in the last one of a list."""
    place: Place = ()
    for at, name in enumerate(names):
        place = (*place, name)
        if at < len(names) - 1 and many.get(place):
            place = (*place, many[place] - 1)
    return place


def line_at(lines: Mapping[Place, int], place: Place) -> int | None:
    """The line of a place, or of the nearest thing around it; None where that is the whole file.

    >>> line_at({("rights",): 2}, ("rights", "basis")), line_at({}, ("name",))
    (2, None)
    """
    around = (place[:length] for length in range(len(place), 0, -1))
    return next((lines[one] for one in around if one in lines), None)
