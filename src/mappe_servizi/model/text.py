r"""Text as it is compared: what typography, keyboards and converters do to it says nothing.

Documents come with curly apostrophes, no-break hyphens and spaces, letters in two pieces (NFD), soft
hyphens. What is printed stays as printed; what is compared with it (labels, words, anchors of
corrections, names) is folded on both sides.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from typing import Final

_INVISIBLE = dict.fromkeys(i for i in range(sys.maxunicode + 1) if unicodedata.category(chr(i)) == "Cf")
_INVISIBLE |= dict.fromkeys(range(0xFE00, 0xFE10))  # which picture of a sign is meant
_SPACES = {i: " " for i in range(sys.maxunicode + 1) if unicodedata.category(chr(i)) == "Zs"}
_FOLDED: Final = (
    _SPACES
    | dict.fromkeys(map(ord, "‘’‚‛ʹʻʼʽˈ′´`＇"), "'")
    | dict.fromkeys(map(ord, "“”„‟″«»＂"), '"')
    | dict.fromkeys(map(ord, "‐‑‒–—―−－﹣"), "-")
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
