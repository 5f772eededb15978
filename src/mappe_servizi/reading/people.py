"""The officials by their names, however a sheet prints them (people.csv)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.municipality import PEOPLE, PersonRow
from mappe_servizi.model.text import normal
from mappe_servizi.reading.form import Form


@dataclass(frozen=True)
class People:
    """Who is who.

    Attributes:
        printed: canonical names (given name first) by the name as printed.
        names: the same by the words of a name, in whatever order, without case and accents.
    """

    printed: dict[str, str] = field(default_factory=dict)
    names: dict[tuple[str, ...], set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[PersonRow]) -> People:
        """Who people.csv knows."""
        people = cls()
        for row in rows:
            name = f"{row.given} {row.family}"
            people.printed[row.printed] = name
            for text in (row.printed, name):
                people.names.setdefault(_words(normal(text)), set()).add(name)
        return people

    def find(self, printed: str, form: Form) -> str | None:
        """The canonical name of who is printed, with or without titles; None where two could be meant."""
        if printed in self.printed:
            return self.printed[printed]
        for text in (normal(printed), form.name_of(printed)):
            found = self.names.get(_words(text), set())
            if len(found) == 1:
                return next(iter(found))
        return None


def assumed_name(printed: str, form: Form) -> str:
    """The name of an official whom people.csv does not know: without titles, its words as they stand.

    Names in capitals, or in small letters, are spelled as names are.
    """
    words = printed.split()
    least = len(form.name_of(printed).split())
    while len(words) > 1 and len(normal(" ".join(words[1:])).split()) >= least:
        words = words[1:]
    name = " ".join(words)
    return name.title() if name in {name.upper(), name.lower()} else name


def _words(text: str) -> tuple[str, ...]:
    return tuple(sorted(text.split()))


def load_people(directory: Path) -> People:
    """people.csv; a file that does not exist knows nobody."""
    return People.of(read_rows(PEOPLE, directory / PEOPLE.file))
