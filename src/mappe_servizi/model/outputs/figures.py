"""The columns of the table of figures: written by a build, asked by the server."""

from typing import Final

COLUMNS: Final = (
    "municipality", "istat", "province", "region", "edition", "current", "service", "number", "title", "area",
    "kind", "serviceConcept", "indicator", "label", "group", "table", "indicatorConcept", "denominator",
    "unit", "counted", "role", "totalOf", "repeats", "periodKind", "activities", "audiences", "year", "value",
    "population", "raw", "status", "curation", "observation", "sourceDocument", "source", "sourceLine",
)  # fmt: skip
"""As the contract has them (design, section 5)."""
ADDED: Final = {"denominator": "VARCHAR", "population": "DOUBLE"}
"""Columns that earlier releases have not, and what DuckDB calls their types: there they have no value."""
