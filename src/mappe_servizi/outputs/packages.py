"""The tables in other packages: Parquet, one archive, a data package's description; workbook.py has one more.

All are made from the CSV files and their CSVW descriptions. The same tables give the same bytes.
"""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.csv
import pyarrow.parquet

from mappe_servizi.formats import CSV
from mappe_servizi.model.outputs.declared import TABLE, TABLES_DESCRIPTION
from mappe_servizi.rights import Standing

Texts = Mapping[str, str]
ARROW = {
    "integer": pyarrow.int64(),
    "int": pyarrow.int64(),
    "decimal": pyarrow.float64(),
    "boolean": pyarrow.bool_(),
}
"""XSD name to Arrow type; the rest is text."""
FRICTIONLESS = {
    "integer": "integer",
    "int": "integer",
    "decimal": "number",
    "boolean": "boolean",
    "gYear": "year",
}
ROW_GROUP = 65_536
"""Rows that who reads a file holds, or leaves out, at a time."""
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first time that a ZIP archive can tell."""


@dataclass(frozen=True, slots=True)
class DescribedColumn:
    """A column: its name, XSD type, description, and the IRI of the property that it has."""

    name: str
    type: str
    description: Texts
    property: str = ""


@dataclass(frozen=True, slots=True)
class DescribedTable:
    """A table as its CSVW description has it, with its CSV file."""

    name: str
    path: Path
    title: Texts
    description: Texts
    columns: tuple[DescribedColumn, ...]
    key: tuple[str, ...] = ()
    refers: tuple[Mapping[str, Any], ...] = ()

    def rows(self) -> Iterable[list[str]]:
        """The rows, without the header."""
        with self.path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            next(reader)
            yield from reader


def read_tables(directory: Path) -> list[DescribedTable]:
    """The tables that the CSVW description of a directory names, sorted by name."""
    path = directory / Path(TABLES_DESCRIPTION.path).name
    return [_table(directory, described) for described in json.loads(path.read_bytes())["tables"]]


def _table(directory: Path, metadata: Mapping[str, Any]) -> DescribedTable:
    schema = metadata["tableSchema"]
    columns = (
        DescribedColumn(
            c["name"],
            c.get("datatype", "string"),
            _texts(c.get("dc:description", ())),
            c.get("propertyUrl", ""),
        )
        for c in schema["columns"]
        if not c.get("virtual")
    )
    return DescribedTable(
        metadata["url"].removesuffix(".csv"),
        directory / metadata["url"],
        _texts(metadata["dc:title"]),
        _texts(metadata["dc:description"]),
        tuple(columns),
        tuple(schema.get("primaryKey", ())),
        tuple(schema.get("foreignKeys", ())),
    )


def _texts(values: Iterable[Mapping[str, str]]) -> Texts:
    return {value["@language"]: value["@value"] for value in values}


def state_rights(directory: Path, standing: Standing) -> None:
    """Add licence, publisher and rights holders to the CSVW descriptions of a directory."""
    whole = standing.whole
    said = {
        "dc:license": [{"@id": licence.iri} for licence in whole.licences],
        "dc:publisher": standing.publisher.name if standing.publisher else "",
        "dc:rightsHolder": [holder.name for holder in whole.holders],
        "dc:rights": [{"@value": text, "@language": tag} for tag, text in whole.statement.items()],
    }
    for path in sorted(directory.glob("*csv-metadata.json")):
        metadata = json.loads(path.read_bytes())
        what = {key: metadata.pop(key) for key in ("tableSchema", "tables") if key in metadata}
        metadata = {k: v for k, v in metadata.items() if k not in said} | {k: v for k, v in said.items() if v}
        path.unlink()  # a release shares its bytes with the build
        text = json.dumps({**metadata, **what}, ensure_ascii=False, indent=1)
        path.write_text(text + "\n", encoding="utf-8")


def in_one_line(about: Mapping[str, str]) -> str:
    """What is said of the data, as one text."""
    return ". ".join(f"{label}: {text.rstrip('.')}" for label, text in about.items() if text)


def write_parquet(table: DescribedTable, directory: Path) -> None:
    """Write NAME.parquet, its columns typed, with their descriptions; an empty cell is null."""
    types = {c.name: ARROW.get(c.type, pyarrow.string()) for c in table.columns}
    convert = pyarrow.csv.ConvertOptions(
        column_types=types,
        null_values=[""],
        strings_can_be_null=True,
        true_values=["true"],
        false_values=["false"],
    )
    parse = pyarrow.csv.ParseOptions(newlines_in_values=True)
    data = pyarrow.csv.read_csv(table.path, convert_options=convert, parse_options=parse)
    described = [
        data.schema.field(c.name).with_metadata({f"description@{k}": v for k, v in c.description.items()})
        for c in table.columns
    ]
    pyarrow.parquet.write_table(
        data.cast(pyarrow.schema(described)),
        directory / f"{table.name}.parquet",
        row_group_size=ROW_GROUP,
        compression="zstd",
    )


def data_package(
    tables: Sequence[DescribedTable], files: Mapping[str, Mapping[str, Any]], about: Mapping[str, Any]
) -> str:
    """The description of the tables as a Frictionless data package, for datapackage.json.

    Args:
        tables: the tables, at ``csv/NAME.csv`` below the description.
        files: size and SHA-256 of each, by its path.
        about: what it says of the whole: name, title, licences, ...
    """
    resources = [_resource(table, files) for table in tables]
    package = {**about, "profile": "tabular-data-package", "resources": resources}
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"


def _resource(table: DescribedTable, files: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    path = TABLE.filled(table=table.name)
    fields = [
        {
            "name": c.name,
            "type": FRICTIONLESS.get(c.type, "string"),
            **({"description": c.description["it"]} if "it" in c.description else {}),
            **({"rdfType": c.property} if c.property else {}),
        }
        for c in table.columns
    ]
    return {
        "name": table.name,
        "path": path,
        "title": table.title["it"],
        "description": table.description["it"],
        "profile": "tabular-data-resource",
        "format": CSV.suffix,
        "mediatype": CSV.media,
        "encoding": "utf-8",
        "bytes": files[path]["bytes"],
        "hash": f"sha256:{files[path]['sha256']}",
        "schema": {"fields": fields, "missingValues": [""], **_keys(table)},
    }


def _keys(table: DescribedTable) -> dict[str, Any]:
    """Primary and foreign keys, as Table Schema has them."""
    foreign = [
        {
            "fields": key["columnReference"],
            "reference": {
                "resource": key["reference"]["resource"].removesuffix(".csv"),
                "fields": key["reference"]["columnReference"],
            },
        }
        for key in table.refers
    ]
    found = {"primaryKey": [*table.key], "foreignKeys": foreign}
    return {key: value for key, value in found.items() if value}


def write_archive(path: Path, files: Mapping[str, Path]) -> None:
    """Write a ZIP archive of files under given names, the same bytes every time."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, file in sorted(files.items()):
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, file.read_bytes())
