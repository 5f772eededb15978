"""The parts of an organisation's name, from which two spellings of it are seen to be one.

A name is a legal form, qualities (onlus, impresa sociale), a seat in brackets, and its core:
what is left, without articles and prepositions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mappe_servizi.model.name_words import JOINING, words
from mappe_servizi.providers.legal_forms import LegalForms, compatible

_BRACKETS = re.compile(r"\(([^()]*)\)")
_PROVINCE = re.compile(r"\s*[–—-]\s*[A-Z]{2}\s*$")


@dataclass(frozen=True, slots=True)
class Name:
    """A name and its parts.

    Attributes:
        printed: the name as printed.
        core: the words that tell it apart, in order, folded.
        code: its legal status as far as it is printed, "" where it is not.
        qualities: "onlus", "impresa sociale", ...
        seat: the town printed in brackets, "" where none is.
    """

    printed: str
    core: tuple[str, ...]
    code: str = ""
    qualities: tuple[str, ...] = ()
    seat: str = ""

    @property
    def acronym(self) -> str:
        """The initials of the core."""
        return "".join(word[0] for word in self.core)

    def same_as(self, other: Name) -> bool:
        """Whether the rule takes two names of one municipality for one organisation.

        The cores are equal, and neither the legal forms nor the printed seats contradict.
        """
        seats = {seat.casefold() for seat in (self.seat, other.seat) if seat}
        return (
            bool(self.core)
            and self.core == other.core
            and compatible(self.code, other.code)
            and len(seats) < 2
        )


def parse(printed: str, forms: LegalForms) -> Name:
    """Take a printed name apart.

    >>> from mappe_servizi.providers.legal_forms import LegalForm, LegalForms
    >>> forms = LegalForms([LegalForm(("coop", "soc"), "1430", ""), LegalForm(("onlus",), "", "onlus")])
    >>> name = parse("Coop. Soc. Sim-patia Onlus (Valmorea – CO)", forms)
    >>> name.core, name.code, name.qualities, name.seat
    (('sim', 'patia'), '1430', ('onlus',), 'Valmorea')
    """
    brackets = _BRACKETS.findall(printed)
    seat = _PROVINCE.sub("", brackets[-1]).strip() if brackets else ""
    text = words(_BRACKETS.sub(" ", printed))
    core, at, code, qualities = [], 0, "", []
    for start, end, form in forms.find(text):
        core += text[at:start]
        at = end
        code = max(code, form.code, key=len)
        qualities += [form.quality] if form.quality else []
    core += text[at:]
    kept = tuple(word for word in core if word not in JOINING)
    return Name(printed, kept or tuple(text), code, tuple(dict.fromkeys(qualities)), seat)


def mention_key(printed: str) -> str:
    """The key under which decisions are kept: the printed name without case, marks and spaces.

    >>> mention_key('Associazione "Il Girasole"') == mention_key("associazione  il girasole")
    True
    """
    return " ".join(words(printed))
