"""Names printed in capitals, as a reader would write them: the document itself shows how.

A word takes the form that it has most often in the document's running text, where it follows a word that
is not in capitals: so acronyms and proper names keep theirs ("ISEE", "Giunta") without a list of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from mappe_servizi.model.text import fold

_WORD: Final = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_]+(?:'(?![^\W\d_]))?")
_RUNNING: Final = re.compile(rf"[a-zà-ù]['\s]\s*(?={_WORD.pattern})")
_SHORT: Final = 3
"""A word of so few letters that the document does not use elsewhere may be an acronym: it stays."""
_CAPITALS: Final = 0.8
"""The share of capitals among its letters from which a name counts as printed in them."""
_ACRONYM: Final = 2
"""How many times as often others may stand beside the form in capitals of an acronym."""
_CAPITAL: Final = r"[^\W\d_a-zà-ÿ]+'?"
_PHRASE: Final = re.compile(rf"(?<!\w){_CAPITAL}(?:[ ,]+(?:{_CAPITAL}|\d+)(?!\w))+")
"""A phrase in capitals, with the numbers in it."""
_ACCENTED: Final = {"a'": "à", "e'": "è", "i'": "ì", "o'": "ò", "u'": "ù"}


@dataclass(frozen=True, slots=True)
class WordForms:
    """How a document writes its words where it does not write in capitals.

    Attributes:
        forms: the usual form of each word, by its key (small letters, an accent as an apostrophe).
    """

    forms: Mapping[str, str]

    @classmethod
    def of(cls, lines: Iterable[str]) -> WordForms:
        """The forms in a document's lines.

        >>> WordForms.of(["la domanda di ISEE per l'attività", "con ISEE"]).forms["isee"]
        'ISEE'
        """
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for line in lines:
            text = fold(line)
            for before in _RUNNING.finditer(text):
                if word := _WORD.match(text, before.end()):
                    counts[_key(word[0])][word[0]] += 1
        return cls({key: _usual(found) for key, found in counts.items()})

    def readable(self, name: str) -> str:
        """A name as a reader would write it; what of it is not in capitals as it is.

        >>> forms = WordForms.of(["le attività della Giunta", "di età", "di orientamento al lavoro"])
        >>> forms.readable("ASSISTENZA ALLE ATTIVITA' DELLA GIUNTA")
        'Assistenza alle attività della Giunta'
        >>> forms.readable("RSA"), forms.readable("Asili nido")
        ('RSA', 'Asili nido')
        >>> forms.readable("ORIENTAMENTO AL LAVORO per gli ospiti della RSA")
        'Orientamento al lavoro per gli ospiti della RSA'
        >>> forms.readable("ore di consulenze individuali di ORIENTAMENTO AL LAVORO")
        'ore di consulenze individuali di orientamento al lavoro'
        """
        folded = fold(name)
        if not in_capitals(folded):
            text = _PHRASE.sub(lambda phrase: self._phrase(phrase[0]), folded)
            return name if text == folded else _capitalised(text) if folded[:1].isupper() else text
        if self._acronyms(folded):
            return name
        return _capitalised(self._small(folded))

    def _phrase(self, phrase: str) -> str:
        """A phrase in capitals within a name; of acronyms it takes more than a longer word among them."""
        longer = [word for word in _WORD.findall(phrase) if len(word) > _SHORT]
        return self._small(phrase) if len(longer) > 1 else phrase

    def _small(self, phrase: str) -> str:
        return _WORD.sub(lambda word: self._form(word[0]), phrase)

    def _form(self, word: str) -> str:
        known = self.forms.get(_key(word))
        if known is not None:
            return known
        if "." in word or (len(word) <= _SHORT and not word.endswith("'")):
            return word
        small = word.lower()
        return small[:-2] + _ACCENTED.get(small[-2:], small[-2:])

    def _acronyms(self, name: str) -> bool:
        """Whether a name is of short words alone, and one of them is no word of the document."""
        words = _WORD.findall(name)
        short = all(len(word) <= _SHORT + 1 for word in words)
        return short and any(self._form(word).isupper() for word in words)


def _capitalised(text: str) -> str:
    first = _WORD.search(text)
    at = first.start() if first else 0
    return text[:at] + text[at : at + 1].upper() + text[at + 1 :]


def _usual(found: Counter[str]) -> str:
    """The most frequent form; an acronym is one though some write it in small letters."""
    capitals = next((form for form in found if len(form) > 1 and form.isupper()), "")
    if found[capitals] * _ACRONYM > found.total() - found[capitals]:
        return capitals
    return max(found, key=lambda form: (found[form], form))  # of two as frequent, small letters sort last


def in_capitals(name: str) -> bool:
    """Whether a name is printed in capitals.

    >>> in_capitals("ETA' DEI BAMBINI"), in_capitals("Servizio SAD")
    (True, False)
    """
    letters = [*filter(str.isalpha, name)]
    return len(letters) > 1 and sum(map(str.isupper, letters)) >= _CAPITALS * len(letters)


def _key(word: str) -> str:
    """A word's key: an accent on its last letter is the apostrophe that typists put for it."""
    letters = unicodedata.normalize("NFD", word.lower())
    return letters[:-1] + "'" if unicodedata.combining(letters[-1]) else letters
