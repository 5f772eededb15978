r"""Text as it is compared: what typography, keyboards and converters do to it says nothing.

Documents come with curly apostrophes, no-break hyphens and spaces, letters in two pieces (NFD), soft
hyphens. What is printed stays as printed; what is compared with it (labels, words, anchors of
corrections, names) is folded on both sides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

_PICTURES: Final = range(0xFE00, 0xFE10)
"""Which picture of a sign is meant."""
KEPT: Final = 0x3000
"""The scripts and signs of Europe lie below; more than these is not remembered, whatever strangers send."""


class _Signs(dict[int, int | str | None]):
    """A table for ``str.translate`` that looks at a character when it is first met, not at all of Unicode."""

    def __init__(self, of: Callable[[str], int | str | None], known: Mapping[int, str | None]) -> None:
        super().__init__(known)
        self._of = of

    def __missing__(self, code: int) -> int | str | None:
        value = self._of(chr(code))
        if code < KEPT:
            self[code] = value
        return value


_INVISIBLE: Final = _Signs(
    lambda sign: None if unicodedata.category(sign) == "Cf" else sign, dict.fromkeys(_PICTURES)
)
_FOLDED: Final = _Signs(
    lambda sign: " " if unicodedata.category(sign) == "Zs" else sign,
    dict.fromkeys(map(ord, "‘’‚‛ʹʻʼʽˈ′´`＇"), "'")
    | dict.fromkeys(map(ord, "“”„‟″«»＂"), '"')
    | dict.fromkeys(map(ord, "‐‑‒–—―−－﹣"), "-"),
)
_NOT_WORD = re.compile(r"[^a-z0-9/]+")


def visible(text: str) -> str:
    r"""The text without the characters that nobody sees: joiners, soft hyphens, selectors.

    >>> visible("31\u2060.204\u00ad")
    '31.204'
    """
    return text if text.isascii() else text.translate(_INVISIBLE)


def composed(text: str) -> str:
    r"""The text that is seen, each letter with its accent in one piece (NFC).

    >>> composed("Qualita\u0300\u00ad") == "Qualità"
    True
    """
    return text if text.isascii() else unicodedata.normalize("NFC", visible(text))


def fold(text: str) -> str:
    r"""A composed text with the typographer's signs as the keyboard's, each in its place.

    >>> fold("dell’«erogazione»\u00a0– 31‑12")
    'dell\'"erogazione" - 31-12'
    """
    return text if text.isascii() else composed(text).translate(_FOLDED)


def same_words(text: str) -> str:
    """A text's key for telling whether two are the same words: case and spaces aside.

    >>> same_words("Tutti  gli Utenti dell’asilo ") == same_words("tutti gli utenti dell'asilo")
    True
    """
    return " ".join(fold(text).casefold().split())


def unaccented(text: str) -> str:
    """A text in ASCII: letters without their accents; what has no letter there goes.

    >>> unaccented("Città d’Adda")
    'Citta dAdda'
    """
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def plain(text: str) -> str:
    """A folded text in small ASCII letters, digits and the keyboard's marks.

    >>> plain("Città d’Adda – Straße")
    "citta d'adda - strasse"
    """
    return unaccented(fold(text).casefold())


def normal(text: str) -> str:
    """A text for comparison: without case, accents, punctuation and doubled spaces.

    >>> normal("Criteri  di SEGMENTAZIONE (adottati?)"), normal("nell’erogazione")
    ('criteri di segmentazione adottati', 'nell erogazione')
    """
    return _NOT_WORD.sub(" ", plain(text)).strip()
