"""Words as a release's index has them: stemmed in their language, without those that say nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import snowballstemmer

from mappe_servizi.model.name_words import ARTICLES, PREPOSITIONS
from mappe_servizi.model.text import unaccented
from mappe_servizi.remembered import remembered

ITALIAN: Final = "it"
ENGLISH: Final = "en"
STOP = (ARTICLES | PREPOSITIONS) | frozenset(
    """ad anche che chi cui de e ed ma o piu più quale quali se si
    c m n s t v ci mi ti vi ne io tu noi voi lui lei loro mio mia miei mie tuo tua nostro nostra suo sua
    questo questa quello quella non come dove quando cosa perché perche quanto quanta quanti quante
    è sono sei siamo siete era ho hai ha abbiamo hanno devo deve devono dobbiamo posso può possono
    vorrei voglio serve servono bisogna fare faccio fa
    and for of the to with an on at by from or is are was be been do does did i my me we our you your us
    how what when where which who why can could should would will have has get got need want like there
    this that these those not about into""".split()  # noqa: SIM905
)
"""Words of both languages that only join others: articles, prepositions, pronouns, auxiliaries."""
WORD = re.compile(r"[^\W_]+")
LONGEST = 100
"""Letters of a word; a stemmer's time grows with the square of them."""
UNACCENTED = re.compile(r"(?<=..)[taeiou]?(?:ta|u)$")
"""How a word may end whose accent people leave out: attivita, menu."""
_STEMMERS: Final[Mapping[str, snowballstemmer.stemmer]] = {
    ITALIAN: snowballstemmer.stemmer("italian"),
    ENGLISH: snowballstemmer.stemmer("english"),
}


@remembered("stems", 32 << 20, times=4)
def stem(word: str, language: str = ITALIAN) -> str:
    """The stem of a lower-case word, without accents.

    >>> stem("asili") == stem("asilo"), stem("attività"), stem("buche") == stem("buca")
    (True, 'attiv', True)
    >>> stem("libraries", ENGLISH) == stem("library", ENGLISH)
    True
    """
    if len(word) > LONGEST:
        return word
    stemmed: str = _STEMMERS[language].stemWord(word)
    if language == ITALIAN and stemmed.endswith(("ch", "gh")):
        stemmed = stemmed[:-1]  # the plural's h: the stemmer takes it off longer words only
    return unaccented(stemmed) or stemmed


def words(text: str) -> list[str]:
    """The words of a text in lower case, in order, without those that say nothing.

    >>> words("L'asilo nido: dove?")
    ['asilo', 'nido']
    """
    return [word for word in WORD.findall(text.lower()) if word not in STOP]


def stems(text: str, language: str = ITALIAN) -> list[str]:
    """The stems of the words of a text, in order, without the words that say nothing.

    >>> stems("Servizi dell'infanzia: l'asilo nido")
    ['serviz', 'infanz', 'asil', 'nid']
    """
    return [stem(word, language) for word in words(text)]


def asked(word: str) -> tuple[str, ...]:
    """The stems by which a word of a question is looked for, since nobody says its language or its accents.

    >>> asked("attivita"), asked("libraries")
    (('attiv', 'attivita'), ('libraries', 'librari'))
    """
    forms = [stem(word, ITALIAN), stem(word, ENGLISH)]
    if UNACCENTED.search(word):
        forms.append(stem(word[:-1] + {"a": "à", "u": "ù"}[word[-1]], ITALIAN))
    return tuple(dict.fromkeys(forms))
