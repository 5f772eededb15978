"""What is wrong with a query that an engine refused: where, and what its writer may have meant.

An engine says where its parser gave up, which is often elsewhere (pyoxigraph counts the letters of
the keywords that it had hoped for) and in terms of its grammar. Here the first lexeme that cannot
follow those before it is found by asking the engine for ever shorter beginnings, and the commonest
mistakes are told apart by what stands there (``mistakes``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from mappe_servizi.query.lexer import Lexeme, is_wrong, lexemes
from mappe_servizi.query.mistakes import Query, hint

POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
SENTENCE = re.compile(r"[A-Z]\w* (?:\S+ ){1,}\S+|Prefix not found|IRI parsing failed")
SOUGHT = 1 << 16
"""Characters of the longest text whose mistake is sought: each half of it is parsed a few times."""
PAD = 64
"""More blanks than a keyword has letters: a parser that reads on behind them had no fault before them."""
BASE = "http://example.org/"
EXCERPT = 100
"""Characters of a line that are shown."""
CUT = "…"


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake in a text.

    Attributes:
        line: counted from 1.
        column: in characters, counted from 1.
        excerpt: the line, or its part around the place, and below it a caret at the place.
        hint: what is meant.
    """

    line: int
    column: int
    excerpt: str
    hint: str

    @property
    def sentence(self) -> str:
        """One sentence for the user."""
        return f"line {self.line}, column {self.column}: {self.hint}"

    @property
    def members(self) -> dict[str, object]:
        """The members of a problem document."""
        return {"line": self.line, "column": self.column, "excerpt": self.excerpt, "hint": self.hint}


def explain(text: str, message: str, prefixes: Mapping[str, str]) -> Mistake:
    """Explain why a text was refused.

    Args:
        text: the query.
        message: the engine's.
        prefixes: the prefixes that are known here, by which a missing declaration can be named.

    >>> print(explain("ASK { ?s ?p ?o FILTER(?o == 1) }", "error at 1:33: ...", {}).excerpt)
    ASK { ?s ?p ?o FILTER(?o == 1) }
                             ^
    """
    found = lexemes(text)
    at = _first_wrong(text, found) if len(text) <= SOUGHT else _told(text, found, message)
    place, meant = hint(Query(text, tuple(found), at, _reason(message), prefixes))
    return located(text, place, meant)


def located(text: str, place: int, meant: str) -> Mistake:
    """A mistake at a place of a text."""
    before = text[:place]
    start = before.rfind("\n") + 1
    end = text.find("\n", place)
    line = text[start : len(text) if end < 0 else end].rstrip("\r")
    return Mistake(before.count("\n") + 1, place - start + 1, _excerpt(line, place - start), meant)


def _first_wrong(text: str, found: list[Lexeme]) -> int:
    """The index of the first lexeme that cannot follow those before it; their number for the end."""
    # A parser may read on where a bracket or a quote is open, over all that follows.
    low, high = 0, next((i for i, lexeme in enumerate(found) if is_wrong(lexeme)), len(found))
    store = ox.Store()
    while low < high:
        middle = (low + high + 1) // 2
        if _may_go_on(store, text[: found[middle - 1].start + len(found[middle - 1].text)]):
            low = middle
        else:
            high = middle - 1
    return low


def _may_go_on(store: ox.Store, beginning: str) -> bool:
    """Whether something may follow a beginning: the parser then fails behind the blanks after it."""
    try:
        store.query(f"{beginning}\n{' ' * PAD}\0", base_iri=BASE)
    except SyntaxError as error:
        if match := POSITION.match(str(error)):
            return int(match[1]) == beginning.count("\n") + 2 and int(match[2]) > PAD
    return False


def _told(text: str, found: list[Lexeme], message: str) -> int:
    """The index of the lexeme at the place that the engine tells."""
    match = POSITION.match(message)
    if match is None:
        return len(found)
    line, column = int(match[1]), int(match[2])
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    place = start + column - 1
    return next((i for i, lexeme in enumerate(found) if lexeme.start >= place), len(found))


def _reason(message: str) -> str:
    """What an engine says in words; "" where it only lists what its grammar has at the place."""
    match = POSITION.match(message)
    if match is None:
        return " ".join(message.split())[:300]
    told = match[3].removeprefix("expected ").removeprefix("one of ").split(", ")
    return next((part for part in told if SENTENCE.match(part)), "")


def _excerpt(line: str, column: int) -> str:
    first = max(0, min(column - EXCERPT // 2, len(line) - EXCERPT))
    shown = line[first : first + EXCERPT]
    head, tail = CUT if first else "", CUT if first + EXCERPT < len(line) else ""
    margin = "".join(_blank(character) for character in shown[: column - first])
    return f"{head}{shown}{tail}\n{' ' * len(head)}{margin}^"


def _blank(character: str) -> str:
    """What is as wide as a character where letters are all of one width."""
    if character == "\t":
        return "\t"
    if unicodedata.combining(character):
        return ""
    return "  " if unicodedata.east_asian_width(character) in "WF" else " "
