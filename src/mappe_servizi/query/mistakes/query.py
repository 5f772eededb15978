"""A refused query as the rules look at it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from mappe_servizi.query.lexer import Lexeme

Hint = tuple[int, str]
"""A place in the text, counted in characters from 0, and a sentence."""
NONE = Lexeme("", "", 0)
TERMS = frozenset({"variable", "iri", "name", "string", "number", "language"})
CLOSERS = {")": "(", "]": "[", "}": "{"}
KEYWORDS = frozenset(
    """A AS ASC ASK BASE BIND BY CONSTRUCT DESC DESCRIBE DISTINCT EXISTS FALSE FILTER FROM GRAPH GROUP HAVING
    IN LIMIT MINUS NAMED NOT OFFSET OPTIONAL ORDER PREFIX REDUCED SELECT SEPARATOR SERVICE SILENT TRUE UNDEF
    UNION VALUES WHERE""".split()  # noqa: SIM905
)
AGGREGATES = frozenset({"AVG", "COUNT", "GROUP_CONCAT", "MAX", "MIN", "SAMPLE", "SUM"})
FUNCTIONS = AGGREGATES | frozenset(
    """ABS BNODE BOUND CEIL COALESCE CONCAT CONTAINS DATATYPE DAY ENCODE_FOR_URI FLOOR HOURS IF IRI ISBLANK
    ISIRI ISLITERAL ISNUMERIC ISURI LANG LANGMATCHES LCASE MD5 MINUTES MONTH NOW RAND REGEX REPLACE ROUND
    SAMETERM SECONDS SHA1 SHA256 SHA384 SHA512 STR STRAFTER STRBEFORE STRDT STRENDS STRLANG STRLEN STRSTARTS
    STRUUID SUBSTR TIMEZONE TZ UCASE URI UUID YEAR""".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Query:
    """A query that was refused.

    Attributes:
        text: all of it.
        lexemes: what it consists of.
        at: the index of the first lexeme that cannot follow those before it; their number for the end.
        reason: what the engine says.
        prefixes: those that are known here.
    """

    text: str
    lexemes: tuple[Lexeme, ...]
    at: int
    reason: str
    prefixes: Mapping[str, str]

    def get(self, offset: int) -> Lexeme:
        """The lexeme so many after the wrong one, an empty one beyond the ends."""
        index = self.at + offset
        return self.lexemes[index] if 0 <= index < len(self.lexemes) else NONE

    @property
    def here(self) -> Lexeme:
        """The wrong lexeme."""
        return self.get(0)

    @property
    def before(self) -> Lexeme:
        """The one before it."""
        return self.get(-1)

    @property
    def place(self) -> int:
        """Where the wrong lexeme starts; the end of the last one where the query ends too early."""
        if self.at < len(self.lexemes):
            return self.here.start
        return end(self.lexemes[-1]) if self.lexemes else 0

    @property
    def adjacent(self) -> bool:
        """Whether nothing stands between the wrong lexeme and the one before it."""
        return self.at > 0 and end(self.before) == self.here.start

    @cached_property
    def open(self) -> tuple[int, ...]:
        """The indices of the brackets that are open at the wrong lexeme, the outermost first."""
        stack: list[int] = []
        for index, lexeme in enumerate(self.lexemes[: self.at]):
            if lexeme.kind != "mark":
                continue
            if lexeme.text in CLOSERS.values():
                stack.append(index)
            elif lexeme.text in CLOSERS and stack:
                stack.pop()
        return tuple(stack)

    @property
    def inside(self) -> str:
        """The innermost open bracket, "" for none."""
        return self.lexemes[self.open[-1]].text if self.open else ""

    def opened_by(self) -> Lexeme:
        """What stands before the innermost open bracket."""
        return self.lexemes[self.open[-1] - 1] if self.open and self.open[-1] else NONE

    def line(self, index: int) -> int:
        """The line of a lexeme."""
        return self.text.count("\n", 0, self.lexemes[index].start) + 1

    @cached_property
    def clause(self) -> str:
        """The keyword that began what is going on at the wrong lexeme, outside of inner brackets."""
        start = self.open[-1] + 1 if self.open else 0
        depth = 0
        for lexeme in reversed(self.lexemes[start : self.at]):
            depth += (lexeme.text in CLOSERS) - (lexeme.text in CLOSERS.values())
            if not depth and lexeme.upper in KEYWORDS - {"DISTINCT", "REDUCED", "BY", "ASC", "DESC", "A"}:
                return lexeme.upper
        return ""


Rule = Callable[[Query], Hint | None]


def end(lexeme: Lexeme) -> int:
    """Where a lexeme ends."""
    return lexeme.start + len(lexeme.text)


def near(word: str, known: Iterable[str]) -> str:
    """The known word that is most like a word, "" where none is like it.

    >>> near("SELCT", KEYWORDS), near("CITTADINI", KEYWORDS)
    ('SELECT', '')
    """
    if len(word) < 3 or len(word) > 30:
        return ""
    best = process.extractOne(word, sorted(known), scorer=OSA.distance, score_cutoff=max(1, len(word) // 4))
    return best[0] if best else ""
