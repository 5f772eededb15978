"""The pages' own words: Italian in the templates, English by the table ``english.toml``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup, escape

from mappe_servizi.model.maintained import OTHERS, TEXT, read_toml
from mappe_servizi.model.written import written_number

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


class LocalizedText(NamedTuple):
    """A text of the data, which may be of another language than its page. A page has hundreds of them.

    Attributes:
        value: the text.
        language: its language, "" where it has none.
        page: the language of the page.
    """

    value: str
    language: str = ""
    page: str = ""

    def beginning(self, most: int) -> LocalizedText:
        """Its first words, of so many characters at most."""
        words = self.value[: most + 1].rsplit(None, 1)[0].rstrip(".,;:- ")
        return self if len(self.value) <= most else self._replace(value=f"{words}…")

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
            return Markup(f'<bdi lang="{escape(self.language)}">{escape(self.value)}</bdi>')  # noqa: S704
        if not (self.value.isascii() or BIDI.isdisjoint(self.value)):
            return Markup(f"<bdi>{escape(self.value)}</bdi>")  # noqa: S704
        return escape(self.value)


SITE_NAME = "Mappe dei servizi"
LONGEST_TITLE = 70
"""Characters of a title that search engines show."""


def head_title(name: str, *within: object, kind: str = "", place: str = "") -> str:
    """A title that tells a page from all others: its name, then what it belongs to, as much as is shown.

    Args:
        name: of what the page shows; where it is too long its middle goes.
        within: what that belongs to.
        kind: what it is, for things of several kinds are called the same.
        place: its number among those of its kind, told where names are cut: these may have differed there.

    >>> head_title("Iscritti", "Asili nido", "Cremona", kind="utenti", place="3")
    'Iscritti (utenti) – Asili nido, Cremona'
    >>> head_title("Numero dei bambini che sono iscritti ogni anno", "Nidi d'infanzia", "Cremona", place="3")
    "Numero dei bambini…iscritti ogni anno (3) – Nidi d'infanzia, Cremona"
    """
    of = ", ".join(text for part in within if (text := str(part)))
    tail = f" ({kind})" if kind else ""
    if len(name) + len(tail) + len(of) + 3 > LONGEST_TITLE:
        both = " ".join(part for part in (kind, place) if part)
        told = both if len(both) <= LONGEST_TITLE // 3 else place or kind
        tail = f" ({without_middle(told, LONGEST_TITLE // 3)})" if told else ""
        of = without_middle(of, max(LONGEST_TITLE // 2, LONGEST_TITLE - len(name) - len(tail) - 3))
    end = f"{tail} – {of}" if of else tail
    return f"{without_middle(name, LONGEST_TITLE - len(end))}{end}"


def sentence(*parts: object) -> str:
    """What a page says of itself in one sentence, each part once.

    >>> sentence("Servizi", "Asili nido", "", "Asili nido", "Anagrafe")
    'Servizi, Asili nido, Anagrafe.'
    """
    return ", ".join(dict.fromkeys(text for part in parts if (text := str(part)))) + "."


def town_name(label: str) -> str:
    """A municipality as people call it.

    >>> town_name("Comune di Cremona"), town_name("Municipality of Cremona"), town_name("L'Aquila")
    ('Cremona', 'Cremona', "L'Aquila")
    """
    return re.sub(r"^(?:Comune di|Municipality of) ", "", label)


def with_part(title: str, part: str) -> str:
    """The title of a page of a long list, which is none of the others'.

    >>> with_part("Servizi – Mappe dei servizi", "pagina 2"), with_part("Servizi", "")
    ('Servizi – Mappe dei servizi (pagina 2)', 'Servizi')
    """
    tail = f" ({part})" if part else ""
    return f"{without_middle(title, LONGEST_TITLE - len(tail))}{tail}"


NAMED = 5
"""How many are named one by one where more would make a sentence of hundreds."""


def several(names: Sequence[str], language: str) -> str:
    """Some names in a row; of many the first ones, and how many more there are.

    >>> several(["Cremona", "Crema"], "it")
    'Cremona, Crema'
    >>> several([*"ABCDEFG"], "it"), several([*"ABCDEFG"], "en")
    ('A, B, C, D, E e altri 2', 'A, B, C, D, E and 2 others')
    """
    more = len(names) - NAMED
    named = ", ".join(names[:NAMED])
    if more < 1:
        return named
    if language == "it":
        return f"{named} e {'un altro' if more == 1 else f'altri {more}'}"
    return f"{named} and {'another' if more == 1 else f'{more} others'}"


def without_middle(text: str, most: int) -> str:
    """A text of so many characters at most.

    >>> without_middle("Numero di pasti", 9), without_middle("pasti", 9)
    ('Nume…asti', 'pasti')
    """
    if len(text) <= most:
        return text
    end = (most - 1) // 2
    return f"{text[: most - 1 - end].rstrip()}…{text[len(text) - end :].lstrip()}"


def number(value: str | float | Decimal, language: str) -> str:
    """A number as readers of a language write it.

    >>> number("12085.50", "it"), number("12085", "en"), number("0.3", "it")
    ('12.085,5', '12,085', '0,3')
    """
    try:
        decimal = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return str(value)
    return written_number(decimal, language)


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
