"""Characters that are not what they look like, and quotes and brackets of IRIs left open."""

from __future__ import annotations

import unicodedata

from mappe_servizi.query.lexer import Lexeme
from mappe_servizi.query.mistakes.query import Hint, Query, Rule, end

QUOTES = "“”„‟«»‘’‚‛‹›"
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
DASHES = "–—−‐‑"


def characters(query: Query) -> Hint | None:
    """A character of a word processor."""
    for offset in (0, 1, -1):
        lexeme = query.get(offset)
        for index, character in enumerate(lexeme.text if lexeme.kind in {"mark", "word", "variable"} else ""):
            if said := _said(character):
                return lexeme.start + index, said
    return None


def _said(character: str) -> str:
    code = f"U+{ord(character):04X}"
    plain = unicodedata.normalize("NFKC", character)
    if character in QUOTES:
        return f'{character} is a typographic quote ({code}): texts stand in plain quotes, "..."'
    if character == "`":
        return 'texts stand in quotes, "...", IRIs in < >; ` means nothing'
    if character in INVISIBLE:
        return f"an invisible character ({code}) stands here: delete it"
    if ord(character) > 0x7F and plain.isspace():
        return f"a space of another kind ({code}) stands here: type a plain one"
    if character in DASHES:
        return f"{character} is a dash ({code}): minus is -"
    if ord(character) > 0x7F and plain.isascii() and plain != character:
        return f"{character} is a full-width character ({code}): write {plain}"
    return ""


def quote(query: Query) -> Hint | None:
    """A text whose closing quote is missing, or that has a quote inside."""
    for offset in (0, -1):
        lexeme = query.get(offset)
        if lexeme.kind == "open_string":
            return _inner_quote(query) or (
                lexeme.start,
                f"the text that begins here has no closing {lexeme.text[0]}",
            )
    return _inner_quote(query)


def _inner_quote(query: Query) -> Hint | None:
    if query.before.kind == "string" and query.adjacent and query.here.kind == "word":
        mark = query.before.text[0]
        return end(
            query.before
        ) - 1, f"a {mark} inside a text is written \\{mark}, or the text put in other quotes"
    return None


def iri(query: Query) -> Hint | None:
    """An IRI whose bracket is missing, or that has what IRIs cannot have."""
    for offset in (0, -1):
        lexeme = query.get(offset)
        if lexeme.kind == "open_iri":
            return lexeme.start, _why_open(query, lexeme)
    if (query.here.kind == "word" and query.here.text in {"http", "https"}) or query.here.text.startswith(
        ("http:", "https:")
    ):
        return query.place, "an IRI stands in < >: <https://example.org/>"
    return None


def _why_open(query: Query, lexeme: Lexeme) -> str:
    line = query.text[end(lexeme) :].split("\n", 1)[0]
    rest = line.partition(">")
    if rest[1] and " " in rest[0] and "<" not in rest[0] and "?" not in rest[0]:
        return "the IRI that begins here has a space in it: write %20"
    if rest[1] and rest[0][:1] in set('"{}|\\^`') and "?" not in rest[0]:
        return f"the IRI that begins here has a {rest[0][0]} in it, which must be percent-encoded"
    return "the IRI that begins here has no closing >"


RULES: tuple[Rule, ...] = (characters, quote, iri)
