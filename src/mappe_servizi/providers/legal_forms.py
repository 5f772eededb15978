"""Legal forms and qualities as names print them ("Soc. Coop. Sociale", "s.c.s.", "Onlus").

The printed forms are data (data/knowledge/legal-forms.csv); the codes are those of the national
vocabulary of legal statuses (w3id.org/italia/controlled-vocabulary/
classifications-for-organizations/legal-status). A form that leaves the code open ("Associazione":
recognised or not) has none; "Coop." has the broader code 14, of which 1430 is one kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mappe_servizi.model.name_words import words
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.knowledge import LEGAL_FORMS

_SHORT = 6
"""Letters of a form's longest abbreviation."""
GROUPING = "1530"
"""Code of temporary associations and groupings of enterprises (ATI, RTI)."""


@dataclass(frozen=True, slots=True)
class LegalForm:
    """A printed form: its words (folded), the code it stands for and the quality it states."""

    words: tuple[str, ...]
    code: str
    quality: str
    printed: str = ""


def _is_abbreviation(form: LegalForm) -> bool:
    return len(form.words) == 1 and len(form.words[0]) <= _SHORT


class LegalForms:
    """The table of printed forms; the longest form that fits wins.

    Attributes:
        nouns: the words that full forms begin with ("cooperativa", "fondazione").
        abbreviations: forms of one short word ("spa").
    """

    def __init__(self, forms: Sequence[LegalForm]) -> None:
        self._by_first: dict[str, list[LegalForm]] = {}
        self.nouns = frozenset(
            form.printed.split()[0] for form in forms if len(form.words[0]) > _SHORT and form.printed
        )
        self.abbreviations = frozenset(form.words[0] for form in forms if _is_abbreviation(form))
        for form in sorted(forms, key=lambda f: -len(f.words)):
            self._by_first.setdefault(form.words[0], []).append(form)

    @classmethod
    def load(cls, path: Path) -> LegalForms:
        """Read legal-forms.csv.

        Raises:
            InputError, InputErrors: it cannot be used.
        """
        rows = read_rows(LEGAL_FORMS, path)
        return cls([LegalForm(tuple(words(row.printed)), row.code, row.quality, row.printed) for row in rows])

    def find(self, name: Sequence[str]) -> Iterator[tuple[int, int, LegalForm]]:
        """The forms in the words of a name: first word, word after the last, form."""
        at = 0
        while at < len(name):
            form = self._at(name, at)
            if form is None:
                at += 1
            else:
                yield at, at + len(form.words), form
                at += len(form.words)

    def _at(self, name: Sequence[str], at: int) -> LegalForm | None:
        candidates = self._by_first.get(name[at], ())
        return next((f for f in candidates if tuple(name[at : at + len(f.words)]) == f.words), None)


def compatible(one: str, other: str) -> bool:
    """Whether two codes can be of one organisation: one is open, or broader than the other.

    >>> compatible("14", "1430"), compatible("", "1720"), compatible("1430", "1720")
    (True, True, False)
    """
    return one.startswith(other) or other.startswith(one)
