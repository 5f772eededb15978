"""The registry of providers and the decisions about mentions: what people maintain.

``data/providers/registry.csv`` has an organisation a row, shared by all municipalities;
``aliases.csv`` says which printed name *of which municipality* is which organisation, so that a
name alone never merges the providers of two municipalities. ``identifiers.csv`` has the numbers
that others know an organisation by (``mappe_servizi.providers.identifiers``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mappe_servizi.errors import InputError, gathered, meant
from mappe_servizi.model.tables import Errors, Found, read_file, read_rows
from mappe_servizi.model.tables import providers as tables
from mappe_servizi.model.tables.knowledge import MUNICIPALITIES, MunicipalityRow
from mappe_servizi.model.tables.providers import AliasRow, ProviderRow
from mappe_servizi.providers.identifiers import read_identifiers
from mappe_servizi.providers.model import Certainty, Identifier, Provider
from mappe_servizi.providers.names import mention_key


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
    def load(cls, directory: Path, municipalities: Path, errors: Errors | None = None) -> ProviderRegistry:
        """Read the tables of data/providers, and the towns that may be seats.

        Args:
            directory: data/providers.
            municipalities: ISTAT's list of them.
            errors: takes what is wrong, instead of its being raised.

        Raises:
            InputError, InputErrors: every row that cannot be used: an unknown provider, seat or certainty,
                a name decided twice, an identifier that fails its checksum.
        """
        told: Errors = [] if errors is None else errors
        towns = _towns(read_rows(MUNICIPALITIES, municipalities, errors=told))
        path = directory / tables.REGISTRY.file
        rows = read_file(tables.REGISTRY, path, errors=told)
        slugs = {item.row.slug for item in rows}
        numbers = read_identifiers(directory / tables.IDENTIFIERS.file, slugs, told)
        for item in rows:
            if item.row.seat and item.row.seat not in towns:
                told.append(_no_town(item, towns, path))
        providers = {item.row.slug: _provider(item.row, numbers.get(item.row.slug, ())) for item in rows}
        decided = read_file(tables.ALIASES, directory / tables.ALIASES.file, errors=told)
        aliases = _aliases(decided, directory / tables.ALIASES.file, providers, told)
        _check_apart(directory / tables.APART.file, aliases, told)
        if errors is None:
            gathered(told)
        spellings = tuple((item.row.municipality, item.row.printed, item.row.provider) for item in decided)
        return cls(providers, aliases, towns, spellings)

    def decided(self, municipality: str, printed: str) -> Alias | None:
        """The decision about a name printed by a municipality (its IPA code), if there is one."""
        return self.aliases.get((municipality, mention_key(printed)))

    def printed_of(self, municipality: str) -> dict[str, str]:
        """The names that are decided for a municipality: as printed, by their key."""
        return {key: alias.printed for (ipa, key), alias in self.aliases.items() if ipa == municipality}


def _towns(rows: Sequence[MunicipalityRow]) -> dict[str, str]:
    """The city's code by a town's name; of two towns of one name, by the name with the province."""
    times = Counter(row.name for row in rows)
    named = {f"{row.name} ({row.vehicle_code})" if times[row.name] > 1 else row.name: row for row in rows}
    return {name: row.city or row.istat for name, row in named.items()}


def _no_town(item: Found[ProviderRow], towns: Mapping[str, str], path: Path) -> InputError:
    seat = item.row.seat
    said = f"ISTAT's list has no municipality {seat!r}{meant(seat, towns)}"
    return InputError(said, file=path, line=item.line)


def _provider(row: ProviderRow, identifiers: tuple[Identifier, ...]) -> Provider:
    return Provider(
        key=row.slug,
        name=row.name,
        registered=True,
        legal_status=row.legal_form,
        qualities=row.qualities,
        seat=row.seat,
        acronym=row.acronym,
        in_house_of=row.in_house_of,
        certainty=row.certainty,
        reason=row.reason,
        evidence=row.evidence,
        identifiers=identifiers,
    )


def _aliases(
    rows: Sequence[Found[AliasRow]], path: Path, providers: Container[str], errors: Errors
) -> dict[tuple[str, str], Alias]:
    aliases: dict[tuple[str, str], Alias] = {}
    for item in rows:
        row = item.row
        key = (row.municipality, mention_key(row.printed))
        if row.provider not in providers:
            errors.append(InputError(f"the registry has no {row.provider!r}", file=path, line=item.line))
        if key in aliases and aliases[key].provider != row.provider:
            errors.append(InputError(f"{row.printed!r} is decided twice", file=path, line=item.line))
        aliases[key] = Alias(row.printed, row.provider, row.certainty, row.reason, row.evidence)
    return aliases


def _check_apart(path: Path, aliases: Mapping[tuple[str, str], Alias], errors: Errors) -> None:
    """Names that are kept apart: of two that are near, the registry knows at least one, and not as one."""
    for item in read_file(tables.APART, path, errors=errors):
        row = item.row
        found = [aliases.get((row.municipality, mention_key(name))) for name in (row.one, row.other)]
        known = {alias.provider for alias in found if alias}
        if not known:
            said = f"aliases.csv of {row.municipality} has neither {row.one!r} nor {row.other!r}"
        elif len(known) == 1 and all(found):
            said = f"{row.one!r} and {row.other!r} are kept apart, but aliases.csv makes both {min(known)!r}"
        else:
            continue
        errors.append(InputError(said, file=path, line=item.line))
