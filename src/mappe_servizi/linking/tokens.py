"""The words of an organisation's name as lists print it, so that two spellings become comparable.

Without case, accents and marks; dotted acronyms are one word ("A.V.I.S.", "DI.A.PSI."), articles
and prepositions go, an initial with its dot stays.
"""

from __future__ import annotations

import re
import unicodedata
from sys import intern

STOP = frozenset(
    """il lo la i gli le l un uno una di del dello della dei degli delle d dell
    e ed o a al allo alla ai agli alle all da dal dalla in nel nella per con su sul sulla tra fra
    n the of""".split()  # noqa: SIM905 - a list of words is easiest to read as words
)
"""Words in which two spellings of one name differ."""
_MARKS = re.compile(r"[^a-z0-9.&']+")
_SINGLES = re.compile(r"\b[a-z]\.(?:\s?[a-z]\.)+(?:[a-z]\b(?!['.]))?\s?")
_SPACED = re.compile(r"\b(?:[a-z] ){2,}[a-z]\b")
_PIECES = re.compile(r"\b[a-z]{1,4}(?:\.[a-z]{1,5}){2,}\b\.?")
_WORD = re.compile(r"[a-z0-9]+\.?")
_LONG = 400
"""Characters of a name that are read; no organisation's name is longer."""


def folded(text: str) -> str:
    """A text in small ASCII letters, digits and marks.

    >>> folded("Città d’Adda")
    "citta d'adda"
    """
    text = text[:_LONG].replace("’", "'").replace("`", "'")
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()


def tokens(text: str) -> list[str]:
    """The words of a name that can tell it from another, in order.

    >>> tokens("Associazione A.V.I.S. - DI.A.PSI. (Città d'Adda)")
    ['associazione', 'avis', 'diapsi', 'citta', 'adda']
    >>> tokens('COOP.SOC. SCUOLA MAT. "A. FISSORE" A R.L.')
    ['coop', 'soc', 'scuola', 'mat', 'a', 'fissore', 'arl']
    """
    plain = _MARKS.sub(" ", folded(text)).replace("&", " ")
    plain = re.sub(r"\ba\.?\s?r\.?\s?l\b\.?", " arl ", plain)
    plain = _SINGLES.sub(lambda m: re.sub(r"[.\s]", "", m[0]) + " ", plain)
    plain = _PIECES.sub(_joined, plain)
    plain = _SPACED.sub(lambda m: m[0].replace(" ", ""), plain)
    found = []
    for match in _WORD.finditer(plain):
        word = match[0]
        bare = word.rstrip(".")
        if bare not in STOP or (len(bare) == 1 and word.endswith(".")):
            found.append(intern(bare))  # long lists say the same words again and again
    return found


def _joined(match: re.Match[str]) -> str:
    """An acronym of pieces ("i.ri.fo.r"); abbreviated words ("soc.coop.sociale") stay apart."""
    pieces = match[0].strip(".").split(".")
    short = sum(len(piece) <= 2 for piece in pieces)
    return "".join(pieces) + " " if short >= 2 else match[0]
