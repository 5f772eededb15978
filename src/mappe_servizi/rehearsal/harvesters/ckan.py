"""CKAN with ckanext-dcat: what most portals run.

Its own parsers read the catalogue where they are installed; the rules of its base profile, told
anew, always do. What they say alike is tested. The rule that costs most: of a property that leads to
something with an ``rdfs:label``, CKAN shows the label in place of the IRI.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode

from mappe_servizi.model.outputs.declared import CATALOGUE
from mappe_servizi.rdf.namespaces import ADMS, DCAT, DCT, FOAF, OWL, RDFS, SCHEMA, SPDX
from mappe_servizi.rehearsal import ckan_parsers
from mappe_servizi.rehearsal.account import Account, Record, missing
from mappe_servizi.rehearsal.triples import Node, Term, Triples, text
from mappe_servizi.rehearsal.visit import Visit

PROFILES = ("euro_dcat_ap", "euro_dcat_ap_2", "euro_dcat_ap_3", "scheming")
LANGUAGE = "en"
"""Of a CKAN whose configuration says nothing else."""
SECONDS = 300

IRIS = frozenset((
    "url", "uri", "frequency", "language", "theme", "conforms_to", "dcat_type", "access_rights",
    "has_version", "publisher_uri", "publisher_type", "creator_uri", "creator_type", "spatial_uri",
    "documentation", "access_url", "download_url", "status", "license", "availability",
    "compress_format", "package_format", "hash_algorithm", "distribution_ref", "is_version_of",
    "related_resource", "source",
))  # fmt: skip
"""The fields of CKAN's records whose values are IRIs."""
WANTED = ("uri", "title", "notes", "url", "identifier", "modified", "frequency", "publisher_name", "theme")
WANTED_OF_RESOURCES = ("uri", "name", "url", "mimetype", "license")

DATASET = {
    "url": DCAT["landingPage"],
    "version": OWL["versionInfo"],
    "title": DCT["title"],
    "notes": DCT["description"],
    "issued": DCT["issued"],
    "modified": DCT["modified"],
    "identifier": DCT["identifier"],
    "version_notes": ADMS["versionNotes"],
    "frequency": DCT["accrualPeriodicity"],
    "provenance": DCT["provenance"],
    "dcat_type": DCT["type"],
    "access_rights": DCT["accessRights"],
}
DATASET_LISTS = {"language": DCT["language"], "theme": DCAT["theme"], "conforms_to": DCT["conformsTo"]}
RESOURCE = {
    "name": DCT["title"],
    "description": DCT["description"],
    "access_url": DCAT["accessURL"],
    "download_url": DCAT["downloadURL"],
    "issued": DCT["issued"],
    "modified": DCT["modified"],
    "status": ADMS["status"],
    "license": DCT["license"],
    "rights": DCT["rights"],
    "mimetype": DCAT["mediaType"],
}
RESOURCE_LISTS = {
    "language": DCT["language"],
    "documentation": FOAF["page"],
    "conforms_to": DCT["conformsTo"],
}


def harvest(visit: Visit) -> list[Account]:
    """What CKAN shows by its rules, and by each of its profiles where it is installed."""
    expected = [d.value for d in visit.datasets]
    rules = Account("CKAN, by its rules")
    _look(rules, records(visit.catalogue), expected)
    return [rules, *_installed(visit, expected)]


def _installed(visit: Visit, expected: Iterable[str]) -> Iterator[Account]:
    python = installed_in(visit.settings.ckan)
    if python is None:
        account = Account("CKAN, ckanext-dcat")
        account.notes.append(
            "left out, it is not installed: make an environment with `pip install ckan ckanext-dcat "
            "ckanext-scheming` and what CKAN requires, and say where its python is (--ckan)"
        )
        yield account
        return
    path = visit.place / CATALOGUE.paths[0]
    path.write_bytes(visit.document(CATALOGUE.paths[0]).body)
    try:
        read = parsed(python, PROFILES, [path])
    except ValueError as error:
        account = Account("CKAN, ckanext-dcat")
        account.lose(f"{visit.base}{CATALOGUE.paths[0]}", f"ckanext-dcat fails: {error}")
        yield account
        return
    for profile, (of_file,) in read.items():
        account = Account(f"CKAN, ckanext-dcat, profile {profile}")
        found = (flat(dataset) for dataset in of_file["datasets"])
        _look(account, {str(record.get("uri")): record for record in found}, expected)
        yield account


def installed_in(python: Path | None) -> Path | None:
    """The Python that has ckanext-dcat: the one named if it is there, else this one if it has."""
    if python is not None:
        return python if python.exists() else None
    try:
        return Path(sys.executable) if find_spec("ckanext.dcat") else None
    except ModuleNotFoundError:
        return None


def parsed(python: Path, profiles: Iterable[str], paths: Iterable[Path]) -> dict[str, list[dict[str, Any]]]:
    """What ckanext-dcat reads: by profile, of each file its data sets and the next page.

    Raises:
        ValueError: it fails.
    """
    command = [python, ckan_parsers.__file__, ",".join(profiles), *paths]
    try:
        done = subprocess.run(  # noqa: S603  # what the settings name
            [str(part) for part in command], capture_output=True, text=True, check=False, timeout=SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ValueError(str(error)) from error
    if done.returncode:
        raise ValueError((done.stderr.strip().splitlines() or ["it says nothing"])[-1])
    read: dict[str, list[dict[str, Any]]] = json.loads(done.stdout)
    return read


def flat(record: Mapping[str, Any]) -> Record:
    """A record of ckanext-dcat with its further fields among the others, in an order of its own.

    >>> flat({"title": "Figures", "extras": [{"key": "theme", "value": '["b", "a"]'}]})
    {'theme': ['a', 'b'], 'title': 'Figures'}
    """
    found: Record = {extra["key"]: _listed(extra["value"]) for extra in record.get("extras", ())}
    for key, value in record.items():
        if key == "resources":
            found[key] = sorted((flat(r) for r in value), key=lambda r: str(r.get("uri")))
        elif key == "tags":
            found[key] = sorted(tag["name"] for tag in value)
        elif key != "extras":
            found[key] = _listed(value)
    return dict(sorted(found.items()))


def _listed(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            return value
    return sorted(value, key=str) if isinstance(value, list) else value


def _look(account: Account, found: Mapping[str, Record], expected: Iterable[str]) -> None:
    account.records = dict(sorted(found.items()))
    for lost in sorted(set(expected) - set(found)):
        account.lose(lost, "the data set is not harvested")
    for iri, record in account.records.items():
        account.lose(iri, *missing(_named(record), WANTED), *no_iris(record))
        if not record.get("resources"):
            account.lose(iri, "it has no resource")
        for resource in record.get("resources", ()):
            account.lose(
                str(resource.get("uri")), *missing(resource, WANTED_OF_RESOURCES), *no_iris(resource)
            )
    resources = sum(len(r.get("resources", ())) for r in account.records.values())
    account.notes.append(f"{len(account.records)} data sets, {resources} resources")


def _named(record: Record) -> Record:
    """A record with its publisher's name where every profile but ``scheming`` has it."""
    publishers = record.get("publisher")
    return {"publisher_name": publishers[0].get("name"), **record} if isinstance(publishers, list) else record


def no_iris(record: Mapping[str, Any]) -> list[str]:
    """A sentence for each value that stands where an IRI should.

    >>> no_iris({"frequency": "irregular", "theme": ["http://example.org/a"]})
    ["frequency is 'irregular', no IRI"]
    """
    pairs = (
        (key, one)
        for key, value in record.items()
        if key in IRIS
        for one in (value if isinstance(value, list) else [value])
    )
    return [f"{key} is {one!r}, no IRI" for key, one in pairs if not re.match(r"https?://\S+$", str(one))]


def records(catalogue: Triples) -> dict[str, Record]:
    """The records of a catalogue by the rules of ckanext-dcat's base profile, by IRI."""
    return {text(node): _record(catalogue, node) for node in catalogue.of(DCAT["Dataset"])}


def _record(g: Triples, node: Node) -> Record:
    record = _fields(g, node, DATASET) | _lists(g, node, DATASET_LISTS)
    for role in ("publisher", "creator"):
        agent = g.value(node, DCT[role])
        if agent is not None:
            record[f"{role}_uri"] = text(agent)
            record[f"{role}_name"] = shown(g, agent, FOAF["name"])
            record[f"{role}_identifier"] = shown(g, agent, DCT["identifier"])
    period = g.value(node, DCT["temporal"])
    if period is not None:
        record["temporal_start"] = shown(g, period, SCHEMA["startDate"])
        record["temporal_end"] = shown(g, period, SCHEMA["endDate"])
    record["tags"] = sorted(text(o) for o in g.objects(node, DCAT["keyword"]))
    resources = [_resource(g, o) for o in g.objects(node, DCAT["distribution"])]
    record["resources"] = sorted(resources, key=lambda r: str(r["uri"]))
    record["uri"] = text(node)
    return dict(sorted((key, value) for key, value in record.items() if value))


def _resource(g: Triples, node: Term) -> Record:
    record = _fields(g, node, RESOURCE) | _lists(g, node, RESOURCE_LISTS)
    record["url"] = record.get("download_url") or record.get("access_url", "")
    record["uri"] = record["distribution_ref"] = text(node)
    if size := shown(g, node, DCAT["byteSize"]):
        record["size"] = int(size) if size.isdecimal() else size
    for checksum in g.objects(node, SPDX["checksum"]):
        record["hash"] = shown(g, checksum, SPDX["checksumValue"])
        record["hash_algorithm"] = shown(g, checksum, SPDX["algorithm"])
    return dict(sorted(record.items()))


def _fields(g: Triples, node: Term, fields: Mapping[str, NamedNode]) -> Record:
    found = {key: shown(g, node, predicate) for key, predicate in fields.items()}
    return {key: value for key, value in found.items() if value}


def _lists(g: Triples, node: Term, fields: Mapping[str, NamedNode]) -> Record:
    found = {key: sorted(map(text, g.objects(node, predicate))) for key, predicate in fields.items()}
    return {key: value for key, value in found.items() if value}


def shown(g: Triples, subject: Term, predicate: NamedNode) -> str:
    """A property's value as CKAN shows it: the text in its language; of a node its label, else its IRI."""
    fallback = ""
    for value in g.objects(subject, predicate):
        if not isinstance(value, Literal):
            return g.text(value, RDFS["label"]) or text(value)
        if value.language == LANGUAGE:
            return value.value
        fallback = fallback or value.value
    return fallback
