"""Italian portals: the record that the published mapping of ckanext-dcatapit makes, told anew.

The extension itself is not on PyPI and needs an old CKAN; what it maps to which field is public
(geosolutions-it/ckanext-dcatapit, ``ItalianDCATAPProfile`` and its model of licences). It looks at
``dcatapit:Dataset`` only; codes are IRIs without the beginning of their vocabulary, so a label in an
IRI's place, or an IRI of another vocabulary, shows here as a code that no vocabulary has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pyoxigraph import NamedNode

from mappe_servizi.rdf.namespaces import ADMS, DCAT, DCATAPIT, DCT, FOAF, OWL, SCHEMA
from mappe_servizi.rehearsal.account import Account, Record, missing
from mappe_servizi.rehearsal.triples import Node, Term, Triples, text
from mappe_servizi.rehearsal.visit import Visit
from mappe_servizi.rights import Licence, Licences

EU = "http://publications.europa.eu/resource/authority/"
UNKNOWN = "C1_Unknown"
PLACES = f"{EU}place/"
THEMES = frozenset((
    "AGRI", "ECON", "EDUC", "ENER", "ENVI", "GOVE", "HEAL", "INTR", "JUST", "OP_DATPRO", "REGI", "SOCI",
    "TECH", "TRAN",
))  # fmt: skip
"""The codes of the EU's list of themes; a data set of another one is refused."""
CODE = re.compile(r"[A-Z][A-Z0-9_]*")
WANTED = ("title", "notes", "identifier", "modified", "frequency", "theme", "publisher", "holder")
WANTED_OF_RESOURCES = ("url", "name", "format")


def harvest(visit: Visit) -> list[Account]:
    """The records, and what the extension refuses or shows as unknown."""
    account = Account("Italian portals, ckanext-dcatapit's mapping")
    account.records = records(visit.catalogue, Licences.load(visit.settings.knowledge).all)
    for node in visit.datasets:
        if node.value not in account.records:
            account.lose(node.value, "it is no dcatapit:Dataset: the data set is not harvested")
    for iri, record in account.records.items():
        account.lose(iri, *missing(record, WANTED), *_no_codes(record))
        if record["license_id"] == "notspecified":
            account.advise(iri, "its distributions have several licences: the portal shows none")
        for resource in record["resources"]:
            account.lose(resource["uri"], *missing(resource, WANTED_OF_RESOURCES), *_unknown(resource))
    account.notes.append(f"{len(account.records)} data sets")
    return [account]


def _no_codes(record: Record) -> list[str]:
    codes = [("frequency", record["frequency"]), *(("language", code) for code in record["language"])]
    found = [
        f"{name} is {code!r}, no code of its vocabulary" for name, code in codes if not CODE.fullmatch(code)
    ]
    found += [f"theme is {code!r}, none of the EU's" for code in record["theme"] if code not in THEMES]
    for role in ("publisher", "holder", "creator"):
        found += [
            f"{role} has no {key}" for agent in record[role] for key, value in agent.items() if not value
        ]
    return found


def _unknown(resource: Record) -> list[str]:
    found = []
    if not CODE.fullmatch(resource["format"]):
        found.append(f"format is {resource['format']!r}, no code of its vocabulary")
    if resource["license_type"] == UNKNOWN:
        found.append("its licence is none of the national vocabulary: the portal shows it as unknown")
    return found


def national_code(g: Triples, licence: Term | None, known: Iterable[Licence]) -> str:
    """The code of a licence in the national vocabulary: by IRI, then page, name or kind, as the extension."""
    names = {text(name) for name in g.objects(licence, FOAF["name"])} if licence is not None else set()
    kind, iri = g.text(licence, DCT["type"]), text(licence)
    tests = (
        lambda one: one.iri == iri,
        lambda one: iri in {one.page_it, one.page_en},
        lambda one: names & {one.title_it, one.title_en},
        lambda one: kind and one.type == kind,
    )
    for test in tests:
        for one in known:
            if one.national and test(one):
                return one.national
    return UNKNOWN


def records(g: Triples, licences: Iterable[Licence]) -> dict[str, Record]:
    """A record a data set, by IRI."""
    return {text(node): _record(g, node, licences) for node in g.of(DCATAPIT["Dataset"])}


def _record(g: Triples, node: Node, licences: Iterable[Licence]) -> Record:
    resources = [_resource(g, one, licences) for one in g.objects(node, DCAT["distribution"])]
    kinds = {str(resource["license_type"]) for resource in resources}
    return {
        "title": g.texts(node, DCT["title"]),
        "notes": g.texts(node, DCT["description"]),
        "identifier": g.text(node, DCT["identifier"]),
        "issued": g.text(node, DCT["issued"]),
        "modified": g.text(node, DCT["modified"]),
        "frequency": _code(g.value(node, DCT["accrualPeriodicity"]), "frequency"),
        "language": sorted(_code(o, "language") for o in g.objects(node, DCT["language"])),
        "theme": sorted(text(o).rsplit("/", 1)[-1] for o in g.objects(node, DCAT["theme"])),
        "alternate_identifier": [text(o) for o in g.objects(node, ADMS["identifier"])],
        "conforms_to": [_standard(g, o) for o in g.objects(node, DCT["conformsTo"])],
        "temporal_coverage": [
            {
                "temporal_start": g.text(o, SCHEMA["startDate"]),
                "temporal_end": g.text(o, SCHEMA["endDate"]),
            }
            for o in g.objects(node, DCT["temporal"])
        ],
        **_places(g, node),
        "publisher": _agents(g, node, DCT["publisher"]),
        "holder": _agents(g, node, DCT["rightsHolder"]),
        "creator": _agents(g, node, DCT["creator"]),
        "license_id": kinds.pop() if len(kinds) == 1 else "notspecified",
        "resources": resources,
    }


def _resource(g: Triples, node: Term, licences: Iterable[Licence]) -> Record:
    licence = g.value(node, DCT["license"])
    return {
        "uri": text(node),
        "url": g.text(node, DCAT["downloadURL"]) or g.text(node, DCAT["accessURL"]),
        "name": g.texts(node, DCT["title"]),
        "description": g.texts(node, DCT["description"]),
        "format": _code(g.value(node, DCT["format"]), "file-type"),
        "license_type": national_code(g, licence, licences),
        "license_version": g.text(licence, OWL["versionInfo"]),
    }


def _places(g: Triples, node: Term) -> Record:
    """One address of GeoNames, and codes of the EU's places."""
    found = {
        text(i)
        for o in g.objects(node, DCT["spatial"])
        for i in g.objects(o, DCATAPIT["geographicalIdentifier"])
    }
    return {
        "geographical_name": sorted(i.removeprefix(PLACES) for i in found if i.startswith(PLACES)),
        "geographical_geonames_url": sorted(i for i in found if not i.startswith(PLACES)),
    }


def _standard(g: Triples, node: Term) -> Record:
    return {
        "uri": text(node),
        "identifier": g.text(node, DCT["identifier"]),
        "title": g.texts(node, DCT["title"]),
        "referenceDocumentation": [text(o) for o in g.objects(node, DCATAPIT["referenceDocumentation"])],
    }


def _agents(g: Triples, node: Term, predicate: NamedNode) -> list[dict[str, str]]:
    return [
        {"identifier": g.text(agent, DCT["identifier"]), "name": g.text(agent, FOAF["name"])}
        for agent in g.objects(node, predicate)
    ]


def _code(value: Term | None, vocabulary: str) -> str:
    return text(value).removeprefix(f"{EU}{vocabulary}/")
