"""Licence and standing: under which licences the data are, who holds the rights, and who publishes.

A build writes what it knows of them into its manifest (``release.manifest``); everything that says
something of them, in a file or on a page, reads it from there by ``Standing.read``. The licences
that there are stand in data/knowledge/licences.csv, from the one that binds least on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from mappe_servizi.bases import DEFAULT_BASE
from mappe_servizi.errors import MappeError, meant
from mappe_servizi.model.tables import read_rows
from mappe_servizi.model.tables.knowledge import LICENCES, LicenceRow

Texts = Mapping[str, str]
"""A text by language, it and en."""

UNOFFICIAL: Texts = {
    "it": "Elaborazione non ufficiale: i dati sono letti dai documenti pubblicati, con correzioni dichiarate;"
    " fa fede il documento del comune.",
    "en": "Unofficial elaboration: the data are read from the published documents, with stated corrections;"
    " the municipality's document prevails.",
}
OFFICIAL: Texts = {
    "it": "Dati pubblicati dal titolare dei diritti, letti dal suo documento, con correzioni dichiarate.",
    "en": "Data published by the rights holder, read from its own document, with stated corrections.",
}


@dataclass(frozen=True, slots=True)
class Agent:
    """An organisation: its code (IPA where it has one) and its name."""

    identifier: str
    name: str


@dataclass(frozen=True, slots=True)
class Licence:
    """A row of the table of licences.

    Attributes:
        iri: as harvesters know it, to the letter.
        spdx: identifier of the SPDX list, or in its form.
        short: what people call it, the same in every language.
        type: the kind that DCAT-AP_IT asks for, of the ADMS vocabulary; ``type_it``, ``type_en`` its names.
        national: the end of its IRI in the national vocabulary of licences.
        page_it: where people read what it allows; ``page_en`` too.
        ckan_it: the title by which CKAN finds it in its register, whose own addresses nobody else uses.
    """

    iri: str
    spdx: str
    short: str
    title_it: str
    title_en: str
    version: str
    type: str
    type_it: str
    type_en: str
    national: str
    page_it: str
    page_en: str
    ckan_it: str = ""
    ckan_en: str = ""

    @property
    def attribution(self) -> bool:
        """Whether who reuses the data must say whose they are."""
        return not self.type.endswith("/PublicDomain")


_FIELDS = tuple(f.name for f in fields(Licence))
_UNKNOWN = ("version", "type", "type_it", "type_en", "national")


class Licences:
    """The table: a closed list, in which a licence is found by its IRI or any of its names."""

    def __init__(self, rows: Sequence[LicenceRow]) -> None:
        self.all = tuple(Licence(**{name: getattr(row, name) for name in _FIELDS}) for row in rows)
        self._named = {
            _folded(name): licence
            for licence, row in zip(self.all, rows, strict=True)
            for name in (licence.iri, licence.spdx, licence.short, *row.also)
            if name.strip()
        }

    @classmethod
    def load(cls, knowledge: Path) -> Licences:
        """The table of what is known for every municipality.

        Raises:
            InputError: it cannot be read, or is not as it must be.
        """
        return cls(read_rows(LICENCES, knowledge / LICENCES.file))

    def find(self, name: object) -> Licence:
        """The licence of an IRI, an SPDX identifier or a short name.

        Raises:
            MappeError: there is none; says which are allowed.
        """
        found = self._named.get(_folded(name)) if isinstance(name, str) else None
        if found is None:
            near = meant(str(name), [n for one in self.all for n in (one.short, one.spdx, one.iri)])
            allowed = ", ".join(f"{one.short} ({one.iri})" for one in self.all)
            raise MappeError(f"there is no licence {name!r}{near}; allowed are {allowed}")
        return found


def _folded(name: str) -> str:
    return name.strip().casefold().removeprefix("http://").removeprefix("https://").rstrip("/")


@dataclass(frozen=True, slots=True)
class Rights:
    """What holds for some data.

    Attributes:
        licences: all that some of the data are under, from the one that binds least on.
        holders: who holds the rights in the documents.
        official: whether the publisher holds the rights in all of them.
        bases: why the documents may be used under their licences.
    """

    licences: tuple[Licence, ...] = ()
    holders: tuple[Agent, ...] = ()
    official: bool = False
    bases: tuple[str, ...] = ()

    @property
    def binding(self) -> Licence | None:
        """The licence that binds most: who keeps to it may use all of the data."""
        return self.licences[-1] if self.licences else None

    @property
    def statement(self) -> Texts:
        """Whether this is the rights holder's own publication, in a sentence."""
        return OFFICIAL if self.official else UNOFFICIAL

    @property
    def names(self) -> str:
        """The licences as people call them.

        >>> Rights().names
        ''
        """
        return ", ".join(licence.short for licence in self.licences)


@dataclass(frozen=True, slots=True)
class Standing:
    """Who publishes which data in whose right, under which licence.

    Attributes:
        whole: what holds for all data of the release together.
        towns: what holds for a municipality's own, by its IPA code.
        knowledge: what holds for ontology, vocabularies and shapes, which are not the municipalities'.
    """

    publisher: Agent | None = None
    creator: Agent | None = None
    whole: Rights = Rights()
    towns: Mapping[str, Rights] | None = None
    knowledge: Rights = Rights()

    @classmethod
    def read(cls, manifest: Mapping[str, Any]) -> Standing:
        """What a manifest says.

        >>> town = {"ipa": "c_x", "rights": {"holder": "Comune X", "holder_ipa": "c_x"}}
        >>> Standing.read({"publisher": "c_x", "municipalities": [town]}).whole.official
        True
        """
        known = {row["iri"]: Licence(**row) for row in manifest.get("licences", ())}
        for town in manifest.get("municipalities", ()):  # of a release from before there was the table
            if (iri := town.get("rights", {}).get("licence")) and iri not in known:
                known[iri] = Licence(**dict.fromkeys(_FIELDS, iri) | dict.fromkeys(_UNKNOWN, ""))
        names = {
            t["ipa"].casefold(): Agent(t["ipa"], t.get("name", ""))
            for t in manifest.get("municipalities", ())
        }
        publisher = _named(_agent(manifest.get("publisher"), manifest.get("publisherName")), names)
        parts: dict[str, list[Rights]] = {}
        for town in manifest.get("municipalities", ()):
            parts.setdefault(town["ipa"], []).append(_rights_of(town, known, publisher))
        towns = {ipa: _together(found, known) for ipa, found in parts.items()}
        own = manifest.get("knowledge") or {}
        holder = _agent(own.get("holder"), own.get("holderName"))
        licences = tuple(one for iri, one in known.items() if iri == own.get("licence"))
        return cls(
            publisher,
            _named(_agent(manifest.get("creator"), manifest.get("creatorName")), names),
            _together([part for found in parts.values() for part in found], known),
            towns,
            Rights(licences, (holder,) if holder else (), official=True),
        )

    def of(self, ipa: str) -> Rights:
        """What holds for a municipality's own data; for all where it is none that the data cover."""
        return (self.towns or {}).get(ipa, self.whole)

    def about(self, iri: str, base: str) -> Rights:
        """What holds for what is said of a resource, by its IRI."""
        kind, _, rest = iri.removeprefix(base).removeprefix(DEFAULT_BASE).partition("/")
        if kind in {"onto", "controlled-vocabulary"}:
            return self.knowledge
        return self.of(rest.split("/")[1]) if kind == "data" and "/" in rest else self.whole

    def town_of(self, iri: str, base: str) -> str:
        """The name of the municipality that a resource is of; "" where it is of none, or of all."""
        kind, _, rest = iri.removeprefix(base).partition("/")
        of = (self.towns or {}).get(rest.split("/")[1]) if kind == "data" and "/" in rest else None
        return of.holders[0].name if of and of.holders else ""

    def agent_iri(self, agent: Agent, base: str) -> str:
        """An organisation's IRI: a municipality that the data cover has its own."""
        kind = "municipality" if agent.identifier in (self.towns or {}) else "organization"
        return f"{base}data/{kind}/{agent.identifier}"


def to_manifest(licences: Iterable[Licence]) -> list[dict[str, str]]:
    """Licences as a manifest has them."""
    return [asdict(licence) for licence in licences]


def holder_of(town: Mapping[str, Any]) -> Agent | None:
    """Who holds the rights in a municipality's document: [rights] of its municipality.toml."""
    rights = town.get("rights", {})
    return _agent(rights.get("holder_ipa") or town["ipa"], rights["holder"]) if rights.get("holder") else None


def _agent(identifier: str | None, name: str | None) -> Agent | None:
    return Agent(identifier, name or identifier) if identifier else None


def _named(agent: Agent | None, towns: Mapping[str, Agent]) -> Agent | None:
    """A municipality that the data cover by its own name: a resource has one."""
    town = towns.get(agent.identifier.casefold()) if agent else None
    return town if town and town.name else agent


def _rights_of(town: Mapping[str, Any], known: Mapping[str, Licence], publisher: Agent | None) -> Rights:
    rights = town.get("rights", {})
    named = {town["ipa"].casefold(): Agent(town["ipa"], town.get("name", ""))}
    holder, licence = _named(holder_of(town), named), known.get(rights.get("licence", ""))
    return Rights(
        (licence,) if licence else (),
        (holder,) if holder else (),
        holder is not None and publisher is not None and _same(holder, publisher),
        (rights["basis"],) if rights.get("basis") else (),
    )


def _same(one: Agent, other: Agent) -> bool:
    return one.identifier.casefold() == other.identifier.casefold()


def _together(parts: Sequence[Rights], known: Mapping[str, Licence]) -> Rights:
    used = {licence.iri for part in parts for licence in part.licences}
    return Rights(
        tuple(licence for iri, licence in known.items() if iri in used),
        tuple(dict.fromkeys(holder for part in parts for holder in part.holders)),
        bool(parts) and all(part.official for part in parts),
        tuple(dict.fromkeys(basis for part in parts for basis in part.bases)),
    )
