"""The form's own words: labels of its sections, headers of its tables, words in its cells.

They are data (data/knowledge/), not code: another edition or municipality that prints a label
in another way needs a row there, with a reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, cast, get_args

from mappe_servizi.errors import InputError
from mappe_servizi.model.name_words import JOINING
from mappe_servizi.model.service_map import ManagementForm, Status, Unit
from mappe_servizi.model.tables import form as tables
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.form import Absent, Says
from mappe_servizi.model.text import fold, normal
from mappe_servizi.model.wording import Wording

_LONGEST_LABEL = 6  # words of a label of a heading
_LONGEST_PERIOD = 60
_BESIDE = re.compile(r"^\s*(?:\d{1,2}|[IVX]{1,4}|[A-Za-z])\s*[.)]\s*|\([^()]*\)\s*$")
_SHORT = 4  # letters of a word that has no end to leave out


@dataclass(frozen=True, slots=True)
class CellWord:
    """A word that a cell of figures may print instead of a number."""

    value: Decimal | None
    status: Status


@dataclass(frozen=True)
class Form:
    """The words of the form, by their normal form.

    Attributes:
        sections, headers, headings, management: the labels of labels.csv.
        stems: the sections by their labels without the ends of words and the question in brackets.
        absent: what it means where a sheet lacks a section.
        periods: patterns of headers that name a year.
        honorifics: titles and ranks, the longest first.
        cell_words, cell_units: what a cell of figures prints in place of or beside a number.
        estimate_words, estimate_signs: they say that a number is an estimate.
        leads: words that may stand before a number and say nothing of it.
        details: what a note that divides its number begins with.
        modifiers, signs, numeral: what beside a number would make it another one.
        other_units: units that no vocabulary has; a number of them is of no known unit.
        scales: words of a label or heading by which the numbers below it are others than printed.
        label_units: patterns of labels that name a unit.
        marks: what a mark in a form of management says.
        pages: patterns of what a page prints beside its text.
        written: what is written where a document says nothing, by its role.
        wording: the phrases that rules look for.
    """

    sections: dict[str, str] = field(default_factory=dict)
    stems: dict[str, str] = field(default_factory=dict)
    headers: frozenset[str] = frozenset()
    headings: dict[str, str] = field(default_factory=dict)
    absent: dict[str, Absent] = field(default_factory=dict)
    periods: tuple[re.Pattern[str], ...] = ()
    honorifics: tuple[str, ...] = ()
    management: dict[str, ManagementForm] = field(default_factory=dict)
    cell_words: dict[str, CellWord] = field(default_factory=dict)
    cell_units: dict[str, Unit] = field(default_factory=dict)
    estimate_words: frozenset[str] = frozenset()
    estimate_signs: frozenset[str] = frozenset()
    leads: frozenset[str] = frozenset()
    details: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()
    signs: frozenset[str] = frozenset()
    numeral: re.Pattern[str] = re.compile(r"(?!)")
    other_units: frozenset[str] = frozenset()
    scales: tuple[str, ...] = ()
    label_units: tuple[tuple[re.Pattern[str], Unit], ...] = ()
    marks: dict[str, Says] = field(default_factory=dict)
    pages: tuple[re.Pattern[str], ...] = ()
    written: dict[str, str] = field(default_factory=dict)
    wording: Wording = Wording()

    def section(self, text: str) -> str | None:
        """The section that a label opens, None if the text is no label."""
        return self.sections.get(normal(text)) or (self.stems.get(_stem(text)) if " " in text else None)

    def is_header(self, text: str) -> bool:
        """Whether a cell has only the words of a table's header."""
        return normal(text) in self.headers

    def heading(self, text: str) -> tuple[str, str] | None:
        """The role of the label that a text of a sheet's heading begins with, and what follows it."""
        words = text.split(" ")
        for count in range(min(len(words), _LONGEST_LABEL), 0, -1):
            role = self.headings.get(normal(" ".join(words[:count])))
            if role:
                return role, " ".join(words[count:]).lstrip(":-–— ")
        return None

    def year_of(self, text: str) -> int | None:
        """The year that a column's header names ("31/12/2018", "Anno 2018"), None if it is none."""
        if len(text) > _LONGEST_PERIOD:
            return None
        for pattern in self.periods:
            if found := pattern.match(fold(text).casefold()):
                told = found.groupdict()
                return int(told["year"]) if told.get("year") else 2000 + int(told["short"])
        return None

    def name_of(self, text: str) -> str:
        """A person's name without the titles and ranks before it, and as it is compared."""
        words = normal(text)
        while title := next((t for t in self.honorifics if words.startswith(f"{t} ")), None):
            words = words[len(title) :].lstrip()
        return words

    def cell_word(self, text: str) -> CellWord | None:
        """The word that a cell of figures prints instead of a number."""
        return self.cell_words.get(fold(text).casefold())

    def is_page(self, text: str) -> bool:
        """Whether a text is a page's number, which belongs to no section."""
        return any(pattern.search(fold(text)) for pattern in self.pages)

    def unit_of_label(self, label: str) -> Unit | None:
        """The unit that a row's label names at its beginning."""
        return next((unit for pattern, unit in self.label_units if pattern.search(fold(label))), None)

    def is_scaled(self, *headings: str) -> bool:
        """Whether a label or heading says that the numbers are printed in thousands, or per thousand."""
        said = "".join(f" {_scale(heading)} " for heading in headings)
        return any(f" {scale} " in said for scale in self.scales)

    def changes_number(self, note: str) -> bool:
        """Whether words beside a number make it another one: a scale, a fraction, a bound."""
        words = f" {normal(note)} "
        return (
            any(sign in note for sign in self.signs)
            or any(f" {modifier} " in words for modifier in self.modifiers)
            or any(len(word) < 60 and self.numeral.fullmatch(word) for word in words.split())
        )

    def other_unit(self, after: str) -> bool:
        """Whether the text after a number begins with a unit that no vocabulary has."""
        return not after.lstrip().startswith(("(", "[")) and normal(after).split(" ")[0] in self.other_units


def _scale(text: str) -> str:
    """A text in which the signs of a scale stand as words.

    >>> _scale("Importo (€/000)"), _scale("Spesa in K€"), _scale("valori x1.000")
    ('importo euro /000', 'spesa in k euro', 'valori x1 000')
    """
    signs = text.replace("€", " euro ").replace("\u00d7", " x ")
    return normal(re.sub(r"(?<!\d)[./,]\s*(?=0{3}\b)|\s*/\s*(?=\d)", " /", signs))


def _stem(label: str) -> str:
    """A label without its number, what tells one from many, what joins words, and the question behind it.

    >>> _stem("3. Contenuti dei servizi"), _stem("Contenuto del Servizio (che cosa erogo?)")
    ('contenut serviz', 'contenut serviz')
    """
    words = [word for word in normal(_BESIDE.sub("", label)).split() if word not in JOINING]
    return " ".join(word.rstrip("aeiou") if len(word) > _SHORT else word for word in words)


def _stems(sections: Mapping[str, str], labels: Iterable[str]) -> dict[str, str]:
    """The sections by their stems; what may be of two is of none.

    A sheet's title has none: that of the whole document is the same in another number.
    """
    roles: dict[str, set[str]] = {}
    for label in labels:
        roles.setdefault(_stem(label), set()).add(sections[normal(label)])
    return {stem: next(iter(found)) for stem, found in roles.items() if len(found) == 1 and found != {"map"}}


def load_form(knowledge: Path) -> Form:
    """Read the words of the form: the tables of data/knowledge that tell of it.

    Raises:
        InputError, InputErrors: what cannot be used.
    """
    found: dict[str, Any] = {
        **_labels(knowledge / tables.LABELS.file),
        **_figures(knowledge / tables.FIGURE_WORDS.file),
    }
    units = read_rows(tables.UNITS, knowledge / tables.UNITS.file)
    marks = read_rows(tables.MARKS, knowledge / tables.MARKS.file)
    pages = read_rows(tables.PAGES, knowledge / tables.PAGES.file)
    sections = read_rows(tables.SECTIONS, knowledge / tables.SECTIONS.file)
    periods = read_rows(tables.PERIODS, knowledge / tables.PERIODS.file)
    honorifics = read_rows(tables.HONORIFICS, knowledge / tables.HONORIFICS.file)
    found["absent"] = {row.section: row.absent for row in sections}
    found["periods"] = tuple(row.pattern for row in periods)
    found["honorifics"] = tuple(sorted({normal(row.text) for row in honorifics}, key=lambda t: (-len(t), t)))
    found["label_units"] = tuple((row.pattern, row.unit) for row in units)
    found["marks"] = {fold(row.mark).casefold(): row.says for row in marks}
    found["pages"] = tuple(row.pattern for row in pages)
    found["wording"] = Wording.load(knowledge)
    return Form(**found)


def _labels(path: Path) -> dict[str, Any]:
    sections: dict[str, str] = {}
    headers: set[str] = set()
    headings: dict[str, str] = {}
    management: dict[str, ManagementForm] = {}
    rows = read_rows(tables.LABELS, path)
    for row in rows:
        if row.use == "section":
            sections[normal(row.text)] = row.role
        elif row.use == "heading":
            headings[normal(row.text)] = row.role
        elif row.use == "form":
            management[normal(row.text)] = cast("ManagementForm", row.role)
        elif row.use == "header":
            headers.add(normal(row.text))
    return {
        "written": written_of(rows, path),
        "sections": sections,
        "stems": _stems(sections, (row.text for row in rows if row.use == "section")),
        "headers": frozenset(headers),
        "headings": headings,
        "management": management,
    }


def written_of(rows: Iterable[tables.LabelRow], path: Path) -> dict[str, str]:
    """What is written where a document says nothing, by its role.

    Raises:
        InputError: labels.csv, whose rows these are, does not say it for each.
    """
    written = {row.role: row.text for row in rows if row.use == "written"}
    if missing := ", ".join(sorted({*tables.LABEL_ROLES["written"]} - written.keys())):
        raise InputError(f"no row of the use 'written' has the role {missing}", file=path)
    return written


def _figures(path: Path) -> dict[str, Any]:
    """The words of figures.csv by their use."""
    words: dict[str, CellWord] = {}
    units: dict[str, Unit] = {}
    texts: dict[str, list[str]] = {use: [] for use in get_args(tables.TextUse)}
    for row in read_rows(tables.FIGURE_WORDS, path):
        if row.use == "word" and row.status:
            words[fold(row.text).casefold()] = CellWord(row.value, row.status)
        elif row.use == "unit" and row.unit:
            units[row.text.casefold()] = row.unit
        else:
            texts[row.use].append(row.text)
    of = {use: {word for text in found if (word := normal(text))} for use, found in texts.items()}
    signs = {use: frozenset(t for t in found if not normal(t)) for use, found in texts.items()}
    numeral, part = ("|".join(sorted(of[use])) for use in ("numeral", "numeral-part"))
    return {
        "cell_words": words,
        "cell_units": dict(sorted(units.items(), key=lambda unit: -len(unit[0]))),
        "estimate_words": frozenset(of["estimate"]),
        "estimate_signs": signs["estimate"],
        "leads": frozenset(of["lead"]),
        "details": tuple(sorted(of["detail"])),
        "modifiers": tuple(sorted(of["modifier"])),
        "signs": signs["modifier"] | signs["estimate"],
        "numeral": re.compile(f"(?:{part}|{numeral})*(?:{numeral})(?:{part}|{numeral})*"),
        "other_units": frozenset(of["other-unit"]),
        "scales": tuple(sorted(_scale(text) for text in texts["scale"])),
    }
