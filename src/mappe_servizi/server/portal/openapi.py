"""The OpenAPI document of the operations, written from the queries' own comments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mappe_servizi import __version__
from mappe_servizi.server.portal.api import LIMIT, MAX_LIMIT, MAX_OFFSET, Operation

SCHEMAS: Mapping[str, dict[str, Any]] = {
    "iri": {"type": "string", "format": "uri"},
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "gYear": {"type": "string", "pattern": r"^-?\d{4,}$"},
}
PAGES = [
    (
        "limit",
        "Righe di una pagina.",
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": LIMIT},
    ),
    (
        "page",
        "Numero della pagina, da 1.",
        {"type": "integer", "minimum": 1, "maximum": MAX_OFFSET, "default": 1},
    ),
]


def document(operations: Mapping[str, Operation], server: str) -> dict[str, Any]:
    """The document (OpenAPI 3.0.3, which the national catalogue of APIs takes)."""
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Mappe dei servizi",
            "version": __version__,
            "description": "Le mappe dei servizi dei comuni: ogni interrogazione pubblicata è un'operazione.",
            "license": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        },
        "servers": [{"url": server or "/"}],
        "paths": {f"/api/{name}": {"get": _operation(name, one)} for name, one in operations.items()},
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
                }
            }
        },
    }


def _operation(name: str, operation: Operation) -> dict[str, Any]:
    query = operation.query
    parameters = [
        {
            "name": parameter.name,
            "in": "query",
            "required": False,
            "description": parameter.description.get("it", ""),
            "schema": SCHEMAS[parameter.type] | ({"default": parameter.default} if parameter.default else {}),
        }
        for parameter in operation.parameters.values()
    ]
    if not operation.graph:
        parameters += [
            {"name": n, "in": "query", "required": False, "description": text, "schema": schema}
            for n, text, schema in PAGES
        ]
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "operationId": name,
        "tags": ["tables" if operation.table else "examples"],
        "summary": query.title.get("it", name),
        "description": query.description.get("it", ""),
        "parameters": parameters,
        "responses": {
            "200": {
                "description": "Il risultato.",
                "content": {m: _content(m, operation) for m in operation.formats.values()},
            },
            "400": {"description": "Un parametro non è come deve essere.", "content": problem},
            "404": {"description": "Non c'è una pagina con questo numero.", "content": problem},
        },
    }


def _content(media: str, operation: Operation) -> dict[str, Any]:
    if media != "application/json":
        return {"schema": {"type": "string"}}
    columns = operation.query.columns
    row = {
        "type": "object",
        "properties": {n: SCHEMAS.get(c.type, {"type": "string"}) for n, c in columns.items()},
    }
    links = {"type": "object", "additionalProperties": {"type": "string"}}
    return {
        "schema": {"type": "object", "properties": {"rows": {"type": "array", "items": row}, "links": links}}
    }
