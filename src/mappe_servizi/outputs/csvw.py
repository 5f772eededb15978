"""The tables' descriptions (Metadata Vocabulary for Tabular Data, CSVW): one a table, and one of all.

What a column says in the graph's terms is what its query declares (``rdf.meaning``), so that a CSVW reader
that makes RDF of a table gets triples of the graph, of the graph's own IRIs. Keys that lead to another table
stand in the description of all: one of a single table may not name another.

A column whose IRIs are put into templates is text there: what they become is an IRI whatever the column's
type, and csvw 4.1 takes an ``anyURI`` to pieces in a template and in a key of several columns.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mappe_servizi.rdf.meaning import ColumnMeaning
from mappe_servizi.rdf.namespaces import RDF
from mappe_servizi.rdf.queries import LANGUAGES, PublishedQuery

CONTEXT: Sequence[Any] = ["http://www.w3.org/ns/csvw", {"@language": LANGUAGES[0]}]
DIALECT: Mapping[str, Any] = {
    "encoding": "utf-8",
    "delimiter": ",",
    "lineTerminators": ["\r\n"],
    "header": True,
}
TYPE_COLUMN = "type_"
"""The virtual column with the class of what a row is about."""


def describe(query: PublishedQuery, columns: Sequence[str]) -> dict[str, Any]:
    """The description of a table."""
    return {
        "@context": CONTEXT,
        "url": f"{query.name}.csv",
        "dc:title": texts(query.title),
        "dc:description": texts(query.description),
        "dialect": DIALECT,
        "tableSchema": _schema(query, columns),
    }


def describe_all(
    tables: Mapping[str, PublishedQuery], described: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The description of all tables, with the keys by which one leads to another."""
    members = []
    for one in described:
        query = tables[one["url"].removesuffix(".csv")]
        keys = [_foreign_key(columns, tables[other]) for columns, other in query.meaning.refers]
        schema = one["tableSchema"] | ({"foreignKeys": keys} if keys else {})
        members.append({k: v for k, v in one.items() if k != "@context"} | {"tableSchema": schema})
    return {"@context": CONTEXT, "tables": members}


def write(path: Path, value: Mapping[str, Any]) -> None:
    """Write a description."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def texts(by_language: Mapping[str, str]) -> list[dict[str, str]]:
    """Texts as JSON-LD has them."""
    return [{"@value": by_language[tag], "@language": tag} for tag in LANGUAGES if tag in by_language]


def _schema(query: PublishedQuery, columns: Sequence[str]) -> dict[str, Any]:
    meaning = query.meaning
    schema: dict[str, Any] = {"columns": [_column(query, name) for name in columns]}
    if meaning.kind:
        kind = {
            "name": TYPE_COLUMN,
            "virtual": True,
            "propertyUrl": RDF["type"].value,
            "valueUrl": meaning.kind,
        }
        schema["columns"].append(kind)
    if meaning.row:
        schema["aboutUrl"] = f"{{+{meaning.row}}}"
    if meaning.key:
        schema["primaryKey"] = [*meaning.key]
    return schema


def _column(query: PublishedQuery, name: str) -> dict[str, Any]:
    column: dict[str, Any] = {"name": name, "titles": name}
    if described := query.columns.get(name):
        column["dc:description"] = texts(described.description)
        spelled = described.type == "anyURI" and name in query.meaning.spelled()
        column["datatype"] = "string" if spelled else described.type
    if said := query.meaning.says.get(name):
        column |= _said(said)
    return column


def _said(said: ColumnMeaning) -> dict[str, str]:
    found = {
        "propertyUrl": said.property,
        "valueUrl": said.value,
        "lang": said.language,
        "datatype": said.type,
    }
    return {key: value for key, value in found.items() if value}


def _foreign_key(columns: Sequence[str], other: PublishedQuery) -> dict[str, Any]:
    reference = {"resource": f"{other.name}.csv", "columnReference": [*other.meaning.key]}
    return {"columnReference": [*columns], "reference": reference}
