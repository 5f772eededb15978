"""A synthetic municipality: a real one's maps with other names and figures in them.

What the maps say keeps its shape, so that queries and checks meet realistic data; who delivers,
who is responsible, where, and how much are all exchanged. Organisations are drawn from a pool
that the municipalities share, each spelled with the noise of ``noise.py``; who is who is the
truth that linkage is measured against.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar

from mappe_servizi.model.identifiers import slugify
from mappe_servizi.model.records import Document, Municipality
from mappe_servizi.model.service_map import Figure, Indicator, Text
from mappe_servizi.providers.names import mention_key
from mappe_servizi.providers.rules import Rules
from mappe_servizi.synthesize.noise import noisy
from mappe_servizi.synthesize.organizations import Organization
from mappe_servizi.synthesize.words import FIRST_NAMES, SURNAMES

PREFIX = "syn_"
"""IPA codes that begin with it are synthetic; no real code has an underscore in fourth place."""
T = TypeVar("T")
Truth = tuple[str, str, str]
"""Municipality, printed name, identifier of the organisation."""


@dataclass(frozen=True, slots=True)
class Synthetic:
    """A synthetic municipality.

    Attributes:
        rename: exchanges the names in any text of the original, the curated tables' too.
        truth: which organisation each printed name is.
    """

    document: Document
    rename: Callable[[str], str]
    truth: tuple[Truth, ...]


def synthesize(
    original: Document, rules: Rules, pool: list[Organization], number: int, seed: int
) -> Synthetic:
    """Make one synthetic municipality; the same arguments always make the same one."""
    rng = random.Random(f"{seed}/{number}")  # noqa: S311 - reproducible, not secret
    ipa = f"{PREFIX}{number:05}"
    names = _Names(original, rules, rng)
    organizations = names.organizations(pool)
    rename = _renamer({**organizations.names, **names.people(), **names.town(number)})
    changed = _Changed(rename, rng.randint(2, 9))
    maps = tuple(changed.record(m) for m in original.maps)
    lines = changed.lines(original)
    document = replace(
        original,
        municipality=_municipality(original.municipality, ipa, number),
        areas=changed.record(original.areas),
        entries=changed.record(original.entries),
        maps=maps,
        corrections=tuple(_renamed(correction, rename) for correction in original.corrections),
        lines=lines,
        sha256=hashlib.sha256("\n".join(lines).encode()).hexdigest(),
        file="documento-sintetico.txt",
        redactions=(),
    )
    truth = tuple((ipa, printed, identifier) for printed, identifier in organizations.truth)
    return Synthetic(document, rename, truth)


@dataclass(frozen=True, slots=True)
class _Drawn:
    names: dict[str, str]
    truth: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Names:
    original: Document
    rules: Rules
    rng: random.Random

    def organizations(self, pool: list[Organization]) -> _Drawn:
        """An organisation of the pool for each provider, spelled anew for each of its spellings."""
        ipa = self.original.municipality.ipa
        spellings = [(printed, slug) for i, printed, slug in self.rules.registry.spellings if i == ipa]
        slugs = list(dict.fromkeys(slug for _, slug in spellings))
        drawn = dict(zip(slugs, self.rng.sample(pool, len(slugs)), strict=True))
        names, truth, used = {}, [], set[str]()
        for printed, slug in spellings:
            names[printed] = self._spelling(drawn[slug], used)
            truth.append((names[printed], drawn[slug].identifier))
        return _Drawn(names, tuple(truth))

    def _spelling(self, organization: Organization, used: set[str]) -> str:
        """A noisy name that the reading rules take for an organisation's, and that no other has."""
        for attempt in range(50):
            name = organization.name if attempt > 40 else noisy(organization, self.rng)[0]
            plain = not re.search(r",| e (?=[A-Z\"])|\bda\b", name)
            kind = self.rules.types.of_name(name)
            if plain and kind is None and mention_key(name) not in used:
                break
        else:
            name = f"Associazione {organization.identifier}"
        used.add(mention_key(name))
        return name

    def people(self) -> dict[str, str]:
        """Other names for the officials, in each order and case that theirs are printed in."""
        names: dict[str, str] = {}
        new: dict[str, tuple[str, str]] = {}
        for name in sorted(
            (m.responsible.name for m in self.original.maps if m.responsible), key=lambda n: n.printed
        ):
            given, family = new.setdefault(
                name.value, (self.rng.choice(FIRST_NAMES), self.rng.choice(SURNAMES))
            )
            names[name.printed] = (
                f"{family} {given}".upper() if name.printed.isupper() else f"{family} {given}"
            )
            if name.corrected is not None:
                names[name.corrected] = f"{given} {family}"
        return names

    def town(self, number: int) -> dict[str, str]:
        """The name of the town."""
        of = self.original.municipality
        printed = str(of.settings.get("city", of.name))
        return {printed: town_name(number), printed.upper(): town_name(number).upper()}


def town_name(number: int) -> str:
    """A town's name, of letters alone as towns' names are.

    >>> town_name(1), town_name(28)
    ('Sinteticab', 'Sinteticabc')
    """
    letters = ""
    while number:
        number, digit = divmod(number, 26)
        letters = "abcdefghijklmnopqrstuvwxyz"[digit] + letters
    return f"Sintetica{letters}"


def _renamer(names: Mapping[str, str]) -> Callable[[str], str]:
    """Exchanges whole names, the longest first, wherever they stand, and in slugs.

    >>> _renamer({"Il Ponte": "La Rete"})("Coop. Il Ponte, cooperativa-il-ponte")
    'Coop. La Rete, cooperativa-la-rete'
    """
    slugs = {slugify(old): slugify(new) for old, new in names.items()}
    known = slugs | dict(names)
    ordered = sorted(known, key=len, reverse=True)
    pattern = re.compile("|".join(rf"(?<![\w.]){re.escape(name)}(?!\w)" for name in ordered))
    return lambda text: pattern.sub(lambda match: known[match[0]], text)


def _municipality(original: Municipality, ipa: str, number: int) -> Municipality:
    name = f"Comune sintetico di {town_name(number)}"
    return replace(original, ipa=ipa, istat=f"9{number:05}", name=name, document_title="Documento sintetico")


@dataclass(frozen=True, slots=True)
class _Changed:
    """Records with other names, and with figures that are a multiple of what they were.

    The factor is whole, so that what added up adds up.
    """

    rename: Callable[[str], str]
    factor: int

    def record(self, value: T) -> T:
        """A record with its names exchanged and its figures scaled, all through."""
        if isinstance(value, Text):
            return _renamed(value, self.rename)
        if isinstance(value, Indicator):
            row = replace(value, **self._fields(value))
            return row if _corrected(value) else replace(row, figures=tuple(map(self._scaled, value.figures)))
        if isinstance(value, tuple):
            return tuple(map(self.record, value))  # type: ignore[return-value]
        if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **self._fields(value))
        return value

    def lines(self, document: Document) -> tuple[str, ...]:
        """The document's lines with the same changes: a figure is a cell of its row."""
        lines = [self.rename(line) for line in document.lines]
        for row in (i for m in document.maps for i in m.indicators if not _corrected(i)):
            for n in row.lines:
                figures = (f for f in row.figures if n in f.lines)
                lines[n - 1] = _with_cells(lines[n - 1], [(f.raw, self._scaled(f).raw) for f in figures])
        return tuple(lines)

    def _fields(self, value: object) -> dict[str, Any]:
        found = {}
        for item in fields(value):  # type: ignore[arg-type]
            old = getattr(value, item.name)
            if is_dataclass(old) or (isinstance(old, tuple) and old and is_dataclass(old[0])):
                found[item.name] = self.record(old)
        return found

    def _scaled(self, figure: Figure) -> Figure:
        """A figure of a plain number, scaled; one with words, a unit or no number stays as it is."""
        if figure.value is None or figure.note or figure.unit or not re.fullmatch(r"[\d.,]+", figure.raw):
            return figure
        value = figure.value * self.factor
        return replace(figure, value=value, raw=format(value, "f").replace(".", ","))


def _corrected(row: Indicator) -> bool:
    """Whether corrections quote what the row prints: its figures stay as they are."""
    return bool(row.corrections) or any(figure.corrections for figure in row.figures)


def _with_cells(line: str, exchanged: Sequence[tuple[str, str]]) -> str:
    r"""A row's line with other texts in its cells, which stand in this order behind the label.

    >>> _with_cells("nascite\t2\t4\tn.d.", [("2", "4"), ("4", "8"), ("n.d.", "n.d.")])
    'nascite\t4\t8\tn.d.'
    """
    cells = line.split("\t")
    place = 1
    for old, new in exchanged:
        found = next((i for i in range(place, len(cells)) if cells[i].strip() == old), None)
        if found is not None:
            cells[found], place = new, found + 1
    return "\t".join(cells)


def _renamed(value: T, rename: Callable[[str], str]) -> T:
    """A record with the names exchanged in each of its own texts."""
    changed: dict[str, Any] = {}
    for item in fields(value):  # type: ignore[arg-type]
        old = getattr(value, item.name)
        if isinstance(old, str):
            changed[item.name] = rename(old)
        elif isinstance(old, tuple) and old and isinstance(old[0], str):
            changed[item.name] = tuple(map(rename, old))
    return replace(value, **changed)  # type: ignore[type-var]
