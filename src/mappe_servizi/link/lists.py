"""Lists of organisations: a build's providers, a CSV, or RDF in any of the usual forms."""

from __future__ import annotations

import csv
from pathlib import Path

from pyoxigraph import NamedNode, Store

from mappe_servizi.errors import InputError
from mappe_servizi.outputs.declared import TABLE
from mappe_servizi.providers.linkage.features import Listed
from mappe_servizi.rdf_files import read_rdf

NAMES = ("name", "nome", "denominazione", "ragione sociale", "providername")
TOWNS = ("town", "seat", "comune", "città", "sede", "municipality_name")
IDS = ("provider", "id", "iri", "uri", "codice")
_QUERY = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?id (SAMPLE(?name_) AS ?name) (SAMPLE(?town_) AS ?town) WHERE {
  ?id ?named ?name_ .
  VALUES ?named {
    <https://w3id.org/italia/onto/COV/legalName> <http://xmlns.com/foaf/0.1/name>
    <http://www.w3.org/2004/02/skos/core#prefLabel> rdfs:label <http://schema.org/name> <https://schema.org/name>
  }
  VALUES ?class {
    <https://w3id.org/italia/onto/COV/Organization> <http://www.w3.org/ns/org#Organization>
    <http://www.w3.org/ns/org#FormalOrganization> <http://xmlns.com/foaf/0.1/Organization>
    <http://schema.org/Organization> <https://schema.org/Organization>
  }
  ?id a ?class .
  OPTIONAL { ?id <https://w3id.org/mappe-servizi/onto/MDS/seat>/rdfs:label ?town_ }
  FILTER(isIRI(?id))
} GROUP BY ?id ORDER BY ?id
"""


def read_list(path: Path) -> list[Listed]:
    """The organisations of a list.

    Args:
        path: a build's directory, a CSV with a column for the name (and perhaps the town and an
            identifier), or an RDF file.

    Raises:
        InputError: it cannot be read, has no column for the name, or names nothing.
    """
    if path.is_dir():
        return _read_csv(TABLE.at(path, table="providers"))
    if path.suffix.lower() in (".csv", ".tsv"):
        return _read_csv(path)
    return _read_rdf(path)


def _read_csv(path: Path) -> list[Listed]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, dialect="excel-tab" if path.suffix.lower() == ".tsv" else "excel")
            columns = {name.strip().casefold(): name for name in reader.fieldnames or ()}
            name, town, key = (_column(columns, known) for known in (NAMES, TOWNS, IDS))
            if name is None:
                raise InputError(f"one column must be one of {', '.join(NAMES)}", file=path, line=1)
            rows = [
                Listed(
                    _identifier(row[key] if key else "", path, reader.line_num),
                    row[name].strip(),
                    (row[town] or "").strip() if town else "",
                )
                for row in reader
                if (row[name] or "").strip()
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"cannot be read: {error}", file=path) from None
    return _distinct(rows, path)


def _identifier(value: str | None, path: Path, line: int) -> str:
    """A row's identifier, by its line where it has none; one with a colon is an IRI.

    Raises:
        InputError: it is no IRI that can stand in a graph.
    """
    if not value:
        return f"{path.name.replace(':', '_')}#row={line}"
    if ":" in value:
        try:
            NamedNode(value)
        except ValueError as error:
            raise InputError(f"{value!r} is not an IRI: {error}", file=path, line=line) from None
    return value


def _column(columns: dict[str, str], known: tuple[str, ...]) -> str | None:
    return next((columns[name] for name in known if name in columns), None)


def _read_rdf(path: Path) -> list[Listed]:
    data, kind = read_rdf(path)
    store = Store()
    try:
        store.bulk_load(data, kind, base_iri=path.absolute().as_uri())
    except SyntaxError as error:
        raise InputError(f"not {kind.name}: {error.msg}", file=path, line=error.lineno) from None
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read: {error}", file=path) from None
    rows = []
    for solution in store.query(_QUERY, use_default_graph_as_union=True):  # type: ignore[union-attr]
        subject, name, town = solution["id"], solution["name"], solution["town"]
        if isinstance(subject, NamedNode) and name is not None:
            rows.append(Listed(subject.value, name.value, town.value if town is not None else ""))
    return _distinct(rows, path)


def _distinct(rows: list[Listed], path: Path) -> list[Listed]:
    """One row an identifier: a provider of several municipalities is one."""
    found = {row.id: row for row in reversed(rows)}
    if not found:
        raise InputError("names no organisation", file=path)
    return [found[key] for key in sorted(found)]
