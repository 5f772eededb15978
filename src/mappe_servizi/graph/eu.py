"""Public services in the EU's terms (CPSV-AP 3.2): what is said of them already, said once more.

Every term stands where the document has the fact, and nowhere else: own channels with their hours, events,
acts, who takes part in delivering, outputs, the data set that they are a part of. Costs, requirements and
documents to bring are in graph/conditions.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode

from mappe_servizi.graph import data_sets
from mappe_servizi.graph.edition import Edition
from mappe_servizi.rdf.builder import it
from mappe_servizi.rdf.namespaces import (
    CPSVAPIT,
    CV,
    DCAT,
    DCT,
    FOAF,
    L0,
    RDFS,
    ROAPIT,
    SCHEMA,
    TIME,
    Namespace,
    iri,
)

ITALIAN: Final = iri("http://publications.europa.eu/resource/authority/language/ITA")
PART_OF_EVENT: Final = Namespace("https://w3id.org/italia/onto/")["isPartOfEvent"]
ROLES: Final = {"manager": "manager", "actingManager": "acting-manager", "Provider": "provider"}
"""Our concept of a role on a service, by the local name of OntoPiA's role."""


def add_projection(edition: Edition) -> None:
    """The projection of an edition; to be called when everything else is stated."""
    data_set = data_sets.maps(edition)
    for number in edition.entries:
        if edition.classifications[number].kind == "public":
            service = edition.service(number)
            edition.builder.add(service, DCT["isPartOf"], data_set)
            edition.builder.add(service, DCT["language"], ITALIAN)
            edition.builder.add(service, DCAT["keyword"], *_keywords(edition, number))
            for predicate, value in edition.builder.said(service):
                if isinstance(value, NamedNode):
                    _project(edition, service, predicate, value)


def _keywords(edition: Edition, number: int) -> Iterable[Literal]:
    """The names that people have for the service's concepts."""
    found = edition.concepts.services.get(edition.service_slug(number))
    codes = (found.row.concept, *found.row.covers) if found else ()
    return (it(word) for code in codes for word in edition.concepts.words.get(code, ()))


def _project(edition: Edition, service: NamedNode, predicate: NamedNode, value: NamedNode) -> None:
    b, mds = edition.builder, edition.mds
    if predicate == CPSVAPIT["hasChannel"] and edition.states(value):
        b.add(service, CV["hasChannel"], value)
        _add_channel(edition, value)
    elif predicate == PART_OF_EVENT:
        b.add(service, CV["isGroupedBy"], value)
    elif predicate in {mds["hasProvision"], mds["hasResponsibility"]}:
        b.add(service, CV["hasParticipation"], value)
        _add_participation(edition, value)
    elif predicate == mds["hasMap"]:
        acts = (act for p, act in b.said(value) if p == DCT["references"])
        b.add(service, CV["hasLegalResource"], *acts)


def _add_channel(edition: Edition, channel: NamedNode) -> None:
    b, slug = edition.builder, channel.value.rpartition("/")[2]
    b.resource(channel, "", CV["Channel"])
    b.add(channel, DCT["identifier"], Literal(f"{edition.ipa}/{slug}"))
    b.add(channel, CV["ownedBy"], edition.municipality)
    for predicate, value in b.said(channel):
        if predicate == edition.mds["channelKind"]:
            b.add(channel, DCT["type"], value)
        elif predicate in {L0["name"], L0["description"]}:
            b.add(channel, DCT["description"], value)
        elif predicate == SCHEMA["openingHoursSpecification"] and isinstance(value, NamedNode):
            b.resource(value, "", TIME["TemporalEntity"])
            b.add(value, DCT["description"], *(v for p, v in b.said(value) if p == L0["description"]))
            b.add(channel, CV["openingHours"], value)


def _add_participation(edition: Edition, subject: NamedNode) -> None:
    """A role in time as the EU has it; a person takes part under the opaque slug."""
    b, facts = edition.builder, edition.builder.said(subject)
    b.resource(subject, "", CV["Participation"])
    b.add(subject, DCT["identifier"], Literal(subject.value.partition("/data/")[2].partition("/")[2]))
    for predicate, value in facts:
        if predicate == ROAPIT["withRole"]:
            role = ROLES[value.value.rpartition("/")[2]]
            b.add(subject, CV["role"], edition.concept("role-on-service", role))
        elif predicate == ROAPIT["isRoleInTimeOf"] and isinstance(value, NamedNode):
            b.add(subject, CV["hasParticipant"], value)
            b.add(value, CV["participates"], subject)
            if "/data/person/" in value.value:
                _add_person(edition, value)
        elif predicate == RDFS["label"]:
            b.add(subject, DCT["description"], value)


def _add_person(edition: Edition, person: NamedNode) -> None:
    b = edition.builder
    b.resource(person, "", FOAF["Agent"])
    b.add(person, DCT["identifier"], Literal(person.value.rpartition("/")[2]))
    b.add(person, DCT["title"], *(v for p, v in b.said(person) if p == L0["name"]))
