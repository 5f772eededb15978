"""The form's own words: labels of its sections, headers of its tables, words in its cells.

They are data (data/knowledge/), not code: another edition or municipality that prints a label
in another way needs a row there, with a reason.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

from mappe_servizi.errors import InputError
from mappe_servizi.maintained import read_rows
from mappe_servizi.records import ManagementForm, Status, Unit

_NOT_WORD = re.compile(r"[^a-z0-9/]+")


def normal(text: str) -> str:
    """A text for comparison: without case, accents, punctuation and doubled spaces.

    >>> normal("Criteri  di SEGMENTAZIONE (adottati?)")
    'criteri di segmentazione adottati'
    """
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return _NOT_WORD.sub(" ", plain).strip()


@dataclass(frozen=True, slots=True)
class CellWord:
    """A word that a cell of figures may print instead of a number."""

    value: Decimal | None
    status: Status


@dataclass(frozen=True)
class Form:
    """The words of the form, by their normal form."""

    sections: dict[str, str]
    headers: frozenset[str]
    management: dict[str, ManagementForm]
    cell_words: dict[str, CellWord]
    estimate_words: frozenset[str]
    cell_units: dict[str, Unit]
    label_units: tuple[tuple[re.Pattern[str], Unit], ...]

    def section(self, text: str) -> str | None:
        """The section that a label opens, None if the text is no label."""
        return self.sections.get(normal(text))

    def is_header(self, text: str) -> bool:
        """Whether a cell has only the words of a table's header."""
        return normal(text) in self.headers

    def unit_of_label(self, label: str) -> Unit | None:
        """The unit that a row's label names at its beginning."""
        return next((unit for pattern, unit in self.label_units if pattern.search(label)), None)


def load_form(directory: Path) -> Form:
    """Read data/knowledge/: labels.csv, figures.csv, units.csv.

    Raises:
        InputError: a file cannot be used.
    """
    sections: dict[str, str] = {}
    headers: set[str] = set()
    management: dict[str, ManagementForm] = {}
    path = directory / "labels.csv"
    for line, row in read_rows(path, ("use", "role", "text", "reason")):
        if row["use"] == "section":
            sections[normal(row["text"])] = row["role"]
        elif row["use"] == "form":
            management[normal(row["text"])] = one_of(ManagementForm, row["role"], path, line)
        else:
            headers.add(normal(row["text"]))
    words: dict[str, CellWord] = {}
    estimates: set[str] = set()
    units: dict[str, Unit] = {}
    path = directory / "figures.csv"
    for line, row in read_rows(path, ("use", "text", "value", "status", "unit", "reason")):
        if row["use"] == "word":
            value = Decimal(row["value"]) if row["value"] else None
            words[row["text"].casefold()] = CellWord(value, one_of(Status, row["status"], path, line))
        elif row["use"] == "estimate":
            estimates.add(normal(row["text"]))
        else:
            units[row["text"].casefold()] = one_of(Unit, row["unit"], path, line)
    path = directory / "units.csv"
    labels = [
        (re.compile(row["pattern"], re.IGNORECASE), one_of(Unit, row["unit"], path, line))
        for line, row in read_rows(path, ("pattern", "unit", "reason"))
    ]
    return Form(sections, frozenset(headers), management, words, frozenset(estimates), units, tuple(labels))


def one_of(choices: Any, text: str, path: Path, line: int) -> Any:
    """The text, if it is one of the choices of a Literal type.

    Raises:
        InputError: it is none of them.
    """
    if text not in get_args(choices):
        known = ", ".join(get_args(choices))
        raise InputError(f"{text!r} is none of {known}", file=path, line=line)
    return text
