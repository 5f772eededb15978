"""The registry of providers and the decisions about mentions: what people maintain.

``data/providers/registry.csv`` has an organisation a row, shared by all municipalities;
``aliases.csv`` says which printed name *of which municipality* is which organisation, so that a
name alone never merges the providers of two municipalities. ``identifiers.csv`` has the numbers
that others know an organisation by (``mappe_servizi.providers.identifiers``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mappe_servizi.errors import InputError, InputErrors
from mappe_servizi.model.maintained import Row, read_table
from mappe_servizi.providers.identifiers import read_identifiers
from mappe_servizi.providers.model import Certainty, Identifier, Provider
from mappe_servizi.providers.names import mention_key

DECISION = ("certainty", "reason", "evidence")
REGISTRY = ("slug", "name", "acronym", "legalForm", "qualities", "seat", "inHouseOf", *DECISION)
ALIASES = ("municipality", "printed", "provider", *DECISION)
TOWNS = ("name", "alias", "city")


@dataclass(frozen=True, slots=True)
class Alias:
    """A decision: this printed name, in this municipality, is this organisation."""

    printed: str
    provider: str
    certainty: Certainty
    reason: str
    evidence: str


@dataclass(frozen=True, slots=True)
class ProviderRegistry:
    """The organisations, the decisions about names, and the towns that may be their seats.

    Attributes:
        providers: by slug.
        aliases: by municipality (IPA code) and ``mention_key``.
        towns: the city's code in the national vocabulary, by name.
        spellings: every decided name: municipality, printed form, slug.
    """

    providers: Mapping[str, Provider]
    aliases: Mapping[tuple[str, str], Alias]
    towns: Mapping[str, str]
    spellings: tuple[tuple[str, str, str], ...] = ()

    @classmethod
    def load(cls, directory: Path, known_towns: Path) -> ProviderRegistry:
        """Read the tables of data/providers, and towns.csv of what is known for every municipality.

        Raises:
            InputErrors: every row that cannot be used: an unknown provider, seat or certainty,
                a name decided twice, an identifier that is wrong or two providers'.
        """
        errors: list[InputError] = []
        towns = _towns(known_towns)
        identifiers = read_identifiers(directory / "identifiers.csv", errors)
        path = directory / "registry.csv"
        providers: dict[str, Provider] = {}
        for line, row in enumerate(read_table(path, REGISTRY, required=("slug", "name", "evidence")), 2):
            if row["slug"] in providers:
                errors.append(InputError(f"{row['slug']!r} stands twice", file=path, line=line))
            if row["seat"] and row["seat"] not in towns:
                errors.append(InputError(f"towns.csv has no {row['seat']!r}", file=path, line=line))
            providers[row["slug"]] = _provider(row, identifiers.pop(row["slug"], ()))
        errors += [
            InputError(f"the registry has no {slug!r}", file=directory / "identifiers.csv")
            for slug in identifiers
        ]
        aliases = _aliases(directory / "aliases.csv", providers, errors)
        if errors:
            raise InputErrors(errors)
        rows = read_table(directory / "aliases.csv", ALIASES)
        spellings = tuple((row["municipality"], row["printed"], row["provider"]) for row in rows)
        return cls(providers, aliases, towns, spellings)

    def decided(self, municipality: str, printed: str) -> Alias | None:
        """The decision about a name printed by a municipality (its IPA code), if there is one."""
        return self.aliases.get((municipality, mention_key(printed)))

    def printed_of(self, municipality: str) -> dict[str, str]:
        """The names that are decided for a municipality: as printed, by their key."""
        return {key: alias.printed for (ipa, key), alias in self.aliases.items() if ipa == municipality}


def _provider(row: Row, identifiers: tuple[Identifier, ...]) -> Provider:
    return Provider(
        key=row["slug"],
        name=row["name"],
        registered=True,
        legal_status=row["legalForm"],
        qualities=tuple(filter(None, row["qualities"].split("|"))),
        seat=row["seat"],
        acronym=row["acronym"],
        in_house_of=row["inHouseOf"],
        certainty="likely" if row["certainty"] == "likely" else "certain",
        reason=row["reason"],
        evidence=row["evidence"],
        identifiers=identifiers,
    )


def _towns(path: Path) -> dict[str, str]:
    towns = {}
    for row in read_table(path, TOWNS, required=("name", "city")):
        towns[row["name"]] = row["city"]
    return towns


def _aliases(
    path: Path, providers: Mapping[str, Provider], errors: list[InputError]
) -> dict[tuple[str, str], Alias]:
    aliases: dict[tuple[str, str], Alias] = {}
    for line, row in enumerate(read_table(path, ALIASES, required=ALIASES), 2):
        key = (row["municipality"], mention_key(row["printed"]))
        if row["provider"] not in providers:
            errors.append(InputError(f"the registry has no {row['provider']!r}", file=path, line=line))
        if row["certainty"] not in ("certain", "likely"):
            errors.append(InputError("the certainty is 'certain' or 'likely'", file=path, line=line))
        if key in aliases and aliases[key].provider != row["provider"]:
            errors.append(InputError(f"{row['printed']!r} is decided twice", file=path, line=line))
        certainty: Certainty = "likely" if row["certainty"] == "likely" else "certain"
        aliases[key] = Alias(row["printed"], row["provider"], certainty, row["reason"], row["evidence"])
    return aliases
