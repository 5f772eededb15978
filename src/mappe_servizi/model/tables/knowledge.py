"""The tables of what is known for every municipality: data/knowledge/."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, get_args

from mappe_servizi.model.tables.cells import (
    IRI,
    ISTAT,
    PATTERN,
    PHRASE,
    TEXT,
    URL,
    URN,
    CellKind,
    Refused,
    code,
    many,
    one_of,
)
from mappe_servizi.model.tables.common import CERTAINTY, Certainty, evidence, known, reason
from mappe_servizi.model.tables.linking import note
from mappe_servizi.model.tables.table import column

FormSays = Literal["open", "association", "sport"]


def _city(text: str, codes: object) -> str:
    if not re.fullmatch(r"\d{6}-\(\d{4}-\d\d-\d\d\)", text, re.ASCII):
        raise Refused
    return text


CITY = CellKind(
    "il codice di OntoPiA di un comune (019036-(1948-01-01))",
    "OntoPiA's code of a municipality (019036-(1948-01-01))",
    _city,
)
StructureType = Literal[
    "office", "facility", "place", "channel", "provider", "grouping", "role", "generic", "resource"
]


@dataclass(frozen=True, slots=True)
class VulnerableRow:
    """An audience group whose small counts are protected."""

    audience: str = column(code("audience-group"), "gruppo di utenza", "audience group")
    reason: str = reason()


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """An activity that providers deliver."""

    code: str = column(code("provided-activity"), "codice", "code")
    label: str = column(TEXT, "nome", "name")
    label_en: str = column(TEXT, "nome inglese", "English name")
    printed: tuple[str, ...] = column(many(TEXT), "come è stampata", "how it is printed")


@dataclass(frozen=True, slots=True)
class InstrumentRow:
    """An instrument under which providers deliver."""

    code: str = column(code("provision-instrument"), "codice", "code")
    label: str = column(TEXT, "nome", "name")
    label_en: str = column(TEXT, "nome inglese", "English name")
    pattern: re.Pattern[str] = column(PATTERN, "espressione", "expression")


@dataclass(frozen=True, slots=True)
class ChannelKindRow:
    """A kind of channel."""

    kind: str = column(code("channel-kind"), "codice", "code")
    label: str = column(TEXT, "nome", "name")
    label_en: str = column(TEXT, "nome inglese", "English name")
    ontopia: str = column(TEXT, "classe di OntoPiA", "class of OntoPiA", name="class")
    pattern: re.Pattern[str] = column(PATTERN, "espressione", "expression")


NATIONAL_TERRITORIES: Final = "https://w3id.org/italia/controlled-vocabulary/territorial-classifications/"
"""What the national vocabulary's IRIs of cities, provinces and regions begin with."""
OTHER_PUBLIC_SERVICE: Final = "cat_8_publicservice"
"""OntoPiA's category of a point of interest where a public service is delivered, and that is of no other."""


@dataclass(frozen=True, slots=True)
class FacilityKindRow:
    """A kind of facility."""

    list: re.Pattern[str] = column(PATTERN, "segmenti che ne elencano", "segments that list some")
    prefix: str = column(TEXT, "prefisso del nome", "prefix of the name", default="")
    kind: str = column(code("facility-kind"), "codice", "code")
    name_pattern: re.Pattern[str] = column(PATTERN, "espressione per il nome", "expression for the name")
    ontopia: str = column(TEXT, "categoria di OntoPiA", "category of OntoPiA", name="class")
    poi_category: str = column(
        TEXT,
        "categoria di punto di interesse",
        "category of points of interest",
        default=OTHER_PUBLIC_SERVICE,
    )


@dataclass(frozen=True, slots=True)
class StructureTypeRow:
    """A rule that gives a delivering structure its type; the first that fits decides."""

    field: Literal["name", "note", "form"] = column(
        one_of("name", "note", "form"), "dove si guarda", "where to look"
    )
    pattern: re.Pattern[str] = column(PATTERN, "espressione", "expression")
    type: StructureType = column(one_of(*get_args(StructureType)), "tipo", "type")
    note: str = note()


@dataclass(frozen=True, slots=True)
class LegalFormRow:
    """A legal form or quality as names print it."""

    printed: str = column(TEXT, "come è stampata", "how it is printed")
    code: str = column(code("legal-status"), "codice nazionale", "national code", default="")
    quality: str = column(TEXT, "qualifica", "quality", default="")
    says: tuple[str, ...] = column(
        many(one_of(*get_args(FormSays))),
        "che altro dice: lascia aperto che ente sia, è un'associazione, è sport dilettantistico",
        "what else it says: it leaves open which body it is, is an association's, is of amateur sport",
        default=(),
    )
    note: str = note()


@dataclass(frozen=True, slots=True)
class NamedActRow:
    """An act known by a name."""

    pattern: re.Pattern[str] = column(PHRASE, "espressione", "expression")
    urn: str = column(URN, "atto", "act", default="")
    label: str = column(TEXT, "nome per chi legge", "name for readers")
    certainty: Certainty = column(CERTAINTY, "certezza", "certainty")
    reason: str = reason()


@dataclass(frozen=True, slots=True)
class ActRow:
    """A type of act."""

    pattern: re.Pattern[str] = column(PHRASE, "espressione", "expression")
    act: str = column(TEXT, "autorità e tipo nell'urn", "authority and type in the urn")
    label: str = column(TEXT, "come si cita", "how it is cited")
    reason: str = reason()


@dataclass(frozen=True, slots=True)
class RegionRow:
    """A region."""

    code: str = column(one_of(*(f"{n:02}" for n in range(1, 21))), "codice ISTAT", "ISTAT code")
    name: str = column(TEXT, "nome", "name")
    urn: str = column(TEXT, "autorità nell'urn dei suoi atti", "authority in the urn of its acts", default="")
    evidence: str = column(TEXT, "su che cosa si fonda", "what it rests on")


@dataclass(frozen=True, slots=True)
class LicenceRow:
    """A licence under which a municipality's data may be."""

    iri: str = column(IRI, "IRI", "IRI")
    spdx: str = column(TEXT, "identificativo SPDX", "SPDX identifier")
    short: str = column(TEXT, "nome breve", "short name")
    title_it: str = column(TEXT, "titolo", "Italian title")
    title_en: str = column(TEXT, "titolo inglese", "English title")
    version: str = column(TEXT, "versione", "version", default="")
    type: str = column(IRI, "tipo (ADMS)", "type (ADMS)")
    type_it: str = column(TEXT, "tipo, in parole", "type, in Italian")
    type_en: str = column(TEXT, "tipo, in inglese", "type, in English")
    national: str = column(TEXT, "codice nazionale", "national code", default="")
    page_it: str = column(URL, "pagina", "Italian page")
    page_en: str = column(URL, "pagina inglese", "English page")
    ckan_it: str = column(TEXT, "titolo nel registro di CKAN", "title in CKAN's register", default="")
    ckan_en: str = column(TEXT, "lo stesso, in inglese", "the same, in English", default="")
    basis: str = column(
        TEXT,
        "perché vale per un documento che non ne stampa una",
        "why a document that prints none is under it",
        default="",
    )
    also: tuple[str, ...] = column(many(TEXT), "altri nomi", "other names", default=())
    reason: str = reason()
    evidence: str = evidence()
    status: str = column(one_of("proposed", "reviewed"), "stato", "status")


@dataclass(frozen=True, slots=True)
class MunicipalityRow:
    """A municipality of ISTAT's list."""

    istat: str = column(ISTAT, "codice ISTAT", "ISTAT code")
    name: str = column(TEXT, "nome", "name")
    name_other: str = column(TEXT, "nome nell'altra lingua", "name in the other language", default="")
    vehicle_code: str = column(TEXT, "sigla della provincia", "code of the province")
    province: str = column(TEXT, "provincia", "province")
    region_code: str = column(TEXT, "codice della regione", "code of the region")
    region: str = column(TEXT, "regione", "region")
    cadastral: str = column(TEXT, "codice catastale", "cadastral code")
    nuts3: str = column(TEXT, "codice NUTS 3", "NUTS 3 code")
    city: str = column(CITY, "territorio in OntoPiA", "territory in OntoPiA", default="")

    @property
    def territory(self) -> str:
        """Its IRI in the national vocabulary, with the first day of validity where that is known."""
        return f"{NATIONAL_TERRITORIES}cities/{self.city or self.istat}"


@dataclass(frozen=True, slots=True)
class OutputKindRow:
    """A counted thing that a service puts out, not only something that it counts."""

    counted: str = column(code("counted-thing"), "che cosa si conta", "what is counted")
    reason: str = column(TEXT, "perché", "why")


VULNERABLE = known(
    "vulnerable-audiences.csv", VulnerableRow, "I gruppi i cui numeri piccoli sono protetti.",
    "Groups whose small counts are protected.", ("audience",),
)  # fmt: skip
ACTIVITIES = known("activities.csv", ActivityRow, "Le attività.", "The activities.", ("code",))
INSTRUMENTS = known("instruments.csv", InstrumentRow, "Gli strumenti.", "The instruments.", ("code",))
CHANNEL_KINDS = known(
    "channel-kinds.csv", ChannelKindRow, "I tipi di canale.", "Kinds of channels.", ("kind",)
)
FACILITY_KINDS = known("facility-kinds.csv", FacilityKindRow, "I tipi di luogo.", "Kinds of facilities.")
OUTPUT_KINDS = known(
    "output-kinds.csv",
    OutputKindRow,
    "Che cosa un servizio produce.",
    "What a service puts out.",
    ("counted",),
)
STRUCTURE_TYPES = known(
    "structure-types.csv", StructureTypeRow, "Le regole per le strutture.", "The rules for structures."
)
LEGAL_FORMS = known("legal-forms.csv", LegalFormRow, "Le forme giuridiche.", "The legal forms.", ("printed",))
NAMED_ACTS = known("named-acts.csv", NamedActRow, "Gli atti che hanno un nome.", "Acts that have a name.")
ACTS = known("acts.csv", ActRow, "I tipi di atto.", "Types of acts.")
REGIONS = known("regions.csv", RegionRow, "Le regioni.", "The regions.", ("code",))
LICENCES = known("licences.csv", LicenceRow, "Le licenze ammesse.", "The licences that there are.", ("iri",))
MUNICIPALITIES = known(
    "municipalities.csv", MunicipalityRow, "I comuni d'Italia (ISTAT, CC BY 4.0).",
    "The municipalities of Italy (ISTAT, CC BY 4.0).", ("istat",), ("cadastral",),
    source="ISTAT, list of municipalities (CC BY 4.0); territories of OntoPiA (December 2024, CC BY 4.0)",
)  # fmt: skip
TABLES = (
    VULNERABLE, ACTIVITIES,
    INSTRUMENTS, CHANNEL_KINDS, FACILITY_KINDS, OUTPUT_KINDS, STRUCTURE_TYPES, LEGAL_FORMS, NAMED_ACTS, ACTS,
    REGIONS, LICENCES, MUNICIPALITIES,
)  # fmt: skip
