"""What the cell of a maintained table may say: one kind a sort of value.

A kind reads the text of a cell and says in both languages what is allowed, for the error messages and
for the data dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

Codes = Mapping[str, frozenset[str]]
"""The codes of each controlled vocabulary that cells may name, by the vocabulary's name."""


@dataclass(frozen=True, slots=True)
class CellKind:
    """A sort of value.

    Attributes:
        it, en: what is allowed, as the end of a sentence that begins with "is".
        parse: the value of a text.
        as_it_is: whether spaces around the text belong to it.
        vocabulary: the vocabulary whose codes it takes.
    """

    it: str
    en: str
    parse: Callable[[str, Codes], Any]
    as_it_is: bool = False
    vocabulary: str = ""


class Refused(ValueError):
    """A text that is not of its kind; its message says more than the kind does, where there is more."""


def _text(text: str, codes: Codes) -> str:
    return text


TEXT = CellKind("un testo", "a text", _text, as_it_is=True)


def _shape(pattern: str) -> Callable[[str, Codes], str]:
    compiled = re.compile(pattern)

    def parse(text: str, codes: Codes) -> str:
        if not compiled.fullmatch(text):
            raise Refused
        return text

    return parse


SLUG = CellKind(
    "lettere minuscole, cifre e trattini, 64 al massimo",
    "lower-case letters, digits and hyphens, 64 at most",
    _shape(r"(?=.{1,64}\Z)[a-z0-9]+(?:-[a-z0-9]+)*"),
)
CODE = CellKind(
    "lettere, cifre e trattini", "letters, digits and hyphens", _shape(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
)
WORD = CellKind("una parola", "one word", _shape(r"\S+"))
DOMAIN = CellKind(
    "un dominio (comune.esempio.it)",
    "a domain (comune.example.it)",
    _shape(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"),
)
DIGITS = CellKind("un codice di cifre", "a code of digits", _shape(r"[0-9]{1,6}"))
IPA = CellKind("un codice IPA", "an IPA code", _shape(r"[A-Za-z0-9_-]{1,20}"))
ISTAT = CellKind("un codice ISTAT di sei cifre", "an ISTAT code of six digits", _shape(r"[0-9]{6}"))
URL = CellKind(
    "un indirizzo http(s)", "an http(s) address", _shape(r"https?://[^\s<>\"{}|\\^`/?#]+[^\s<>\"{}|\\^`]*")
)
IRI = CellKind("un IRI assoluto", "an absolute IRI", _shape(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+"))
URN = CellKind(
    "l'identificativo di un atto (urn:nir:stato:legge:1990;241)",
    "the identifier of an act (urn:nir:stato:legge:1990;241)",
    _shape(r"urn:nir:[a-z0-9.]+(?:[;:][a-z0-9.]+)*:\d{4}(?:-\d\d-\d\d)?;\d+(?:~[a-z0-9-]+)?"),
)


def _whole(least: int, most: int) -> Callable[[str, Codes], int]:
    def parse(text: str, codes: Codes) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise Refused
        return int(text)

    return parse


POSITIVE = CellKind("un numero intero da 1", "a whole number from 1", _whole(1, 10**9))
COUNT = CellKind("un numero intero da 0", "a whole number from 0", _whole(0, 10**9))
YEAR = CellKind("un anno", "a year", _whole(1000, 2999))


def _number(text: str, codes: Codes) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise Refused from None
    if not value.is_finite():
        raise Refused
    return value


NUMBER = CellKind("un numero con il punto decimale", "a number with a decimal point", _number)


def _share(text: str, codes: Codes) -> Decimal:
    value = _number(text, codes)
    if not 0 <= value <= 1:
        raise Refused
    return value


SHARE = CellKind("un numero fra 0 e 1", "a number from 0 to 1", _share)


def _date(text: str, codes: Codes) -> date:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        raise Refused
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused from None


DATE = CellKind("una data (2026-11-28)", "a date (2026-11-28)", _date)


def _pattern(text: str, codes: Codes) -> re.Pattern[str]:
    try:
        return re.compile(text, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise Refused(str(error)) from None


def _phrase(text: str, codes: Codes) -> re.Pattern[str]:
    """A pattern that stands within others: without groups, and without flags for all of it."""
    found = _pattern(text, codes)
    if _pattern(f".(?:{text})", codes).groups:
        raise Refused("it has groups: write (?:...)")
    return found


PATTERN = CellKind("un'espressione regolare", "a regular expression", _pattern)
PHRASE = CellKind(
    "un'espressione regolare senza gruppi, parte di altre",
    "a regular expression without groups, a part of others",
    _phrase,
)


def one_of(*values: str) -> CellKind:
    """One of some words, exactly."""
    allowed = ", ".join(values)

    def parse(text: str, codes: Codes) -> str:
        if text not in values:
            raise Refused
        return text

    return CellKind(f"uno di: {allowed}", f"one of {allowed}", parse)


def code(vocabulary: str) -> CellKind:
    """A code of a controlled vocabulary."""

    def parse(text: str, codes: Codes) -> str:
        if text not in codes.get(vocabulary, frozenset((text,))):
            raise Refused
        return text

    said = f"un codice del vocabolario {vocabulary}", f"a code of the vocabulary {vocabulary}"
    return CellKind(*said, parse, vocabulary=vocabulary)


def many(kind: CellKind) -> CellKind:
    """Several values with | between them."""

    def parse(text: str, codes: Codes) -> tuple[Any, ...]:
        parts = [part.strip() for part in text.split("|")]
        if not any(parts):
            raise Refused
        return tuple(kind.parse(part, codes) for part in parts if part)

    said = f"{kind.it}, o più con | fra loro", f"{kind.en}, or several with | between them"
    return CellKind(*said, parse, vocabulary=kind.vocabulary)


def words_of(kind: CellKind) -> CellKind:
    """Several values with spaces between them."""

    def parse(text: str, codes: Codes) -> tuple[Any, ...]:
        return tuple(kind.parse(part, codes) for part in text.split())

    return CellKind(
        f"{kind.it}, o più con spazi fra loro", f"{kind.en}, or several with spaces between them", parse
    )
