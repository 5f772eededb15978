"""What the catalogue is made from: the files that there are, whom they are about, who publishes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mappe_servizi.errors import InputError
from mappe_servizi.model.maintained import TEXT, YES_NO, Keys, Value, kind, list_of, read_toml, required
from mappe_servizi.model.tables.cells import SLUG, code, one_of
from mappe_servizi.model.toml_places import Place
from mappe_servizi.rdf.namespaces import DCT
from mappe_servizi.rights import Agent, Rights, Standing, Texts, holder_of

if TYPE_CHECKING:
    from mappe_servizi.graph.catalogue.assets import Asset, Vocabularies

CONFIGURATION = "datasets.toml"
_TEXTS: Keys = dict.fromkeys(("it", "en"), required(TEXT))
_LISTS: Keys = dict.fromkeys(("it", "en"), required(list_of(TEXT)))
_STANDARD = Value(
    'an address and a version, ["https://...", "1.1"]',
    lambda found: isinstance(found, list) and len(found) == 2 and all(isinstance(one, str) for one in found),
)


def _is_pattern(found: Any) -> bool:
    try:
        return TEXT.holds(found) and bool(found.format(ipa="", name="", edition=""))
    except (LookupError, ValueError, AttributeError):
        return False


_PATTERN = Value("a text in quotes, in whose braces stands ipa, name or edition", _is_pattern)
_DESCRIBED: Keys = {"title": _TEXTS, "description": _TEXTS}
_FILLED: Keys = dict.fromkeys(("it", "en"), required(_PATTERN))
_DATA_SET: Keys = {
    "slug": required(kind(SLUG)),
    **dict.fromkeys(("whole", "knowledge", "cubes"), YES_NO),
    "parts": list_of(_PATTERN),
    "tables": list_of(TEXT),
    "type": kind(code("dataset-type")),
    "scope": kind(one_of("edition")),
}
KEYS: Keys = {
    "catalogue": _DESCRIBED,
    "dataset": [
        {**_DATA_SET, "ontology": required(TEXT)},  # which has texts, themes and keywords of its own
        {
            **_DATA_SET,
            "title": _FILLED,
            "description": _FILLED,
            "themes": required(list_of(kind(code("data-theme")))),
            "keywords": _LISTS,
        },
    ],
    "service": [
        {
            **_DESCRIBED,
            "slug": required(kind(SLUG)),
            **dict.fromkeys(("endpoint", "description_path"), required(TEXT)),
            "standards": list_of(_STANDARD),
        }
    ],
}
"""What datasets.toml may say."""


@dataclass(frozen=True, slots=True)
class File:
    """A published file: its size in bytes and its SHA-256, in hexadecimal digits."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Where questions go; it comes from the configuration only."""

    name: str
    email: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Covered:
    """A municipality and edition that the data cover.

    Attributes:
        holder: who holds the rights in the document, None while that is unset.
        rights: under which licences it may be used, and whether its holder publishes it.
        basis: why the document may be used under them, None while that is unset.
        territory: its IRI in the national vocabulary; ``geonames`` its IRI there.
        years: the first and the last reference year of its figures.
    """

    ipa: str
    edition: int
    name: str
    place: str
    territory: str
    geonames: str | None
    holder: Agent | None
    rights: Rights
    basis: str | None
    years: tuple[int, int]

    @classmethod
    def read(cls, facts: Mapping[str, Any], standing: Standing) -> Covered:
        """From a municipality.toml, with the years of its figures under ``years``."""
        document = facts["document"]
        years = facts.get("years") or [document["edition"]]
        return cls(
            ipa=facts["ipa"],
            edition=document["edition"],
            name=facts["name"],
            place=facts.get("city", facts["name"]),
            territory=facts["territory"],
            geonames=facts.get("geonames"),
            holder=holder_of(facts),
            rights=standing.of(facts["ipa"]),
            basis=facts.get("rights", {}).get("basis"),
            years=(min(years), max(years)),
        )


@dataclass(frozen=True, slots=True)
class Numbered:
    """What the catalogue says of a release.

    Attributes:
        number: from 1.
        date: ISO 8601.
        notes: what changed, by language.
        first: the date of the first release.
    """

    number: int
    date: str
    notes: Texts
    first: str


@dataclass(frozen=True, slots=True)
class SeriesCount:
    """The figures of an edition: how many series with a number there are, and the codes of their units."""

    count: int
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that the catalogue is made from.

    Attributes:
        files: the published files by their path; a data set's distributions are those that there are.
        tables: title and description of each table, by its name.
        modified: the date of the newest input, ISO 8601, None where none is known.
        standing: who publishes the data, in whose right, under which licences.
        release: None for a build that is no release.
        series: those of each edition, by municipality and year.
        vocabularies: what the part of that name says of itself, and what it calls things of others.
    """

    base: str
    files: Mapping[str, File]
    covered: Sequence[Covered]
    tables: Mapping[str, tuple[Texts, Texts]]
    modified: str | None
    standing: Standing
    vocabularies: Vocabularies
    contact: Contact | None = None
    release: Numbered | None = None
    series: Mapping[tuple[str, int], SeriesCount] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Described:
    """A title and description with what else datasets.toml says of a data set or service."""

    slug: str
    title: Texts
    description: Texts
    rest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def of_editions(self) -> bool:
        """Whether there is one for each edition."""
        return self.rest.get("scope") == "edition"

    def as_itself(self, asset: Asset) -> Described:
        """The same with the texts that an ontology has for itself."""
        return Described(self.slug, asset.texts(DCT["title"]), asset.texts(DCT["description"]), self.rest)

    def in_edition(self, ipa: str, name: str, edition: int) -> Described:
        """The same with the municipality's name and edition in its texts."""

        def fill(texts: Texts) -> Texts:
            return {tag: t.format(name=name, edition=edition) for tag, t in texts.items()}

        parts = [p.format(ipa=ipa, edition=edition) for p in self.rest.get("parts", ())]
        return Described(self.slug, fill(self.title), fill(self.description), {**self.rest, "parts": parts})


@dataclass(frozen=True, slots=True)
class Configuration:
    """datasets.toml."""

    catalogue: Described
    datasets: tuple[Described, ...]
    services: tuple[Described, ...]


def read_configuration(knowledge: Path, data: Path) -> Configuration:
    """Read the instance's own catalogue/datasets.toml, or the one that every instance has.

    Raises:
        InputError, InputErrors: it cannot be read, is not TOML, has an unknown key or value, or lacks one.
    """
    own = data / "catalogue" / CONFIGURATION
    path = own if own.exists() else knowledge / CONFIGURATION
    values = read_toml(path, KEYS, together=_slugs_told_apart)
    try:
        return Configuration(
            _described("catalogue", values["catalogue"]),
            tuple(_described(item["slug"], item) for item in values["dataset"]),
            tuple(_described(item["slug"], item) for item in values["service"]),
        )
    except KeyError as error:
        raise InputError(f"{error} is missing", file=path) from error


def _slugs_told_apart(values: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    for table in ("dataset", "service"):
        slugs = [item["slug"] for item in values.get(table, ())]
        for number, slug in enumerate(slugs):
            if slug in slugs[:number]:
                yield (table, number, "slug"), f"'slug' in [{table}]: another one is {slug!r}"


def _described(slug: str, item: Mapping[str, Any]) -> Described:
    if "ontology" in item:  # it has texts of its own
        return Described(slug, {}, {}, item)
    title, description = item["title"], item["description"]
    for texts in (title, description):
        texts["it"], texts["en"]
    return Described(slug, title, description, item)
