"""The pages' own words: Italian in the templates, English by the table ``english.toml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

from markupsafe import Markup, escape

from mappe_servizi.model.maintained import OTHERS, TEXT, read_toml

TABLE = Path(__file__).with_name("english.toml")
BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@cache
def english() -> Mapping[str, str]:
    """The English of every Italian text of the pages."""
    return read_toml(TABLE, {OTHERS: TEXT})


def translate(text: str, language: str) -> str:
    """A text of the pages in a language.

    >>> translate("Servizi", "en"), translate("Servizi", "it")
    ('Services', 'Servizi')
    """
    return english()[text] if language == "en" else text


@dataclass(frozen=True, slots=True)
class LocalizedText:
    """A text of the data, which may be of another language than its page.

    Attributes:
        value: the text.
        language: its language, "" where it has none.
        page: the language of the page.
    """

    value: str
    language: str = ""
    page: str = ""

    def __str__(self) -> str:
        return self.value

    def __bool__(self) -> bool:
        return bool(self.value)

    def __html__(self) -> str:
        """Escaped, marked with its language, and kept from turning its surroundings.

        >>> LocalizedText("<b>asilo</b>", "it", "en").__html__()
        Markup('<bdi lang="it">&lt;b&gt;asilo&lt;/b&gt;</bdi>')
        """
        foreign = self.language not in {"", self.page}
        if foreign:
            return Markup('<bdi lang="{}">{}</bdi>').format(self.language, self.value)
        if not BIDI.isdisjoint(self.value):
            return Markup("<bdi>{}</bdi>").format(self.value)
        return escape(self.value)


SWAPPED = str.maketrans(",.", ".,")


def number(value: str | float | Decimal, language: str) -> str:
    """A number as readers of a language write it.

    >>> number("12085.50", "it"), number("12085", "en"), number("0.3", "it")
    ('12.085,5', '12,085', '0,3')
    """
    try:
        decimal = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    plain = f"{decimal:,f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain.translate(SWAPPED) if language == "it" else plain


def words_of(text: str) -> list[str]:
    """The words that are looked for.

    >>> words_of('Nido "A"')
    ['nido', 'a']
    """
    return re.findall(r"\w+", text.casefold())


def has_words(words: str, *texts: str) -> bool:
    """Whether some texts have all the words that are looked for.

    >>> has_words("ni asi", "Asilo nido"), has_words("scuola", "Asilo nido")
    (True, False)
    """
    text = " ".join(texts).casefold()
    return all(word in text for word in words_of(words))
