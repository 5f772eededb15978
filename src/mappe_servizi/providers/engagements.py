"""What the notes of the structures tables say: activities and the instruments they are done under.

A note is a list of activities followed by the instrument in brackets, perhaps several times:
"CDD (Project ASCS), RSD (compartecipazione comunale per servizio accreditato)". Each instrument
belongs to the activities before it and to no other, so that no false combination arises. The
known activities and instruments are data (activities.csv, instruments.csv).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mappe_servizi.model.name_words import words
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.knowledge import ACTIVITIES, INSTRUMENTS
from mappe_servizi.model.wording import Wording
from mappe_servizi.providers.addresses import any_of
from mappe_servizi.providers.legal_forms import LegalForms
from mappe_servizi.providers.model import Activity, Terms

_BRACKETED = re.compile(r"([^()]*)(?:\(([^()]*)\)?)?")


@dataclass(frozen=True, slots=True)
class Concept:
    """A known activity or instrument with its labels."""

    code: str
    label: str
    label_en: str


class Vocabulary:
    """The known activities and instruments, and where they stand in a text."""

    def __init__(
        self,
        activities: Sequence[tuple[Concept, Sequence[str]]],
        instruments: Sequence[tuple[Concept, re.Pattern[str]]],
        wording: Wording,
        forms: LegalForms,
    ) -> None:
        self.activities = {concept.code: concept for concept, _ in activities}
        self.instruments = {concept.code: concept for concept, _ in instruments}
        printings = [(form, concept.code) for concept, printed in activities for form in printed]
        printings.sort(key=lambda item: -len(item[0]))
        self._code_of = {form.casefold(): code for form, code in printings}
        self._activity = re.compile(rf"(?<!\w)(?:{any_of([form for form, _ in printings])})(?!\w)", re.I)
        self._means = re.compile(rf"(?P<what>.*?)\s+{wording['means']}\s+(?P<means>.*)", re.S)
        self._purpose = re.compile(
            rf"\bper (?:la |l['’])(?P<means>{wording['purpose']}) "
            r"(?P<what>(?:del|dei|degli|della|delle|dell['’]) ?.*)$",
            re.S,
        )
        nouns = any_of([noun.capitalize() for noun in forms.nouns])
        self._organisation = re.compile(
            rf"\b(?=[A-Z])(?:{nouns}|{wording['public-body']})(?:\s(?:d[aei]l?l?[aeio]?\s)?[A-Z][\w'’]*)+"
        )
        self._instruments = [(pattern, concept.code) for concept, pattern in instruments]

    @classmethod
    def load(cls, directory: Path, forms: LegalForms) -> Vocabulary:
        """Read activities.csv, instruments.csv and phrases.csv of data/knowledge.

        Raises:
            InputError, InputErrors: a column is missing, or a pattern is no regular expression.
        """
        activities = [
            (Concept(row.code, row.label, row.label_en), row.printed)
            for row in read_rows(ACTIVITIES, directory / ACTIVITIES.file)
        ]
        instruments = [
            (Concept(row.code, row.label, row.label_en), row.pattern)
            for row in read_rows(INSTRUMENTS, directory / INSTRUMENTS.file)
        ]
        return cls(activities, instruments, Wording.load(directory), forms)

    def activity(self, printed: str) -> Activity:
        """A printed activity with the code of the first known one in it."""
        found = self._activity.search(printed)
        return Activity(printed, self._code_of[found[0].casefold()] if found else "")

    def activities_in(self, text: str) -> list[Activity]:
        """Every known activity that a running text names, in order."""
        return [Activity(m[0], self._code_of[m[0].casefold()]) for m in self._activity.finditer(text)]

    def purpose_of(self, text: str) -> tuple[str, str] | None:
        """What a grouping is for and by which engagement, None where a text does not say so."""
        found = self._purpose.search(text)
        return (found["what"], found["means"]) if found else None

    def means_of(self, text: str) -> tuple[str, str] | None:
        """What is done and the instrument that it is done by, None where a text does not say so."""
        found = self._means.fullmatch(text)
        return (found["what"], found["means"]) if found else None

    def organisations_in(self, text: str) -> Iterator[str]:
        """The names in a text that begin with a legal form or a kind of administration."""
        return (found[0] for found in self._organisation.finditer(text))

    def instruments_in(self, text: str) -> tuple[str, ...]:
        """The codes of the instruments that a text names, in the order it names them."""
        found = [
            (match.start(), code) for pattern, code in self._instruments if (match := pattern.search(text))
        ]
        return tuple(code for _, code in sorted(found))


def parse_terms(note: str, vocabulary: Vocabulary, known: Iterable[str] = ()) -> list[Terms]:
    """Take a note apart.

    Args:
        known: names (``mention_key``) that are organisations wherever they stand in an instrument.
    """
    names = [key.split() for key in known]
    names.sort(key=len, reverse=True)
    terms = []
    for outside, bracket in _groups(note):
        activities, means = _activities(outside, vocabulary)
        instrument = "; ".join(filter(None, (means, bracket)))
        if activities or instrument:
            codes = vocabulary.instruments_in(instrument)
            terms.append(
                Terms(tuple(activities), instrument, codes, tuple(_named(instrument, names, vocabulary)))
            )
    return terms


def _groups(note: str) -> Iterator[tuple[str, str]]:
    """The text before each bracket and the text in it; a bracket that is not closed runs to the end."""
    for match in _BRACKETED.finditer(note):
        outside, bracket = match[1].strip(" ,;-–"), (match[2] or "").strip()
        if outside or bracket:
            yield outside, bracket


def _activities(outside: str, vocabulary: Vocabulary) -> tuple[list[Activity], str]:
    if purpose := vocabulary.purpose_of(outside):
        what, means = purpose
        return vocabulary.activities_in(what) or [Activity(what, "")], means
    outside, means = vocabulary.means_of(outside) or (outside, "")
    chunks = (chunk.strip() for chunk in outside.split(","))
    return [vocabulary.activity(chunk) for chunk in chunks if chunk], means


def _named(text: str, names: Sequence[Sequence[str]], vocabulary: Vocabulary) -> Iterator[str]:
    """The organisations that an instrument's text names, each once."""
    folded, seen, at = words(text), set[str](), 0
    while at < len(folded):
        name = next((n for n in names if folded[at : at + len(n)] == n), None)
        if name is None:
            at += 1
        else:
            at += len(name)
            if " ".join(name) not in seen:
                seen.add(" ".join(name))
                yield " ".join(name)
    for found in vocabulary.organisations_in(text):
        key = " ".join(words(found))
        if not any(key in other or other in key for other in seen):
            seen.add(key)
            yield found
