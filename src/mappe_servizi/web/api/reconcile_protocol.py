"""What the Entity Reconciliation API says, 0.2 and the 1.0 draft: manifests, queries read, answers put."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from starlette.responses import Response

from mappe_servizi import __version__
from mappe_servizi.bases import DEFAULT_BASE
from mappe_servizi.formats import JSON
from mappe_servizi.query.reconciliation import PROPERTIES, TYPES, Condition, Entity, Matcher, ScoredCandidate
from mappe_servizi.web.api.reconcile_models import MAX_BATCH, Suggested
from mappe_servizi.web.http.parameters import Json, choice, has_surrogate, items, members, refuse, text, truth
from mappe_servizi.web.http.problems import Problem

MAX_LIMIT, DEFAULT_LIMIT = 25, 5
MAX_TEXT = 300
MATCH_TYPES = ("name", "id", "property")
PREVIEW = {"width": 420, "height": 220}
MatchQuery = tuple[str, list[str], list[Condition], int]
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
        "schemaSpace": f"{DEFAULT_BASE}onto/MDS/",
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


def attempt(parse: Callable[[str, object], MatchQuery], where: str, value: object) -> MatchQuery | Problem:
    """A query of a batch, or what is wrong with it: the others are answered all the same."""
    try:
        return parse(where, value)
    except Problem as problem:
        return problem


def refusal(query: MatchQuery | Problem) -> Json:
    """What an answer says of a query that could not be read."""
    return {"error": query.detail} if isinstance(query, Problem) else {}


def match_all(matcher: Matcher, queries: Sequence[MatchQuery | Problem]) -> list[list[ScoredCandidate]]:
    """Each query's candidates; none for one that could not be read."""
    return [[] if isinstance(query, Problem) else matcher.find(*query) for query in queries]


def query02(where: str, value: object) -> MatchQuery:
    """A query of version 0.2; ``where`` names it in an error.

    Raises:
        Problem: it is not as it must be.
    """
    query = members(where, value)
    types = [] if query.get("type") is None else query["type"]
    if not isinstance(types, str | list):
        refuse(f"{where}.type", types, "a text or a list of texts")
    listed = [types] if isinstance(types, str) else types
    conditions = []
    for number, given in enumerate(items(f"{where}.properties", query.get("properties") or [])):
        at = f"{where}.properties[{number}]"
        known = members(at, given)
        property_ = text(f"{at}.pid", known.get("pid", ""), MAX_TEXT)
        conditions.append(Condition(property_, values_of(f"{at}.v", known.get("v"))))
    name = "" if query.get("query") is None else query["query"]
    return query_of(where, name, listed, conditions, query.get("limit"))


def query10(where: str, value: object) -> MatchQuery:
    """A query of the 1.0 draft; ``where`` names it in an error.

    Raises:
        Problem: it is not as it must be.
    """
    query = members(where, value)
    name, conditions = "", []
    for number, given in enumerate(items(f"{where}.conditions", query.get("conditions"))):
        at = f"{where}.conditions[{number}]"
        condition = members(at, given)
        kind = choice(f"{at}.matchType", condition.get("matchType"), MATCH_TYPES)
        values = values_of(f"{at}.propertyValue", condition.get("propertyValue"))
        required = truth(f"{at}.required", condition.get("required"))
        property_ = text(f"{at}.propertyId", condition.get("propertyId") or "", MAX_TEXT)
        if kind == "name":
            name = values[0] if values else ""
        elif kind == "property":
            conditions.append(Condition(property_, values, required))
    types = [] if query.get("type") is None else [query["type"]]
    return query_of(where, name, types, conditions, query.get("limit"))


def query_of(
    where: str, name: object, types: Sequence[object], conditions: list[Condition], limit: object
) -> MatchQuery:
    """The parts of a query, within the limits.

    Raises:
        Problem: one of them is not as it must be.
    """
    read = text(f"{where}.query", name, MAX_TEXT)
    known = [choice(f"{where}.type", t, TYPES) for t in types]
    kept = [c for c in conditions if c.property in PROPERTIES and c.values]
    return read, known, kept[:10], limit_of(f"{where}.limit", limit, DEFAULT_LIMIT)


def values_of(where: str, value: object) -> tuple[str, ...]:
    """The texts of a property's value or values: texts, numbers, truth values, or things.

    Raises:
        Problem: one is something else.
    """
    found = [v for v in (value if isinstance(value, list) else [value]) if v is not None]
    texts = []
    for given in found[:20]:
        one = given
        if isinstance(given, dict):
            one = given.get("id") or given.get("name") or ""
        if isinstance(one, int | float):
            one = str(one)
        if not isinstance(one, str) or has_surrogate(one):
            refuse(
                where, given, "a text, a number, true or false, or an object with an id, or a list of these"
            )
        texts.append(one[:MAX_TEXT])
    return tuple(t for t in texts if t)


def limit_of(where: str, value: object, default: int) -> int:
    """A number of candidates, within the limits.

    Raises:
        Problem: it is no whole number.
    """
    if value is None or value == "":
        return default
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str) and value.isascii() and value.removeprefix("-").isdigit():
        value = int(value[:9])
    if isinstance(value, bool) or not isinstance(value, int):
        refuse(where, value, "a whole number")
    return max(1, min(value, MAX_LIMIT))


def prefix_of(asked: Suggested) -> str:
    """What a suggestion begins with."""
    return asked.prefix.strip()[:MAX_TEXT]


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


def candidate(found: ScoredCandidate, base: str) -> Json:
    """A candidate of version 0.2."""
    return {
        **told(found.entity, base),
        "type": [type_of(found.entity.type)],
        "score": found.score,
        "features": [{"id": key, "value": value} for key, value in found.features.items()],
        "match": found.match,
    }


def candidate10(found: ScoredCandidate, base: str) -> Json:
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
    return Response(json.dumps(value, ensure_ascii=False), media_type=JSON.media)
