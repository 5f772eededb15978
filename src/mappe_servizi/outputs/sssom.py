"""Links as SSSOM (a simple standard for sharing ontological mappings): the table of links as mappings."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from mappe_servizi.rdf.namespaces import COVAPIT, OWL, RDFS, SEMAPV, Iris

TABLE: Final = "links.csv"
COLUMNS: Final = (
    "subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id", "object_label",
    "mapping_justification", "confidence", "mapping_date", "comment", "other",
)  # fmt: skip


def write_sssom(table: Path, path: Path, base: str, about: Mapping[str, str]) -> int:
    """Write the table of links as SSSOM/TSV, a mapping once; returns how many.

    Args:
        table: csv/links.csv of a build.
        path: the file to write.
        base: of the instance.
        about: what the mapping set says of itself beside its IRI: licence, version, ...
    """
    spaces = {
        "covapit": str(COVAPIT),
        "mds": str(Iris(base).mds),
        "owl": str(OWL),
        "rdfs": str(RDFS),
        "semapv": str(SEMAPV),
        "organization": f"{base}data/organization/",
        "municipality": f"{base}data/municipality/",
    }
    head = ["#curie_map:", *(f"#  {prefix}: {space}" for prefix, space in spaces.items())]
    head.append(f"#mapping_set_id: {base}graph/links")
    head += [f"#{key}: {value}" for key, value in sorted(about.items())]
    with table.open(encoding="utf-8", newline="") as file:
        mappings = {row["link"]: row for row in csv.DictReader(file)}
    rows = sorted(_row(row, spaces) for row in mappings.values())
    lines = [*head, "\t".join(COLUMNS), *("\t".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(rows)


def _row(row: Mapping[str, str], spaces: Mapping[str, str]) -> list[str]:
    cells = (
        _short(row["provider"], spaces), row["name"], _short(row["relation"], spaces),
        "Not" if row["status"] == "rejected" else "", _short(row["other"], spaces), row["otherName"],
        _short(row["justification"], spaces), row["confidence"], row["decided"], row["reason"],
        f"link_status: {row['status']}",
    )  # fmt: skip
    return [" ".join(cell.split()) for cell in cells]


def _short(iri: str, spaces: Mapping[str, str]) -> str:
    """An IRI with its prefix; as it is, if it has none."""
    for prefix, space in spaces.items():
        if iri.startswith(space):
            return f"{prefix}:{iri.removeprefix(space)}"
    return iri
