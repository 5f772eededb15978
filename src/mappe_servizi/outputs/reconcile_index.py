"""The index of the reconciliation service: what can be found by name, with its properties."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from mappe_servizi.bases import DEFAULT_BASE, rebase
from mappe_servizi.model.outputs import declared

FILE: Final = declared.RECONCILE_INDEX.path
_PREFIXES = f"""
PREFIX clvapit: <https://w3id.org/italia/onto/CLV/>
PREFIX covapit: <https://w3id.org/italia/onto/COV/>
PREFIX l0: <https://w3id.org/italia/onto/l0/>
PREFIX mds: <{DEFAULT_BASE}onto/MDS/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX roapit: <https://w3id.org/italia/onto/RO/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
NAMES: Final = {
    "provider": "{ ?id a mds:ServiceProvider ; rdfs:label ?name } UNION "
    "{ ?id a mds:ServiceProvider ; skos:altLabel ?name } UNION "
    "{ ?p a mds:ServiceProvision ; roapit:isRoleInTimeOf ?id ; mds:printedName ?name }",
    "service": "{ ?id a mds:MunicipalService ; rdfs:label ?name } UNION "
    "{ ?map mds:describesService ?id ; mds:printedName ?name }",
    "segment": "?id a mds:UserSegment ; l0:name ?name",
    "municipality": "?id mds:providesService ?s ; rdfs:label ?name",
}
"""For each type, the names by which a thing is found; its label comes first."""
PROPERTIES: Final = {
    (
        "provider",
        "legalForm",
    ): "?id a mds:ServiceProvider ; covapit:hasLegalStatus ?value . ?value skos:prefLabel ?label",
    ("provider", "town"): "?id a mds:ServiceProvider ; mds:seat ?value . ?value rdfs:label ?label",
    ("provider", "quality"): "?id a mds:ServiceProvider ; mds:organizationQuality ?label",
    (
        "provider",
        "services",
    ): "?p a mds:ServiceProvision ; roapit:isRoleInTimeOf ?id ; roapit:forEntity ?value . "
    "?value rdfs:label ?label",
    (
        "provider",
        "activities",
    ): "?p a mds:ServiceProvision ; roapit:isRoleInTimeOf ?id ; mds:provisionActivity ?value . "
    "?value skos:prefLabel ?label",
    (
        "provider",
        "municipality",
    ): "?p a mds:ServiceProvision ; roapit:isRoleInTimeOf ?id ; roapit:forEntity ?s . "
    "?value mds:providesService ?s ; rdfs:label ?label",
    ("service", "area"): "?id a mds:MunicipalService ; mds:inArea ?value . ?value rdfs:label ?label",
    ("service", "municipality"): "?value mds:providesService ?id ; rdfs:label ?label",
    (
        "service",
        "providers",
    ): "?p a mds:ServiceProvision ; roapit:forEntity ?id ; roapit:isRoleInTimeOf ?value . "
    "?value rdfs:label ?label",
    ("segment", "service"): "?value mds:hasUserSegment ?id ; rdfs:label ?label",
    (
        "segment",
        "municipality",
    ): "?s mds:hasUserSegment ?id . ?value mds:providesService ?s ; rdfs:label ?label",
    ("municipality", "ipaCode"): "?id mds:providesService ?s ; covapit:IPAcode ?label",
}
"""For each type and property, the pattern of its values."""


CODES: Final = {"fiscalCode": "fiscal-code", "vatNumber": "vat", "runts": "runts", "ipaCode": "ipa"}
"""The properties whose values are identifiers, and their kinds in the vocabulary."""


def _code(kind: str, certainty: str) -> str:
    vocabulary = f"{DEFAULT_BASE}controlled-vocabulary/"
    return (
        f"?id a mds:ServiceProvider ; covapit:hasAlternativeIdentifier ?code . ?code l0:identifier ?label ; "
        f"mds:identifierKind <{vocabulary}identifier-kind/{kind}> ; "
        f"mds:decisionCertainty <{vocabulary}decision-certainty/{certainty}>"
    )


def write_reconcile_index(store: Store, path: Path, base: str) -> int:
    """Write the index of a build's store; returns how many things it has.

    Returns:
        The number of entities, each once, in the order of their types and IRIs.
    """
    entities: dict[str, dict[str, Any]] = {}
    for type_, pattern in NAMES.items():
        for found, name in _pairs(store, f"SELECT DISTINCT ?id ?name {{ {pattern} }}", "name", base):
            entity = entities.setdefault(found, {"id": found, "type": type_, "names": [], "properties": {}})
            if entity["type"] == type_ and name not in entity["names"]:
                entity["names"].append(name)
    for (type_, property_), pattern in PROPERTIES.items():
        variables = "?id ?value ?label" if "?value" in pattern else "?id ?label"
        query = f"SELECT DISTINCT {variables} {{ {pattern} FILTER(LANG(?label) IN ('it', '')) }}"
        for found, value in _values(store, query, base):
            if found in entities and entities[found]["type"] == type_:
                entities[found]["properties"].setdefault(property_, []).append(value)
    for property_, kind in CODES.items():
        for found, value in _values(store, f"SELECT ?id ?label {{ {_code(kind, 'certain')} }}", base):
            entities[found]["properties"].setdefault(property_, []).append(value)
        for found, value in _values(store, f"SELECT ?id ?label {{ {_code(kind, 'likely')} }}", base):
            entities[found].setdefault("likely", {}).setdefault(property_, []).append(value["name"])
    ordered = [_sorted(store, entities[key], base) for key in sorted(entities)]
    path.write_text(json.dumps(ordered, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    return len(ordered)


def _sorted(store: Store, entity: dict[str, Any], base: str) -> dict[str, Any]:
    """The label first among the names; values in the order of their labels."""
    label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    labels = [
        quad.object.value
        for quad in store.quads_for_pattern(NamedNode(entity["id"]), label, None)
        if isinstance(quad.object, Literal) and quad.object.language in ("it", None)
    ]
    first = min(labels, default="")
    entity["names"] = sorted(set(entity["names"]), key=lambda name: (name != first, name))
    for values in entity["properties"].values():
        values.sort(key=lambda value: (value["name"], value.get("id", "")))
    return entity


def _solutions(store: Store, query: str, base: str) -> QuerySolutions:
    found = store.query(rebase(_PREFIXES + query, base))
    assert isinstance(found, QuerySolutions)
    return found


def _pairs(store: Store, query: str, name: str, base: str) -> list[tuple[str, str]]:
    return [(row["id"].value, row[name].value) for row in _solutions(store, query, base)]


def _values(store: Store, query: str, base: str) -> list[tuple[str, dict[str, str]]]:
    values = []
    for row in _solutions(store, query, base):
        value = {"name": row["label"].value}
        if "?value" in query and isinstance(row["value"], NamedNode):
            value["id"] = row["value"].value
        values.append((row["id"].value, value))
    return values
