"""A SPARQL text as tokens, in time that grows with its length only.

A plain regular expression is quadratic in two places: at a quote that nothing closes, and at a
run of letters, dots and hyphens that no colon ends, it reads to the end and gives up, from each
start anew. Here a run that failed is remembered as far as it reached: what starts inside it
would fail at the same place. Grammar: https://www.w3.org/TR/sparql11-query/#sparqlGrammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

Token = tuple[str, str]
"""Kind and text: string, language, iri, variable, name, number, word or mark."""

SPACE = r"(?:[ \t\r\n]++|\#[^\r\n]*+)*+"
TOKEN = re.compile(
    SPACE
    + r"""(?:
      (?P<quote>["'])
    | (?P<iri><[^<>"{}|^`\x00-\x20]*+>)
    | (?P<variable>[?$]\w++)
    | (?P<name>(?:[^\W\d][\w.\-]*+)?+:(?:[\w.\-:]|%[0-9A-Fa-f]{2}|\\[^uU\s])*+)
    | (?P<run>[^\W\d][\w.\-]*+)
    | (?P<number>(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d++)?)
    | (?P<mark>.)
    )""",
    re.VERBOSE | re.DOTALL,
)
IN_RUN = re.compile(
    r"(?P<number>(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d++)?)|(?P<word>[^\W\d]\w*+)|(?P<mark>.)", re.DOTALL
)
"""The tokens of a run that is no name."""
STRINGS = {
    '"""': re.compile(r'"""((?:"{0,2}+(?:[^"\\]|\\.))*+)(?P<end>""")?', re.DOTALL),
    "'''": re.compile(r"'''((?:'{0,2}+(?:[^'\\]|\\.))*+)(?P<end>''')?", re.DOTALL),
    '"': re.compile(r'"(?:[^"\\\r\n]|\\.)*+(?P<end>")?', re.DOTALL),
    "'": re.compile(r"'(?:[^'\\\r\n]|\\.)*+(?P<end>')?", re.DOTALL),
}
LANGUAGE = re.compile(SPACE + r"(?P<language>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+)", re.VERBOSE)


def tokens(query: str) -> Iterator[Token]:
    """The tokens of a text; spaces and comments are none, and what is nothing else is a mark.

    >>> list(tokens("ASK{?s a:b 'c' @en } # d"))[3:]
    [('name', 'a:b'), ('string', "'c'"), ('language', '@en'), ('mark', '}')]
    >>> list(tokens("it's a.b"))
    [('word', 'it'), ('mark', "'"), ('word', 's'), ('word', 'a'), ('mark', '.'), ('word', 'b')]
    """
    position = 0
    strings = Strings(query)
    while (match := TOKEN.match(query, position)) is not None:
        kind = cast("str", match.lastgroup)
        if kind == "run":
            position = match.start(kind)
            while position < match.end():
                part = cast("re.Match[str]", IN_RUN.match(query, position))
                position = part.end()
                yield cast("str", part.lastgroup), part[0]
            continue
        position = match.end()
        if kind != "quote":
            yield kind, match[kind]
            continue
        start = position - 1
        if (end := strings.end(start)) is None:
            yield "mark", query[start]
            continue
        position = end
        yield "string", query[start:end]
        if tag := LANGUAGE.match(query, position):
            position = tag.end()
            yield "language", tag["language"]


class Strings:
    """Where the strings of a text end."""

    def __init__(self, query: str) -> None:
        self.query = query
        self._open = dict.fromkeys(STRINGS, 0)  # up to where no string of such quotes ends

    def end(self, start: int) -> int | None:
        """Where the string ends that a quote begins, None where it begins none.

        Of a run that failed, a later quote of the same kind is escaped, or it would have ended
        the run: so both read the same from there on, and fail at the same place.
        """
        quote = self.query[start]
        for delimiter in (quote * 3, quote):
            if start < self._open[delimiter] or not self.query.startswith(delimiter, start):
                continue
            match = cast("re.Match[str]", STRINGS[delimiter].match(self.query, start))
            if match["end"]:
                return match.end()
            self._open[delimiter] = match.end()
        return None
