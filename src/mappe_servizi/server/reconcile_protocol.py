"""What the Entity Reconciliation API says, 0.2 and the 1.0 draft: manifests, queries read, answers put."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from mappe_servizi import __version__
from mappe_servizi.query.reconciliation import PROPERTIES, TYPES, Candidate, Condition, Entity, Matcher
from mappe_servizi.server.problems import Problem

MAX_BATCH, MAX_LIMIT, DEFAULT_LIMIT = 50, 25, 5
MAX_TEXT = 300
PREVIEW = {"width": 420, "height": 220}
Json = dict[str, Any]
Query = tuple[str, list[str], list[Condition], int]
DISTINGUISHING = {
    "provider": ("legalForm", "town"),
    "service": ("area", "municipality"),
    "segment": ("service", "municipality"),
    "municipality": ("ipaCode",),
}
"""The properties by which a reader tells things of one name apart."""


def manifest02(root: str, base: str) -> Json:
    """The manifest of version 0.2."""
    return {
        "versions": ["0.2"],
        "name": "Mappe dei servizi: fornitori, servizi, segmenti, comuni",
        "identifierSpace": base,
        "schemaSpace": base.removesuffix("data/") + "onto/MDS/",
        "serviceVersion": __version__,
        "documentation": f"{root.removesuffix('/reconcile')}/",
        "defaultTypes": [type_of(t) for t in TYPES],
        "view": {"url": base + "{{id}}"},
        "preview": {"url": f"{root}/preview?id={{{{id}}}}", **PREVIEW},
        "suggest": {
            name: {"service_url": root, "service_path": f"/suggest/{name}"}
            for name in ("entity", "type", "property")
        },
        "extend": {
            "propose_properties": {"service_url": root, "service_path": "/extend/propose"},
            "property_settings": [],
        },
        "batchSize": MAX_BATCH,
    }


def manifest10(root: str, base: str) -> Json:
    """The manifest of the 1.0 draft."""
    return {
        "versions": ["1.0-draft"],
        "name": "Mappe dei servizi: fornitori, servizi, segmenti, comuni",
        "serviceVersion": __version__,
        "documentation": f"{root.removesuffix('/reconcile')}/",
        "defaultTypes": [type_of(t) for t in TYPES],
        "view": {"url": base + "{{id}}"},
        "preview": PREVIEW,
        "suggest": {"entity": True, "type": True, "property": True},
        "extend": {"proposeProperties": True, "propertySettings": []},
        "batchSize": MAX_BATCH,
        "standardizedScore": True,
    }


def attempt(parse: Callable[[object], Query], value: object) -> Query | Problem:
    """A query of a batch, or what is wrong with it: the others are answered all the same."""
    try:
        return parse(value)
    except Problem as problem:
        return problem


def refusal(query: Query | Problem) -> Json:
    """What an answer says of a query that could not be read."""
    return {"error": query.detail} if isinstance(query, Problem) else {}


def match_all(matcher: Matcher, queries: Sequence[Query | Problem]) -> list[list[Candidate]]:
    """Each query's candidates; none for one that could not be read."""
    return [[] if isinstance(query, Problem) else matcher.find(*query) for query in queries]


def query02(value: object) -> Query:
    """A query of version 0.2.

    Raises:
        Problem: it is not as it must be.
    """
    if not isinstance(value, dict):
        raise Problem(400, "bad-request", "a query must be an object")
    types = value.get("type") or []
    types = types if isinstance(types, list) else [types]
    conditions = [
        Condition(str(p.get("pid", "")), values_of(p.get("v")))
        for p in value.get("properties") or []
        if isinstance(p, dict)
    ]
    return query_of(value.get("query", ""), types, conditions, value.get("limit"))


def query10(value: object) -> Query:
    """A query of the 1.0 draft.

    Raises:
        Problem: it is not as it must be.
    """
    if not isinstance(value, dict) or not isinstance(value.get("conditions"), list):
        raise Problem(400, "bad-request", "a query must be an object with 'conditions'")
    name, conditions = "", []
    for condition in value["conditions"]:
        if not isinstance(condition, dict):
            raise Problem(400, "bad-request", "a condition must be an object")
        values = values_of(condition.get("propertyValue"))
        if condition.get("matchType") == "name":
            name = values[0] if values else ""
        elif condition.get("matchType") == "property":
            required = bool(condition.get("required"))
            conditions.append(Condition(str(condition.get("propertyId", "")), values, required))
    types = [value["type"]] if isinstance(value.get("type"), str) else []
    return query_of(name, types, conditions, value.get("limit"))


def query_of(name: object, types: Sequence[object], conditions: list[Condition], limit: object) -> Query:
    """The parts of a query, within the limits."""
    if not isinstance(name, str) or len(name) > MAX_TEXT:
        raise Problem(400, "bad-request", f"a name is a text of {MAX_TEXT} characters at most")
    known = [str(t.get("id", "")) if isinstance(t, dict) else str(t) for t in types]
    if unknown := [t for t in known if t not in TYPES]:
        raise Problem(
            400, "bad-request", f"there is no type {unknown[0][:50]!r}; there are {', '.join(TYPES)}"
        )
    kept = [c for c in conditions if c.property in PROPERTIES and c.values]
    return name, known, kept[:10], limit_of(limit, DEFAULT_LIMIT)


def values_of(value: object) -> tuple[str, ...]:
    """The texts of a property's value or values."""
    found = value if isinstance(value, list) else [value]
    texts = [
        str(v.get("id") or v.get("name") or "") if isinstance(v, dict) else str(v)
        for v in found
        if v is not None
    ]
    return tuple(text[:MAX_TEXT] for text in texts[:20] if text)


def limit_of(value: object, default: int) -> int:
    """A number of candidates, within the limits."""
    try:
        return max(1, min(int(str(value)), MAX_LIMIT)) if value is not None else default
    except ValueError:
        return default


def check_batch(size: int) -> None:
    """Refuse a batch that is too large."""
    if size > MAX_BATCH:
        raise Problem(413, "content-too-large", f"a batch may have {MAX_BATCH} queries at most")


def json_object(text: str, what: str) -> Json:
    """A JSON object of a request.

    Raises:
        Problem: the text is not one.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise Problem(400, "bad-request", f"{what} must be JSON") from None
    if not isinstance(value, dict):
        raise Problem(400, "bad-request", f"{what} must be an object")
    return value


def prefix_of(request: Request) -> str:
    """What a suggestion begins with."""
    return request.query_params.get("prefix", "").strip()[:MAX_TEXT]


def starts(prefix: str, *texts: str) -> bool:
    """Whether a text, or a word of it, begins so."""
    return any(
        word.startswith(prefix) for text in texts for word in [text.casefold(), *text.casefold().split()]
    )


def type_of(type_: str) -> Json:
    """A type as the API names it."""
    return {"id": type_, "name": TYPES[type_][0]}


def property_of(property_: str) -> Json:
    """A property as the API names it."""
    return {"id": property_, "name": PROPERTIES[property_][0]}


def named(entity: Entity, base: str) -> Json:
    """An entity with its identifier and name."""
    return {"id": entity.id.removeprefix(base), "name": entity.names[0]}


def described(entity: Entity) -> str:
    """What tells an entity from others of its name.

    >>> described(Entity("s", "service", ("Nido",), {"municipality": [{"name": "Comune di Crema"}]}))
    'Comune di Crema'
    """
    known = (entity.properties.get(name, []) for name in DISTINGUISHING[entity.type])
    return ", ".join(value["name"] for values in known for value in values[:1])


def told(entity: Entity, base: str) -> Json:
    """An entity as somebody is to choose it among others."""
    said = described(entity)
    return named(entity, base) | ({"description": said} if said else {})


def candidate(found: Candidate, base: str) -> Json:
    """A candidate of version 0.2."""
    return {
        **told(found.entity, base),
        "type": [type_of(found.entity.type)],
        "score": found.score,
        "features": [{"id": key, "value": value} for key, value in found.features.items()],
        "match": found.match,
    }


def candidate10(found: Candidate, base: str) -> Json:
    """A candidate of the 1.0 draft: its features have names."""
    names = {"name": "Nome"} | {key: PROPERTIES[key][0] for key in found.features if key in PROPERTIES}
    features = [{"id": k, "name": names[k], "value": v} for k, v in found.features.items()]
    return {**candidate(found, base), "features": features}


def extension_row(entity: Entity | None, properties: Sequence[str], base: str) -> dict[str, list[Json]]:
    """The values of an entity's properties."""
    values = entity.properties if entity is not None else {}
    return {p: [cell(value, base) for value in values.get(p, [])] for p in properties}


def cell(value: Mapping[str, str], base: str) -> Json:
    """A value as a thing where it is one of ours, else as a text."""
    if value.get("id", "").startswith(base):
        return {"id": value["id"].removeprefix(base), "name": value["name"]}
    return {"str": value["name"]}


def answer(value: Json) -> Response:
    """A JSON response."""
    return Response(json.dumps(value, ensure_ascii=False), media_type="application/json")
