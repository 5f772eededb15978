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
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from typing import Any, TypeVar

from mappe_servizi.model.records import Document, Figure, Municipality, Text
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
    municipality = _municipality(original.municipality, ipa, number, rename)
    factor = Decimal(str(round(rng.uniform(0.2, 5.0), 2)))
    maps = tuple(_changed(m, rename, factor) for m in original.maps)
    document = replace(
        original,
        municipality=municipality,
        areas=_changed(original.areas, rename, factor),
        entries=_changed(original.entries, rename, factor),
        maps=maps,
        lines=(),
        ledger=(),
        sha256=hashlib.sha256(f"{seed}/{number}".encode()).hexdigest(),
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
        for name in sorted((m.responsible.name for m in self.original.maps), key=lambda n: n.printed):
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
        return {"Cremona": town_name(number), "CREMONA": town_name(number).upper()}


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
    """Exchanges whole names, the longest first, wherever they stand."""
    ordered = sorted(names, key=len, reverse=True)
    pattern = re.compile("|".join(rf"(?<![\w.]){re.escape(name)}(?!\w)" for name in ordered))
    return lambda text: pattern.sub(lambda match: names[match[0]], text)


def _municipality(
    original: Municipality, ipa: str, number: int, rename: Callable[[str], str]
) -> Municipality:
    istat = f"9{number:05}"
    settings = {
        **original.settings,
        "ipa": ipa,
        "istat": istat,
        "synthetic": True,
        "status": "synthetic data: no such municipality exists",
        "city": f"https://example.org/synthetic/city/{istat}",
        "territory": f"https://example.org/synthetic/city/{istat}",
    }
    name = f"Comune sintetico di {town_name(number)}"
    return replace(
        original, ipa=ipa, istat=istat, name=name, document_title="Documento sintetico", settings=settings
    )


def _changed(value: T, rename: Callable[[str], str], factor: Decimal) -> T:
    """A record with its names exchanged and its figures scaled, all through."""
    if isinstance(value, Text):
        corrected = None if value.corrected is None else rename(value.corrected)
        parts = tuple(rename(part) for part in value.parts)
        return replace(value, printed=rename(value.printed), parts=parts, corrected=corrected)
    if isinstance(value, Figure):
        return _scaled(value, factor)  # type: ignore[return-value]
    if isinstance(value, tuple):
        return tuple(_changed(item, rename, factor) for item in value)  # type: ignore[return-value]
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **_new_fields(value, rename, factor))
    return value


def _new_fields(value: object, rename: Callable[[str], str], factor: Decimal) -> dict[str, Any]:
    found = {}
    for item in fields(value):  # type: ignore[arg-type]
        old = getattr(value, item.name)
        if is_dataclass(old) or (isinstance(old, tuple) and old and is_dataclass(old[0])):
            found[item.name] = _changed(old, rename, factor)
    return found


def _scaled(figure: Figure, factor: Decimal) -> Figure:
    """A figure of a plain number, scaled; one with words, a unit or no number stays as it is."""
    if figure.value is None or figure.note or figure.unit or not re.fullmatch(r"[\d.,]+", figure.raw):
        return figure
    value = (figure.value * factor).quantize(
        Decimal(1) if figure.value == int(figure.value) else figure.value
    )
    return replace(figure, value=value, raw=str(value).replace(".", ","))
