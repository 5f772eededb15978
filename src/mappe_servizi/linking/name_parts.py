"""What is written in many ways and means one thing: legal forms, qualities, usual words.

Data: ``legal-forms.csv`` (printed, code, quality, note) and ``spellings.csv`` (printed, read, note).
The longest phrase wins; articles and prepositions do not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import get_args

from rapidfuzz import process
from rapidfuzz.distance import OSA

from mappe_servizi.linking.tokens import tokens
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.knowledge import LEGAL_FORMS, FormSays
from mappe_servizi.model.tables.linking import SPELLINGS

LONG, LONGER = 6, 12
"""Words of so many letters are mended if one letter is wrong, lost, doubled or swapped; longer ones, two."""
KEPT = 50_000
"""Words of which it is kept how they are mended: strangers send names too."""


Row = tuple[tuple[str, ...], tuple[str, ...], str]
"""Words, what is read for them, and the form that they are ("" for none)."""


@dataclass(frozen=True, slots=True)
class NameParts:
    """Phrases by their first word, longest first: usual words first, then forms in these words.

    Attributes:
        long: words of all phrases that are long enough to be mended, by their first letter.
        open: qualities, and forms that leave open which: bodies of all kinds print them.
        associations: forms of associations; ``sport`` are those of amateur sport.
    """

    spellings: Mapping[str, Sequence[Row]]
    forms: Mapping[str, Sequence[Row]]
    long: Mapping[str, Sequence[str]] = field(default_factory=dict)
    open: frozenset[str] = frozenset()
    associations: frozenset[str] = frozenset()
    sport: frozenset[str] = frozenset()
    _mended: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[tuple[Sequence[str], Sequence[str], str]]) -> NameParts:
        """Made of rows of words, words read, and form."""
        found = [(tuple(words), tuple(read), form) for words, read, form in rows if words]
        spellings = _by_first(row for row in found if not row[2])
        # A form is printed in usual spellings too ("assoc. di volont.").
        forms = [row for row in found if row[2]]
        forms += [(tuple(_replaced(spellings, row[0])[0]), row[1], row[2]) for row in forms]
        long: dict[str, list[str]] = {}
        # An abbreviation is no word that another is a misprint of.
        whole = {word for phrase, read, _ in (*found, *forms) for word in (*phrase, *read)}
        short = {words[0] for words, _, form in found if not form and len(words) == 1}
        for word in sorted(whole - short):
            if len(word) >= LONG:
                long.setdefault(word[0], []).append(word)
        return cls(spellings, _by_first(forms), long)

    @classmethod
    def load(cls, directory: Path) -> NameParts:
        """Read both tables.

        Raises:
            InputError: a table's columns are others, or a value is missing.
        """
        spelt = read_rows(SPELLINGS, directory / SPELLINGS.file)
        plain = [(tokens(row.printed), tokens(row.read), "") for row in spelt]
        words = cls.of(plain)
        rows: list[tuple[Sequence[str], Sequence[str], str]] = [*plain]
        said: dict[str, set[str]] = {one: set() for one in get_args(FormSays)}
        for row in read_rows(LEGAL_FORMS, directory / LEGAL_FORMS.file):
            printed = tokens(row.printed)
            form = row.quality or row.code or " ".join(words.read(printed)[0])
            rows.append((printed, [], form))
            for what in row.says:
                said[what].add(form)
        opened, associations, sport = (frozenset(said[one]) for one in ("open", "association", "sport"))
        return replace(cls.of(rows), open=opened, associations=associations, sport=sport)

    def mended(self, words: Sequence[str]) -> list[str]:
        """The words with misprints of the phrases' long words mended, and broken ones joined.

        >>> parts = NameParts.of([(["associazione", "volontariato"], [], "odv")])
        >>> parts.mended(["asociazione", "vo", "lontariato"])
        ['associazione', 'volontariato']
        """
        found: list[str] = []
        for word in words:
            if found and self._is_long(joined := found[-1] + word) and not self._is_long(found[-1]):
                found[-1] = joined
            else:
                found.append(self._mend(word))
        return found

    def _is_long(self, word: str) -> bool:
        return word in self.long.get(word[0], ())

    def _mend(self, word: str) -> str:
        known = self.long.get(word[0], ())
        if len(word) < LONG or word in known:
            return word
        if word not in self._mended:
            if len(self._mended) >= KEPT:
                self._mended.clear()
            wrong = 2 if len(word) >= LONGER else 1
            like = process.extractOne(word, known, scorer=OSA.distance, score_cutoff=wrong)
            self._mended[word] = like[0] if like else word
        return self._mended[word]

    def read(self, words: Sequence[str]) -> tuple[list[str], list[str]]:
        """The words with phrases replaced, and the forms among them.

        >>> parts = NameParts.of([(["coop", "soc"], [], "1430"), (["assoc"], ["associazione"], "")])
        >>> parts.read(["assoc", "amici", "coop", "soc"])
        (['associazione', 'amici'], ['1430'])
        """
        return _replaced(self.forms, _replaced(self.spellings, words)[0])


def _by_first(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[0][0], []).append(row)
    return {first: sorted(group, key=lambda row: -len(row[0])) for first, group in found.items()}


def _replaced(by_first: Mapping[str, Sequence[Row]], words: Sequence[str]) -> tuple[list[str], list[str]]:
    """The words with the longest phrase at each place replaced, and the forms among them."""
    kept: list[str] = []
    forms: list[str] = []
    at = 0
    while at < len(words):
        for phrase, read, form in by_first.get(words[at], ()):
            if tuple(words[at : at + len(phrase)]) == phrase:
                kept += read
                forms += [form] if form else []
                at += len(phrase)
                break
        else:
            kept.append(words[at])
            at += 1
    return kept, forms
