"""The words of an organisation's name as lists print it, so that two spellings become comparable.

Without case, accents and marks; dotted acronyms are one word ("A.V.I.S.", "DI.A.PSI."), articles
and prepositions go, an initial with its dot stays.
"""

from __future__ import annotations

import re
from sys import intern

from mappe_servizi.model.name_words import JOINING
from mappe_servizi.model.text import plain

STOP = JOINING | {"o", "n", "the", "of"}
"""Words in which two spellings of one name differ in the lists of others."""
_MARKS = re.compile(r"[^a-z0-9.&']+")
_SINGLES = re.compile(r"\b[a-z]\.(?:\s?[a-z]\.)+(?:[a-z]\b(?!['.]))?\s?")
_SPACED = re.compile(r"\b(?:[a-z] ){2,}[a-z]\b")
_PIECES = re.compile(r"\b[a-z]{1,4}(?:\.[a-z]{1,5}){2,}\b\.?")
_WORD = re.compile(r"[a-z0-9]+\.?")
_LONG = 400
"""Characters of a name that are read; no organisation's name is longer."""


def tokens(text: str) -> list[str]:
    """The words of a name that can tell it from another, in order.

    >>> tokens("Associazione A.V.I.S. - DI.A.PSI. (Città d'Adda)")
    ['associazione', 'avis', 'diapsi', 'citta', 'adda']
    >>> tokens('COOP.SOC. SCUOLA MAT. "A. FISSORE" A R.L.')
    ['coop', 'soc', 'scuola', 'mat', 'a', 'fissore', 'arl']
    """
    name = _MARKS.sub(" ", plain(text[:_LONG])).replace("&", " ")
    name = re.sub(r"\ba\.?\s?r\.?\s?l\b\.?", " arl ", name)
    name = _SINGLES.sub(lambda m: re.sub(r"[.\s]", "", m[0]) + " ", name)
    name = _PIECES.sub(_joined, name)
    name = _SPACED.sub(lambda m: m[0].replace(" ", ""), name)
    found = []
    for match in _WORD.finditer(name):
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
