"""The OpenAPI document of the operations, written from the queries' own comments."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mappe_servizi import __version__
from mappe_servizi.formats import JSON, PROBLEM
from mappe_servizi.model.outputs.declared import TABLE
from mappe_servizi.rdf.queries import Described
from mappe_servizi.releases.opened import Release
from mappe_servizi.rights import Rights, Standing
from mappe_servizi.web.api.queries import PublishedOperation
from mappe_servizi.web.http.paging import LIMIT, MAX_LIMIT, MAX_PAGE

SCHEMAS: Mapping[str, dict[str, Any]] = {
    "iri": {"type": "string", "format": "uri"},
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "gYear": {"type": "string", "pattern": r"^-?\d{4,}$"},
}
TYPED: Mapping[str, Callable[[str], Any]] = {
    "integer": int,
    "decimal": float,
    "boolean": lambda text: text in {"true", "1"},
}
PAGES = [
    (
        "limit",
        "Righe di una pagina. In JSON l'assenza vale il predefinito; gli altri formati sono interi "
        "se non si chiede una pagina.",
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": LIMIT},
    ),
    (
        "page",
        "Numero della pagina, da 1.",
        {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": 1},
    ),
]
ERRORS = {
    "400": "Un parametro non è come deve essere.",
    "404": "Non c'è una pagina con questo numero.",
    "406": "Non c'è il formato chiesto; il documento elenca quelli che ci sono.",
    "429": "Il cliente ha esaurito il suo tempo.",
    "502": "Il motore delle interrogazioni non risponde come deve.",
    "503": "Ci sono già troppe interrogazioni in corso.",
    "504": "L'interrogazione è stata fermata alla sua scadenza.",
    "507": "Il risultato è troppo grande: si chieda a pagine.",
}


Sample = Mapping[str, str]
"""A row of a table by its columns."""


def document(
    operations: Mapping[str, PublishedOperation],
    server: str,
    samples: Mapping[str, Sample],
    standing: Standing,
) -> dict[str, Any]:
    """The document (OpenAPI 3.0.3, which the national catalogue of APIs takes).

    Args:
        operations: by name.
        server: the prefix of every address.
        samples: a row of each table, for the examples.
        standing: under which licences the data are, and who publishes them.
    """
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Mappe dei servizi",
            "version": __version__,
            "description": "Le mappe dei servizi dei comuni: ogni interrogazione pubblicata è un'operazione. "
            + standing.whole.statement["it"],
            **_licence(standing.whole, server),
        },
        "servers": [{"url": server or "/"}],
        "paths": {
            f"/api/{name}": {"get": _operation(name, one, samples.get(name, {}))}
            for name, one in operations.items()
        },
        "components": {
            "schemas": {
                "Problem": {
                    "type": "object",
                    "properties": {
                        "type": {"type": "string"},
                        "title": {"type": "string"},
                        "status": {"type": "integer"},
                        "detail": {"type": "string"},
                    },
                    "required": ["type", "title", "status", "detail"],
                }
            }
        },
    }


def _licence(rights: Rights, server: str) -> dict[str, Any]:
    """The licence of the data: OpenAPI has room for one, so of several it is the page that tells them."""
    if not rights.licences:
        return {}
    one = len(rights.licences) == 1
    url = rights.licences[0].iri if one else f"{server}/about#reuse"
    return {"license": {"name": rights.names, "url": url}}


def samples(release: Release | None, names: Iterable[str]) -> dict[str, dict[str, str]]:
    """The first row of each of a release's tables, by the table's name."""
    found = {}
    for name in names:
        path = TABLE.filled(table=name)
        if release is not None and path in release.files:
            with (release.path / path).open(encoding="utf-8", newline="") as file:
                found[name] = next(csv.DictReader(file), {})
    return found


def _operation(name: str, operation: PublishedOperation, sample: Sample) -> dict[str, Any]:
    query = operation.query
    parameters = [
        {
            "name": parameter.name,
            "in": "query",
            "required": False,
            "description": parameter.description.get("it", ""),
            "schema": SCHEMAS[parameter.type] | _value("default", parameter, parameter.default),
            **_value("example", parameter, parameter.default or sample.get(parameter.name)),
        }
        for parameter in operation.parameters.values()
    ]
    if not operation.graph:
        parameters += [
            {"name": n, "in": "query", "required": False, "description": text, "schema": schema}
            for n, text, schema in PAGES
        ]
    parameters.append(
        {
            "name": "format",
            "in": "query",
            "required": False,
            "description": "Il formato; vince sul campo Accept.",
            "schema": {"type": "string", "enum": [f.name for f in operation.formats]},
        }
    )
    problem = {PROBLEM.media: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "operationId": name,
        "tags": ["tables" if operation.table else "examples"],
        "summary": query.title.get("it", name),
        "description": query.description.get("it", ""),
        "parameters": parameters,
        "responses": {
            "200": {
                "description": "Il risultato.",
                "content": {f.media: _content(f.media, operation, sample) for f in operation.formats},
            },
            **{status: {"description": said, "content": problem} for status, said in ERRORS.items()},
        },
    }


def _value(key: str, described: Described, text: str | None) -> dict[str, Any]:
    """A value under a key, of the type that its schema says; nothing where there is none."""
    return {key: TYPED.get(described.type, str)(text)} if text else {}


def _content(media: str, operation: PublishedOperation, sample: Sample) -> dict[str, Any]:
    if media != JSON.media:
        return {"schema": {"type": "string"}}
    columns = operation.query.columns
    row = {
        "type": "object",
        "properties": {n: SCHEMAS.get(c.type, {"type": "string"}) for n, c in columns.items()},
    }
    rows = {n: v for name, c in columns.items() for n, v in _value(name, c, sample.get(name)).items()}
    example = {"total": 1, "limit": LIMIT, "page": 1, "pages": 1, "next": None, "previous": None}
    return {
        "schema": _page_of(row),
        **({"example": {**example, "links": {}, "rows": [rows]}} if rows else {}),
    }


def _page_of(row: dict[str, Any]) -> dict[str, Any]:
    """The schema of a page of rows."""
    number: dict[str, Any] = {"type": "integer"}
    place: dict[str, Any] = {"type": "string", "nullable": True}
    properties = dict.fromkeys(("total", "limit", "page", "pages"), number)
    properties |= {"next": place, "previous": place}
    links = {"type": "object", "additionalProperties": {"type": "string"}}
    return {
        "type": "object",
        "required": [*properties, "links", "rows"],
        "properties": {**properties, "links": links, "rows": {"type": "array", "items": row}},
    }
