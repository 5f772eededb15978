"""The words of names, so that spellings of one name compare as equal; and the words that tell nothing.

Lists of organisations as others print them need more (broken acronyms, initials): ``linking.tokens``.
Questions need less (the stems of a language): ``outputs.stemming``. What joins words is told here for all.
"""

from __future__ import annotations

import re
from typing import Final

from mappe_servizi.model.text import plain

ARTICLES = frozenset("il lo la i gli le l un uno una".split())  # noqa: SIM905 - read as words
ELIDED = frozenset("l d dell all dall nell sull".split())  # noqa: SIM905
"""Articles and prepositions that an apostrophe follows."""
PREPOSITIONS = frozenset(
    """di del dello della dei degli delle d dell a al allo alla ai agli alle all
    da dal dallo dalla dai dagli dalle dall in nel nello nella nei negli nelle nell con per
    su sul sullo sulla sui sugli sulle sull tra fra""".split()  # noqa: SIM905
)
JOINING = ARTICLES | PREPOSITIONS | {"e", "ed"}
"""Words in which two spellings of one name differ."""

_DOTTED: Final = re.compile(r"\b(?:[a-z]\.\s?){2,}(?:[a-z]\b)?")


def words(text: str) -> list[str]:
    """The words of a name, folded: without case, accents and marks; dotted acronyms are one word.

    >>> words("Fondazione O.P. SS. Redentore - s.r.l.s. (Città d’Adda)")
    ['fondazione', 'op', 'ss', 'redentore', 'srls', 'citta', 'd', 'adda']
    """
    dotted = re.sub(
        r"\b(?:[a-z]\.\s?){2,}(?:[a-z]\b)?", lambda m: re.sub(r"[.\s]", "", m[0]) + " ", plain(text)
    )
    return re.findall(r"[a-z0-9]+", dotted)


def telling_words(text: str) -> list[str]:
    """The words of a name that can tell it from another.

    >>> telling_words("Gli asili nido della città")
    ['asili', 'nido', 'citta']
    """
    return [word for word in words(text) if word not in JOINING]
