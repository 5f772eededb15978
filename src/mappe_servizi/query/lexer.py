"""The lexemes of a query with their places, also of one that is no SPARQL; linear in the text.

Where the scan must never miss what an engine could take for SERVICE, this reads a text as its writer
meant it: quotes and brackets of IRIs that are never closed, and characters of word processors, are
lexemes too. Grammar: https://www.w3.org/TR/sparql11-query/#sparqlGrammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urljoin

_LEXEME = re.compile(
    r"""
      (?P<space>[ \t\r\n]++|\#[^\r\n]*+)
    | (?P<string>\"{3}(?:\"{0,2}+(?:[^"\\]|\\.))*+\"{3} | '{3}(?:'{0,2}+(?:[^'\\]|\\.))*+'{3})
    | (?P<open_string>(?:\"{3}|'{3}).*+)
    | (?P<short>"(?:[^"\\\r\n]|\\.)*+" | '(?:[^'\\\r\n]|\\.)*+')
    | (?P<open_short>["'][^\r\n]*+)
    | (?P<iri><[^<>"{}|^`\x00-\x20]*+>)
    | (?P<open_iri><(?:[A-Za-z][A-Za-z0-9+.\-]*+://|urn:)[^\s<>"{}|^`\\]*+)
    | (?P<variable>[?$]\w++)
    | (?P<language>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+)
    | (?P<name>(?:[^\W\d][\w\-]*+(?:\.++[\w\-]++)*+)?+
               :(?:[\w\-:]|%[0-9A-Fa-f]{2}|\\[^\s\w]|\.(?=[\w\-:%\\.]))*+)
    | (?P<word>[^\W\d][\w\-]*+(?:\.++[\w\-]++)*+)
    | (?P<number>(?:\d++(?:\.\d++)?+|\.\d++)(?:[eE][+-]?\d++)?+)
    | (?P<entity>&(?:lt|gt|amp|quot|apos|nbsp|\#\w{1,6});)
    | (?P<mark>&&|\|\||!==?|={2,3}|=>|=<(?![^<>"{}|^`\x00-\x20]*+>)|[<>]=|\^\^|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_KINDS = {"short": "string", "open_short": "open_string"}
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*+:")


class Lexeme(NamedTuple):
    """A lexeme: its kind (a name of the pattern's groups), its text, and where it starts."""

    kind: str
    text: str
    start: int

    @property
    def upper(self) -> str:
        """A keyword as it is compared: in capitals; "" for what is no word."""
        return self.text.upper() if self.kind == "word" else ""


def lexemes(text: str) -> list[Lexeme]:
    """The lexemes of a text, without space and comments.

    >>> [lexeme.text for lexeme in lexemes("ASK { ?s a :x. # what") if lexeme.kind != "word"]
    ['{', '?s', ':x', '.']
    """
    found = []
    for match in _LEXEME.finditer(text):
        kind = match.lastgroup or ""
        if kind != "space":
            found.append(Lexeme(_KINDS.get(kind, kind), match[0], match.start()))
    return found


def is_wrong(lexeme: Lexeme) -> bool:
    """Whether a lexeme is in no query, whatever stands around it."""
    return lexeme.kind.startswith("open_") or lexeme.text == "=<"


def unescaped(text: str) -> str:
    """A text without code point escapes, which may stand anywhere in a query.

    >>> unescaped("m\\\\u0061p")
    'map'
    """
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code <= 0x10FFFF else ""


def declared(found: Sequence[Lexeme]) -> dict[str, str]:
    """The prefixes that a query declares, with their IRIs as written."""
    return {
        name.text.removesuffix(":"): iri.text[1:-1]
        for word, name, iri in zip(found, found[1:], found[2:], strict=False)
        if word.upper == "PREFIX" and name.kind == "name" and iri.kind == "iri"
    }


def iris(found: Sequence[Lexeme], base: str | None) -> Iterator[tuple[str, int]]:
    """The absolute IRIs of a query, of abbreviated ones too, with the indices of their lexemes.

    >>> list(iris(lexemes("PREFIX g: <graph/> ASK { GRAPH g:data {} }"), "http://e.org/"))
    [('http://e.org/graph/', 2), ('http://e.org/graph/data', 6)]
    """
    prefixes = declared(found)
    for index, lexeme in enumerate(found):
        before = found[index - 1].upper if index else ""
        if lexeme.kind == "iri":
            iri = _absolute(lexeme.text[1:-1], base)
            base = iri if before == "BASE" else base
            yield iri, index
        elif lexeme.kind == "name" and before != "PREFIX":
            prefix, _, local = lexeme.text.partition(":")
            if prefix in prefixes:
                yield _absolute(prefixes[prefix] + re.sub(r"\\(.)", r"\1", local), base), index


def calls(query: str, base: str | None, functions: Sequence[str]) -> str:
    """The first of some functions, given by their IRIs, that a query calls; "" for none of them."""
    found = lexemes(unescaped(query))
    for iri, index in iris(found, base):
        if iri in functions and [lexeme.text for lexeme in found[index + 1 : index + 2]] == ["("]:
            return iri
    return ""


def _absolute(iri: str, base: str | None) -> str:
    if base is None or _ABSOLUTE.match(iri):
        return iri
    try:
        return urljoin(base, iri)
    except ValueError:
        return iri
