"""Synthetic organisations with realistic Italian names, reproducible from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from mappe_servizi.synthesize.words import (
    EVOCATIVE,
    FIRST_NAMES,
    FORMER_TOWNS,
    HOUSES,
    NETWORKS,
    SAINTS,
    SECOND,
    SPORTS,
    SURNAMES,
    TOWNS,
)

KINDS = {"cooperative": 34, "foundation": 18, "association": 18, "network": 10, "sport": 6, "company": 8,
         "consortium": 3, "parish": 3}  # fmt: skip
"""How many of a hundred organisations are of each kind."""
SAME_NAME = 0.06
"""Share of organisations that bear the name of another one in a different town."""
FORMS = {
    "cooperative": ("Società Cooperativa Sociale", "1430"),
    "foundation": ("Fondazione", "1720"),
    "association": ("Associazione", ""),
    "network": ("", ""),
    "sport": ("ASD", ""),
    "company": ("s.r.l.", "1320"),
    "consortium": ("Consorzio", "1510"),
    "parish": ("Parrocchia", ""),
}
ALL_TOWNS = [*TOWNS, *FORMER_TOWNS]


@dataclass(frozen=True, slots=True)
class Organization:
    """A synthetic organisation.

    Attributes:
        identifier: what tells it apart; it says that it is synthetic.
        core: its name without legal form.
        form, code: its legal form, and the code of the national vocabulary ("" where open).
        quality: "Onlus", "Impresa Sociale" or "".
        town: its seat.
    """

    identifier: str
    kind: str
    core: str
    form: str
    code: str
    quality: str
    town: str

    @property
    def name(self) -> str:
        """The full name, as a register has it."""
        after = self.kind in ("cooperative", "company")
        parts = [self.core, self.form] if after else [self.form, self.core]
        return " ".join(filter(None, [*parts, self.quality]))


def organizations(count: int, seed: int) -> list[Organization]:
    """Distinct organisations: no two have the same name, kind and town.

    >>> organizations(3, seed=1) == organizations(3, seed=1)
    True
    """
    return list(_distinct(count, random.Random(seed)))  # noqa: S311 - reproducible, not secret


def _distinct(count: int, rng: random.Random) -> Iterator[Organization]:
    seen: set[tuple[str, str, str]] = set()
    made: list[Organization] = []
    while len(made) < count:
        twin = rng.choice(made) if made and rng.random() < SAME_NAME else None
        kind = twin.kind if twin else rng.choices(list(KINDS), list(KINDS.values()))[0]
        town = rng.choice(ALL_TOWNS)
        core = twin.core if twin else _core(kind, town, rng)
        if (twin and twin.kind == "network") or (kind, core, town) in seen:
            continue
        if twin and twin.town == town:
            continue
        seen.add((kind, core, town))
        form, code = FORMS[kind]
        organization = Organization(f"syn-{len(made):05}", kind, core, form, code, _quality(kind, rng), town)
        made.append(organization)
        yield organization


def _quality(kind: str, rng: random.Random) -> str:
    if kind in ("cooperative", "foundation", "association") and rng.random() < 0.35:
        return "Onlus"
    return "Impresa Sociale" if kind == "cooperative" and rng.random() < 0.1 else ""


def _core(kind: str, town: str, rng: random.Random) -> str:
    if kind == "foundation":
        return _foundation(town, rng)
    if kind == "association":
        return _association(town, rng)
    if kind == "network":
        return f"{rng.choice(NETWORKS)} {town}"
    if kind == "sport":
        return f"{rng.choice(SPORTS)} {rng.choice([town, rng.choice(EVOCATIVE)])}"
    if kind == "parish":
        return rng.choice(SAINTS)
    return _evocative(town, rng)


def _evocative(town: str, rng: random.Random) -> str:
    draw = rng.random()
    if draw < 0.30:
        return rng.choice(EVOCATIVE)
    if draw < 0.65:
        return f"{rng.choice(EVOCATIVE)} {rng.choice(SECOND)}"
    if draw < 0.85:
        return _acronym(rng)
    return f"{rng.choice(EVOCATIVE)} {town}"


def _acronym(rng: random.Random) -> str:
    """A name of the kind of "Cosper" or "Aldia"."""
    syllables = [rng.choice("bcdfglmnprstvz") + rng.choice("aeiou") for _ in range(rng.choice((2, 3, 3)))]
    return ("".join(syllables) + rng.choice(["", "s", "r", "l", "n"])).capitalize()


def _association(town: str, rng: random.Random) -> str:
    if rng.random() < 0.3:
        return f"Amici di {rng.choice(FIRST_NAMES)} e {rng.choice(FIRST_NAMES)}"
    return _evocative(town, rng)


def _foundation(town: str, rng: random.Random) -> str:
    draw = rng.random()
    person = f"{rng.choice(FIRST_NAMES)} {rng.choice(SURNAMES)}"
    if draw < 0.4:
        return person
    if draw < 0.55:
        return f"{rng.choice(HOUSES)} {rng.choice(SAINTS)}"
    if draw < 0.7:
        return f"{rng.choice(HOUSES)} {person}"
    if draw < 0.85:
        return f"{rng.choice(SURNAMES)}-{rng.choice(SURNAMES)} {rng.choice(EVOCATIVE)}"
    return f"{rng.choice(HOUSES)} di {town}"
