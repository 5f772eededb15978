"""Lists of organisations: a build's providers, a CSV, or RDF in any of the usual forms."""

from __future__ import annotations

import csv
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Store

from mappe_servizi.errors import InputError
from mappe_servizi.providers.linkage.features import Listed

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
        return _read_csv(path / "csv" / "providers.csv")
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
                    (row[key] if key else "") or f"{path.name}#row={reader.line_num}",
                    row[name].strip(),
                    (row[town] or "").strip() if town else "",
                )
                for row in reader
                if (row[name] or "").strip()
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"cannot be read: {error}", file=path) from None
    return _distinct(rows, path)


def _column(columns: dict[str, str], known: tuple[str, ...]) -> str | None:
    return next((columns[name] for name in known if name in columns), None)


def _read_rdf(path: Path) -> list[Listed]:
    found = RdfFormat.from_extension(path.suffix.lstrip("."))
    if found is None:
        raise InputError("is neither a build, a CSV nor RDF of a known form", file=path)
    store = Store()
    try:
        store.bulk_load(path=path, format=found)
    except (OSError, SyntaxError, ValueError) as error:
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
