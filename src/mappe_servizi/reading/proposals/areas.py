"""What an area is called in English: by the usual parts of a municipality that its name lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mappe_servizi.model.name_words import JOINING, words
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.proposals import AREA_NAMES, TITLE_WORDS
from mappe_servizi.reading.proposals.evidence import Rule

USUAL: Final = Rule("areas", "usual", "its name lists usual parts of a municipality")
SOME: Final = Rule("areas", "rest", "its name has, among others, words of a usual part of a municipality")
_HEADS: Final = frozenset({"area", "settore", "direzione", "ripartizione", "dipartimento", "relativi"})
"""What a part of the administration is, beside the words that tell no service."""


@dataclass(frozen=True, slots=True)
class AreaNames:
    """The usual parts, by their words, the longest first; and words that tell none."""

    parts: Mapping[tuple[str, ...], str]
    empty: frozenset[str]

    @classmethod
    def load(cls, knowledge: Path) -> AreaNames:
        """What is known for every municipality.

        Raises:
            InputError, InputErrors: a cell cannot be used.
        """
        empty = {row.word for row in read_rows(TITLE_WORDS, knowledge / TITLE_WORDS.file)}
        rows = read_rows(AREA_NAMES, knowledge / AREA_NAMES.file)
        named = {tuple(words(text)): row.label_en for row in rows for text in row.words}
        parts = dict(sorted(named.items(), key=lambda item: -len(item[0])))
        return cls(parts, frozenset(JOINING | _HEADS | {word for text in empty for word in words(text)}))

    def english(self, label: str) -> tuple[str, Rule] | None:
        """The name in English and its rule; None where no word of the label is one of a usual part."""
        found = list(self._found(words(label)))
        named = list(dict.fromkeys(name for name in found if name))
        if not named:
            return None
        rule = SOME if "" in found else USUAL
        return _listed(named), rule

    def _found(self, rest: list[str]) -> Iterator[str]:
        """The English name of each part in the order of the label; "" for a word that is of none."""
        while rest:
            part = next((part for part in self.parts if tuple(rest[: len(part)]) == part), None)
            if part is None and rest[0] not in self.empty:
                yield ""
            elif part is not None:
                yield self.parts[part]
            rest = rest[len(part) if part else 1 :]


def _listed(names: list[str]) -> str:
    """Names as a list in English, the first with its capital.

    >>> _listed(["Environment", "Waste", "Green areas"])
    'Environment, waste and green areas'
    """
    first, *others = names
    rest = [name[0].lower() + name[1:] for name in others]
    return f"{', '.join([first, *rest[:-1]])} and {rest[-1]}" if rest else first
