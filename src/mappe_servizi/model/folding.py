"""Names folded to words, so that spellings of one name compare as equal."""

from __future__ import annotations

import re
import unicodedata

STOP = frozenset(
    """il lo la i gli le l un uno una di del dello della dei degli delle d dell
    e ed a da in per con""".split()  # noqa: SIM905 - a list of words is easiest to read as words
)
"""Articles, prepositions and "e": two spellings of a name differ in them."""


def words(text: str) -> list[str]:
    """The words of a name, folded: without case, accents and marks; dotted acronyms are one word.

    >>> words("Fondazione O.P. SS. Redentore - s.r.l.s. (Città d'Adda)")
    ['fondazione', 'op', 'ss', 'redentore', 'srls', 'citta', 'd', 'adda']
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    plain = re.sub(r"\b(?:[a-z]\.\s?){2,}(?:[a-z]\b)?", lambda m: re.sub(r"[.\s]", "", m[0]) + " ", plain)
    return re.findall(r"[a-z0-9]+", plain)
